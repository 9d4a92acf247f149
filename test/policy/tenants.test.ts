import { describe, expect, it } from 'vitest'
import type { OperationFact } from '../../src/flow/subject.ts'
import type { Verdict } from '../../src/flow/verdict.ts'
import { decide } from '../../src/policy/decide.ts'
import { explain } from '../../src/policy/explain.ts'
import { inspectionNeeds, isOpenedForTenants } from '../../src/policy/inspection.ts'
import { needsUser } from '../../src/policy/needs-user.ts'
import { tenantFieldsFor, tenantPlaceAt } from '../../src/policy/tenants.ts'
import { loadText } from './load.ts'
import { destination, subject, type Words } from './subjects.ts'

const HEAD = `version: 1
default: allow
groups: { engineering: { users: [ada] }, build: { networks: [10.30.0.0/16] } }
`
const RULES = `rules:
  - { name: no-pushes, to: { hosts: gone.github.com }, action: deny }
  - { name: watched, operations: [opaque], mode: report, action: deny }
  - { name: any-ssh, operations: [ssh, unknown-protocol, upgrade], action: allow }
`
const { policy } = loadText(`${HEAD}${RULES}tenants: { github: { enterprises: [acme], for: [engineering, build] } }\n`)
const { policy: bare } = loadText(`${HEAD}${RULES}`)

const HIDDEN = { repository: 'never', method: 'never', ref: 'never' } as const
const BUILD = { client: '10.30.0.1' }

function wordsOf(verdict: Verdict): string {
  if (verdict.action === 'undecided') return `undecided ${verdict.rule ?? '-'} ${verdict.needs.join(' ')}`
  return verdict.action === 'deny' ? `deny ${verdict.denial.code}` : `allow ${verdict.rule ?? '-'}`
}

const OPEN: OperationFact = { state: 'opened' }
const UNSEEN: OperationFact = { state: 'unseen' }
const tunnel = (inside: 'unseen' | 'never' | 'absent'): OperationFact => ({ state: 'tunnel', inside })

describe('the verdict', () => {
  it.each<[name: string, words: Words, verdict: string]>([
    ['before the first byte waits', { to: 'github.com', operation: UNSEEN }, 'undecided any-ssh operation'],
    ['TLS that can be opened waits', { to: 'github.com', operation: tunnel('unseen') }, 'undecided - operation'],
    ['TLS on another port too', { to: 'github.com:8443', operation: tunnel('unseen') }, 'undecided - operation'],
    ['TLS that is opened goes on', { to: 'github.com', operation: OPEN }, 'allow -'],
    ['a request goes on', { to: 'github.com', operation: 'web-read' }, 'allow -'],
    ['TLS of a pinned client is denied', { to: 'github.com', operation: tunnel('never') }, 'deny tenant-unset'],
    ['bypassed TLS is denied', { to: 'api.github.com', operation: tunnel('absent') }, 'deny tenant-unset'],
    ['SSH is denied', { to: 'github.com:22', operation: 'ssh' }, 'deny tenant-unset'],
    ['SSH on the port of HTTPS is denied', { to: 'ssh.github.com:443', operation: 'ssh' }, 'deny tenant-unset'],
    ['TLS where SSH is spoken is denied', { to: 'ssh.github.com', operation: tunnel('unseen') }, 'deny tenant-unset'],
    ['a request where SSH is spoken is denied', { to: 'ssh.github.com:80' }, 'deny tenant-unset'],
    [
      'before the first byte it waits there too',
      { to: 'ssh.github.com', operation: UNSEEN },
      'undecided any-ssh operation',
    ],
    ['the git protocol is denied', { to: 'github.com:9418', operation: 'unknown-protocol' }, 'deny tenant-unset'],
    ['an upgrade is denied', { to: 'github.com:80', operation: 'upgrade' }, 'deny tenant-unset'],
    ['TLS near by is opened', { to: 'gist.github.com', operation: tunnel('unseen') }, 'undecided - operation'],
    ['TLS near by that cannot be goes on', { to: 'gist.github.com', operation: tunnel('never') }, 'allow -'],
    ['SSH near by is for the rules', { to: 'gist.github.com:22', operation: 'ssh' }, 'allow any-ssh'],
    ['what a rule denies it denies', { to: 'gone.github.com', operation: tunnel('unseen') }, 'deny rule'],
    ['elsewhere nothing waits', { to: 'other.example', operation: tunnel('unseen') }, 'allow -'],
    ['an address is not the name', { to: '140.82.121.4:22', operation: 'ssh' }, 'allow any-ssh'],
  ])('%s', (_, words, expected) => {
    const asked = subject({ ...HIDDEN, ...words, ...BUILD })
    expect(wordsOf(decide(policy, asked))).toBe(expected)
    expect(wordsOf(decide(policy, subject({ ...HIDDEN, ...words, user: 'ada' })))).toBe(expected)
    // Whoever it is not for goes by the rules alone.
    const others = subject({ ...HIDDEN, ...words, user: 'grace' })
    expect(decide(policy, others)).toEqual(decide(bare, others))
  })

  it('says why, and what to do', () => {
    const told = (words: Words): string => {
      const verdict = decide(policy, subject({ ...HIDDEN, ...words, ...BUILD }))
      return verdict.action === 'deny' ? verdict.denial.message : verdict.action
    }
    expect(told({ to: 'github.com:22', operation: 'ssh' })).toBe(
      'only certain GitHub accounts may be used at github.com, by a header, and SSH does not carry it: use https:// remotes',
    )
    expect(told({ to: 'ssh.github.com:80' })).toBe(
      'only certain GitHub accounts may be used at ssh.github.com, by a header, and nothing there carries it',
    )
    expect(told({ to: 'github.com', operation: tunnel('never') })).toBe(
      'only certain GitHub accounts may be used at github.com, by a header, and TLS that is not opened does not carry it',
    )
  })

  it('keeps what rules in report mode would have said', () => {
    const verdict = decide(policy, subject({ ...HIDDEN, to: 'github.com:22', operation: 'ssh', ...BUILD }))
    expect(verdict).toMatchObject({ action: 'deny', wouldDeny: [{ rule: 'watched' }] })
  })

  it('is not said to be a rule’s', () => {
    const { rules } = explain(policy, subject({ ...HIDDEN, to: 'github.com:22', operation: 'ssh', ...BUILD }))
    expect(rules.filter(({ decides }) => decides)).toEqual([])
  })
})

describe('a client that gave no name', () => {
  const asks = (text: string, words: Words): boolean => needsUser(loadText(`${HEAD}${text}\n`).policy, subject(words))
  const FOR_USERS = 'tenants: { github: { enterprises: [acme], for: [engineering] } }'

  it.each<[name: string, text: string, words: Words, asked: boolean]>([
    ['where the header hangs on it', FOR_USERS, { to: 'github.com' }, true],
    ['at the CONNECT already', FOR_USERS, { to: 'api.github.com', operation: UNSEEN }, true],
    ['where SSH is refused to some', FOR_USERS, { to: 'ssh.github.com', operation: UNSEEN }, true],
    ['where TLS is opened for some', FOR_USERS, { to: 'gist.github.com', operation: UNSEEN }, true],
    ['not elsewhere', FOR_USERS, { to: 'other.example' }, false],
    ['not who is known', FOR_USERS, { to: 'github.com', user: 'grace' }, false],
    ['not who is in the network of any group', FOR_USERS, { to: 'github.com', ...BUILD }, false],
    ['not where it is for everyone', 'tenants: { github: { enterprises: [acme] } }', { to: 'github.com' }, false],
    [
      'not where it is for networks',
      'tenants: { github: { enterprises: [acme], for: build } }',
      { to: 'github.com' },
      false,
    ],
    [
      'not where it is for networks, although another is for users',
      'tenants: { github: { enterprises: [acme], for: build }, webex: { domains: [a.example], for: engineering } }',
      { to: 'github.com' },
      false,
    ],
    [
      'not where nobody may anything',
      `rules: [{ name: r, to: { hosts: github.com }, action: deny }]\n${FOR_USERS}`,
      { to: 'github.com', operation: UNSEEN },
      false,
    ],
    [
      'where somebody may something',
      `rules: [{ name: r, to: { hosts: github.com }, operations: [read], action: allow }, { name: s, action: deny }]\n${FOR_USERS}`,
      { to: 'github.com', operation: UNSEEN },
      true,
    ],
  ])('is asked for it %s', (_, text, words, expected) => {
    expect(asks(text, words)).toBe(expected)
  })

  it('makes the policy one that names users', () => {
    expect(loadText(`${HEAD}${FOR_USERS}\n`).policy.namesUsers).toBe(true)
    expect(loadText(`${HEAD}tenants: { github: { enterprises: [acme] } }\n`).policy.namesUsers).toBe(false)
  })
})

describe('tenantFieldsFor', () => {
  it('answers what is set, for whom', () => {
    const to = destination('api.github.com')
    const { client } = subject(BUILD)
    expect(tenantFieldsFor(policy, client, to)).toEqual([{ name: 'sec-GitHub-allowed-enterprise', value: 'acme' }])
    expect(tenantFieldsFor(policy, subject({}).client, to)).toEqual([])
    expect(tenantFieldsFor(policy, client, destination('other.example'))).toEqual([])
  })
})

describe('TLS', () => {
  it.each([
    ['github.com', true],
    ['gist.github.com', true],
    ['ssh.github.com', false],
    ['other.example', false],
    ['140.82.121.4', false],
  ])('to %s is opened for a header: %s', (to, expected) => {
    const client = subject(BUILD).client
    expect(isOpenedForTenants(policy, destination(to))).toBe(expected)
    expect(isOpenedForTenants(policy, destination(to), client)).toBe(expected)
    expect(isOpenedForTenants(policy, destination(to), subject({}).client)).toBe(false)
    expect(inspectionNeeds(policy, destination(to))).toBeNull()
  })

  it.each(['mode: never', 'bypass: [github.com]'])('is not where inspection has %s', (inspection) => {
    const closed = loadText(`${HEAD}tenants: { github: { enterprises: [acme] } }\ninspection: { ${inspection} }\n`)
    expect(isOpenedForTenants(closed.policy, destination('github.com'))).toBe(false)
  })
})

it('a policy without tenants knows no place', () => {
  expect(tenantPlaceAt(loadText(HEAD).policy, destination('github.com'))).toBeNull()
})
