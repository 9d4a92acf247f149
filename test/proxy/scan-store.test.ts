import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ScanStore } from '../../src/proxy/scan-store.ts'
import { temporaryFolder } from '../e2e/support/temporary.ts'

const directory = temporaryFolder('scan-store')

it('gives back any stretch of what was written, however it was cut', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 30 })
  fc.assert(
    fc.property(pieces, fc.nat(300), fc.array(fc.tuple(fc.nat(4_000), fc.nat(600))), (parts, memoryBytesMax, reads) => {
      const store = new ScanStore({ directory, bytesMax: 10_000, memoryBytesMax })
      const whole = Buffer.concat(parts)
      for (const part of parts) store.append(part)
      for (const [offset, length] of [...reads, [0, whole.length] as const]) {
        expect(Buffer.from(store.read(offset, length))).toEqual(whole.subarray(offset, offset + length))
      }
      store.close()
    }),
  )
})

it('takes no more than it may', () => {
  const store = new ScanStore({ directory, bytesMax: 100, memoryBytesMax: 10 })
  store.append(Buffer.alloc(100))
  expect(() => store.append(Buffer.alloc(1))).toThrow('it is larger than may be looked at')
  expect(store.bytes).toBe(100)
  store.close()
})

it('leaves no file under a name', () => {
  const store = new ScanStore({ directory, bytesMax: 100, memoryBytesMax: 0 })
  store.append(Buffer.from('secret'))
  expect(readdirSync(directory)).toEqual([])
  expect(Buffer.from(store.read(0, 6)).toString()).toBe('secret')
  store.close()
})
