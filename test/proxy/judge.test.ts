/** Verdicts at checkpoints: written into the flow, and closed where the decision or the record fails. */
import { describe, expect, it } from 'vitest'
import { type Part, partOf } from '../../src/catalog/part.ts'
import type { InnerOperation } from '../../src/catalog/service-entry.ts'
import { ABSENT, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import { ProxyError } from '../../src/flow/proxy-error.ts'
import { insideFacts, contentFacts, NO_HOP, type RefUpdate, type Subject } from '../../src/flow/subject.ts'
import type { Verdict } from '../../src/flow/verdict.ts'
import {
  clientKeyOf,
  denyByGuard,
  judge,
  noteFailure,
  type RequestFacts,
  subjectAtConnect,
  subjectAtDial,
  subjectAtTls,
  subjectOfOpaque,
  subjectsOfRequest,
} from '../../src/proxy/judge.ts'
import { addressOf, destinationOf, makeFlow, makeWorld, NOW } from './world.ts'

const SITE = destinationOf('site.example:443')
const LITERAL = destinationOf('192.0.2.1:443')
const ADDRESS = addressOf('192.0.2.7')

const FACTS = {
  method: 'POST',
  path: UNSEEN,
  size: UNSEEN,
  sentBytes: UNSEEN,
  content: contentFacts(UNSEEN),
  hop: NO_HOP,
}
const REPOSITORY = { state: 'known', value: 'site.example/a/b' } as const

function requestOf(
  operation: InnerOperation,
  method = 'POST',
  refs: readonly RefUpdate[] = [],
): [RequestFacts, Part[]] {
  const part = partOf(operation, REPOSITORY)
  const parts = refs.map((value) => ({ ...part, ref: { state: 'known' as const, value } }))
  return [{ ...FACTS, method }, parts.length === 0 ? [part] : parts]
}

describe('judge', () => {
  it('keeps verdict and checkpoint in the flow', () => {
    const weir = makeWorld()
    const flow = makeFlow()
    const verdict = judge(weir, flow, 'request', subjectsOfRequest(weir, flow, SITE, ADDRESS, ...requestOf('web-read')))
    expect(verdict).toMatchObject({ action: 'allow', rule: null })
    expect([flow.verdict, flow.checkpoint]).toEqual([verdict, 'request'])
  })

  it('denies by what the policy says', () => {
    const weir = makeWorld({ policy: 'version: 1\ndefault: deny\n' })
    const flow = makeFlow()
    judge(weir, flow, 'connect', [subjectAtConnect(weir, flow, SITE)])
    expect(flow.verdict).toMatchObject({ action: 'deny', denial: { code: 'default' } })
  })

  it('denies where the decision throws', () => {
    const weir = makeWorld()
    const flow = makeFlow()
    expect(judge(weir, flow, 'request', [])).toMatchObject({ action: 'deny', denial: { code: 'fault', rule: null } })
    const broken = { ...subjectAtConnect(weir, flow, SITE), client: null } as unknown as Subject
    const strict = makeWorld({
      policy:
        'version: 1\ngroups: { us: { networks: [10.0.0.0/8] } }\nrules:\n  - { name: us, from: [us], action: allow }\n',
    })
    expect(judge(strict, flow, 'connect', [broken])).toMatchObject({ action: 'deny', denial: { code: 'fault' } })
    expect(flow.verdict).toMatchObject({ denial: { code: 'fault' } })
  })

  it('lets only proven reads through while nothing can be recorded', () => {
    const weir = makeWorld()
    weir.sink.writable = false
    const flow = makeFlow()
    const codeOf = (subjects: readonly Subject[]): string => {
      const verdict = judge(weir, flow, 'request', subjects)
      return verdict.action === 'deny' ? verdict.denial.code : verdict.action
    }
    const request = (operation: InnerOperation, method = 'GET'): readonly Subject[] =>
      subjectsOfRequest(weir, flow, SITE, ADDRESS, ...requestOf(operation, method))
    for (const operation of ['git-fetch', 'api-read', 'web-read', 'download', 'lock-check'] as const) {
      expect(codeOf(request(operation)), operation).toBe('allow')
      expect(codeOf(request(operation, 'HEAD')), operation).toBe('allow')
      expect(codeOf(request(operation, 'OPTIONS')), operation).toBe('record-unwritable')
      // What its client wrote into the body of a POST is a read by its own word alone.
      expect(codeOf(request(operation, 'POST')), operation).toBe('record-unwritable')
    }
    for (const operation of ['git-push', 'unknown-write', 'sign-in', 'telemetry', 'repo-delete'] as const) {
      expect(codeOf(request(operation)), operation).toBe('record-unwritable')
    }
    expect(codeOf([...request('web-read'), ...request('git-push')])).toBe('record-unwritable')
    expect(codeOf([subjectAtConnect(weir, flow, SITE)])).toBe('undecided')
    expect(codeOf([subjectAtTls(weir, flow, SITE, ADDRESS, 'never')])).not.toBe('allow')
    weir.sink.writable = true
    expect(codeOf(request('git-push'))).toBe('allow')
  })

  it('denies the whole where one part is denied', () => {
    const policy = `version: 1
default: allow
rules:
  - { name: no-tags, operations: [git-push], when: { refs: ["refs/tags/**"] }, action: deny }
`
    const weir = makeWorld({ policy })
    const flow = makeFlow()
    const refs = ['refs/heads/a', 'refs/tags/b'].map((name) => ({ name, kind: 'create' }) as const)
    const subjects = subjectsOfRequest(weir, flow, SITE, ADDRESS, ...requestOf('git-push', 'POST', refs))
    expect(judge(weir, flow, 'body', subjects)).toMatchObject({ action: 'deny', denial: { rule: 'no-tags' } })
    const alone = subjectsOfRequest(weir, flow, SITE, ADDRESS, ...requestOf('git-push', 'POST', refs.slice(0, 1)))
    expect(judge(weir, flow, 'body', alone)).toMatchObject({ action: 'allow' })
  })
})

describe('subjects', () => {
  const weir = makeWorld()
  const flow = makeFlow()

  it('know at the CONNECT line a name or a literal address, and nothing of the inside', () => {
    expect(subjectAtConnect(weir, flow, SITE)).toEqual({
      client: { address: flow.client.address, user: null },
      destination: SITE,
      address: UNSEEN,
      operation: { state: 'unseen' },
      ...insideFacts(UNSEEN),
      hop: NO_HOP,
      at: NOW,
    })
    expect(subjectAtConnect(weir, flow, LITERAL).address).toEqual({ state: 'known', value: addressOf('192.0.2.1') })
  })

  it('know the address once it is dialled', () => {
    expect(subjectAtDial(weir, flow, SITE, ADDRESS).address).toEqual({ state: 'known', value: ADDRESS })
  })

  it.each([
    ['unseen', { state: 'tunnel', inside: 'unseen' }, UNSEEN],
    ['never', { state: 'tunnel', inside: 'never' }, NEVER],
    ['absent', { state: 'tunnel', inside: 'absent' }, ABSENT],
    ['opened', { state: 'opened' }, UNSEEN],
  ] as const)('know of TLS whose inside is %s', (inside, operation, inner) => {
    expect(subjectAtTls(weir, flow, SITE, ADDRESS, inside)).toMatchObject({
      operation,
      repository: inner,
      method: inner,
      ref: inner,
    })
  })

  it('never see the address behind a parent proxy, so that no deny rule on one is dodged by going through it', () => {
    const parent = { host: addressOf('192.0.2.9'), port: 3_128, authorization: null }
    const policy =
      'version: 1\ndefault: allow\nrules: [{ name: no-lan, to: { networks: [10.0.0.0/8] }, action: deny }]\n'
    const plain = makeWorld({ policy, resolve: ['static.example:443:10.0.0.1:443'] })
    const behind = { ...plain, settings: { ...plain.settings, upstreamProxy: parent } }
    expect(subjectAtDial(behind, flow, SITE, null).address).toBe(NEVER)
    expect(subjectAtDial(plain, flow, SITE, null).address).toBe(UNSEEN)
    expect(subjectAtDial(behind, flow, LITERAL, null).address).toMatchObject({ value: { text: '192.0.2.1' } })
    expect(subjectAtDial(behind, flow, destinationOf('static.example:443'), null).address).toBe(UNSEEN)
    const subjects = subjectsOfRequest(behind, flow, SITE, null, ...requestOf('web-read'))
    expect(judge(behind, flow, 'request', subjects)).toMatchObject({ action: 'deny', denial: { code: 'doubt' } })
  })

  it('know that an opaque protocol is never read', () => {
    expect(subjectOfOpaque(weir, flow, SITE, ADDRESS, 'ssh')).toMatchObject({
      operation: { state: 'opaque', operation: 'ssh' },
      repository: NEVER,
      ref: NEVER,
    })
  })

  it('know who asks, from outside as from inside', () => {
    const client = { address: flow.client.address, user: 'ada' }
    const named = makeFlow({ user: 'ada' })
    expect(subjectAtConnect(weir, named, SITE)).toMatchObject({ client, operation: { state: 'unseen' } })
    expect(subjectAtDial(weir, named, SITE, ADDRESS)).toMatchObject({ client, operation: { state: 'unseen' } })
    expect(subjectsOfRequest(weir, named, SITE, ADDRESS, ...requestOf('web-read'))[0]).toMatchObject({ client })
  })

  it('know of a request its method and repository, and one ref each', () => {
    const refs = ['refs/heads/a', 'refs/heads/b'].map((name) => ({ name, kind: 'update' }) as const)
    const parts = subjectsOfRequest(weir, flow, SITE, ADDRESS, ...requestOf('git-push', 'POST', refs))
    expect(parts.map(({ ref }) => ref)).toEqual(refs.map((value) => ({ state: 'known', value })))
    expect(parts[0]).toMatchObject({
      operation: { state: 'known', operation: 'git-push' },
      method: { state: 'known', value: 'POST' },
      repository: { state: 'known', value: 'site.example/a/b' },
    })
  })

  it('know apart who asks, and from where: announcements are for one of them', () => {
    const [ada, nobody] = [makeFlow({ user: 'ada' }), makeFlow()]
    expect([clientKeyOf(ada), clientKeyOf(nobody)]).toEqual(['10.1.2.3 ada', '10.1.2.3 '])
  })

  it('know that an announced address may be asked for, while nothing is read and only then', () => {
    const announced = makeWorld()
    const hop = {
      url: 'https://site.example/o/1',
      methods: ['PUT'],
      service: 'github',
      operation: 'lfs-upload',
      repository: REPOSITORY,
      bytesMax: 1,
      triesMax: 1,
      expiresAt: NOW + 1,
    } as const
    announced.bindings.announce(clientKeyOf(flow), hop, NOW)
    const possible = { state: 'possible', services: ['github'], repositories: ['site.example/a/b'] }
    expect(subjectAtConnect(announced, flow, SITE).hop).toEqual(possible)
    expect(subjectAtDial(announced, flow, SITE, ADDRESS).hop).toEqual(possible)
    expect(subjectAtTls(announced, flow, SITE, ADDRESS, 'unseen').hop).toEqual(possible)
    expect(subjectAtTls(announced, flow, SITE, ADDRESS, 'opened').hop).toEqual(possible)
    for (const inside of ['never', 'absent'] as const) {
      expect(subjectAtTls(announced, flow, SITE, ADDRESS, inside).hop).toEqual(NO_HOP)
    }
    expect(subjectOfOpaque(announced, flow, SITE, ADDRESS, 'ssh').hop).toEqual(NO_HOP)
    expect(subjectAtConnect(announced, makeFlow({ user: 'ada' }), SITE).hop).toEqual(NO_HOP)
    expect(subjectAtConnect(announced, flow, destinationOf('other.example:443')).hop).toEqual(NO_HOP)
  })

  it('do not know the ref of a push that is not read, nor the operation that only a body tells', () => {
    const [push] = subjectsOfRequest(weir, flow, SITE, ADDRESS, ...requestOf('git-push'))
    expect(push?.ref).toEqual(UNSEEN)
    const [told] = subjectsOfRequest(weir, flow, SITE, ADDRESS, FACTS, [partOf(null, UNSEEN)])
    expect(told).toMatchObject({ operation: { state: 'opened' }, repository: UNSEEN, ciFiles: UNSEEN })
  })
})

describe('a failure', () => {
  const DENIED = denyByGuard('malformed', 'no')

  it('is kept in the flow, and what is no ProxyError is a defect of Weir', () => {
    const flow = makeFlow()
    const gone = new ProxyError('client-aborted', 'it went away')
    expect(noteFailure(flow, gone, false)).toBe(gone)
    expect(flow.failure).toEqual({ code: 'client-aborted', message: 'it went away' })
    const cause = new TypeError('x')
    expect(noteFailure(flow, cause, false)).toMatchObject({ code: 'weir-fault', message: 'this proxy failed', cause })
    expect(flow.failure).toEqual({ code: 'weir-fault', message: 'this proxy failed' })
  })

  it('is no denial, but where one was recorded, and leaves an allow what it is', () => {
    const verdictAfter = (verdict: Verdict, recorded: boolean): Verdict | null => {
      const flow = makeFlow({ verdict })
      noteFailure(flow, new Error('x'), recorded)
      return flow.verdict
    }
    const allowed: Verdict = { action: 'allow', rule: null, limits: [], wouldDeny: [] }
    expect(verdictAfter(DENIED, false)).toBeNull()
    expect(verdictAfter(DENIED, true)).toBe(DENIED)
    expect(verdictAfter(allowed, false)).toBe(allowed)
    expect(verdictAfter(allowed, true)).toBe(allowed)
  })
})

describe('a guard', () => {
  it('has no rule', () => {
    expect(denyByGuard('malformed', 'no')).toEqual({
      action: 'deny',
      denial: { code: 'malformed', rule: null, message: 'no', unseen: [] },
      wouldDeny: [],
    })
  })
})
