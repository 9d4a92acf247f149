/** The record of a flow: the fields that are always there, those that tell of a denial, and what is never in it. */
import { describe, expect, it } from 'vitest'
import { REF_CHARACTERS_MAX, toEcs } from '../../src/audit/ecs.ts'
import { createFlow, type Flow } from '../../src/flow/flow.ts'
import { parseAddress } from '../../src/net/address.ts'
import { parseAuthority } from '../../src/net/destination.ts'

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

function makeFlow(fields: Partial<Flow> = {}): Flow {
  const address = parseAddress('10.1.2.3')
  if (address === null) throw new Error('not an address')
  const flow = createFlow({
    id: '0123456789abc',
    kind: 'request',
    startedAt: AT - 250,
    client: { address, port: 40_000 },
    destination: parseAuthority('github.com:443', null),
    request: {
      method: 'POST',
      scheme: 'https',
      target: '/acme/weir.git/git-receive-pack',
      httpVersion: '1.1',
      userAgent: 'git/2.50',
    },
  })
  return Object.assign(flow, fields)
}

const DENY: Flow['verdict'] = {
  action: 'deny',
  denial: { code: 'doubt', rule: 'no-writes', message: 'Push elsewhere.', unseen: ['repository'] },
  wouldDeny: [{ rule: 'watch', message: 'seen' }],
}
const ALLOW: Flow['verdict'] = { action: 'allow', rule: 'ours', limits: [], wouldDeny: [] }

describe('toEcs', () => {
  it('tells of an allowed request', () => {
    const flow = makeFlow({
      verdict: ALLOW,
      checkpoint: 'body',
      address: parseAddress('140.82.121.3'),
      service: 'github',
      operation: 'git-push',
      repository: 'github.com/acme/weir',
      refs: [{ name: 'refs/heads/main', kind: 'update' }],
      openedFor: 'ours',
      tls: { serverName: 'github.com', alpn: ['h2', 'http/1.1'] },
      bytesUp: 500,
      bytesDown: 60,
      uploadSize: 400,
      upstreamBodyBytes: 500,
      status: 200,
    })
    expect(toEcs(flow, 'end', AT, 'abcdef')).toEqual({
      '@timestamp': '2026-01-02T03:04:05.678Z',
      'event.id': '0123456789abc',
      'event.kind': 'event',
      'event.category': ['network'],
      'event.type': ['connection'],
      'event.action': 'allowed',
      'event.outcome': 'success',
      'event.duration': 250_000_000,
      'source.ip': '10.1.2.3',
      'source.port': 40_000,
      'destination.domain': 'github.com',
      'destination.address': 'github.com',
      'destination.ip': '140.82.121.3',
      'destination.port': 443,
      'tls.client.server_name': 'github.com',
      'tls.client.supported_protocols': ['h2', 'http/1.1'],
      'http.request.method': 'POST',
      'http.request.body.bytes': 500,
      'http.response.status_code': 200,
      'http.response.body.bytes': 60,
      'http.version': '1.1',
      'url.scheme': 'https',
      'url.domain': 'github.com',
      'url.port': 443,
      'url.path': '/acme/weir.git/git-receive-pack',
      'user_agent.original': 'git/2.50',
      'rule.name': 'ours',
      'weir.operation': 'git-push',
      'weir.service': 'github',
      'weir.repository': 'github.com/acme/weir',
      'weir.refs': [{ name: 'refs/heads/main', kind: 'update' }],
      'weir.refCount': 1,
      'weir.bytes.up': 500,
      'weir.bytes.down': 60,
      'weir.upload.size': 400,
      'weir.verdict': 'allow',
      'weir.checkpoint': 'body',
      'weir.openedFor': 'ours',
      'weir.policy': 'abcdef',
      'weir.upstream.bodyBytes': 500,
    })
  })

  it('tells of a denied push which objects of LFS had gone ahead of it', () => {
    const denied = { verdict: DENY, operation: 'git-push' } as const
    const flow = makeFlow({ ...denied, lfs: { objects: 2, bytes: 700 } })
    expect(toEcs(flow, 'denied', AT, 'p')).toMatchObject({ 'weir.lfs.objects': 2, 'weir.lfs.bytes': 700 })
    expect(Object.keys(toEcs(makeFlow(denied), 'denied', AT, 'p')).filter((name) => /lfs/.test(name))).toEqual([])
  })

  it('tells of a denial: rule, reason, what was unseen, and the technique', () => {
    expect(toEcs(makeFlow({ verdict: DENY, operation: 'git-push' }), 'denied', AT, 'abcdef')).toMatchObject({
      'event.kind': 'alert',
      'event.type': ['denied'],
      'event.action': 'denied',
      'event.outcome': 'failure',
      'rule.name': 'no-writes',
      'threat.technique.id': ['T1567.001'],
      message: 'Push elsewhere.',
      'weir.verdict': 'deny',
      'weir.reason': 'doubt',
      'weir.unseen': ['repository'],
      'weir.wouldDeny': ['watch'],
    })
  })

  it.each<[string, Partial<Flow>, 'end' | 'alive' | 'denied', string, string]>([
    ['allowed', { verdict: ALLOW }, 'end', 'allowed', 'success'],
    ['alive', { verdict: ALLOW }, 'alive', 'alive', 'success'],
    [
      'a failure',
      { verdict: ALLOW, failure: { code: 'upstream-timeout', message: 'late' } },
      'end',
      'failed',
      'failure',
    ],
    [
      'a failure that was denied',
      { verdict: DENY, failure: { code: 'weir-fault', message: 'x' } },
      'end',
      'denied',
      'failure',
    ],
    ['what ended undecided', { verdict: { action: 'undecided', rule: null, needs: [] } }, 'end', 'ended', 'success'],
    ['what ended unjudged', {}, 'end', 'ended', 'success'],
  ])('calls %s by its name', (_, fields, moment, action, outcome) => {
    expect(toEcs(makeFlow(fields), moment, AT, 'p')).toMatchObject({ 'event.action': action, 'event.outcome': outcome })
  })

  it('has its required fields even of a flow that is nothing yet', () => {
    const flow = makeFlow({ kind: 'tunnel', destination: null, request: null })
    const record = toEcs(flow, 'end', AT, 'p')
    for (const field of [
      '@timestamp',
      'event.id',
      'event.kind',
      'event.action',
      'source.ip',
      'source.port',
      'weir.policy',
    ]) {
      expect(record[field], field).toBeDefined()
    }
    expect(Object.values(record)).not.toContain(undefined)
    expect(Object.values(record)).not.toContain(null)
    expect(Object.keys(record).filter((name) => name.startsWith('http.') || name.startsWith('url.'))).toEqual([])
  })

  it('takes a literal address as the destination, without a domain', () => {
    const record = toEcs(makeFlow({ destination: parseAuthority('[2001:db8::1]:443', null) }), 'end', AT, 'p')
    expect(record).toMatchObject({ 'destination.address': '[2001:db8::1]', 'destination.ip': '2001:db8::1' })
    expect(record).not.toHaveProperty('destination.domain')
  })

  it('has no credential of the target', () => {
    const flow = makeFlow()
    const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
    if (flow.request === null) throw new Error('no request')
    flow.request = { ...flow.request, target: `/a/${secret}?access_token=hunter2&x=${secret}` }
    const text = JSON.stringify(toEcs(flow, 'end', AT, 'p'))
    expect(text).not.toContain(secret)
    expect(text).not.toContain('hunter2')
    expect(text).not.toMatch(/authorization|cookie/i)
    expect(toEcs(flow, 'end', AT, 'p')).toMatchObject({ 'url.path': '/a/***', 'url.query': 'access_token=***&x=***' })
  })

  it('names refs up to its limit, and tells how many there were', () => {
    const name = `refs/heads/${'x'.repeat(REF_CHARACTERS_MAX / 16 - 11)}`
    const refs = (count: number): Flow['refs'] => Array.from({ length: count }, () => ({ name, kind: 'create' }))
    const at = toEcs(makeFlow({ refs: refs(16) }), 'end', AT, 'p')
    expect(at['weir.refs']).toHaveLength(16)
    const past = toEcs(makeFlow({ refs: refs(17) }), 'end', AT, 'p')
    expect(past['weir.refs']).toHaveLength(16)
    expect(past['weir.refCount']).toBe(17)
  })
})
