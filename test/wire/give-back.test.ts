import { expect, it } from 'vitest'
import { giveBack } from '../../src/wire/give-back.ts'

it('leaves nothing in any view, and may be called again', () => {
  const buffer = new ArrayBuffer(100)
  const [all, part] = [new Uint8Array(buffer), new Uint8Array(buffer, 10, 20)]
  giveBack(part)
  expect([all.length, part.length, buffer.byteLength]).toEqual([0, 0, 0])
  expect(() => giveBack(all)).not.toThrow()
})
