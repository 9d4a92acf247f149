import { describe, expect, it } from 'vitest'
import { TENANT_PROVIDERS, tenantIdsMax } from '../../src/catalog/tenant-headers.ts'
import { tenantFieldsFor, tenantPlaceAt } from '../../src/policy/tenants.ts'
import { loadText, problemsOf } from './load.ts'
import { address, destination, subject } from './subjects.ts'

const policyOf = (tenants: object, groups: object = {}): string => JSON.stringify({ version: 1, groups, tenants })
const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `e${at}.example`)

describe('ids', () => {
  it.each([
    ['github', 'enterprises', 20],
    ['google', 'domains', tenantIdsMax],
  ])('of %s.%s are at most %i', (provider, key, countMax) => {
    const { policy } = loadText(policyOf({ [provider]: { [key]: names(countMax) } }))
    const host = provider === 'github' ? 'github.com' : 'mail.google.com'
    const [field] = tenantFieldsFor(policy, subject({}).client, destination(host))
    expect(field?.value).toBe(names(countMax).join(','))
    const [problem] = problemsOf(policyOf({ [provider]: { [key]: names(countMax + 1) } }))
    expect(problem?.message).toBe(`must be at most ${countMax} items`)
  })
})

describe('`for`', () => {
  const EVERYBODY = ['ada@10.1.0.1', 'eve@10.1.0.1', 'lise@10.1.0.1', '@10.30.0.1', '@10.50.0.1', '@10.1.0.1']
  const groups = {
    people: { users: ['ada'] },
    build: { networks: ['10.30.0.0/16'] },
    lab: { users: ['lise'], networks: ['10.50.0.0/16'] },
  }

  it.each<[string, object, readonly string[]]>([
    ['left out is everyone', {}, EVERYBODY],
    ['one group', { for: 'people' }, ['ada@10.1.0.1']],
    ['groups', { for: ['people', 'build'] }, ['ada@10.1.0.1', '@10.30.0.1']],
    ['a group of both', { for: ['lab'] }, ['lise@10.1.0.1', '@10.50.0.1']],
  ])('%s', (_, who, held) => {
    const { policy } = loadText(policyOf({ github: { enterprises: ['acme'], ...who } }, groups))
    const found = EVERYBODY.filter((text) => {
      const [user = '', from = ''] = text.split('@')
      const client = { address: address(from), user: user === '' ? null : user }
      return tenantFieldsFor(policy, client, destination('github.com')).length > 0
    })
    expect(found).toEqual(held)
  })
})

it('every provider can be asked for, with its examples', () => {
  const tenants = Object.fromEntries(
    TENANT_PROVIDERS.map(({ id, keys }) => [
      id,
      Object.fromEntries(
        Object.entries(keys).map(([key, { form, example }]) => [key, form === 'one' ? example : [example]]),
      ),
    ]),
  )
  const { policy, problems } = loadText(policyOf(tenants))
  expect(problems).toEqual([])
  for (const { sites, shut, near } of TENANT_PROVIDERS) {
    for (const [kind, hosts] of [
      ['set', sites.flatMap((site) => site.hosts)],
      ['shut', shut],
      ['near', near],
    ] as const) {
      for (const host of hosts) {
        const place = tenantPlaceAt(policy, destination(host.replace('*.', 'any-name.')))
        expect([host, place?.kind, place?.pattern]).toEqual([host, kind, host])
        if (kind === 'set') expect(place?.fields.every(({ value }) => value !== '')).toBe(true)
      }
    }
  }
})
