import { expect, it } from 'vitest'
import { FileNames, fileNameCharactersMax, fileNamesMax } from '../../src/content/file-names.ts'

const LEAF = { place: { commit: null, within: [] }, declaredType: null, size: null }

it('writes down each name once, in the order in which they came', () => {
  const names = new FileNames()
  for (const fileName of ['b', 'a', null, 'b']) expect(names.open({ ...LEAF, fileName })).toBe(null)
  names.open(LEAF)
  expect([names.all, names.isFull]).toEqual([['b', 'a'], false])
})

it('keeps so many names, and says that there are more', () => {
  const names = new FileNames()
  for (let count = 0; count < fileNamesMax; count++) names.add(String(count))
  names.add('0')
  expect([names.all.length, names.isFull]).toEqual([fileNamesMax, false])
  names.add('one more')
  expect([names.all.length, names.isFull]).toEqual([fileNamesMax, true])
})

it('keeps so many characters, and says that there are more', () => {
  const names = new FileNames()
  names.add('a'.repeat(fileNameCharactersMax))
  expect(names.isFull).toBe(false)
  names.add('b')
  expect([names.all.length, names.isFull]).toEqual([1, true])
})
