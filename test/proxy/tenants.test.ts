import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withTenantFields } from '../../src/proxy/tenants.ts'
import { loadText } from '../policy/load.ts'
import { address, destination } from '../policy/subjects.ts'

const { policy } = loadText(`version: 1
groups:
  engineering: { users: [ada], networks: [10.30.0.0/16] }
tenants:
  github: { enterprises: [acme, "42"], for: [engineering] }
  microsoft: { tenants: [acme.example], context: 550e8400-e29b-41d4-a716-446655440000 }
`)

const NAME = 'sec-GitHub-allowed-enterprise'
const OURS = [NAME, 'acme,42']

function fieldsAt(to: string, fields: string[], { user = null as string | null, from = '10.1.0.1' } = {}): string[] {
  const client = { address: address(from), port: 40_000 }
  return withTenantFields(policy, { client, user }, destination(to), fields)
}

const ADA = { user: 'ada' }

describe('a request of one whom the tenant is for', () => {
  it.each<[string, string[]]>([
    ['that says nothing', []],
    ['that says it once', [NAME, 'mallory']],
    ['that says it three times', [NAME, 'mallory', NAME, 'acme', NAME, '']],
    ['in another case', ['SEC-GITHUB-ALLOWED-ENTERPRISE', 'mallory', 'Sec-Github-Allowed-Enterprise', 'x']],
    ['with odd white space in its value', [NAME, '\t mallory \t']],
    ['with underscores, which some gateways fold', ['sec_GitHub_allowed_enterprise', 'mallory']],
    ['with some underscores', ['sec-GitHub_allowed-enterprise', 'mallory']],
    ['that says ours', OURS],
  ])('%s has ours once', (_, said) => {
    expect(fieldsAt('github.com:443', ['Host', 'github.com', ...said, 'Accept', '*/*'], ADA)).toEqual([
      'Host',
      'github.com',
      'Accept',
      '*/*',
      ...OURS,
    ])
  })

  it.each([
    ['github.com:443', true],
    ['github.com:80', true],
    ['github.com:8443', true],
    ['GitHub.com.:443', true],
    ['www.github.com:443', true],
    ['api.github.com:443', true],
    ['api.individual.githubcopilot.com:443', true],
    ['githubcopilot.com:443', false],
    ['gist.github.com:443', false],
    ['xgithub.com:443', false],
    ['github.com.acme.example:443', false],
    ['140.82.121.4:443', false],
  ])('to %s: %s', (to, isSet) => {
    expect(fieldsAt(to, [], ADA)).toEqual(isSet ? OURS : [])
  })

  it('may be known by its address', () => {
    expect(fieldsAt('github.com:443', [], { from: '10.30.255.255' })).toEqual(OURS)
    expect(fieldsAt('github.com:443', [], { from: '10.31.0.0' })).toEqual([])
  })

  it('keeps all else as it came, repeated fields and all', () => {
    const fields = [
      'Cookie',
      'a',
      'cookie',
      'b',
      'X-GitHub-Allowed-Enterprise',
      'c',
      'sec-GitHub-allowed-enterprises',
      'd',
    ]
    expect(fieldsAt('github.com:443', [...fields], ADA)).toEqual([...fields, ...OURS])
  })
})

describe('a request of anybody else', () => {
  it.each([null, 'grace', 'Ada', ''])('as %j says nothing in our place', (user) => {
    expect(fieldsAt('github.com:443', ['Host', 'github.com', NAME, 'mallory'], { user })).toEqual([
      'Host',
      'github.com',
    ])
  })

  it('says nothing at a host near by either', () => {
    expect(fieldsAt('gist.github.com:443', [NAME, 'mallory'], ADA)).toEqual([])
  })

  it('elsewhere says what it likes', () => {
    expect(fieldsAt('other.example:443', [NAME, 'mallory'])).toEqual([NAME, 'mallory'])
  })
})

describe('a provider with several fields', () => {
  it('gets those of the host', () => {
    expect(fieldsAt('login.microsoftonline.com:443', [])).toEqual([
      'Restrict-Access-To-Tenants',
      'acme.example',
      'Restrict-Access-Context',
      '550e8400-e29b-41d4-a716-446655440000',
    ])
    expect(fieldsAt('login.live.com:443', [])).toEqual(['sec-Restrict-Tenant-Access-Policy', 'restrict-msa'])
  })

  it('loses those of its other hosts, which would name a policy of somebody else’s', () => {
    const said = ['sec-Restrict-Tenant-Access-Policy', 'mallory:policy', 'Restrict-Access-Context', 'mallory']
    const names = fieldsAt('login.windows.net:443', said).filter((_, at) => at % 2 === 0)
    expect(names).toEqual(['Restrict-Access-To-Tenants', 'Restrict-Access-Context'])
  })
})

it('whatever a client sends, ours stands once, and what is not in its place stays as it came', () => {
  const separator = fc.constantFrom('-', '_')
  const spelt = fc.tuple(separator, separator, separator, fc.boolean()).map(([a, b, c, isUpper]) => {
    const name = `sec${a}GitHub${b}allowed${c}enterprise`
    return isUpper ? name.toUpperCase() : name
  })
  const other = fc.constantFrom('Host', 'Accept', 'sec-GitHub-allowed', 'xsec-GitHub-allowed-enterprise', 'Cookie')
  const field = fc.tuple(fc.oneof(spelt, other), fc.string())
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12 }), (fields) => {
      const rest = fields.filter(([name]) => !/^sec[-_]github[-_]allowed[-_]enterprise$/i.test(name))
      expect(fieldsAt('github.com:443', fields.flat(), ADA)).toEqual([...rest.flat(), ...OURS])
      expect(fieldsAt('github.com:443', fields.flat())).toEqual(rest.flat())
    }),
    { seed: 1, numRuns: 500 },
  )
})
