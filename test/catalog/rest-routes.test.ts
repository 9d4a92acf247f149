import { describe, expect, it } from 'vitest'
import { familyOf, isOperation } from '../../src/flow/operation.ts'
import { classifyRoute, countOperations, readPublished, readReview, showLine } from './github-review.ts'

/** Routes that stay unknown writes on purpose. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'POST /markdown': 'renders whatever text it is sent; nothing vouches that the text is not kept',
  'POST /markdown/raw': 'the same',
  'POST /orgs/{org}/attestations/bulk-list': 'reads, but its body is free text',
  'POST /users/{username}/attestations/bulk-list': 'the same',
}

const REVIEWED = readReview().filter(({ method }) => method !== 'mutation')
const PUBLISHED = readPublished('rest-routes.tsv')
const NUMBERED = '/repositories/42'

describe('GitHub’s REST routes that change something', () => {
  it('do what a person has reviewed: a change belongs into github-operations.tsv, after a look at it', () => {
    expect(REVIEWED.length).toBeGreaterThan(450)
    const found = REVIEWED.map(({ method, name }) => {
      const { operation, repository } = classifyRoute(method, name)
      const lands = { known: '=', absent: '-', never: '?', unseen: '!' }[repository.state]
      return showLine({ method, name, operation, lands })
    })
    expect(found).toEqual(REVIEWED.map(showLine))
    console.log(`Operations of GitHub’s REST routes:\n${countOperations(REVIEWED)}`)
  })

  it('are unknown writes only with a reason, and seldom', () => {
    const unknown = REVIEWED.filter(({ operation }) => operation === 'unknown-write')
    expect(unknown.map(({ method, name }) => `${method} ${name}`).toSorted()).toEqual(Object.keys(UNKNOWN).toSorted())
    expect(unknown.length / REVIEWED.length).toBeLessThanOrEqual(0.02)
  })

  it('are never reads', () => {
    for (const { name, operation } of REVIEWED) {
      expect([name, isOperation(operation) && familyOf(operation)]).not.toContain('read')
    }
  })

  it('do the same under the number of the repository, whose name nobody then knows', () => {
    for (const { method, name, operation } of REVIEWED.filter((route) => route.name.startsWith('/repos/{owner}'))) {
      const numbered = classifyRoute(method, name.replace('/repos/{owner}/{repo}', NUMBERED))
      expect([name, numbered.operation, numbered.repository.state]).toEqual([name, operation, 'never'])
    }
  })

  it('do the same on a server of one’s own', () => {
    for (const { method, name } of REVIEWED) {
      const cloud = classifyRoute(method, name)
      const own = classifyRoute(method, name, 'git.acme.example/api/v3')
      expect([name, own.operation, own.repository.state]).toEqual([name, cloud.operation, cloud.repository.state])
    }
  })
})

describe.skipIf(PUBLISHED === null)(
  `GitHub's published routes${PUBLISHED === null ? ' (skipped: rest-routes.tsv is not here)' : ''}`,
  () => {
    const routes = (PUBLISHED ?? []).slice(1).map((line) => {
      const [method = '', path = ''] = line.split('\t')
      return { method, path: path.replace(/\{\?.*\}$/, '') }
    })

    it('are all there, and all that change something are reviewed', () => {
      expect(routes.length).toBeGreaterThan(900)
      const reviewed = new Set(REVIEWED.map(({ method, name }) => `${method} ${name}`))
      const written = routes.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
      expect(written.filter((route) => !reviewed.has(route))).toEqual([])
    })

    it('are reads where they are GET, of the repository that they name', () => {
      for (const { path } of routes.filter(({ method }) => method === 'GET')) {
        const { operation, repository } = classifyRoute('GET', path)
        expect([path, operation]).toEqual([path, 'api-read'])
        if (path.includes('{owner}/{repo}'))
          expect(repository).toEqual({ state: 'known', value: 'github.com/acme/widget' })
        else expect([path, repository.state]).not.toContain('known')
      }
    })

    it('are the same reads under the number of the repository, and on a server of one’s own', () => {
      for (const { path } of routes.filter((route) => route.method === 'GET')) {
        const cloud = classifyRoute('GET', path)
        const own = classifyRoute('GET', path, 'git.acme.example/api/v3')
        expect([path, own.operation, own.repository.state]).toEqual([path, cloud.operation, cloud.repository.state])
        if (!path.startsWith('/repos/{owner}/{repo}')) continue
        const numbered = classifyRoute('GET', path.replace('/repos/{owner}/{repo}', NUMBERED))
        expect([path, numbered.operation, numbered.repository.state]).toEqual([path, cloud.operation, 'never'])
      }
    })
  },
)
