import { describe, expect, it } from 'vitest'
import { parsePktLine, pktLineBytesMax, pktPayloadBytesMax } from '../../src/wire/pkt-line.ts'
import { encodePushRefusal, refusalLineBytesMax, refusalReasonBytesMax } from '../../src/wire/push-report.ts'

const REFS = [
  { name: 'refs/heads/main', reason: 'not ours' },
  { name: 'refs/tags/v1', reason: 'not ours either' },
]
const REPORT = ['unpack ok\n', 'ng refs/heads/main not ours\n', 'ng refs/tags/v1 not ours either\n', null]

function encode(capabilities: string[], parts: Partial<Parameters<typeof encodePushRefusal>[0]> = {}): Buffer {
  const body = encodePushRefusal({ capabilities, refs: REFS, lines: [], ...parts })
  return Buffer.from(body ?? [])
}

/** The packets of a stream; a flush is null. */
function packetsOf(bytes: Buffer): (Buffer | null)[] {
  const packets: (Buffer | null)[] = []
  for (let at = 0; at < bytes.length; ) {
    const packet = parsePktLine(bytes, at)
    if (packet.state !== 'done') throw new Error(`not a packet at ${at}`)
    packets.push(packet.value.kind === 'data' ? Buffer.from(packet.value.payload) : null)
    at += packet.size
  }
  return packets
}

function linesOf(bytes: Buffer): (string | null)[] {
  return packetsOf(bytes).map((packet) => packet?.toString('utf8') ?? null)
}

function bandOf(bytes: Buffer, band: number): Buffer {
  return Buffer.concat(packetsOf(bytes).flatMap((packet) => (packet?.[0] === band ? [packet.subarray(1)] : [])))
}

describe('the refusal of a push', () => {
  it.each([['report-status'], ['report-status-v2']])('without a sideband is the report alone: %s', (capability) => {
    expect(linesOf(encode([capability], { lines: ['never seen'] }))).toEqual(REPORT)
  })

  it.each([['side-band-64k'], ['side-band']])('without a report is one fatal packet on %s', (capability) => {
    const lines = ['why '.repeat(500), 'event']
    const [fatal, end, ...rest] = packetsOf(encode([capability], { lines }))
    expect(fatal?.[0]).toBe(3)
    expect(fatal?.subarray(1, 8).toString()).toBe('why why')
    expect([end, rest]).toEqual([null, []])
  })

  it.each([[[]], [['report-status-v3', 'report-statusx']]])('is none under %j', (capabilities) => {
    expect(encodePushRefusal({ capabilities, refs: REFS, lines: [] })).toBeNull()
  })

  it('on a sideband has the lines first, then the report, and ends both', () => {
    const bytes = encode(['report-status', 'side-band-64k'], { lines: ['why', 'what to do'] })
    expect(bandOf(bytes, 2).toString()).toBe('why\nwhat to do\n')
    expect(linesOf(bandOf(bytes, 1))).toEqual(REPORT)
    expect(packetsOf(bytes).map((packet) => packet?.[0] ?? null)).toEqual([2, 2, 1, null])
  })

  it.each([
    ['side-band', 1_000],
    ['side-band-64k', pktLineBytesMax],
  ])('keeps to the packet length of %s', (capability, bytesMax) => {
    const refs = Array.from({ length: 5_000 }, (_, at) => ({ name: `refs/heads/${at}`, reason: 'no' }))
    const bytes = encode(['report-status', capability], { refs, lines: ['x'.repeat(refusalLineBytesMax)] })
    const lengths = packetsOf(bytes).map((packet) => (packet?.length ?? 0) + 4)
    expect(Math.max(...lengths)).toBe(bytesMax)
    expect(linesOf(bandOf(bytes, 1))).toHaveLength(5_002)
  })

  it('prefers the larger sideband', () => {
    const bytes = encode(['side-band', 'side-band-64k', 'report-status'], {
      refs: Array.from({ length: 100 }, () => ({ name: 'refs/heads/main', reason: 'no' })),
    })
    expect(packetsOf(bytes)).toHaveLength(2)
  })

  it('lets no text break its line', () => {
    const refs = [{ name: 'refs/heads/main', reason: 'a\n0000\r\x1b[2Jb\x9b\u2028c\n' }]
    const bytes = encode(['report-status', 'side-band-64k'], { refs, lines: ['one\ntwo\x1b[1A', '\x07'] })
    expect(linesOf(bandOf(bytes, 1))[1]).toBe('ng refs/heads/main a 0000 [2Jb c\n')
    expect(bandOf(bytes, 2).toString()).toBe('one two [1A\n\n')
  })

  it(`cuts a reason at ${refusalReasonBytesMax} bytes and a line at ${refusalLineBytesMax}, between characters`, () => {
    const prefix = 'ng refs/x/y '
    expect(reportOf('r'.repeat(refusalReasonBytesMax))).toBe(`${prefix}${'r'.repeat(refusalReasonBytesMax)}\n`)
    expect(reportOf('r'.repeat(refusalReasonBytesMax + 1))).toBe(`${prefix}${'r'.repeat(refusalReasonBytesMax)}\n`)
    expect(reportOf(`${'r'.repeat(refusalReasonBytesMax - 1)}é`)).toBe(
      `${prefix}${'r'.repeat(refusalReasonBytesMax - 1)}\n`,
    )
    expect(progressOf('l'.repeat(refusalLineBytesMax + 1))).toBe(`${'l'.repeat(refusalLineBytesMax)}\n`)
  })

  it('has room for the longest ref that a push can name', () => {
    const name = `refs/heads/${'x'.repeat(pktPayloadBytesMax - 82 - 11)}`
    const line = linesOf(encode(['report-status'], { refs: [{ name, reason: 'r'.repeat(500) }] }))[1] ?? ''
    expect(line.startsWith(`ng ${name} rrr`)).toBe(true)
    expect(line.endsWith('r\n')).toBe(true)
  })
})

/** The line that refuses one ref for that reason. */
function reportOf(reason: string): string {
  return linesOf(encode(['report-status'], { refs: [{ name: 'refs/x/y', reason }] }))[1] ?? ''
}

function progressOf(line: string): string {
  return bandOf(encode(['report-status', 'side-band-64k'], { lines: [line] }), 2).toString()
}
