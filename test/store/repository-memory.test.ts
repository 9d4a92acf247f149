import { describe, expect, it } from 'vitest'
import type { RepositoryNews } from '../../src/flow/bindings.ts'
import { createRepositoryMemory, idCharactersMax, MEMORY_LIMITS } from '../../src/store/repository-memory.ts'

const NOW = 1_000_000
const NEWS: RepositoryNews = {
  service: 'github',
  repository: 'github.com/acme/app',
  ids: ['7', 'R_7'],
  visibility: 'private',
}

describe('the memory of repositories', () => {
  it('knows by id what the client heard, and by name what anybody did', () => {
    const memory = createRepositoryMemory()
    memory.learn('ada', NEWS, NOW)
    expect(['7', 'R_7', 'R_8', ''].map((id) => memory.repositoryOf('ada', 'github', id, NOW))).toEqual([
      'github.com/acme/app',
      'github.com/acme/app',
      null,
      null,
    ])
    expect(memory.repositoryOf('bob', 'github', '7', NOW)).toBeNull()
    expect(memory.repositoryOf('ada', 'gitlab', '7', NOW)).toBeNull()
    expect(memory.visibilityOf('github.com/acme/app', NOW)).toBe('private')
    expect(memory.visibilityOf('github.com/acme/other', NOW)).toBeNull()
  })

  it('keeps clients apart whose names run into ids', () => {
    const memory = createRepositoryMemory()
    memory.learn('10.0.0.1 ada lovelace', { ...NEWS, ids: ['R_7'] }, NOW)
    expect(memory.repositoryOf('lovelace', 'github', 'R_7 10.0.0.1 ada', NOW)).toBeNull()
    expect(memory.repositoryOf('ada lovelace', 'github', 'R_7 10.0.0.1', NOW)).toBeNull()
    expect(memory.repositoryOf('10.0.0.1 ada', 'github lovelace', 'R_7', NOW)).toBeNull()
  })

  it('believes what it heard last: a repository may have moved, or have been opened', () => {
    const memory = createRepositoryMemory()
    memory.learn('ada', NEWS, NOW)
    memory.learn('ada', { ...NEWS, repository: 'github.com/mallory/app' }, NOW + 1)
    memory.learn('ada', { ...NEWS, ids: [], visibility: 'public' }, NOW + 1)
    memory.learn('ada', { ...NEWS, ids: [], visibility: null }, NOW + 2)
    expect(memory.repositoryOf('ada', 'github', '7', NOW + 1)).toBe('github.com/mallory/app')
    expect(memory.visibilityOf('github.com/acme/app', NOW + 2)).toBe('public')
  })

  it('forgets after ten minutes', () => {
    const memory = createRepositoryMemory()
    memory.learn('ada', NEWS, NOW)
    const end = NOW + MEMORY_LIMITS.lifetimeMs
    expect(end - NOW).toBe(600_000)
    expect([end - 1, end].map((now) => memory.repositoryOf('ada', 'github', '7', now))).toEqual([
      'github.com/acme/app',
      null,
    ])
    expect([end - 1, end].map((now) => memory.visibilityOf('github.com/acme/app', now))).toEqual(['private', null])
  })

  it(`knows ids of ${idCharactersMax} characters and none that are longer`, () => {
    const memory = createRepositoryMemory()
    const ids = [idCharactersMax, idCharactersMax + 1].map((length) => 'x'.repeat(length))
    memory.learn('ada', { ...NEWS, ids }, NOW)
    expect(ids.map((id) => memory.repositoryOf('ada', 'github', id, NOW))).toEqual(['github.com/acme/app', null])
  })

  it('has room for so many, and loses the longest unasked', () => {
    const memory = createRepositoryMemory({ idsMax: 2, repositoriesMax: 2, lifetimeMs: 1_000 })
    for (const id of ['1', '2']) memory.learn('ada', { ...NEWS, repository: `h/${id}`, ids: [id] }, NOW)
    expect(memory.repositoryOf('ada', 'github', '1', NOW)).toBe('h/1')
    expect(memory.visibilityOf('h/1', NOW)).toBe('private')
    memory.learn('ada', { ...NEWS, repository: 'h/3', ids: ['3'] }, NOW)
    expect(['1', '2', '3'].map((id) => memory.repositoryOf('ada', 'github', id, NOW))).toEqual(['h/1', null, 'h/3'])
    expect(['h/1', 'h/2', 'h/3'].map((name) => memory.visibilityOf(name, NOW))).toEqual(['private', null, 'private'])
  })
})
