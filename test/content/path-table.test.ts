import { describe, expect, it } from 'vitest'
import { BROUGHT, NAMED, PathTable, ROOT } from '../../src/content/path-table.ts'

function add(table: PathTable, parent: number, name: string): number {
  const bytes = Buffer.from(`..${name}..`)
  return table.child(parent, bytes, 2, bytes.length - 2)
}

describe('the table of paths', () => {
  it('knows each path by one number, with what it was seen to be', () => {
    const table = new PathTable(1_000, 10_000)
    const paths = new Map<number, string>()
    for (const folder of ['src', 'test', 's', 'rc']) {
      const parent = add(table, ROOT, folder)
      for (let file = 0; file < 100; file++) paths.set(add(table, parent, `f${file}`), `${folder}/f${file}`)
    }
    expect(paths.size).toBe(400)
    for (const [path, text] of paths) {
      const [folder = '', name = ''] = text.split('/')
      expect(table.text(path)).toBe(text)
      expect(add(table, add(table, ROOT, folder), name)).toBe(path)
    }
    table.mark(add(table, ROOT, 'src'), NAMED)
    for (const flag of [BROUGHT, NAMED]) table.mark(add(table, add(table, ROOT, 's'), 'f7'), flag)
    expect([...table.withFlag(BROUGHT)]).toEqual(['s/f7'])
    expect([...table.withFlag(NAMED)]).toEqual(['src', 's/f7'])
    expect(table.isFull).toBe(false)
  })

  it.each([
    [4_096, false],
    [4_097, true],
  ])('of a name of %d bytes', (bytes, isFull) => {
    const table = new PathTable(10, 10_000)
    expect(add(table, ROOT, 'n'.repeat(bytes)) === -1).toBe(isFull)
    expect(table.isFull).toBe(isFull)
  })

  it('is full with as many as it was made for, and says so', () => {
    const table = new PathTable(300, 10_000)
    let added = 0
    for (let name = 0; name < 299; name++) if (add(table, ROOT, `n${name}`) !== -1) added++
    expect(added).toBe(299)
    expect(add(table, ROOT, 'one more')).toBe(-1)
    expect(table.isFull).toBe(true)
  })

  it('takes 256 names that meet in one place, and no more', () => {
    const table = new PathTable(2_000, 100_000)
    const names = namesThatMeet(257, 4_096)
    for (const name of names.slice(0, 256)) expect(add(table, ROOT, name)).not.toBe(-1)
    expect(table.isFull).toBe(false)
    expect(add(table, ROOT, names[256] ?? '')).toBe(-1)
    expect(table.isFull).toBe(true)
  })
})

/** As somebody would look for them who knows the table: by FNV-1a below the root, among so many places. */
function namesThatMeet(count: number, places: number): readonly string[] {
  const names: string[] = []
  for (let number = 0; names.length < count; number++) {
    let hash = 0x811c9dc5
    for (const byte of Buffer.from(`n${number}`)) hash = Math.imul(hash ^ byte, 0x01000193)
    if (((hash ^ (hash >>> 15)) & (places - 1)) === 0) names.push(`n${number}`)
  }
  return names
}
