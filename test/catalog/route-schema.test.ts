/** The schema of a row is the type of a row, and takes every row of the catalogue. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import { routePartsMax, routeSchema } from '../../src/catalog/route-schema.ts'
import type { Route } from '../../src/catalog/service-entry.ts'
import { KIND_ENTRIES, SERVICE_ENTRIES } from '../../src/catalog/services.ts'

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T

const ROW = { methods: ['POST'], path: '/upload/**', operation: 'file-upload' }
const ENTRIES = [...SERVICE_ENTRIES, ...Object.values(KIND_ENTRIES)]

describe('the schema of a row', () => {
  it('is the type of a row', () => {
    expectTypeOf<Frozen<z.infer<typeof routeSchema>>>().toEqualTypeOf<Frozen<Route>>()
    expectTypeOf<z.infer<typeof routeSchema>>().toExtend<Route>()
  })

  it('takes every row of the catalogue, and changes none', () => {
    const rows = new Set(ENTRIES.flatMap(({ surfaces }) => surfaces.flatMap(({ routes }) => routes)))
    const wrong = [...rows].flatMap((row) => {
      const { data, error } = routeSchema.safeParse(row)
      if (error !== undefined) return `${row.path}: ${error.issues.map(({ message }) => message).join()}`
      return JSON.stringify(data, keys(row)) === JSON.stringify(row, keys(row)) ? [] : row.path
    })
    expect(wrong).toEqual([])
    expect(rows.size).toBeGreaterThan(1_000)
  })

  it.each([
    ['upload', '`upload` does not begin with `/`'],
    ['/a?b=c', '`/a?b=c` has a query'],
    ['/a//b', '`/a//b` has an empty part'],
    ['/a/', '`/a/` has an empty part'],
    ['/**/a/**', '`**` stands twice in `/**/a/**`'],
    ['/a b', '`a b` is no part of a template'],
    ['/*.zip', '`*.zip` is no part of a template'],
    ['/{Name}', '`{Name}` is no part of a template'],
    ['/a/../b', '`..` is no part of a template'],
    ['/a%2Fb', '`a%2Fb` is no part of a template'],
    ['/a/{path}/b', '`{path}` stands first in a template, or not at all'],
    ['/{path}', '`{path}` has no end'],
    ['/{path}/**', '`{path}` has no end'],
    ['/**/{owner}/{repo}', '`{owner}` stands behind `**`'],
  ])('refuses the path %s', (path, message) => expect(faultsOf({ path })).toEqual([`path: ${message}`]))

  it.each(['/', '/**', '/a/**/b', '/{path}/raw/**', '/{any}/x-1.y_Z', '/{owner}/{repo}/**'])(
    'takes the path %s',
    (path) => expect(faultsOf({ path })).toEqual([]),
  )

  it.each([
    [{ operation: 'git-push' }, 'operation: git pushes are known by themselves'],
    [{ base64: 'a', body: 'mega-commands' }, 'body: a row has `base64` or `body`, not both'],
    [{ body: 'mega-commands', fields: { a: 'key-add' } }, 'fields: a row has `body` or `fields`, not both'],
    [{ empty: true, base64: 'a' }, 'empty: a request without content has no `base64`'],
    [{ namesFile: true, path: '/a/**/b' }, 'namesFile: `namesFile` wants a path that ends with `/**`'],
    [{ namesFile: true, path: '/{path}/raw/**' }, 'namesFile: `namesFile` wants a path that ends with `/**`'],
    [{ operation: 'download', announces: { in: 'location' } }, 'announces: download announces no upload'],
    [{ operation: 'sign-in', announces: { in: 'location' } }, 'announces: sign-in announces no upload'],
    [{ fields: { q: 'api-read' } }, 'fields: a field is never api-read'],
    [{ fields: { a: 'key-add', q: 'git-push' } }, 'fields: a field is never git-push'],
    [{ query: {} }, 'query: must not be empty'],
    [{ types: ['Text/Plain; charset=utf-8'] }, 'types.0: `Text/Plain; charset=utf-8` is not a media type'],
    [{ types: ['*/*'] }, 'types.0: `*/*` is not a media type'],
  ])('refuses %j', (more, fault) => expect(faultsOf(more)).toEqual([fault]))

  it.each(['tunnel', 'ssh', 'upgrade', 'unknown-protocol'])('knows no row that is %s', (operation) => {
    expect(faultsOf({ operation })).toHaveLength(1)
  })

  it(`takes ${routePartsMax} parameters, fields and types, and not one more`, () => {
    const names = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `n${at}`)
    const record = (count: number, value: string): object =>
      Object.fromEntries(names(count).map((name) => [name, value]))
    const rows = (count: number): readonly object[] => [
      { query: record(count, 'x') },
      { fields: record(count, 'key-add') },
      { types: names(count).map((name) => `text/${name}`) },
    ]
    expect(rows(routePartsMax).flatMap(faultsOf)).toEqual([])
    expect(rows(routePartsMax + 1).map((row) => faultsOf(row).length)).toEqual([1, 1, 1])
  })
})

function faultsOf(more: object): readonly string[] {
  const { error } = routeSchema.safeParse({ ...ROW, ...more })
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

/** The keys of a row and of what is in it, in one order: zod gives them in that of the schema. */
function keys(row: object): string[] {
  const all = new Set<string>()
  JSON.stringify(row, (key, value: unknown) => {
    all.add(key)
    return value
  })
  return [...all].toSorted()
}
