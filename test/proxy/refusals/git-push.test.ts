/** A refused push as git reads it: the report parsed back, ref by ref. */
import { describe, expect, it } from 'vitest'
import { gitPushForm } from '../../../src/proxy/refusals/git-push.ts'
import { parsePktLine } from '../../../src/wire/pkt-line.ts'
import { A, B } from '../../wire/push.ts'
import { HOSTILE, makeAsker, makePush, makeRefusal } from './asker.ts'

/** Payloads of packets in order; a flush is null. */
function packetsOf(bytes: Uint8Array): (Buffer | null)[] {
  const packets: (Buffer | null)[] = []
  for (let at = 0; at < bytes.length; ) {
    const packet = parsePktLine(bytes, at)
    if (packet.state !== 'done') throw new Error('not a packet')
    packets.push(packet.value.kind === 'data' ? Buffer.from(packet.value.payload) : null)
    at += packet.size
  }
  return packets
}

function reportOf(body: Uint8Array): { progress: string; report: string[] } {
  const packets = packetsOf(body)
  expect(packets.pop(), 'the sideband ends').toBeNull()
  const band = (number: number): Buffer =>
    Buffer.concat(packets.flatMap((packet) => (packet?.[0] === number ? [packet.subarray(1)] : [])))
  const report = packetsOf(band(1))
  expect(report.pop(), 'the report ends').toBeNull()
  return { progress: band(2).toString(), report: report.map((line) => line?.toString() ?? '') }
}

function render(push = makePush(), refusal = makeRefusal()): Uint8Array {
  const rendered = gitPushForm.render(refusal, makeAsker({ push }))
  expect(rendered).toMatchObject({ status: 200, contentType: 'application/x-git-receive-pack-result' })
  if (rendered === null || typeof rendered.body === 'string') throw new Error('a report is bytes')
  return rendered.body
}

describe('the git-push form', () => {
  it('refuses every ref by its name, and says why behind `remote:`', () => {
    const updates = ['refs/heads/main', 'refs/tags/v1'].map(
      (ref) => ({ kind: 'update', ref, oldId: A, newId: B }) as const,
    )
    const { progress, report } = reportOf(render(makePush({ updates })))
    expect(report).toEqual([
      'unpack ok\n',
      'ng refs/heads/main weir: refused by rule no-writes\n',
      'ng refs/tags/v1 weir: refused by rule no-writes\n',
    ])
    expect(progress).toBe('weir: Push to acme instead.\nweir: event 0123456789abc\n')
  })

  it('names no rule where none decided', () => {
    expect(reportOf(render(makePush(), makeRefusal({ rule: null }))).report[1]).toBe(
      'ng refs/heads/main weir: refused\n',
    )
  })

  it('speaks without a sideband to who has none', () => {
    const packets = packetsOf(render(makePush({ capabilities: ['report-status'] })))
    expect(packets.map((packet) => packet?.toString() ?? null)).toEqual([
      'unpack ok\n',
      'ng refs/heads/main weir: refused by rule no-writes\n',
      null,
    ])
  })

  it('lets no rule and no message end its line or move a cursor', () => {
    const { progress, report } = reportOf(render(makePush(), makeRefusal({ rule: HOSTILE, message: HOSTILE })))
    expect(report).toHaveLength(2)
    expect(progress.split('\n')).toHaveLength(3)
    // oxlint-disable-next-line no-control-regex -- a terminal reads them
    expect(progress + report.join('')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u2028]/)
  })

  it.each([
    ['nobody who pushes', null],
    ['a probe', { kind: 'probe' } as const],
    ['a client that reads no report', makePush({ capabilities: [] })],
  ])('does not speak to %s', (_, push) => {
    expect(gitPushForm.render(makeRefusal(), makeAsker({ push }))).toBeNull()
  })
})
