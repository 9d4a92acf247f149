import { describe, expect, it } from 'vitest'
import { TARGET_CHARACTERS_MAX } from '../../src/catalog/path.ts'
import { hasExactly, mayHave, readQuery, type Wanted } from '../../src/catalog/query.ts'

describe('a parameter', () => {
  // What stands in the query, what is asked for, and whether it is surely so and possibly so.
  it.each<[string, Wanted, boolean, boolean]>([
    ['uploads', { uploads: true }, true, true],
    ['uploads=', { uploads: true }, true, true],
    ['uploads=x', { uploads: true }, true, true],
    ['a=b&uploads', { uploads: true }, true, true],
    ['&&uploads&', { uploads: true }, true, true],
    ['uploads', { uploads: '' }, true, true],
    ['uploads=x', { uploads: '' }, false, false],
    ['comp=block', { comp: 'block' }, true, true],
    ['comp=block&blockid=eA==', { comp: 'block', blockid: true }, true, true],
    ['blockid=eA==', { comp: 'block', blockid: true }, false, false],
    ['comp=blocklist', { comp: 'block' }, false, false],
    ['xcomp=block', { comp: 'block' }, false, false],
    ['', { uploads: true }, false, false],
    ['x=uploads', { uploads: true }, false, false],
    ['uploadsX', { uploads: true }, false, false],
    // Twice: a server heeds the first, the last, or both.
    ['uploads&uploads', { uploads: true }, false, true],
    ['comp=acl&comp=block', { comp: 'block' }, false, true],
    ['comp=block&comp=acl', { comp: 'block' }, false, true],
    ['comp=block&COMP=acl', { comp: 'block' }, false, true],
    ['comp=block&%63omp=acl', { comp: 'block' }, false, true],
    ['comp=block&comp[]=acl', { comp: 'block' }, false, true],
    // In another spelling.
    ['Uploads', { uploads: true }, false, true],
    ['%75ploads', { uploads: true }, false, true],
    ['%2575ploads', { uploads: true }, false, true],
    ['%252575ploads', { uploads: true }, false, true],
    ['%25252575ploads', { uploads: true }, false, false],
    ['%u0075ploads', { uploads: true }, false, true],
    ['%EF%BD%95ploads', { uploads: true }, false, true],
    ['+uploads', { uploads: true }, false, true],
    ['uploads+', { uploads: true }, false, true],
    ['%20uploads%00', { uploads: true }, false, true],
    ['uploads[0]', { uploads: true }, false, true],
    ['uploads%5B%5D=', { uploads: true }, false, true],
    ['comp=%62lock', { comp: 'block' }, false, true],
    ['comp=Block', { comp: 'block' }, false, true],
    ['comp=block+', { comp: 'block' }, false, true],
    ['comp%3Dblock', { comp: 'block' }, false, false],
    // Where parameters begin and end is each server's own reading.
    ['a=b;uploads', { uploads: true }, false, true],
    ['uploads;a=b', { uploads: true }, false, true],
    ['comp=block;x', { comp: 'block' }, false, true],
    ['comp=block&x=1;comp=acl', { comp: 'block' }, false, true],
    ['a?uploads', { uploads: true }, false, true],
    ['uploads&a=%', { uploads: true }, false, true],
    ['uploads&a=%zz', { uploads: true }, false, true],
    ['%FFuploads', { uploads: true }, false, false],
  ])('?%s has %j: surely %s, perhaps %s', (query, wanted, surely, perhaps) => {
    const read = readQuery(query)
    expect([hasExactly(read, wanted), mayHave(read, wanted)]).toEqual([surely, perhaps])
  })

  it('is found among as many as a target has room for, in a moment', () => {
    const many = `${'a&'.repeat(TARGET_CHARACTERS_MAX / 2 - 4)}uploads`
    const deep = `%${'25'.repeat(TARGET_CHARACTERS_MAX / 2 - 1)}`
    expect(readQuery(many).parameters.length).toBe(TARGET_CHARACTERS_MAX / 2 - 3)
    expect(hasExactly(readQuery(many), { uploads: true })).toBe(true)
    expect(mayHave(readQuery(deep), { uploads: true })).toBe(false)
  })
})
