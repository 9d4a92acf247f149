import { describe, expect, it } from 'vitest'
import { TreeEntries } from '../../../src/wire/pack/tree-entries.ts'

const ID = 'i'.repeat(20)

function read(text: string, idBytes = 20): readonly unknown[] {
  const bytes = Buffer.from(text, 'latin1')
  const entries = new TreeEntries(idBytes)
  const found: unknown[] = []
  entries.begin(bytes)
  while (entries.next()) {
    const name = bytes.toString('latin1', entries.nameAt, entries.nameEnd)
    found.push(`${entries.kind} ${entries.mode.toString(8)} ${name} ${entries.isOdd ? 'odd' : ''}`.trim())
    expect(bytes.toString('latin1', entries.idAt, entries.idAt + 20)).toBe(ID)
  }
  return entries.fault === null ? found : [...found, entries.fault]
}

describe('a tree', () => {
  it('is read entry by entry', () => {
    const lines = ['100644 a', '100755 b c', '120000 d', '160000 e', '40000 f', '100600 g', '100664 .gitx', '7 h']
    expect(read(lines.map((line) => `${line}\0${ID}`).join(''))).toEqual([
      'file 100644 a',
      'file 100755 b c',
      'symlink 120000 d',
      'submodule 160000 e',
      'tree 40000 f',
      'file 100600 g',
      'file 100664 .gitx',
      'file 7 h',
    ])
    expect(read('')).toEqual([])
    expect(read(`100644 a\0${ID}${'.'.repeat(12)}`, 32)).toEqual(['file 100644 a'])
  })

  it.each(['.', '..', '.git', '.GiT', 'a/b', '/'])('with the name %s is odd', (name) => {
    expect(read(`100644 ${name}\0${ID}`)).toEqual([`file 100644 ${name} odd`])
  })

  it('with a mode of noughts before it is odd', () => {
    expect(read(`040000 a\0${ID}`)).toEqual(['tree 40000 a odd'])
  })

  it.each([
    [`10064x a\0${ID}`, 'a tree with a mode that is no number'],
    [`100648 a\0${ID}`, 'a tree with a mode that is no number'],
    [`10000000 a\0${ID}`, 'a tree with a mode that is no number'],
    ['100644', 'a tree with a mode that is no number'],
    [` a\0${ID}`, 'a tree with an entry without a mode'],
    ['100644 abc', 'a tree with a name that does not end'],
    [`100644 \0${ID}`, 'a tree with an entry without a name'],
    [`100644 a\0${ID.slice(1)}`, 'a tree with an id that does not end'],
  ])('%j is told of', (text, fault) => {
    expect(read(`1 ok\0${ID}${text}`)).toEqual(['file 1 ok', fault])
  })
})
