import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCatalog, foldsCase } from '../../src/catalog/catalog.ts'
import {
  buildRepositoryIndex,
  parseRepositoryPattern,
  type RepositoryIndex,
  setsOfRepository,
  setsOnHosts,
} from '../../src/policy/repository-index.ts'
import { matchesSegments } from '../../src/policy/segment-pattern.ts'

const { catalog } = compileCatalog([{ id: 'our-git', kind: 'git', hosts: ['git.acme.example'] }])

function patternOf(text: string): NonNullable<ReturnType<typeof parseRepositoryPattern>> {
  const pattern = parseRepositoryPattern(text, catalog)
  if (pattern === null) throw new Error(`no pattern: ${text}`)
  return pattern
}

function indexOf(sets: readonly (readonly string[])[]): RepositoryIndex {
  const builder = buildRepositoryIndex()
  for (const set of sets) {
    const { put } = builder.begin()
    for (const text of set) put(patternOf(text))
  }
  return builder.index
}

/** Each pattern held against the repository, one by one. */
function plainSets(sets: readonly (readonly string[])[], repository: string): readonly number[] {
  const [host = '', ...rest] = repository.split('/')
  const name = rest.join('/').replace(/\.git$/, '')
  const segments = (foldsCase(catalog, host) ? name.toLowerCase() : name).split('/')
  return sets.flatMap((set, id) => {
    return set.map(patternOf).some((one) => one.host === host && matchesSegments(one.rest, segments)) ? [id] : []
  })
}

const host = fc.constantFrom('github.com', 'git.acme.example', 'gitlab.com')
const segment = fc.constantFrom('a', 'b', 'A', 'ab', 'a.git')
const wild = fc.constantFrom('a', 'b', 'A', '*', 'a*', '**', 'a*b', 'a.git')
const path = <T>(parts: fc.Arbitrary<T>): fc.Arbitrary<string> =>
  fc.array(parts, { minLength: 1, maxLength: 3 }).map((all) => all.join('/'))
const named = fc.tuple(host, path(segment)).map((parts) => parts.join('/'))
const pattern = fc.tuple(host, path(wild)).map((parts) => parts.join('/'))
const someSets = fc.array(fc.array(pattern, { maxLength: 4 }), { maxLength: 6 })

describe('an index of repositories', () => {
  it('agrees with looking at each pattern', () => {
    let found = 0
    const property = fc.property(someSets, fc.array(named, { maxLength: 10 }), (sets, repositories) => {
      const index = indexOf(sets)
      for (const repository of repositories) {
        const plain = plainSets(sets, repository)
        const { known, has, hosts } = setsOfRepository(index, repository, catalog)
        expect([...known].toSorted((left, right) => left - right)).toEqual(plain)
        expect(sets.flatMap((_, id) => (has(id) ? [id] : []))).toEqual(plain)
        expect(hosts).toEqual([])
        found += plain.length
      }
    })
    fc.assert(property, { seed: 1, numRuns: 1_000 })
    expect(found).toBeGreaterThan(1_000)
  })

  it('knows which sets could be met on a host', () => {
    const index = indexOf([['github.com/a/b'], ['gitlab.com/a/**', 'github.com/**'], ['gitlab.com/*'], []])
    const onHosts = (...hosts: string[]): readonly number[] => {
      const { has } = setsOnHosts(index, hosts)
      return [0, 1, 2, 3].filter((id) => has(id))
    }
    expect(onHosts('github.com')).toEqual([0, 1])
    expect(onHosts('other.example', 'gitlab.com')).toEqual([1, 2])
    expect(onHosts('other.example')).toEqual([])
    expect(setsOnHosts(index, ['other.example', 'gitlab.com']).hosts).toEqual(['gitlab.com'])
    expect(index.hostsOfSets).toEqual([['github.com'], ['gitlab.com', 'github.com'], ['gitlab.com'], []])
  })

  it.each(['', 'github.com', '/a', 'github.com/'])('has nothing for %j', (repository) => {
    expect([...setsOfRepository(indexOf([['github.com/**']]), repository, catalog).known]).toEqual(
      repository === 'github.com/' ? [0] : [],
    )
  })
})
