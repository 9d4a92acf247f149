import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ObjectTable } from '../../../src/wire/pack/object-table.ts'
import { BLOB } from '../../../src/wire/pack/object-types.ts'

const idOf = (index: number): Buffer => createHash('sha1').update(String(index)).digest()

describe('the table of objects', () => {
  it('finds each by its id and by its offset, and no other', () => {
    const table = new ObjectTable(3_000, 20)
    for (let index = 0; index < 3_000; index++) {
      table.add(12 + index * 10, BLOB)
      expect(table.settle(index, BLOB, idOf(index))).toBe(true)
    }
    for (let index = 0; index < 3_000; index++) {
      expect(table.find(Buffer.concat([Buffer.from([1]), idOf(index)]), 1)).toBe(index)
      expect(table.indexAt(12 + index * 10)).toBe(index)
      expect(table.indexAt(13 + index * 10)).toBe(-1)
    }
    expect([table.find(idOf(3_000), 0), table.indexAt(2), table.indexAt(0), table.indexAt(-8)]).toEqual([
      -1, -1, -1, -1,
    ])
    expect(table.id(7)).toBe(idOf(7).toString('hex'))
  })

  it('keeps the first of two objects with one id', () => {
    const table = new ObjectTable(2, 20)
    for (const index of [0, 1]) table.add(12 + index, BLOB)
    expect([table.settle(0, BLOB, idOf(1)), table.settle(1, BLOB, idOf(1)), table.find(idOf(1), 0)]).toEqual([
      true,
      false,
      0,
    ])
  })

  it('takes 1,024 ids that are alike, and no more', () => {
    const table = new ObjectTable(2_000, 20)
    const alike = (index: number): Buffer => {
      const id = Buffer.alloc(20)
      id.writeUInt32BE(index, 16)
      return id
    }
    for (let index = 0; index < 1_024; index++) {
      table.add(12 + index, BLOB)
      table.settle(index, BLOB, alike(index))
    }
    expect(table.find(alike(1_023), 0)).toBe(1_023)
    expect(table.find(alike(1_024), 0)).toBe(-1)
    table.add(2_000, BLOB)
    expect(() => table.settle(1_024, BLOB, alike(1_024))).toThrow('too many ids that are alike')
  })
})
