import { describe, expect, it } from 'vitest'
import {
  type CatalogProblem,
  compileCatalog,
  foldsCase,
  INSTANCE_PATTERNS_MAX,
  repositoryHostsOf,
  serviceOf,
} from '../../src/catalog/catalog.ts'
import { CATEGORIES, KINDS } from '../../src/catalog/vocabulary.ts'
import { CATALOG, host, INSTANCES } from './classified.ts'

describe('the catalogue itself', () => {
  const { catalog, problems } = compileCatalog([])

  it('has no problem of its own: no tie, no host that is none', () => expect(problems).toEqual([]))

  it('has each service once, with hosts', () => {
    const ids = catalog.services.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(catalog.services.filter(({ hosts }) => hosts.length === 0)).toEqual([])
  })

  it('has a service in every category', () => {
    const used = new Set(catalog.services.map(({ category }) => category))
    expect([...CATEGORIES].filter((category) => !used.has(category))).toEqual([])
  })
})

describe('serviceOf', () => {
  it.each([
    ['github.com', 'github'],
    ['ssh.github.com', 'github'],
    ['nobody-knows.github.com', 'github'],
    ['notgithub.com', null],
    ['github.com.evil.example', null],
    ['copilot-proxy.githubusercontent.com', 'github-copilot'],
    ['raw.githubusercontent.com', 'github'],
    ['github-cloud.s3.amazonaws.com', 'github'],
    ['other.s3.amazonaws.com', 'aws-s3'],
    ['amazonaws.com', null],
    ['octo.ghe.com', 'github-tenants'],
    ['ghe.com', null],
    ['hooks.slack.com', 'slack-webhooks'],
    ['files.slack.com', 'slack'],
    ['x.tunnels.api.visualstudio.com', 'devtunnels'],
    ['acme.visualstudio.com', 'azure-devops'],
    ['notmega.nz', null],
    ['api.mega.co.nz', 'mega'],
    ['code.acme.example', 'acme-github'],
    ['deep.below.repos.acme.example', 'acme-git'],
    ['repos.acme.example', null],
  ])('%s is %s', (name, id) => expect(serviceOf(CATALOG, host(name))?.id ?? null).toBe(id))

  it('prefers the exact host, then the longest suffix, in whatever order they stand', () => {
    const instances = [
      { id: 'wide', kind: 'git', hosts: ['*.corp.example'] },
      { id: 'narrow', kind: 'git', hosts: ['*.eu.corp.example'] },
      { id: 'exact', kind: 'git', hosts: ['git.eu.corp.example'] },
    ]
    for (const order of [instances, instances.toReversed()]) {
      const { catalog } = compileCatalog(order)
      const named = ['git.eu.corp.example', 'x.eu.corp.example', 'x.corp.example'].map(
        (name) => serviceOf(catalog, host(name))?.id,
      )
      expect(named).toEqual(['exact', 'narrow', 'wide'])
    }
  })
})

describe('repositoryHostsOf', () => {
  it.each([
    ['github.com', ['github.com']],
    ['www.github.com', ['github.com']],
    ['api.github.com', ['github.com', 'gist.github.com']],
    ['uploads.github.com', ['github.com']],
    ['gist.github.com', ['gist.github.com']],
    ['raw.githubusercontent.com', ['github.com']],
    ['api.octo.ghe.com', ['octo.ghe.com', 'gist.octo.ghe.com']],
    ['api.bitbucket.org', ['bitbucket.org']],
    ['gitlab.com', ['gitlab.com']],
    ['mega.nz', ['mega.nz']],
    ['src.acme.example', ['src.acme.example']],
    ['old-src.acme.example', ['src.acme.example']],
    ['one.repos.acme.example', ['one.repos.acme.example']],
    ['code.acme.example', ['git.acme.example', 'gist.git.acme.example']],
    ['gist.git.acme.example', ['gist.git.acme.example']],
    ['nobody.example', ['nobody.example']],
  ])('%s reaches what is named under %s', (name, hosts) => {
    expect(repositoryHostsOf(CATALOG, host(name))).toEqual(hosts)
  })
})

describe('foldsCase', () => {
  it.each([
    ['github.com', true],
    ['gitlab.com', true],
    ['git.acme.example', true],
    ['src.acme.example', false],
    ['nobody.example', false],
  ])('%s: %s', (name, folds) => expect(foldsCase(CATALOG, name)).toBe(folds))
})

describe('compileCatalog', () => {
  it('takes good instances', () => expect(compileCatalog(INSTANCES).problems).toEqual([]))

  it('names an unknown kind and what there is', () => {
    expect(problemsOf('x', 'cvs', ['git.corp.example'])).toEqual([
      { service: 'x', message: `"cvs" is no kind of service; there are ${KINDS.join(', ')}` },
    ])
  })

  it.each([
    '*',
    '*.',
    '',
    'a.*.corp.example',
    'api.*.corp.example',
    '*corp.example',
    '10.0.0.1',
    'git.corp.example:443',
    'https://x.example',
  ])('refuses %j as a host', (pattern) => {
    const { catalog, problems } = compileCatalog([{ id: 'x', kind: 'git', hosts: [pattern] }])
    expect(problems.map(({ service }) => service)).toEqual(['x'])
    expect(catalog.services.some(({ id }) => id === 'x')).toBe(false)
  })

  it('refuses an instance without hosts, and a name that is taken', () => {
    expect(problemsOf('x', 'git', [])).toHaveLength(1)
    expect(problemsOf('github', 'git', ['git.corp.example'])).toHaveLength(1)
  })

  it('folds hosts as names are folded', () => {
    const { catalog, problems } = compileCatalog([
      { id: 'x', kind: 'git', hosts: ['Git.Corp.Example', 'git.corp.example'] },
    ])
    expect(problems).toEqual([])
    expect(serviceOf(catalog, host('git.corp.example'))?.hosts).toEqual(['git.corp.example'])
  })

  it('calls a pattern of two services a tie, and leaves it with the first', () => {
    const { catalog, problems } = compileCatalog([
      { id: 'one', kind: 'git', hosts: ['git.corp.example', '*.corp.example'] },
      { id: 'two', kind: 'github', hosts: ['git.corp.example', '*.corp.example', 'gitlab.com'] },
    ])
    expect(problems).toEqual([
      { service: 'two', message: '"git.corp.example" belongs to the service one already' },
      { service: 'two', message: '"*.corp.example" belongs to the service one already' },
      { service: 'two', message: '"gitlab.com" belongs to the service gitlab already' },
    ])
    expect(serviceOf(catalog, host('git.corp.example'))?.id).toBe('one')
    expect(repositoryHostsOf(catalog, host('git.corp.example'))).toEqual(['git.corp.example'])
    expect(serviceOf(catalog, host('gitlab.com'))?.id).toBe('gitlab')
  })

  it(`takes ${INSTANCE_PATTERNS_MAX} host patterns of instances and not one more`, () => {
    const hosts = Array.from({ length: INSTANCE_PATTERNS_MAX }, (_, at) => `h${at}.corp.example`)
    const full = { id: 'full', kind: 'git', hosts }
    expect(compileCatalog([full]).problems).toEqual([])
    const { catalog, problems } = compileCatalog([full, { id: 'more', kind: 'git', hosts: ['one.more.example'] }])
    expect(problems.map(({ service }) => service)).toEqual(['more'])
    expect(serviceOf(catalog, host('one.more.example'))).toBeNull()
  })
})

function problemsOf(id: string, kind: string, hosts: readonly string[]): readonly CatalogProblem[] {
  return compileCatalog([{ id, kind, hosts }]).problems
}
