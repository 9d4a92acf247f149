/** Names of files: where they stand, how many are kept, and what is no name. */
import { describe, expect, it } from 'vitest'
import { FileNames, fileNameCharactersMax, fileNamesMax, namedBytesMax } from '../../src/content/file-names.ts'

function namesIn(field: string, value: string): readonly string[] {
  const names = new FileNames()
  const leaf = { place: { commit: null, within: [field] }, declaredType: null, size: null }
  const reader = names.open(leaf)
  for (const byte of Buffer.from(value)) void reader?.push(Uint8Array.of(byte))
  void reader?.end(null)
  return names.all
}

describe('a field', () => {
  it.each([
    ['path', 'docs/a.md', ['docs/a.md']],
    ['variables.input.fileChanges.additions[0].path', '/a.pem', ['a.pem']],
    ['actions[1].file_path', 'a', ['a']],
    ['[3].fileName', 'a b.txt', ['a b.txt']],
    ['files.server.pem.content', 'whatever', ['server.pem']],
    ['_attachments.a-1.0.0.tgz.data', 'whatever', ['a-1.0.0.tgz']],
    ['path', 'two\nlines', []],
    ['path', '', []],
    ['path', 'x'.repeat(namedBytesMax), ['x'.repeat(namedBytesMax)]],
    ['path', 'x'.repeat(namedBytesMax + 1), []],
    ['xpath', 'a', []],
    ['a.pathname', 'a', []],
    ['name', 'a', []],
  ])('%s of a value says which file it is', (field, value, names) => {
    expect(namesIn(field, value)).toEqual(names)
  })
})

it('keeps so many names, and tells of one more', () => {
  const names = new FileNames()
  for (let at = 0; at < fileNamesMax; at++) names.add(String(at))
  names.add('0')
  expect([names.all.length, names.isFull]).toEqual([fileNamesMax, false])
  names.add('one more')
  expect([names.all.length, names.isFull]).toEqual([fileNamesMax, true])
})

it('keeps so many characters of names, and tells of one more', () => {
  const names = new FileNames()
  names.add('a'.repeat(fileNameCharactersMax))
  expect([names.all.length, names.isFull]).toEqual([1, false])
  names.add('b')
  expect([names.all.length, names.isFull]).toEqual([1, true])
})
