/** Whether bytes begin an OpenPGP message that is encrypted: with a session key for somebody (RFC 9580 sections 4.2, 5.1, 5.3). */

const PUBLIC_KEY_SESSION = 1
const SYMMETRIC_SESSION = 3

export function isOpenPgpMessage(head: Uint8Array): boolean {
  const first = head[0] ?? 0
  if (first < 0x80) return false
  const isNew = (first & 0x40) !== 0
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f
  const header = isNew ? newHeader(head) : oldHeader(head)
  if (header === null) return false
  const body = head.subarray(header.bytes)
  if (tag === PUBLIC_KEY_SESSION) return header.size < SESSION_BYTES_MAX && isPublicKeySession(body)
  return tag === SYMMETRIC_SESSION && header.size < SYMMETRIC_BYTES_MAX && isSymmetricSession(body)
}

/** A version, eight bytes of a key id, and an algorithm; or a version with the fingerprint of a key. */
function isPublicKeySession(body: Uint8Array): boolean {
  const [version = 0, length = 0, keyVersion = 0] = body
  if (version === 6) return (length === 21 && keyVersion === 4) || (length === 33 && keyVersion === 6)
  return (version === 2 || version === 3) && ALGORITHMS.has(body[9] ?? 0)
}

function isSymmetricSession(body: Uint8Array): boolean {
  const [version = 0, second = 0, third = 0] = body
  if (version === 4) return isCipher(second) && STRING_TO_KEY.has(third)
  if (version === 5) return isCipher(second) && third >= 1 && third <= 3
  return version === 6 && isCipher(third) && second > 0 && second < SYMMETRIC_BYTES_MAX
}

function isCipher(code: number): boolean {
  return code >= 1 && code <= 13
}

interface Header {
  readonly bytes: number
  readonly size: number
}

/** A session key has no more, even of RSA with 16,384 bits. */
const SESSION_BYTES_MAX = 4_096
const SYMMETRIC_BYTES_MAX = 128
/** RSA, Elgamal, ECDH, X25519 and X448. */
const ALGORITHMS = new Set([1, 2, 16, 18, 25, 26])
/** Simple, salted, iterated and Argon2. */
const STRING_TO_KEY = new Set([0, 1, 3, 4])

/** Null where the length is in parts, or too long for a session key. */
function newHeader(head: Uint8Array): Header | null {
  const [, length = 0, low = 0] = head
  if (length < 192) return { bytes: 2, size: length }
  return length < 224 ? { bytes: 3, size: ((length - 192) << 8) + low + 192 } : null
}

function oldHeader(head: Uint8Array): Header | null {
  const [first = 0, high = 0, low = 0] = head
  const kind = first & 3
  if (kind === 0) return { bytes: 2, size: high }
  return kind === 1 ? { bytes: 3, size: (high << 8) | low } : null
}
