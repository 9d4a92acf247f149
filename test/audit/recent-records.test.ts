/** The last records that are kept in memory: which, in what form, how many, and that the record itself goes on. */
import { describe, expect, it } from 'vitest'
import { RECORD_LINE_BYTES_MAX, type RecentLimits, RecentRecords } from '../../src/audit/recent-records.ts'
import { openRecordLog } from '../../src/audit/record-log.ts'
import { known, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import { createFlow, type Flow } from '../../src/flow/flow.ts'
import type { FlowSink, RecordMoment } from '../../src/flow/ports.ts'
import { contentFacts, type ContentFacts } from '../../src/flow/subject.ts'
import { NOTHING_IN_IT, unlooked } from '../../src/flow/unlooked.ts'
import { parseAddress } from '../../src/net/address.ts'
import { openPipe } from './pipe.ts'

const ALLOW: Flow['verdict'] = { action: 'allow', rule: 'ours', limits: [], wouldDeny: [] }
const DENIAL = { code: 'rule', rule: 'no-writes', message: 'Push elsewhere.', unseen: [] } as const
const DENY: Flow['verdict'] = { action: 'deny', denial: DENIAL, wouldDeny: [] }

function makeFlow(id: string, fields: Partial<Flow> = {}): Flow {
  const address = parseAddress('10.0.0.1')
  if (address === null) throw new Error('not an address')
  const flow = createFlow({ id, kind: 'request', startedAt: 1_000, client: { address, port: 1 } })
  return Object.assign(flow, { verdict: DENY, ...fields })
}

interface Written {
  readonly moments: RecordMoment[]
  flushes: number
  writable: boolean
}

function makeRecords(limits?: RecentLimits): { recent: RecentRecords; written: Written } {
  const written: Written = { moments: [], flushes: 0, writable: true }
  const sink: FlowSink = {
    write: (_flow, moment) => void written.moments.push(moment),
    flush() {
      written.flushes += 1
    },
    get writable() {
      return written.writable
    },
  }
  return { recent: new RecentRecords(sink, limits), written }
}

const NOTHING = {
  payload: { types: [], files: [], encrypted: [], archives: [], entropy: 0, incomplete: [] },
  secrets: { findings: [], incomplete: [] },
  ownSource: { source: { bytes: 0, ofBytes: 10, repositories: [] }, incomplete: [] },
  pack: {
    objects: 3,
    largestBlob: 7,
    newRoot: false,
    authors: ['ada@acme.example'],
    ciFiles: [],
    ciNamed: [],
    incomplete: [],
  },
}
const SECRET = { rule: 'x', title: 'x', place: { commit: null, within: [] }, line: 1, excerpt: '' }
const { payload, pack } = NOTHING

function found(facts: Partial<ContentFacts>): Partial<Flow> {
  return { verdict: ALLOW, content: { ...NOTHING_IN_IT, ...facts } }
}

describe('what is kept', () => {
  it.each<[name: string, fields: Partial<Flow>]>([
    ['a denial', {}],
    ['what a reporting rule would have denied', { verdict: { ...ALLOW, wouldDeny: [{ rule: 'watch', message: '' }] } }],
    ['a failure', { verdict: ALLOW, failure: { code: 'upstream-refused', message: 'it refused' } }],
    ['a failure before any verdict', { verdict: null, failure: { code: 'client-aborted', message: 'gone' } }],
    ['a secret', found({ secrets: known({ findings: [SECRET], incomplete: [] }) })],
    [
      'source of one’s own',
      found({ ownSource: known({ source: { bytes: 1, ofBytes: 2, repositories: [] }, incomplete: [] }) }),
    ],
    ['something enciphered', found({ payload: known({ ...payload, encrypted: ['a zip'] }) })],
    ['an archive', found({ payload: known({ ...payload, archives: ['zip'] }) })],
    ['a new root', found({ pack: known({ ...pack, newRoot: true }) })],
    ['files that a forge runs', found({ pack: known({ ...pack, ciFiles: ['.github/workflows/a.yml'] }) })],
    ['what nobody looked at', { verdict: ALLOW, content: unlooked('the scanners are busy') }],
  ])('%s', (_, fields) => {
    const { recent } = makeRecords()
    recent.write(makeFlow('a', fields), 'end', 2_000, 'hash')
    expect(JSON.parse(recent.find('a') ?? '{}')).toMatchObject({ 'event.id': 'a', 'weir.policy': 'hash' })
  })

  it.each<[name: string, fields: Partial<Flow>]>([
    ['an allowed flow', { verdict: ALLOW }],
    ['one that ended before a verdict', { verdict: null }],
    ['one that still waits', { verdict: { action: 'undecided', rule: null, needs: [] } }],
    ['a client that is asked who it is', { verdict: { ...DENY, denial: { ...DENIAL, code: 'credentials-needed' } } }],
    ['an upload in which nothing is', found({})],
    ['one of which nothing is known', { verdict: ALLOW, content: contentFacts(UNSEEN) }],
    ['one of which nothing will be known', { verdict: ALLOW, content: contentFacts(NEVER) }],
    [
      'what is in every upload',
      found({ payload: known({ ...payload, types: ['text/plain'], files: ['a'], entropy: 5 }), pack: known(pack) }),
    ],
  ])('but not %s', (_, fields) => {
    const { recent, written } = makeRecords()
    recent.write(makeFlow('a', fields), 'end', 2_000, 'hash')
    expect([recent.find('a'), written.moments]).toEqual([null, ['end']])
  })

  it('is the line that stands in the record', () => {
    const target = openPipe()
    const log = openRecordLog(target.descriptor)
    const recent = new RecentRecords(log)
    recent.write(makeFlow('a', { refs: [{ name: 'refs/heads/\u001bü"', kind: 'update' }] }), 'denied', 2_000, 'hash')
    const line = target.read()
    log.close()
    target.close()
    expect(`${recent.find('a') ?? ''}\n`).toBe(line)
  })

  it('is the last line of a flow, even one that tells of nothing any more', () => {
    const { recent } = makeRecords()
    const watched: Flow['verdict'] = { ...ALLOW, wouldDeny: [{ rule: 'watch', message: '' }] }
    recent.write(makeFlow('a', { verdict: watched, bytesUp: 1 }), 'alive', 2_000, 'hash')
    recent.write(makeFlow('a', { verdict: ALLOW, bytesUp: 2 }), 'end', 3_000, 'hash')
    const kept = JSON.parse(recent.find('a') ?? '{}') as object
    expect(kept).toMatchObject({ 'event.action': 'allowed', 'weir.bytes.up': 2 })
    expect(kept).not.toHaveProperty(['weir.wouldDeny'])
  })
})

describe('how much is kept', () => {
  const ids = (recent: RecentRecords, all: string): string =>
    Array.from(all)
      .filter((id) => recent.find(id) !== null)
      .join('')
  const bytesMax = Number.MAX_SAFE_INTEGER

  it('is so many records; one more, and the oldest goes', () => {
    const { recent } = makeRecords({ recordsMax: 3, bytesMax })
    for (const id of 'abc') recent.write(makeFlow(id), 'denied', 2_000, 'hash')
    expect(ids(recent, 'abcd')).toBe('abc')
    recent.write(makeFlow('d'), 'denied', 2_000, 'hash')
    expect(ids(recent, 'abcd')).toBe('bcd')
  })

  it('is so many bytes; one more, and the oldest goes', () => {
    const { recent: probe } = makeRecords()
    probe.write(makeFlow('a'), 'denied', 2_000, 'hash')
    const lineBytes = 2 * (probe.find('a')?.length ?? 0)
    for (const [spare, kept] of [
      [0, 'abc'],
      [-1, 'bc'],
    ] as const) {
      const { recent } = makeRecords({ recordsMax: 100, bytesMax: 3 * lineBytes + spare })
      for (const id of 'abc') recent.write(makeFlow(id), 'denied', 2_000, 'hash')
      expect(ids(recent, 'abc')).toBe(kept)
    }
  })

  it('counts a flow that is written again once, as its newest', () => {
    const { recent } = makeRecords({ recordsMax: 2, bytesMax })
    for (const id of 'abac') recent.write(makeFlow(id), 'denied', 2_000, 'hash')
    expect(ids(recent, 'abc')).toBe('ac')
  })

  it('gives back the bytes of what is forgotten', () => {
    const { recent: probe } = makeRecords()
    probe.write(makeFlow('a'), 'denied', 2_000, 'hash')
    const { recent } = makeRecords({ recordsMax: 1, bytesMax: 2 * (probe.find('a')?.length ?? 0) })
    for (const id of 'abcdaabb') recent.write(makeFlow(id), 'denied', 2_000, 'hash')
    expect(ids(recent, 'abcd')).toBe('b')
  })

  it('never is one line so large that it would push out all others', () => {
    const { recent } = makeRecords({ recordsMax: 10, bytesMax: 3_000 })
    recent.write(makeFlow('a'), 'denied', 2_000, 'hash')
    recent.write(makeFlow('b', { user: 'x'.repeat(1_500) }), 'denied', 2_000, 'hash')
    expect(ids(recent, 'ab')).toBe('a')
  })

  it('never is a line longer than one may be read again', () => {
    const { recent } = makeRecords()
    recent.write(makeFlow('a', { user: '' }), 'denied', 2_000, 'hash')
    const rest = RECORD_LINE_BYTES_MAX - (recent.find('a')?.length ?? 0)
    recent.write(makeFlow('b', { user: 'x'.repeat(rest) }), 'denied', 2_000, 'hash')
    recent.write(makeFlow('c', { user: 'x'.repeat(rest + 1) }), 'denied', 2_000, 'hash')
    expect(recent.find('b')).toHaveLength(RECORD_LINE_BYTES_MAX)
    expect(ids(recent, 'abc')).toBe('ab')
  })
})

describe('the record behind it', () => {
  it('is written, flushed, and asked whether it can be', () => {
    const { recent, written } = makeRecords()
    recent.write(makeFlow('a'), 'denied', 2_000, 'hash')
    recent.write(makeFlow('a'), 'end', 2_000, 'hash')
    recent.flush()
    expect([written.moments, written.flushes, recent.writable]).toEqual([['denied', 'end'], 1, true])
    written.writable = false
    expect(recent.writable).toBe(false)
  })
})
