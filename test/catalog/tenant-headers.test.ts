import { describe, expect, it } from 'vitest'
import { parseHostPattern } from '../../src/catalog/host-pattern.ts'
import {
  TENANT_PROVIDERS,
  tenantFieldNames,
  tenantIdCharactersMax,
  type TenantKey,
  tenantValueOf,
  whyNotTenantId,
} from '../../src/catalog/tenant-headers.ts'

function keyOf(provider: string, key: string): TenantKey {
  const found = TENANT_PROVIDERS.find(({ id }) => id === provider)?.keys[key]
  if (found === undefined) throw new Error(`no key ${provider}.${key}`)
  return found
}

describe.each(TENANT_PROVIDERS.map((provider) => [provider.id, provider] as const))('%s', (_, provider) => {
  const hosts = [...provider.sites.flatMap((site) => site.hosts), ...provider.shut, ...provider.near]

  it('names hosts, each once', () => {
    for (const host of [...hosts, ...provider.beyond]) expect(parseHostPattern(host), host).not.toBeNull()
    expect(new Set(hosts).size).toBe(hosts.length)
    // A host that heeds no header is not one where it is set.
    for (const host of provider.beyond) expect(provider.sites.flatMap((site) => site.hosts)).not.toContain(host)
  })

  it('sets fields whose names may stand in a request, from keys that it has', () => {
    for (const field of provider.sites.flatMap(({ fields }) => fields)) {
      expect(field.name).toMatch(/^[A-Za-z][A-Za-z0-9-]+$/)
      if ('of' in field) expect(Object.keys(provider.keys)).toContain(field.of)
      else expect(field.always).toMatch(/^[\x21-\x7e]+$/)
    }
  })

  it('shows examples that it takes', () => {
    for (const key of Object.values(provider.keys)) expect(whyNotTenantId(key.example, key)).toBeNull()
    expect(Object.keys(provider.keys)).not.toContain('for')
  })
})

it('no host is of two providers', () => {
  const hosts = TENANT_PROVIDERS.flatMap(({ sites, shut, near }) => [
    ...sites.flatMap((s) => s.hosts),
    ...shut,
    ...near,
  ])
  expect(new Set(hosts).size).toBe(hosts.length)
})

/** As the documentation of each provider spells them. */
it.each([
  ['github', ['sec-github-allowed-enterprise']],
  ['microsoft', ['restrict-access-to-tenants', 'restrict-access-context', 'sec-restrict-tenant-access-policy']],
  ['google', ['x-googapps-allowed-domains']],
  ['dropbox', ['x-dropbox-allowed-team-ids']],
  ['slack', ['x-slack-allowed-workspaces-requester', 'x-slack-allowed-workspaces']],
  ['webex', ['ciscospark-allowed-domains']],
  ['chatgpt', ['chatgpt-allowed-workspace-id']],
  ['anthropic', ['anthropic-allowed-org-ids']],
])('the fields of %s', (id, names) => {
  const provider = TENANT_PROVIDERS.find((one) => one.id === id)
  expect(provider === undefined ? [] : tenantFieldNames(provider)).toEqual(names)
})

it.each([
  ['all values of a key, joined by commas alone', { name: 'a', of: 'ids' }, '1,2'],
  ['a value that is always the same', { name: 'a', always: 'restrict-msa' }, 'restrict-msa'],
  ['nothing of a key that is not there', { name: 'a', of: 'none' }, ''],
])('%s', (_, field, value) => {
  expect(tenantValueOf(field, (key) => (key === 'ids' ? ['1', '2'] : []))).toBe(value)
})

describe('a value', () => {
  const UUID = '550e8400-e29b-41d4-a716-446655440000'

  it.each([
    ['github', 'enterprises', 'acme'],
    ['github', 'enterprises', '12345'],
    ['github', 'enterprises', 'a'],
    ['github', 'enterprises', 'a'.repeat(tenantIdCharactersMax)],
    ['microsoft', 'tenants', 'acme.onmicrosoft.com'],
    ['microsoft', 'tenants', UUID],
    ['microsoft', 'context', UUID.toUpperCase()],
    ['google', 'domains', 'consumer_accounts'],
    ['google', 'domains', 'a-b.acme.example'],
    ['dropbox', 'teams', 'dbtid:AAA_x-'],
    ['slack', 'requester', 'E0123456789'],
  ])('of %s.%s may be %s', (provider, key, text) => {
    expect(whyNotTenantId(text, keyOf(provider, key))).toBeNull()
  })

  it.each([
    ['github', 'enterprises', '', 'is not the ID of an enterprise'],
    ['github', 'enterprises', 'a,b', 'has a comma'],
    ['github', 'enterprises', 'a b', 'is not'],
    ['github', 'enterprises', ' a', 'is not'],
    ['github', 'enterprises', 'a\r\nX: y', 'control character'],
    ['github', 'enterprises', 'a\n', 'control character'],
    ['github', 'enterprises', 'a\u0000', 'control character'],
    ['github', 'enterprises', 'a\u007f', 'control character'],
    ['github', 'enterprises', 'a\u0085', 'control character'],
    ['github', 'enterprises', 'äcme', 'is not'],
    ['github', 'enterprises', '*', 'is not'],
    ['github', 'enterprises', 'a'.repeat(tenantIdCharactersMax + 1), 'at most 128 characters'],
    ['microsoft', 'tenants', 'acme', 'is not a tenant'],
    ['microsoft', 'context', 'acme.example', 'is not a directory ID'],
    ['google', 'domains', '*.acme.example', 'is not a domain'],
    ['google', 'domains', 'acme', 'is not a domain'],
    ['google', 'domains', '192.0.2.1', 'is not a domain'],
    ['anthropic', 'organizations', `${UUID}0`, 'is not'],
    ['anthropic', 'organizations', `${UUID}\n`, 'control character'],
  ])('of %s.%s may not be %j', (provider, key, text, why) => {
    expect(whyNotTenantId(text, keyOf(provider, key))?.message).toContain(why)
  })
})
