/** Ways round the rows of every code host: no spelling makes a read of a write, moves it elsewhere, or makes a sign-in of it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSshHost } from '../../src/catalog/catalog.ts'
import { SERVICE_ENTRIES } from '../../src/catalog/services.ts'
import { familyOf } from '../../src/flow/operation.ts'
import { CATALOG, classifyUrl, host } from './classified.ts'

/** One documented write of each kind of address, and the repository it lands in. */
const WRITES: readonly (readonly [string, string, string])[] = [
  ['gitlab.com/api/v4/projects/acme%2Fwidget/repository/commits', 'file-write', 'gitlab.com/acme/widget'],
  ['gitlab.com/api/v4/projects/acme%2Fwidget/merge_requests/7/merge', 'ref-write', 'gitlab.com/acme/widget'],
  ['gitlab.com/acme/team/widget/-/create/main', 'file-write', 'gitlab.com/acme/team/widget'],
  ['gitlab.com/acme/team/widget/-/merge_requests/7/merge', 'ref-write', 'gitlab.com/acme/team/widget'],
  ['api.bitbucket.org/2.0/repositories/acme/widget/src', 'file-write', 'bitbucket.org/acme/widget'],
  ['bitbucket.org/!api/2.0/repositories/acme/widget/src', 'file-write', 'bitbucket.org/acme/widget'],
  ['stash.acme.example/rest/api/1.0/projects/key/repos/widget/webhooks', 'hook-add', 'stash.acme.example/key/widget'],
  ['codeberg.org/api/v1/repos/acme/widget/contents/a', 'file-write', 'codeberg.org/acme/widget'],
  ['codeberg.org/acme/widget/_new/main', 'file-write', 'codeberg.org/acme/widget'],
  ['gitee.com/api/v5/repos/acme/widget/contents/a', 'file-write', 'gitee.com/acme/widget'],
  ['dev.azure.com/acme/proj/_apis/git/repositories/widget/pushes', 'file-write', 'dev.azure.com/acme/proj/widget'],
  ['acme.visualstudio.com/proj/_apis/git/repositories/widget/pushes', 'file-write', 'dev.azure.com/acme/proj/widget'],
  ['gitlab.com/acme/widget.git/git-receive-pack', 'git-push', 'gitlab.com/acme/widget'],
  ['stash.acme.example/scm/key/widget.git/git-receive-pack', 'git-push', 'stash.acme.example/key/widget'],
  ['dev.azure.com/acme/proj/_git/widget/git-receive-pack', 'git-push', 'dev.azure.com/acme/proj/widget'],
]

/** Puts `by` in place of the slash number `at`, counted from the end. */
function replaceSlash(path: string, at: number, by: string): string {
  const parts = path.split('/')
  const cut = parts.length - 1 - (at % (parts.length - 1))
  return `${parts.slice(0, cut).join('/')}${by}${parts.slice(cut).join('/')}`
}

const TRICKS: Readonly<Record<string, (path: string, at: number) => string>> = {
  'a doubled slash': (path, at) => replaceSlash(path, at, '//'),
  'an encoded slash': (path, at) => replaceSlash(path, at, '%2F'),
  'a slash encoded twice': (path, at) => replaceSlash(path, at, '%252F'),
  'a backslash': (path, at) => replaceSlash(path, at, '\\'),
  'a full-width slash': (path, at) => replaceSlash(path, at, '%EF%BC%8F'),
  'a dot segment': (path, at) => replaceSlash(path, at, '/./'),
  'a way up': (path, at) => replaceSlash(path, at, '/x/../'),
  'a way up that is encoded': (path, at) => replaceSlash(path, at, '/x/%2e%2E/'),
  'a way up behind an encoded slash': (path, at) => replaceSlash(path, at, '/x%2f..%2f'),
  'a parameter': (path, at) => replaceSlash(path, at, ';x=y/'),
  'an encoded question mark': (path, at) => replaceSlash(path, at, '%3Fx/'),
  'an encoded space': (path, at) => replaceSlash(path, at, '%20/'),
  'an encoded NUL': (path, at) => replaceSlash(path, at, '%00/'),
  'upper case': (path) => path.toUpperCase().replaceAll(/%2F/g, '%2f'),
  'a trailing slash': (path) => `${path}/`,
  'a trailing dot': (path) => `${path}.`,
  'a format': (path) => `${path}.json`,
  'an encoded letter': (path) => path.replace(/[a-z](?=[a-z/]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'a query that says otherwise': (path) => `${path}?_method=GET&service=git-upload-pack`,
}

describe.each(WRITES)('%s', (url, operation, repository) => {
  const [name = ''] = url.split('/')
  const path = url.slice(name.length)

  it('is what it is', () => {
    const answer = classifyUrl('POST', url)
    expect([answer.operation, answer.repository]).toEqual([operation, { state: 'known', value: repository }])
  })

  it.each(Object.entries(TRICKS))('is no read and goes nowhere else with %s', (_, trick) => {
    for (let at = 0; at < path.split('/').length; at++) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const target = trick(path, at)
        const answer = classifyUrl(method, `${name}/`, { target })
        expect([target, familyOf(answer.operation)]).not.toContain('read')
        expect(['sign-in', 'telemetry']).not.toContain(answer.operation)
        if (answer.repository.state === 'known') expect([target, answer.repository.value]).toEqual([target, repository])
        if (method === 'POST') expect([operation, 'unknown-write']).toContain(answer.operation)
      }
    }
  })
})

const HOSTS = [
  'github.com',
  'api.github.com',
  'gist.github.com',
  'gitlab.com',
  'code.corp.example',
  'bitbucket.org',
  'api.bitbucket.org',
  'stash.acme.example',
  'codeberg.org',
  'gitea.acme.example',
  'gitee.com',
  'dev.azure.com',
  'acme.visualstudio.com',
  'tfs.acme.example',
  'g.api.mega.co.nz',
  'gfs1.userstorage.mega.co.nz',
  'mega.nz',
]

/** Every word that a row of the catalogue is made of. */
const ROUTES = SERVICE_ENTRIES.flatMap(({ surfaces }) => surfaces.flatMap(({ routes }) => routes))
const VOCABULARY = [...new Set(ROUTES.flatMap(({ path }) => path.split('/')))].filter((word) => /^[^{*]+$/.test(word))
const SIGN_INS = ROUTES.filter(({ operation }) => operation === 'sign-in').map(({ path }) => path)

function anyTarget(): fc.Arbitrary<string> {
  const word = fc.oneof(
    fc.constantFrom(...VOCABULARY),
    fc.constantFrom(
      'acme',
      'widget',
      '42',
      'acme%2Fwidget',
      'git-upload-pack',
      'git-receive-pack',
      'info',
      'lfs',
      'locks',
    ),
  )
  const front = fc.constantFrom(
    '',
    '/api/v4/projects/acme%2Fwidget',
    '/repos/acme/widget',
    '/2.0/repositories/acme/widget',
    '/api/v1',
    '/rest/api/1.0',
    '/acme/widget/-',
    '/acme/proj/_apis/git/repositories/widget',
  )
  const separator = fc.constantFrom('/', '/', '/', '/', '/', '//', '%2F', '/./', ';x/')
  const end = fc.constantFrom('', '', '', '/', '.json', '?x=y')
  return fc.tuple(front, fc.array(fc.tuple(separator, word), { maxLength: 6 }), end).map(([first, parts, last]) => {
    const path = first + parts.map(([between, part]) => between + part).join('')
    return `${path.startsWith('/') ? '' : '/'}${path}${last}`
  })
}

describe('any request that changes something', () => {
  const method = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'MKCOL', 'post')
  const contentType = fc.constantFrom(null, 'application/x-git-upload-pack-request', 'application/vnd.git-lfs+json')

  it('is a read only in a form whose body proves it', () => {
    const proving = ['git-fetch', 'short-git-fetch', 'lfs-locks', 'short-lfs-locks']
    fc.assert(
      fc.property(fc.constantFrom(...HOSTS), method, anyTarget(), contentType, (name, verb, target, type) => {
        const answer = classifyUrl(verb, `${name}/`, { target, contentType: type, hasContent: true })
        if (familyOf(answer.operation) === 'read') expect(proving).toContain(answer.body)
        else expect(proving).not.toContain(answer.body)
      }),
      { seed: 11, numRuns: 6000 },
    )
  })

  it('is a sign-in only on a path that is one, to the letter', () => {
    fc.assert(
      fc.property(fc.constantFrom(...HOSTS), method, anyTarget(), (name, verb, target) => {
        const { operation } = classifyUrl(verb, `${name}/`, { target, hasContent: true })
        if (operation !== 'sign-in') return
        const path = target.split('?')[0] ?? ''
        expect(SIGN_INS.some((template) => fits(template, path))).toBe(true)
      }),
      { seed: 12, numRuns: 6000 },
    )
  })

  it('finds no sign-in below a path, nor in a question', () => {
    const rows = ROUTES.filter(({ operation }) => operation === 'sign-in')
    expect(rows.length).toBeGreaterThan(60)
    expect(rows.filter(({ path, methods }) => path.includes('**') || methods.includes('GET'))).toEqual([])
  })
})

function fits(template: string, path: string): boolean {
  const parts = path.split('/')
  const below = template.split('/').slice(1)
  // A kind's surface may stand below a path of its own.
  return below.every((part, at) => part.startsWith('{') || part === parts[parts.length - below.length + at])
}

describe('a host of SSH', () => {
  it.each([
    ['ssh.github.com', true],
    ['altssh.gitlab.com', true],
    ['altssh.bitbucket.org', true],
    ['ssh.dev.azure.com', true],
    ['vs-ssh.visualstudio.com', true],
    ['acme.vs-ssh.visualstudio.com', true],
    ['github.com', false],
    ['gitlab.com', false],
    ['docs.github.com', false],
    ['ssh.github.com.evil.example', false],
    ['ssh.acme.example', false],
  ])('%s: %s', (name, is) => expect(isSshHost(CATALOG, host(name))).toBe(is))

  it('has nothing to read, and nothing to sign in to', () => {
    for (const url of [
      'ssh.github.com/',
      'altssh.gitlab.com/users/sign_in',
      'ssh.dev.azure.com/a/b/_git/c/info/refs?service=git-upload-pack',
    ]) {
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
        const { operation, repository } = classifyUrl(method, url)
        expect([url, operation, repository.state]).toEqual([url, 'unknown-write', 'never'])
      }
    }
  })
})
