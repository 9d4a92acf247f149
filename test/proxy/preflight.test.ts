/** Leave for a preflight: only where the request that it announces would be refused, whatever its body and type turn out to be. */
import { describe, expect, it } from 'vitest'
import { refusedPreflight } from '../../src/proxy/preflight.ts'
import type { Asked } from '../../src/proxy/request.ts'
import { destinationOf, makeFlow, makeWorld } from './world.ts'

const READ_ONLY = `
version: 1
default: deny
repositories: { ours: [github.com/acme/app] }
rules:
  - name: ours
    to: { repositories: ours }
    operations: [git-push]
    when: { refs: [feature/*] }
    action: allow
  - name: read
    operations: [read, sign-in]
    action: allow
`

function ask(
  target: string,
  announced: string | null,
  more: { method?: string; headers?: string; policy?: string } = {},
) {
  const { method = 'OPTIONS', headers, policy = READ_ONLY } = more
  const asked: Asked = {
    destination: destinationOf('github.com:443'),
    method,
    target,
    framing: { kind: 'none' },
    hasContent: false,
    expectContinue: false,
    upgrade: null,
  }
  const fields: Readonly<Record<string, string | undefined>> = {
    'access-control-request-method': announced ?? undefined,
    'access-control-request-headers': headers,
  }
  return refusedPreflight(makeWorld({ policy }), makeFlow(), asked, (name) => fields[name] ?? null)
}

describe('a preflight', () => {
  it('for what is refused in any case gets leave, for the method and the fields that it asks for', () => {
    expect(ask('/acme/app/issues', 'POST', { headers: 'x-a, x-b' })).toEqual({ method: 'POST', headers: 'x-a, x-b' })
    expect(ask('/acme/app/issues', 'PUT')).toEqual({ method: 'PUT', headers: null })
  })

  it.each([
    ['a read', '/acme/app', 'GET'],
    ['a fetch, if its type says so', '/m/x.git/git-upload-pack', 'POST'],
    ['a sign-in, if its body is one', '/session', 'POST'],
    ['a check of locks, if its type says so', '/m/x.git/info/lfs/locks/verify', 'POST'],
    ['a push, which may be a probe', '/m/x.git/git-receive-pack', 'POST'],
    ['a push that may name an allowed ref', '/acme/app.git/git-receive-pack', 'POST'],
  ])('for %s gets none', (_, target, method) => {
    expect(ask(target, method)).toBeNull()
  })

  it('is none without a method, or under another method', () => {
    expect(ask('/acme/app/issues', null)).toBeNull()
    expect(ask('/acme/app/issues', 'POST', { method: 'GET' })).toBeNull()
  })

  it('gets none where everything is allowed', () => {
    expect(ask('/acme/app/issues', 'POST', { policy: 'version: 1\ndefault: allow\n' })).toBeNull()
  })

  it('for a push gets none while one of its refs may be allowed, also where its probe is refused', () => {
    const policy = READ_ONLY.replace('operations: [read, sign-in]', 'operations: [web-read]')
    expect(ask('/acme/app.git/git-receive-pack', 'POST', { policy })).toBeNull()
    expect(ask('/m/x.git/git-receive-pack', 'POST', { policy })).toEqual({ method: 'POST', headers: null })
    // Of everything else there are no refs to wait for.
    const noRefs = 'rules: [{ name: a, operations: [write], when: { deletes: false }, action: allow }]'
    expect(ask('/acme/app/issues', 'POST', { policy: `version: 1\ndefault: deny\n${noRefs}\n` })).toEqual({
      method: 'POST',
      headers: null,
    })
  })

  it('for a push that is refused whatever it names gets leave', () => {
    const policy = 'version: 1\ndefault: deny\nrules: [{ name: a, operations: [web-read], action: allow }]\n'
    expect(ask('/m/x.git/git-receive-pack', 'POST', { policy })).toEqual({ method: 'POST', headers: null })
  })
})
