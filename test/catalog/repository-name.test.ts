/** Names of repositories: what is a plain name is folded as its host folds, and what is none lands nobody knows where. */
import { describe, expect, it } from 'vitest'
import { nameRepository } from '../../src/catalog/repository-name.ts'

describe('nameRepository', () => {
  it.each([
    ['acme/app', 'h.example/acme/app'],
    ['acme/app.git', 'h.example/acme/app'],
    ['a/b/c~d+e@f-g.h', 'h.example/a/b/c~d+e@f-g.h'],
    ['acme/.github', 'h.example/acme/.github'],
    ['acme/a..b', 'h.example/acme/a..b'],
    ['acme/a..', 'h.example/acme/a..'],
    ['acme/x.gitty', 'h.example/acme/x.gitty'],
    ['acme/x0b2e1c3d-0000-4000-8000-000000000000', 'h.example/acme/x0b2e1c3d-0000-4000-8000-000000000000'],
    ['', null],
    ['acme/', null],
    ['acme/.', null],
    ['acme/..', null],
    ['acme/../app', null],
    ['acme/...', null],
    ['acme/a b', null],
    ['acme/a%2Fb', null],
    ['acme/*', null],
    ['acme/.git', null],
    ['acme/app.git.git', null],
    ['acme/0b2e1c3d-0000-4000-8000-000000000000', null],
  ])('%s is %s', (path, name) => {
    const named = nameRepository('h.example', path.split('/'), false)
    expect(named.state === 'known' ? named.value : null).toBe(name)
  })

  it('is folded where the host folds, its suffix too', () => {
    expect(nameRepository('h.example', ['Acme', 'App.GIT'], true)).toEqual({
      state: 'known',
      value: 'h.example/acme/app',
    })
    expect(nameRepository('h.example', ['acme', 'x.gitty'], true)).toEqual({
      state: 'known',
      value: 'h.example/acme/x.gitty',
    })
    expect(nameRepository('h.example', ['Acme', 'App'], false)).toEqual({ state: 'known', value: 'h.example/Acme/App' })
  })

  it('is none without a path', () => expect(nameRepository('h.example', [], true).state).toBe('never'))
})
