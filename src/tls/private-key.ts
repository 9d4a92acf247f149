/** Private keys as admins keep them: PKCS#8 or traditional PEM, encrypted or not (RFC 5958, RFC 1421 section 4.6.1.1). */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { Blame } from './authority-problem.ts'
import type { PemBlock } from './pem.ts'

/** What OpenSSL reads of a passphrase; a longer one would be cut short without a word. */
export const PASSPHRASE_BYTES_MAX = 1_024

const BLOCK_LABELS = ['PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY']
const RSA_BITS_MIN = 2_048
const RSA_BITS_MAX = 8_192
const CURVES: readonly string[] = ['prime256v1', 'secp384r1']

export function isPrivateKey({ label }: PemBlock): boolean {
  return BLOCK_LABELS.includes(label)
}

/** Reads the key of a PEM block; throws what `blame` makes. `passphrase` is null where none was given. */
export function parsePrivateKey(block: PemBlock, passphrase: string | null, blame: Blame): KeyObject {
  const encrypted = block.label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: *4, *ENCRYPTED/m.test(block.text)
  if (encrypted && passphrase === null)
    throw blame('its private key is encrypted; name the file with its passphrase by --passphrase-file')
  try {
    return createPrivateKey({
      key: block.text,
      format: 'pem',
      ...(encrypted && passphrase !== null ? { passphrase } : {}),
    })
  } catch (cause) {
    if (!encrypted) throw blame('the private key in it cannot be read; restore the file', cause)
    // Without `EVP` it would be the form of the file that OpenSSL does not know, and not the cipher.
    throw codeOf(cause) === 'ERR_OSSL_EVP_UNSUPPORTED'
      ? blame(
          'its private key is encrypted in a way that is not safe any more; encrypt it anew with `openssl pkcs8 -topk8 -v2 aes-256-cbc`',
          cause,
        )
      : wrongPassphrase(blame, cause)
  }
}

export function wrongPassphrase(blame: Blame, cause?: unknown): Error {
  return blame('the passphrase given by --passphrase-file does not open it, or it is damaged', cause)
}

/** Why clients of the web would not take a signature by this key; null where they do. */
export function keyFault(key: KeyObject): string | null {
  const { asymmetricKeyType: type = 'secret', asymmetricKeyDetails: details = {} } = key
  if (type === 'rsa') {
    const bits = details.modulusLength ?? 0
    return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX
      ? null
      : `RSA with ${bits} bits; it must have ${RSA_BITS_MIN} to ${RSA_BITS_MAX}`
  }
  if (type !== 'ec') return `of type ${type}, which browsers do not take; use RSA, P-256 or P-384`
  const curve = details.namedCurve ?? 'an unnamed curve'
  return CURVES.includes(curve) ? null : `on the curve ${curve}, which not all clients take; use P-256 or P-384`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
