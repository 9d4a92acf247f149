import { describe, expect, it } from 'vitest'
import { type Cursor, readWhole } from '../../src/wire/cursor.ts'

function read<T>(bytes: readonly number[], reader: (cursor: Cursor) => T): ReturnType<typeof readWhole<T>> {
  return readWhole(Uint8Array.from(bytes), reader)
}

describe('a cursor', () => {
  it('reads integers and vectors up to the end', () => {
    const parsed = read([1, 2, 3, 1, 9, 0, 2, 7, 8], (cursor) => {
      const [byte, pair] = [cursor.uint8('a'), cursor.uint16('b')]
      return [byte, pair, cursor.vector(1, 1, 'c').rest(), cursor.vector(2, 0, 'd').rest(), cursor.left]
    })
    expect(parsed).toEqual({ state: 'done', size: 9, value: [1, 0x0203, Uint8Array.of(9), Uint8Array.of(7, 8), 0] })
  })

  const refused: [name: string, bytes: readonly number[], reader: (cursor: Cursor) => unknown][] = [
    ['an integer past the end', [1], (cursor: Cursor) => cursor.uint16('x')],
    ['bytes past the end', [1, 2], (cursor: Cursor) => cursor.take(3, 'x')],
    ['a vector past the end', [2, 1], (cursor: Cursor) => cursor.vector(1, 0, 'x').rest()],
    ['a vector that is too short', [1, 1], (cursor: Cursor) => cursor.vector(1, 2, 'x').rest()],
    ['a byte past the end of a vector', [1, 5, 6], (cursor: Cursor) => cursor.vector(1, 0, 'x').uint16('y')],
    ['bytes left over', [1, 2], (cursor: Cursor) => cursor.uint8('x')],
  ]

  it.each(refused)('refuses %s', (_, bytes, reader) => {
    expect(read(bytes, reader)).toEqual({ state: 'bad', fault: expect.any(String) })
  })

  it('lets a bug through', () => {
    expect(() => read([], bug)).toThrow('a bug')
  })
})

function bug(): never {
  throw new TypeError('a bug')
}
