/** Hashes, clients and fields for the tests of who is who. */
import { argon2Sync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { type Address, parseAddress } from '../../src/net/address.ts'

/** Of the password `password`: the vector of argon2's reference program (test.c) with m = 2¹⁶, t = 2, p = 1. */
export const REFERENCE_ARGON2ID =
  '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'

/** A bcrypt hash of the least cost. */
export function bcryptOf(password: string, cost = 4): string {
  return hashSync(password, cost)
}

export interface Argon2Shape {
  readonly memory?: number
  readonly passes?: number
  readonly parallelism?: number
  readonly saltBytes?: number
  readonly tagBytes?: number
}

export function argon2idOf(password: string, shape: Argon2Shape = {}): string {
  const { memory = 64, passes = 1, parallelism = 1, saltBytes = 16, tagBytes = 32 } = shape
  const nonce = Buffer.alloc(saltBytes, 7)
  const tag = argon2Sync('argon2id', { message: password, nonce, memory, passes, parallelism, tagLength: tagBytes })
  const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(nonce)}$${bare(tag)}`
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

export function addressOf(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  return address
}
