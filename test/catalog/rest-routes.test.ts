import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { familyOf } from '../../src/flow/operation.ts'
import { classifyUrl } from './classified.ts'

// GitHub's published routes as method, path, name; kept beside the checkout, where there is one.
const LIST = new URL('../../../shared/data/github/rest-routes.tsv', import.meta.url)
const PRESENT = existsSync(LIST)

/** Routes that stay unknown writes on purpose. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'POST /markdown': 'renders whatever text it is sent; nothing vouches that the text is not kept',
  'POST /markdown/raw': 'the same',
  'POST /orgs/{org}/attestations/bulk-list': 'reads, but its body is free text',
  'POST /users/{username}/attestations/bulk-list': 'the same',
}

describe.skipIf(!PRESENT)(`GitHub's REST routes${PRESENT ? '' : ' (skipped: rest-routes.tsv is not here)'}`, () => {
  const routes = PRESENT ? readRoutes() : []

  it('are all there', () => expect(routes.length).toBeGreaterThan(900))

  it('have an operation wherever they write, and the exceptions are the ones with a reason', () => {
    const unknown = routes
      .filter(({ method }) => method !== 'GET')
      .filter(({ method, path }) => classifyUrl(method, `api.github.com${fill(path)}`).operation === 'unknown-write')
    expect([...new Set(unknown.map(({ method, path }) => `${method} ${path}`))].sort()).toEqual(
      Object.keys(UNKNOWN).sort(),
    )
  })

  it('write no data as a read', () => {
    for (const { method, path } of routes.filter((route) => route.method !== 'GET')) {
      expect([path, familyOf(classifyUrl(method, `api.github.com${fill(path)}`).operation)]).not.toContain('read')
    }
  })

  it('are reads where they are GET, of the repository that they name', () => {
    for (const { path } of routes.filter(({ method }) => method === 'GET')) {
      const { operation, repository } = classifyUrl('GET', `api.github.com${fill(path)}`)
      expect([path, operation]).toEqual([path, 'api-read'])
      if (path.includes('{owner}/{repo}'))
        expect(repository).toEqual({ state: 'known', value: 'github.com/acme/widget' })
      else expect([path, repository.state]).not.toContain('known')
    }
  })

  it('do the same under the number of the repository, whose name nobody then knows', () => {
    for (const { method, path } of routes.filter((route) => route.path.startsWith('/repos/{owner}/{repo}'))) {
      const named = classifyUrl(method, `api.github.com${fill(path)}`)
      const numbered = classifyUrl(
        method,
        `api.github.com${fill(path.replace('/repos/{owner}/{repo}', '/repositories/42'))}`,
      )
      expect([path, numbered.operation, numbered.repository.state]).toEqual([path, named.operation, 'never'])
    }
  })

  it('do the same on a server of one’s own', () => {
    for (const { method, path } of routes) {
      const cloud = classifyUrl(method, `api.github.com${fill(path)}`)
      const own = classifyUrl(method, `git.acme.example/api/v3${fill(path)}`)
      expect([path, own.operation, own.repository.state]).toEqual([path, cloud.operation, cloud.repository.state])
    }
  })
})

function readRoutes(): readonly { method: string; path: string }[] {
  const [, ...lines] = readFileSync(LIST, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const [method = '', path = ''] = line.split('\t')
    return { method, path: path.replace(/\{\?.*\}$/, '') }
  })
}

function fill(path: string): string {
  return path
    .replace(/\{(template_)?owner\}/, 'acme')
    .replace(/\{(template_)?repo\}/, 'widget')
    .replaceAll(/\{[^}]*\}/g, 'x1')
}
