/** PKCS#12 files: one private key and its certificates, sealed by a passphrase (RFC 7292). Only ever an admin's own file. */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
  X509Certificate,
} from 'node:crypto'
import forge from 'node-forge'
import type { Blame } from './authority-problem.ts'
import { type Asn1, children, oidOf, parse } from './certificate.ts'
import { decrypt, derivePkcs12, integerOf, octetsOf, type Passphrase, UnsupportedPkcs12 } from './pkcs12-cipher.ts'
import { wrongPassphrase } from './private-key.ts'

/** A key, and its certificate followed by those of its issuers as far as they are there. */
export interface Credentials {
  readonly key: KeyObject
  readonly chain: readonly X509Certificate[]
}

/** Of one file. */
export const CERTIFICATES_MAX = 20

const OID_DATA = '1.2.840.113549.1.7.1'
const OID_ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const OID_KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const OID_SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const OID_CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
const OID_X509 = '1.2.840.113549.1.9.22.1'

const DIGESTS: Readonly<Record<string, { readonly name: string; readonly create: () => forge.md.MessageDigest }>> = {
  '1.3.14.3.2.26': { name: 'sha1', create: () => forge.md.sha1.create() },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', create: () => forge.md.sha256.create() },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', create: () => forge.md.sha384.create() },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', create: () => forge.md.sha512.create() },
}

/** Reads a file with the passphrase, or without one where it has none. Throws what `blame` makes. */
export function parsePkcs12(bytes: Buffer, passphrase: string | null, blame: Blame): Credentials {
  const tries: readonly Passphrase[] = passphrase === null ? ['', null] : [passphrase, '', null]
  const [version, content, mac] = outline(bytes, blame)
  if (version !== 3) throw blame(`is PKCS#12 of version ${version}; only version 3 is read`)
  let last: unknown
  for (const one of tries) {
    try {
      if (mac !== null && !isSealedBy(mac, content, one)) continue
      return assemble(open(content, one), blame)
    } catch (error) {
      if (error instanceof UnsupportedPkcs12)
        throw blame(`cannot be read: ${error.message}; write it anew with \`openssl pkcs12 -export\``, error)
      if (error instanceof NotAsExpected) throw error.blamed
      last = error
    }
  }
  if (passphrase !== null) throw wrongPassphrase(blame, last)
  throw blame('cannot be opened without a passphrase; name the file with it by --passphrase-file', last)
}

/** An error that is already in words for the admin, and no sign of a wrong passphrase. */
class NotAsExpected extends Error {
  readonly blamed: Error

  constructor(blamed: Error) {
    super(blamed.message)
    this.blamed = blamed
  }
}

function outline(bytes: Buffer, blame: Blame): readonly [number, Buffer, Asn1 | null] {
  try {
    const [version, authSafe, mac] = children(parse(bytes))
    const [kind, content] = children(authSafe)
    if (oidOf(kind) !== OID_DATA) throw new Error('sealed with a public key')
    return [integerOf(version), octetsOf(children(content)[0]), mac ?? null]
  } catch (cause) {
    throw blame('is no PKCS#12 file that is sealed by a passphrase; restore it', cause)
  }
}

/** RFC 7292 section 5.1: the MAC over the whole, under a key derived from the passphrase. */
function isSealedBy(mac: Asn1, content: Buffer, passphrase: Passphrase): boolean {
  const [digestInfo, salt, count] = children(mac)
  const [algorithm, expected] = children(digestInfo)
  const oid = oidOf(children(algorithm)[0])
  const digest = DIGESTS[oid]
  if (digest === undefined) throw new UnsupportedPkcs12(`it is sealed by an algorithm (${oid}) that is not read here`)
  const iterations = count === undefined ? 1 : integerOf(count)
  const made = digest.create()
  const key = derivePkcs12(passphrase, octetsOf(salt), 3, iterations, made.digestLength, made)
  const computed = createHmac(digest.name, key).update(content).digest()
  const written = octetsOf(expected)
  return computed.length === written.length && timingSafeEqual(computed, written)
}

interface Bags {
  readonly keys: readonly Buffer[]
  readonly certificates: readonly Buffer[]
}

/** Keys as PKCS#8 and certificates, as DER. */
function open(content: Buffer, passphrase: Passphrase): Bags {
  const keys: Buffer[] = []
  const certificates: Buffer[] = []
  for (const info of children(parse(content))) {
    const [kind, wrapped] = children(info)
    for (const bag of children(parse(unwrap(oidOf(kind), children(wrapped)[0], passphrase)))) {
      const [id, tagged] = children(bag)
      const value = children(tagged)[0]
      switch (oidOf(id)) {
        case OID_KEY_BAG:
          keys.push(derOf(value))
          break
        case OID_SHROUDED_KEY_BAG: {
          const [algorithm, encrypted] = children(value)
          keys.push(decrypt(algorithm, octetsOf(encrypted), passphrase))
          break
        }
        case OID_CERTIFICATE_BAG: {
          const [type, certificate] = children(value)
          if (oidOf(type) === OID_X509) certificates.push(octetsOf(children(certificate)[0]))
          break
        }
        default:
        // Revocation lists, secrets and what else may lie beside a key say nothing about it.
      }
    }
  }
  return { keys, certificates }
}

function unwrap(oid: string, content: Asn1 | undefined, passphrase: Passphrase): Buffer {
  if (oid === OID_DATA) return octetsOf(content)
  if (oid !== OID_ENCRYPTED_DATA) throw new UnsupportedPkcs12('it is encrypted with a public key')
  const [, algorithm, encrypted] = children(children(content)[1])
  return decrypt(algorithm, octetsOf(encrypted), passphrase)
}

/** The one key, its certificate, and the chain above it, in whatever order they lay. */
function assemble(bags: Bags, blame: Blame): Credentials {
  const fail = (what: string): NotAsExpected => new NotAsExpected(blame(what))
  const [der] = bags.keys
  if (der === undefined || bags.keys.length > 1)
    throw fail(`must hold exactly one private key, not ${bags.keys.length}`)
  if (bags.certificates.length === 0) throw fail('holds a private key and no certificate')
  if (bags.certificates.length > CERTIFICATES_MAX) throw fail(`holds more than ${CERTIFICATES_MAX} certificates`)
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const certificates = bags.certificates.map((one) => new X509Certificate(one))
  const publicKey = createPublicKey(key)
  const own = certificates.find((one) => one.publicKey.equals(publicKey))
  if (own === undefined) throw fail('holds no certificate of the private key in it')
  const chain = [own]
  for (let below = own; chain.length <= certificates.length; ) {
    const issuer = certificates.find((one) => !chain.includes(one) && below.checkIssued(one))
    if (issuer === undefined) break
    chain.push(issuer)
    below = issuer
  }
  return { key, chain }
}

function derOf(node: Asn1 | undefined): Buffer {
  if (node === undefined) throw new Error('a key is missing')
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')
}
