/** The inspection CA as a value: made, and read from PEM with every check that a leaf's signature will rest on. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { AuthorityProblem } from './authority-problem.ts'
import { type Asn1, distinguishedName, encodePem, readParts, signCertificate } from './certificate.ts'
import {
  authorityExtensions,
  keyIdOf,
  maySignCertificates,
  OID_KEY_USAGE,
  OID_SUBJECT_KEY_ID,
  readKeyId,
} from './extensions.ts'
import { splitPem } from './pem.ts'

export interface Authority {
  readonly certificatePem: string
  readonly certificateDer: Buffer
  /** SHA-256 of the certificate, as `AB:CD:…`. */
  readonly fingerprint256: string
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
  /** The subject as one line, `O=Acme, CN=…`. */
  readonly subject: string
  /** The subject as it is encoded, to be repeated as the issuer of a leaf. */
  readonly subjectName: Asn1
  readonly subjectKeyId: Buffer
  readonly privateKey: KeyObject
}

export interface AuthorityOptions {
  /** Stands in the subject, so that people see whose CA they are asked to trust. */
  readonly organisation?: string | undefined
  readonly days?: number | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A CA as it lies on disk. */
export interface AuthorityText {
  readonly certificatePem: string
  /** PKCS#8. */
  readonly keyPem: string
}

/** The files that problems are about. */
export interface AuthorityFiles {
  readonly certificate: string
  readonly key: string
}

export const DAY_MS = 86_400_000
/** Clocks of clients run late; a certificate that begins a day ago is valid for them too. */
export const BACKDATE_MS = 24 * 3_600_000

const DAYS_DEFAULT = 1_825
const DAYS_MAX = 36_500
// RFC 5280 appendix A.1: ub-organization-name and ub-common-name.
const ORGANISATION_CHARACTERS_MAX = 64

/** A new self-signed P-256 CA that may sign leaves only. Throws a RangeError for an organisation or days out of bounds. */
export function generateAuthority(options: AuthorityOptions): AuthorityText {
  const { organisation, days = DAYS_DEFAULT, now } = options
  if (organisation !== undefined && !isOrganisation(organisation)) {
    throw new RangeError(`an organisation has 1 to ${ORGANISATION_CHARACTERS_MAX} printable characters`)
  }
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) {
    throw new RangeError(`a CA is valid for 1 to ${DAYS_MAX} days, not ${days}`)
  }
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const keyId = keyIdOf(publicKey)
  // Part of the key's identifier tells a replaced CA from the one before it in a list of trusted ones.
  const commonName = `Weir inspection CA ${keyId.toString('hex', 0, 4)}`
  const subject = distinguishedName({ organisation, commonName })
  const certificate = signCertificate(
    {
      issuer: subject,
      subject,
      notBefore: now - BACKDATE_MS,
      notAfter: now + days * DAY_MS,
      publicKey,
      extensions: authorityExtensions(keyId, 0),
    },
    privateKey,
  )
  return {
    certificatePem: encodePem(certificate),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** Reads and checks a CA; throws an AuthorityProblem that names the file at fault. `now` in milliseconds since the epoch. */
export function parseAuthorityPem(text: AuthorityText, files: AuthorityFiles, now: number): Authority {
  const certificate = parseCertificate(text.certificatePem, files.certificate)
  const privateKey = parseKey(text.keyPem, files.key)
  const { subject: subjectName, extensions } = readParts(certificate.raw)
  const problem = (what: string): AuthorityProblem => new AuthorityProblem(files.certificate, what)
  if (!maySignCertificates(extensions.get(OID_KEY_USAGE))) {
    throw problem('may not sign certificates (its key usage lacks keyCertSign)')
  }
  if (!certificate.ca) throw problem('not the certificate of an authority (basic constraints do not say CA:TRUE)')
  const subjectKeyId = readKeyId(extensions.get(OID_SUBJECT_KEY_ID))
  if (subjectKeyId === null) throw problem('has no subject key identifier; strict clients would refuse what it signs')
  if (!createPublicKey(privateKey).equals(certificate.publicKey)) {
    throw new AuthorityProblem(files.key, `does not belong to ${files.certificate}; restore the pair, or make a new CA`)
  }
  const notBefore = certificate.validFromDate.getTime()
  const notAfter = certificate.validToDate.getTime()
  if (notAfter <= now) {
    throw problem(`expired on ${dateOf(notAfter)}; make a new CA with \`weir ca init\` and let clients trust it`)
  }
  if (notBefore > now) throw problem(`is not valid before ${dateOf(notBefore)}; check this machine's clock`)
  return {
    certificatePem: certificate.toString(),
    certificateDer: certificate.raw,
    fingerprint256: certificate.fingerprint256,
    notBefore,
    notAfter,
    subject: certificate.subject.replaceAll('\n', ', '),
    subjectName,
    subjectKeyId,
    privateKey,
  }
}

function parseCertificate(pem: string, file: string): X509Certificate {
  const blocks = splitPem(pem)
  const [block] = blocks ?? []
  if (block === undefined || block.label !== 'CERTIFICATE' || blocks?.length !== 1) {
    throw new AuthorityProblem(file, 'must hold exactly one certificate in PEM')
  }
  try {
    return new X509Certificate(block.text)
  } catch (cause) {
    throw new AuthorityProblem(file, 'the certificate in it cannot be read; restore the file', cause)
  }
}

function parseKey(pem: string, file: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch (cause) {
    throw new AuthorityProblem(file, 'no private key can be read from it (PKCS#8 in PEM, without a passphrase)', cause)
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new AuthorityProblem(file, `is a key of type ${key.asymmetricKeyType}; Weir signs with ECDSA P-256 only`)
  }
  return key
}

function isOrganisation(text: string): boolean {
  return text.length >= 1 && text.length <= ORGANISATION_CHARACTERS_MAX && !/\p{C}/u.test(text)
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
