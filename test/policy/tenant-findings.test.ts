/** What `weir check` says of tenants, and that it says nothing where the policy closed the way. */
import { describe, expect, it } from 'vitest'
import { analyse } from '../../src/policy/analyse.ts'
import { loadText } from './load.ts'
import { NOON } from './subjects.ts'

const GROUPS = 'groups: { engineering: { users: [ada] }, build: { networks: [10.30.0.0/16] }, few: { users: [grace] } }'

function check(text: string) {
  const { policy, source } = loadText(`version: 1\n${GROUPS}\n${text}`)
  const { problems, openings } = analyse(policy, source, NOON)
  const told = problems.filter(({ message }) => !message.startsWith('no rule uses'))
  return { openings, told: told.map(({ line, message, hint }) => `${line}: ${message} (${hint ?? ''})`) }
}

const GITHUB = 'tenants:\n  github: { enterprises: [acme], for: [engineering, build] }\n'
const READS = 'default: deny\nrules: [{ name: reads, operations: [read, sign-in], action: allow }]\n'
const allow = (rule: string): string => `default: deny\nrules:\n  - { name: r, ${rule}, action: allow }\n`

describe('a host that does not heed the header', () => {
  it('is named with the rule to write, where something may be written to it', () => {
    expect(check(`default: allow\n${GITHUB}`).told).toEqual([
      "5: the header of `github` does not count at gist.github.com, uploads.github.com, lfs.github.com, github.dev and 1 more, where anybody's account may be written to " +
        '(deny it: to: { hosts: [gist.github.com, uploads.github.com, lfs.github.com, github.dev, "*.github.dev"] }, operations: [write, admin, tunnel])',
    ])
  })

  it('is not, once that rule is written', () => {
    const hosts = '[gist.github.com, uploads.github.com, lfs.github.com, github.dev, "*.github.dev"]'
    const rules = `rules: [{ name: r, to: { hosts: ${hosts} }, operations: [write, admin, tunnel], action: deny }]\n`
    expect(check(`default: allow\n${rules}${GITHUB}`).told).toEqual([])
  })

  it.each([
    ['is read alone', READS],
    ['may be written to in repositories of one’s own', allow('to: { repositories: [github.com/acme/*] }')],
    ['is open to others alone', allow('from: few')],
  ])('is not where it %s', (_, rules) => {
    expect(check(`${rules}${GITHUB}`).told).toEqual([])
  })

  it.each([
    [
      'any repository',
      allow('to: { repositories: [github.com/**] }, operations: [release-upload]'),
      'uploads.github.com',
    ],
    ['a tunnel', allow('to: { hosts: [gist.github.com] }, operations: [tunnel]'), 'gist.github.com'],
    ['a user of the group', allow('from: { users: ada }, to: { hosts: [github.dev] }'), 'github.dev'],
    ['an address of the group', allow('from: { networks: [10.30.0.0/24] }, to: { hosts: [github.dev] }'), 'github.dev'],
    ['an hour of the day', allow('hours: { days: sun, zone: UTC }, to: { hosts: [github.dev] }'), 'github.dev'],
  ])('is for %s', (_, rules, host) => {
    expect(check(`${rules}${GITHUB}`).told).toEqual([expect.stringContaining(`does not count at ${host},`)])
  })
})

describe('a rule that allows SSH', () => {
  it('to the provider is told that it is refused', () => {
    const { told } = check(`${allow('to: { category: code-repository }, operations: [ssh]')}${GITHUB}`)
    expect(told).toEqual([
      '5: rule r allows SSH to github.com, which `tenants` refuses: SSH carries no header (except these hosts, and use https:// remotes)',
    ])
  })

  it('on the port of HTTPS too', () => {
    const { told } = check(`${allow('to: { hosts: [ssh.github.com] }, operations: [ssh]')}${GITHUB}`)
    expect(told).toEqual([expect.stringContaining('rule r allows SSH to github.com')])
  })

  it('to addresses is told that it leads past the header', () => {
    const rules = 'operations: [ssh], except: { hosts: [github.com, ssh.github.com] }'
    expect(check(`${allow(rules)}${GITHUB}`).told).toEqual([
      '5: rule r allows SSH to addresses, those of `github` among them: past its header (name hosts or networks in its `to`)',
    ])
  })

  it.each([
    ['to another forge', 'to: { hosts: [gitlab.com], ports: [22] }, operations: [ssh]'],
    [
      'to networks of one’s own',
      'to: { networks: [10.0.0.0/8] }, operations: [ssh], except: { category: code-repository }',
    ],
    ['to those whom the header is not for', 'from: few, operations: [ssh]'],
  ])('%s is told nothing', (_, rule) => {
    expect(check(`${allow(rule)}${GITHUB}`).told).toEqual([])
  })
})

describe('TLS that the policy keeps closed', () => {
  it('by mode', () => {
    const { told, openings } = check(`inspection: { mode: never }\n${GITHUB}`)
    expect(told).toEqual([
      '5: `github` refuses all TLS to github.com, www.github.com, api.github.com, *.githubcopilot.com: its header is inside, and inspection is never (set inspection to auto)',
    ])
    expect(openings).toEqual([])
  })

  it('by bypass, where the header counts', () => {
    const bypass = 'inspection: { bypass: [api.github.com, gist.github.com] }\n'
    expect(check(`${bypass}${GITHUB}`).told).toEqual([
      '5: `github` refuses all TLS to api.github.com: its header is inside, and inspection is bypassed there (end the bypass, or narrow `for`)',
    ])
  })
})

describe('openings', () => {
  it('name the hosts that are opened for headers, those near by included', () => {
    const { openings } = check(`default: allow\ntenants: { slack: { workspaces: [T1], requester: E1 } }\n`)
    expect(openings).toEqual([
      { rule: null, reason: 'tenants', hosts: ['hooks.slack.com', 'slack.com', '*.slack.com'], except: [] },
    ])
    const [github] = check(`default: deny\n${GITHUB}`).openings
    expect(github?.reason).toBe('tenants')
    expect(github?.hosts).toEqual(
      expect.arrayContaining(['github.com', 'api.github.com', '*.githubcopilot.com', '*.github.com']),
    )
    expect(github?.hosts).not.toContain('ssh.github.com')
    expect(github?.hosts).not.toContain('gitlab.com')
  })

  it('say the rule first, where one needs the inside', () => {
    const { openings } = check(`${allow('to: { hosts: [api.github.com] }, operations: [read]')}${GITHUB}`)
    expect(openings.find(({ rule }) => rule === 'r')?.hosts).toEqual(['api.github.com'])
    expect(openings.find(({ reason }) => reason === 'tenants')?.hosts).not.toContain('api.github.com')
  })
})

it('a group that only `for` names is used', () => {
  const { policy, source } = loadText(`version: 1\n${GROUPS}\n${GITHUB}`)
  const unused = analyse(policy, source, NOON).problems.filter(({ message }) => message.startsWith('no rule uses'))
  expect(unused.map(({ message }) => message)).toEqual(['no rule uses the group `few`'])
})
