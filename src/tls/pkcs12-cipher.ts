/** Undoes the encryptions found in PKCS#12 files: PBES2 with AES (RFC 8018), and the two of before (RFC 7292 appendix C). */
import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import forge from 'node-forge'
import { type Asn1, children, oidOf } from './certificate.ts'

/** As typed; null stands for none at all, which is another key than the empty text. */
export type Passphrase = string | null

/** PBKDF2 runs natively, this many iterations in less than a second. */
export const PBKDF2_ITERATIONS_MAX = 1_000_000
/** The key derivation of PKCS#12 itself runs in JavaScript. Tools write 1 to 10,000 iterations. */
export const PKCS12_ITERATIONS_MAX = 100_000

const OID_PBES2 = '1.2.840.113549.1.5.13'
const OID_PBKDF2 = '1.2.840.113549.1.5.12'
const OID_3DES = '1.2.840.113549.1.12.1.3'
const OID_RC2_40 = '1.2.840.113549.1.12.1.6'

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
}

const PSEUDO_RANDOM: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}

/** A file whose parts are put together in a way that is not read here: the sentence says which. */
export class UnsupportedPkcs12 extends Error {
  override readonly name = 'UnsupportedPkcs12'
}

/** Decrypts under the algorithm that `identifier` (an AlgorithmIdentifier) names. Throws, for a wrong passphrase most of the time. */
export function decrypt(identifier: Asn1 | undefined, encrypted: Buffer, passphrase: Passphrase): Buffer {
  const [algorithm, parameters] = children(identifier)
  const oid = oidOf(algorithm)
  switch (oid) {
    case OID_PBES2:
      return decryptPbes2(parameters, encrypted, passphrase)
    case OID_3DES: {
      const { key, iv } = deriveOld(parameters, passphrase, 24)
      return finish(createDecipheriv('des-ede3-cbc', key, iv), encrypted)
    }
    case OID_RC2_40: {
      const { key, iv } = deriveOld(parameters, passphrase, 5)
      return decryptRc2(key, iv, encrypted)
    }
    default:
      throw new UnsupportedPkcs12(`it is encrypted by an algorithm (${oid}) that is not read here`)
  }
}

/** The key derivation of RFC 7292 appendix B; `purpose` 1 makes a key, 2 an initial vector, 3 the key of a MAC. */
export function derivePkcs12(
  passphrase: Passphrase,
  salt: Buffer,
  purpose: 1 | 2 | 3,
  iterations: number,
  bytes: number,
  digest: forge.md.MessageDigest,
): Buffer {
  bound(iterations, PKCS12_ITERATIONS_MAX)
  const buffer = forge.util.createBuffer(salt.toString('latin1'))
  const derived = forge.pkcs12.generateKey(passphrase, buffer, purpose, iterations, bytes, digest)
  return Buffer.from(derived.getBytes(), 'latin1')
}

/** A whole number of DER; throws for anything else. */
export function integerOf(node: Asn1 | undefined): number {
  if (node?.type !== forge.asn1.Type.INTEGER || typeof node.value !== 'string') throw new Error('not a number')
  return Number.parseInt(Buffer.from(node.value, 'latin1').toString('hex'), 16)
}

/** The bytes of an OCTET STRING, put together where BER has cut it into pieces (RFC 7292 allows both). */
export function octetsOf(node: Asn1 | undefined): Buffer {
  if (node === undefined) throw new Error('bytes are missing')
  if (typeof node.value === 'string') return Buffer.from(node.value, 'latin1')
  return Buffer.concat(node.value.map(octetsOf))
}

function decryptPbes2(parameters: Asn1 | undefined, encrypted: Buffer, passphrase: Passphrase): Buffer {
  const [derivation, scheme] = children(parameters).map(children)
  const derivationOid = oidOf(derivation?.[0])
  if (derivationOid !== OID_PBKDF2)
    throw new UnsupportedPkcs12(`its key is derived in a way (${derivationOid}) that is not read here`)
  const [salt, count, ...more] = children(derivation?.[1])
  const iterations = bound(integerOf(count), PBKDF2_ITERATIONS_MAX)
  const named = more.find(({ type }) => type === forge.asn1.Type.SEQUENCE)
  const digestOid = named === undefined ? '1.2.840.113549.2.7' : oidOf(children(named)[0])
  const cipherOid = oidOf(scheme?.[0])
  const [digest, cipher] = [PSEUDO_RANDOM[digestOid], CIPHERS[cipherOid]]
  if (digest === undefined || cipher === undefined)
    throw new UnsupportedPkcs12(
      `it is encrypted by an algorithm (${cipherOid} with ${digestOid}) that is not read here`,
    )
  const key = pbkdf2Sync(Buffer.from(passphrase ?? ''), octetsOf(salt), iterations, cipher.keyBytes, digest)
  return finish(createDecipheriv(cipher.name, key, octetsOf(scheme?.[1])), encrypted)
}

function deriveOld(
  parameters: Asn1 | undefined,
  passphrase: Passphrase,
  keyBytes: number,
): { readonly key: Buffer; readonly iv: Buffer } {
  const [salt, count] = children(parameters)
  const derive = (purpose: 1 | 2, bytes: number): Buffer =>
    derivePkcs12(passphrase, octetsOf(salt), purpose, integerOf(count), bytes, forge.md.sha1.create())
  return { key: derive(1, keyBytes), iv: derive(2, 8) }
}

function decryptRc2(key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  const cipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), 40)
  cipher.start(iv.toString('latin1'))
  cipher.update(forge.util.createBuffer(encrypted.toString('latin1')))
  if (!cipher.finish()) throw new Error('bad decrypt')
  return Buffer.from(cipher.output.getBytes(), 'latin1')
}

function finish(decipher: ReturnType<typeof createDecipheriv>, encrypted: Buffer): Buffer {
  return Buffer.concat([decipher.update(encrypted), decipher.final()])
}

function bound(iterations: number, iterationsMax: number): number {
  if (iterations >= 1 && iterations <= iterationsMax) return iterations
  throw new UnsupportedPkcs12(
    `it asks for ${iterations} iterations of a key derivation; 1 to ${iterationsMax} are read`,
  )
}
