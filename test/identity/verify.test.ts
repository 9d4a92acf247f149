import { argon2Sync } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { type PasswordHash, parsePasswordHash } from '../../src/identity/password-hash.ts'
import { BCRYPT_PASSWORD_BYTES_MAX, createVerifier } from '../../src/identity/verify.ts'
import { type Argon2Shape, argon2idOf, bcryptOf, REFERENCE_ARGON2ID } from './accounts.ts'

function hashOf(text: string): PasswordHash {
  const parsed = parsePasswordHash(text)
  if (parsed.state === 'bad') throw new Error(parsed.fault)
  return parsed.value
}

/** The same program's vector with m = 2⁸. */
const SMALL_ARGON2ID = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'

const verifier = createVerifier()
afterAll(() => verifier.close())

describe('a password is verified', () => {
  it('by argon2id as RFC 9106 section 5.3 computes it', () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    })
    expect(tag.toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })

  it.each([
    [REFERENCE_ARGON2ID, '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
    [SMALL_ARGON2ID, '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
  ])('by argon2id as its reference program encodes it: %s', async (text, tag) => {
    const hash = hashOf(text)
    expect(hash).toMatchObject({ tag: Buffer.from(tag, 'hex') })
    expect(await verifier.verify(hash, 'password')).toBe(true)
  })

  it.each(['Password', 'passwor', 'password ', ''])('by argon2id, and not from the password %j', async (wrong) => {
    expect(await verifier.verify(hashOf(SMALL_ARGON2ID), wrong)).toBe(false)
  })

  it.each<readonly [string, Argon2Shape]>([
    ['memory', { memory: 1_024 }],
    ['passes', { passes: 3 }],
    ['lanes', { parallelism: 4 }],
    ['a long salt', { saltBytes: 33 }],
    ['a long hash', { tagBytes: 64 }],
  ])('by argon2id with its own %s', async (_, shape) => {
    const hash = hashOf(argon2idOf('pä:ss🦦', shape))
    expect(await verifier.verify(hash, 'pä:ss🦦')).toBe(true)
    expect(await verifier.verify(hash, 'pä:ss')).toBe(false)
  })

  it.each(['2a', '2b', '2y'])('by bcrypt of the revision $%s$', async (revision) => {
    const hash = hashOf(bcryptOf('pä:ss🦦').replace('$2b$', `$${revision}$`))
    expect(await verifier.verify(hash, 'pä:ss🦦')).toBe(true)
    expect(await verifier.verify(hash, 'pä:ss')).toBe(false)
  })

  it('by crypt_blowfish’s own test vector', async () => {
    const hash = hashOf('$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW')
    expect(await verifier.verify(hash, 'U*U')).toBe(true)
    expect(await verifier.verify(hash, 'U*U*')).toBe(false)
  })

  it('by bcrypt up to the 72 bytes that it reads, and never by a beginning alone', async () => {
    const whole = 'é'.repeat(BCRYPT_PASSWORD_BYTES_MAX / 2)
    // What the library makes of a longer password is the hash of its first 72 bytes.
    const hash = hashOf(bcryptOf(`${whole}more`))
    expect(await verifier.verify(hash, whole)).toBe(true)
    expect(await verifier.verify(hash, `${whole}more`)).toBe(false)
    expect(await verifier.verify(hash, `${whole}else`)).toBe(false)
  })

  it('by argon2id beyond 72 bytes', async () => {
    const long = 'x'.repeat(1_024)
    expect(await verifier.verify(hashOf(argon2idOf(long)), long)).toBe(true)
    expect(await verifier.verify(hashOf(argon2idOf(long)), long.slice(1))).toBe(false)
  })
})
