/** Whether a password belongs to a hash, computed off the event loop. */
import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createBcryptThread } from './bcrypt-thread.ts'
import type { Argon2idHash, PasswordHash } from './password-hash.ts'

/** bcrypt reads no further: a longer password would be as good as any other that begins the same. */
export const BCRYPT_PASSWORD_BYTES_MAX = 72

export interface Verifier {
  /** One at a time. Rejects where it could not be computed, which says nothing about the password. */
  verify(hash: PasswordHash, password: string): Promise<boolean>
  close(): Promise<void>
}

export function createVerifier(): Verifier {
  const thread = createBcryptThread()
  return {
    async verify(hash, password) {
      if (hash.kind === 'argon2id') return verifyArgon2id(hash, password)
      if (Buffer.byteLength(password) > BCRYPT_PASSWORD_BYTES_MAX) return false
      return thread.compare(password, hash.text)
    },
    close: () => thread.close(),
  }
}

const deriveArgon2 = promisify(argon2)

async function verifyArgon2id(hash: Argon2idHash, password: string): Promise<boolean> {
  const tag = await deriveArgon2('argon2id', {
    message: Buffer.from(password),
    nonce: hash.salt,
    parallelism: hash.parallelism,
    tagLength: hash.tag.length,
    memory: hash.memoryKib,
    passes: hash.passes,
  })
  return timingSafeEqual(tag, hash.tag)
}
