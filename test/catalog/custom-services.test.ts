/** Services that a policy describes by rows of its own, and rows that it puts in front of the catalogue's. */
import { describe, expect, it } from 'vitest'
import {
  compileCatalog,
  foldsCase,
  POLICY_ROUTES_MAX,
  POLICY_SERVICES_MAX,
  repositoryHostsOf,
  serviceOf,
} from '../../src/catalog/catalog.ts'
import type { RequestHead } from '../../src/catalog/classification.ts'
import { classify } from '../../src/catalog/classify.ts'
import type { OwnService, PolicyService } from '../../src/catalog/own-service.ts'
import type { Route } from '../../src/catalog/service-entry.ts'
import { host } from './classified.ts'

const DROP: OwnService = {
  id: 'drop',
  category: 'file-sharing',
  hosts: ['drop.acme.example', '*.drop.acme.example'],
  operations: [
    { methods: ['GET'], path: '/files/**', operation: 'download', lands: 'none' },
    {
      methods: ['POST', 'PUT'],
      path: '/upload/**',
      operation: 'file-upload',
      query: { type: 'media' },
      types: ['multipart/form-data'],
      announces: { in: 'json', field: 'uploadUrl' },
    },
    { methods: ['POST'], path: '/small', operation: 'file-upload', base64: 'content' },
    { methods: ['POST'], path: '/settings', operation: 'settings-write', fields: { private: 'repo-visibility' } },
    { methods: ['POST'], path: '/find', operation: 'api-read', empty: true },
  ],
}

const FORGE: OwnService = {
  id: 'forge',
  category: 'code-repository',
  hosts: ['code.acme.example', 'api.code.acme.example'],
  repositories: ['code.acme.example'],
  git: 'group/repo',
  projects: '/api/projects',
  reserved: ['Login', 'login', 'assets'],
  lenient: true,
  foldsCase: true,
  reads: 'api-read',
  unmatched: 'unknown',
  operations: [
    { methods: ['POST'], path: '/api/projects/{project}/files/**', operation: 'file-write', namesFile: true },
    { methods: ['POST'], path: '/{owner}/{repo}/issues', operation: 'issue-write' },
  ],
}

type Asked = [method: string, url: string, answer: string, more?: Partial<RequestHead>]

function answerOf(
  added: readonly PolicyService[],
  method: string,
  url: string,
  more: Partial<RequestHead> = {},
): string {
  const { catalog } = compileCatalog(added)
  const slash = url.indexOf('/')
  const head = { host: url.slice(0, slash), method, target: url.slice(slash) }
  const hasContent = method !== 'GET'
  const { operation, repository, service, route } = classify(catalog, {
    contentType: null,
    hasContent,
    ...head,
    ...more,
  })
  const lands = repository.state === 'known' ? repository.value : repository.state
  return [service?.id ?? '-', operation, lands, route ?? '-'].join(' ')
}

describe('a service of one’s own', () => {
  const FORM = { contentType: 'multipart/form-data; boundary=x' }
  it.each<Asked>([
    ['GET', 'drop.acme.example/files/a/b', 'drop download absent /files/**'],
    ['HEAD', 'drop.acme.example/files/a/b', 'drop download absent /files/**', { hasContent: false }],
    ['GET', 'a.drop.acme.example/files/x', 'drop download absent /files/**'],
    ['PUT', 'drop.acme.example/upload/a?type=media', 'drop file-upload absent /upload/**', FORM],
    ['PUT', 'drop.acme.example/upload/a?type=m%65dia', 'drop file-upload absent /upload/**', FORM],
    ['PUT', 'drop.acme.example/upload/a', 'drop unknown-write never -', FORM],
    ['PUT', 'drop.acme.example/upload/a?type=media', 'drop unknown-write never -'],
    ['POST', 'drop.acme.example/find', 'drop api-read absent /find', { hasContent: false }],
    ['POST', 'drop.acme.example/find', 'drop unknown-write never -'],
    // A GET at a drop may be the upload itself; only a row makes it a read.
    ['GET', 'drop.acme.example/other', 'drop unknown-write never -'],
    ['GET', 'drop.acme.example/files/..%2fother', 'drop unknown-write never -'],
    ['POST', 'other.acme.example/small', '- unknown-write never -'],
  ])('at a drop, %s %s is %s', (method, url, answer, more) => {
    expect(answerOf([DROP], method, url, more)).toBe(answer)
  })

  it.each<Asked>([
    ['GET', 'code.acme.example/a/b', 'forge api-read never -'],
    ['POST', 'code.acme.example/A/b/issues', 'forge issue-write code.acme.example/a/b /{owner}/{repo}/issues'],
    ['POST', 'api.code.acme.example/a/b/ISSUES.json', 'forge issue-write code.acme.example/a/b /{owner}/{repo}/issues'],
    ['POST', 'code.acme.example/login/b/issues', 'forge unknown-write never -'],
    [
      'POST',
      'code.acme.example/api/projects/a%2Fb/files/x',
      'forge file-write code.acme.example/a/b /api/projects/{project}/files/**',
    ],
    [
      'POST',
      'code.acme.example/a/b/c.git/git-receive-pack',
      'forge git-push code.acme.example/a/b/c */git-receive-pack',
    ],
  ])('at a forge, %s %s is %s', (method, url, answer, more) => {
    expect(answerOf([FORGE], method, url, more).replace(/\S*git-receive-pack$/, '*/git-receive-pack')).toBe(answer)
  })

  it('tells how its bodies are read, and what its answers announce', () => {
    const { catalog, problems } = compileCatalog([DROP])
    expect(problems).toEqual([])
    const at = (target: string): ReturnType<typeof classify> =>
      classify(catalog, { host: 'drop.acme.example', method: 'POST', target, hasContent: true, ...FORM })
    expect(at('/small').body).toEqual({ base64: 'content' })
    expect(at('/settings').body).toEqual({ fields: { private: 'repo-visibility' }, isJson: false })
    expect(at('/upload/x?type=media').announces).toEqual({ in: 'json', field: 'uploadUrl' })
  })

  it('names its repositories under one host, whatever name they are reached by', () => {
    const { catalog } = compileCatalog([FORGE, { ...DROP, hosts: ['one.example', 'two.example', '*.many.example'] }])
    const named = ['api.code.acme.example', 'two.example', 'a.many.example'].map((name) =>
      repositoryHostsOf(catalog, host(name)),
    )
    expect(named).toEqual([['code.acme.example'], ['one.example'], ['a.many.example']])
    expect([foldsCase(catalog, 'code.acme.example'), foldsCase(catalog, 'one.example')]).toEqual([true, false])
  })

  it('without rows is known by its hosts', () => {
    const bare = { id: 'shots', category: 'paste', hosts: ['shots.example'] } as const
    expect(answerOf([bare], 'POST', 'shots.example/x')).toBe('shots unknown-write never -')
    const { catalog } = compileCatalog([bare])
    expect(serviceOf(catalog, host('shots.example'))).toMatchObject({ id: 'shots', kind: 'web', category: 'paste' })
  })

  it('takes no host and no name of the catalogue', () => {
    expect(messagesOf([{ ...DROP, hosts: ['github.com', 'drop.example'] }])).toEqual([
      'drop: "github.com" belongs to the service github already',
    ])
    expect(answerOf([{ ...DROP, hosts: ['github.com'] }], 'POST', 'github.com/small')).toMatch(/^github unknown-write/)
    expect(messagesOf([{ ...DROP, id: 'dropbox' }])).toEqual(['dropbox: a service of this name is there already'])
    expect(messagesOf([{ ...DROP, hosts: [] }])).toEqual(['drop: names no host'])
  })
})

describe('rows in front of the catalogue’s', () => {
  const rows = (...more: readonly Partial<Route>[]): readonly Route[] =>
    more.map((row) => ({ methods: ['POST'], path: '/x', operation: 'ai-prompt', ...row }))

  it('count before those of the catalogue, at each of its hosts', () => {
    const github = { id: 'github', operations: rows({ path: '/repos/{owner}/{repo}/issues' }) }
    const at = (name: string): string => answerOf([github], 'POST', `${name}/repos/a/b/issues`)
    expect(at('api.github.com')).toBe('github ai-prompt github.com/a/b /repos/{owner}/{repo}/issues')
    expect(at('uploads.github.com')).toBe('github ai-prompt github.com/a/b /repos/{owner}/{repo}/issues')
    expect(at('api.other.ghe.com')).toMatch(/^github-tenants issue-write /)
    expect(answerOf([github], 'POST', 'api.github.com/repos/a/b/pulls')).toBe(
      answerOf([], 'POST', 'api.github.com/repos/a/b/pulls'),
    )
  })

  it('count at the hosts that are named, and at those beside them as before', () => {
    const github = { id: 'github', hosts: ['WWW.github.com'], operations: rows({ path: '/{owner}/{repo}/issues' }) }
    expect(messagesOf([github])).toEqual([])
    expect(answerOf([github], 'POST', 'www.github.com/a/b/issues')).toMatch(/^github ai-prompt github.com\/a\/b/)
    expect(answerOf([github], 'POST', 'github.com/a/b/issues')).toBe(answerOf([], 'POST', 'github.com/a/b/issues'))
  })

  it.each([
    ['/api/v4/projects/{project}/x', 'ai-prompt gitlab.com/a/b /projects/{project}/x'],
    ['/{a}/v4/projects/{project}/x', 'ai-prompt gitlab.com/a/b /projects/{project}/x'],
    ['/**', 'ai-prompt absent /**'],
    ['/api/v4/**', 'ai-prompt absent /**'],
    ['/{owner}/{repo}/projects/{any}/x', null],
    ['/{path}/projects/{any}/x', null],
    ['/projects/{project}/x', null],
    ['/api/v4', null],
  ])('with the path %s count below the prefix of an API', (path, answer) => {
    const url = 'gitlab.com/api/v4/projects/a%2Fb/x'
    const expected = answer === null ? answerOf([], 'POST', url) : `gitlab ${answer}`
    expect(answerOf([{ id: 'gitlab', operations: rows({ path }) }], 'POST', url)).toBe(expected)
  })

  it('take no push, no host of SSH, and no odd spelling, for what they say', () => {
    const github = { id: 'github', operations: rows({ path: '/**', operation: 'api-read' }) }
    expect(answerOf([github], 'POST', 'github.com/a/b.git/git-receive-pack')).toMatch(
      /^github git-push github.com\/a\/b/,
    )
    expect(answerOf([github], 'POST', 'ssh.github.com/x')).toBe('github unknown-write never -')
    expect(answerOf([github], 'POST', 'github.com/a/%2e%2e/b')).toBe('github unknown-write never -')
    expect(answerOf([github], 'POST', 'github.com/a')).toBe('github api-read absent /**')
  })

  it('may stand in front of a kind', () => {
    const ours = { id: 'ours', kind: 'gitlab', hosts: ['git.acme.example'], operations: rows({ path: '/api/v4/x' }) }
    expect(answerOf([ours], 'POST', 'git.acme.example/api/v4/x')).toBe('ours ai-prompt absent /x')
    expect(answerOf([], 'POST', 'gitlab.com/api/v4/x')).not.toMatch(/ai-prompt/)
  })

  it('want a service that is there, and a host of it', () => {
    expect(messagesOf([{ id: 'nobody-s', operations: rows({}) }])).toEqual([
      'nobody-s: no service of the catalogue is named "nobody-s"',
    ])
    expect(messagesOf([{ id: 'github', hosts: ['gitlab.com'], operations: rows({}) }])).toEqual([
      'github: "gitlab.com" is no host of the service github',
    ])
  })
})

describe('the limits of what a policy adds', () => {
  const many = <T>(count: number, make: (at: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, at) => make(at))

  it(`are ${POLICY_SERVICES_MAX} services`, () => {
    const services = many(POLICY_SERVICES_MAX, (at) => ({ ...DROP, id: `s${at}`, hosts: [`h${at}.example`] })).map(
      (service) => ({ ...service, operations: [] }),
    )
    expect(messagesOf(services)).toEqual([])
    const more = { ...DROP, id: 'more', hosts: ['more.example'] }
    expect(messagesOf([...services, more])).toEqual([`more: a policy has at most ${POLICY_SERVICES_MAX} services`])
    expect(answerOf([...services, more], 'POST', 'more.example/small')).toBe('- unknown-write never -')
  })

  it(`are ${POLICY_ROUTES_MAX} rows`, () => {
    const row: Route = { methods: ['POST'], path: '/x', operation: 'paste' }
    const full = { ...DROP, operations: many(POLICY_ROUTES_MAX, () => row) }
    expect(messagesOf([full])).toEqual([])
    const more = { ...DROP, id: 'more', hosts: ['more.example'], operations: [row] }
    expect(messagesOf([full, more])).toEqual([`more: the services have more than ${POLICY_ROUTES_MAX} operations`])
    expect(answerOf([full, more], 'POST', 'more.example/x')).toBe('- unknown-write never -')
  })
})

function messagesOf(added: readonly PolicyService[]): readonly string[] {
  return compileCatalog(added).problems.map(({ service, message }) => `${service}: ${message}`)
}
