import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodePktLine, FLUSH, pktPayloadBytesMax } from '../../src/wire/pkt-line.ts'
import { advertisementHeadBytesMax, createAdvertisementEdit } from '../../src/wire/push-advertisement.ts'

const SERVICE = Buffer.concat([encodePktLine('# service=git-receive-pack\n'), FLUSH])
const OID = '1'.repeat(40)

function advertisement(capabilities: string, before: Uint8Array = SERVICE): Buffer {
  const first = encodePktLine(`${OID} refs/heads/main\0${capabilities}\n`)
  const rest = encodePktLine(`${OID} refs/heads/other\n`)
  return Buffer.concat([before, first, rest, FLUSH])
}

function edited(bytes: Uint8Array, cuts: readonly number[] = []): string {
  const edit = createAdvertisementEdit()
  const out: Uint8Array[] = []
  let from = 0
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]) {
    out.push(edit.push(bytes.slice(from, cut)))
    from = cut
  }
  out.push(edit.end())
  return Buffer.concat(out).toString('latin1')
}

describe('what a server says that it can do', () => {
  it.each([
    ['behind a service line', SERVICE],
    ['behind a version', Buffer.concat([SERVICE, encodePktLine('version 1\n')])],
    ['at the start', Buffer.alloc(0)],
  ])('gets no-thin, %s and however it is cut', (_where, before) => {
    const wanted = advertisement('report-status side-band-64k no-thin', before).toString('latin1')
    fc.assert(
      fc.property(fc.array(fc.nat(500)), (cuts) => {
        expect(edited(advertisement('report-status side-band-64k', before), cuts)).toBe(wanted)
      }),
    )
  })

  it.each([
    ['says so already', advertisement('no-thin report-status')],
    ['is no list of refs', Buffer.from('<html>')],
    ['breaks off', advertisement('report-status').subarray(0, 50)],
    ['has no capabilities', Buffer.concat([SERVICE, FLUSH])],
    ['has nothing', Buffer.alloc(0)],
  ])('is left alone where it %s', (_what, bytes) => {
    expect(edited(bytes)).toBe(bytes.toString('latin1'))
  })

  it('is left alone where a packet has no room for it, and edited where it just has', () => {
    const fixed = `${OID} refs/heads/main\0\n`.length
    const room = 'x'.repeat(pktPayloadBytesMax - fixed - ' no-thin'.length)
    expect(edited(advertisement(room))).toContain('x no-thin\n')
    const full = advertisement(`${room}x`)
    expect(edited(full)).toBe(full.toString('latin1'))
  })

  it('waits for a first ref so long and no longer', () => {
    const edit = createAdvertisementEdit()
    const lines = Buffer.concat(Array.from({ length: 4 }, () => encodePktLine('y'.repeat(pktPayloadBytesMax))))
    expect(edit.push(lines.subarray(0, advertisementHeadBytesMax)).length).toBe(0)
    expect(edit.push(lines.subarray(advertisementHeadBytesMax, advertisementHeadBytesMax + 1)).length).toBe(
      advertisementHeadBytesMax + 1,
    )
  })
})
