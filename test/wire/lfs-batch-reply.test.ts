import { describe, expect, it } from 'vitest'
import { type LfsAction, lfsActionsMax, lfsReplyBytesMax, parseLfsBatchReply } from '../../src/wire/lfs-batch-reply.ts'

const NOW = Date.UTC(2026, 0, 2)
const HREF = 'https://store.example/o/1?signature=x'

function parse(body: unknown): readonly LfsAction[] | string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const parsed = parseLfsBatchReply(Buffer.from(text), NOW)
  if (parsed.state === 'more') throw new Error('it never wants more')
  return parsed.state === 'bad' ? parsed.fault : parsed.value
}

function actionsOf(actions: unknown, size: unknown = 12): readonly LfsAction[] | string {
  return parse({ transfer: 'basic', objects: [{ oid: 'ab'.repeat(32), size, actions }] })
}

describe('the answer to an LFS batch', () => {
  it('says where an object goes, where it is asked about, and where it comes from', () => {
    const verify = { href: `${HREF}&verify`, header: { Authorization: 'x' }, expires_in: 60 }
    expect(actionsOf({ upload: { href: HREF, expires_at: '2026-01-02T01:00:00Z' }, verify })).toEqual([
      { kind: 'upload', href: HREF, bytesMax: 12, expiresAt: NOW + 3_600_000 },
      { kind: 'verify', href: `${HREF}&verify`, bytesMax: null, expiresAt: NOW + 60_000 },
    ])
    expect(actionsOf({ download: { href: HREF } })).toEqual([
      { kind: 'download', href: HREF, bytesMax: null, expiresAt: null },
    ])
  })

  it('says where each part of a large object goes, which is no more than the object', () => {
    const header = {
      chunk_size: '5',
      '1': `${HREF}&part=1`,
      '00002': `${HREF}&part=2`,
      '1234567': HREF,
      '-1': HREF,
      x: HREF,
    }
    const parts = actionsOf({ upload: { href: HREF, header } })
    expect(parts).toEqual([
      { kind: 'upload', href: HREF, bytesMax: 12, expiresAt: null },
      { kind: 'upload', href: `${HREF}&part=1`, bytesMax: 5, expiresAt: null },
      { kind: 'upload', href: `${HREF}&part=2`, bytesMax: 5, expiresAt: null },
    ])
    const sizeOfPart = (chunk: unknown): unknown => {
      const actions = actionsOf({ upload: { href: HREF, header: { chunk_size: chunk, '1': HREF } } })
      return typeof actions === 'string' ? actions : actions[1]?.bytesMax
    }
    expect([13, 12, 5, null].map(sizeOfPart)).toEqual([12, 12, 5, 12])
    expect(['x', 0.5, '1e400'].map(sizeOfPart)).toEqual([undefined, undefined, 12])
    expect(actionsOf({ download: { href: HREF, header } })).toHaveLength(1)
    expect(actionsOf({ verify: { href: HREF, header } })).toHaveLength(1)
  })

  it.each<[string, unknown, number | null]>([
    ['the seconds over the instant', { expires_in: 1, expires_at: '2026-01-03T00:00:00Z' }, NOW + 1000],
    ['no seconds, but the instant', { expires_in: 0, expires_at: '2026-01-03T00:00:00Z' }, NOW + 86_400_000],
    ['seconds that are over', { expires_in: -1 }, NOW - 1000],
    ['seconds in text', { expires_in: '60' }, null],
    ['the year 1', { expires_at: '0001-01-01T00:00:00Z' }, null],
    ['no instant', { expires_at: 'never' }, null],
  ])('ends with %s', (_, times, expiresAt) => {
    expect(actionsOf({ upload: { href: HREF, ...(times as object) } })).toMatchObject([{ expiresAt }])
  })

  it('announces nothing in another form', () => {
    for (const actions of [
      null,
      [],
      'x',
      { upload: null },
      { upload: { href: 5 } },
      { upload: HREF },
      { put: { href: HREF } },
    ]) {
      expect(actionsOf(actions)).toEqual([])
    }
    for (const size of ['12', -1, 0.5, null, 2 ** 53]) expect(actionsOf({ upload: { href: HREF } }, size)).toEqual([])
    expect(parse({ objects: [null, 5, 'x', [], { error: { code: 404 } }] })).toEqual([])
    expect(parse('{"objects":[{"size":1,"__proto__":{"actions":{"upload":{"href":"https://x/"}}}}]}')).toEqual([])
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no objects', {}],
    ['a list', [{ objects: [] }]],
    ['objects that are no list', { objects: {} }],
    ['objects twice', '{"objects":[],"objects":[]}'],
  ])('is none with %s', (_, body) => expect(parse(body)).toEqual(expect.any(String)))

  it(`has ${lfsReplyBytesMax} bytes and no more`, () => {
    const of = (bytes: number): string => '{"objects":[]}'.padEnd(bytes)
    expect(parse(of(lfsReplyBytesMax))).toEqual([])
    expect(parse(of(lfsReplyBytesMax + 1))).toBe(`it is longer than ${lfsReplyBytesMax} bytes`)
  })

  it(`names ${lfsActionsMax} addresses and no more`, () => {
    const of = (count: number) => ({
      objects: Array.from({ length: count / 2 }, () => ({
        size: 1,
        actions: { upload: { href: 'u' }, verify: { href: 'v' } },
      })),
    })
    const last = { size: 1, actions: { download: { href: 'd' } } }
    expect(parse(of(lfsActionsMax))).toHaveLength(lfsActionsMax)
    expect(parse({ objects: [...of(lfsActionsMax).objects, last] })).toMatch(/more than 10000 addresses/)
  })
})
