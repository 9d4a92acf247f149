/** Every check that the signature on a leaf will rest on, before a key and its certificates become the inspection CA. */
import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import type { Address } from '../net/address.ts'
import type { Host } from '../net/host.ts'
import { AuthorityProblem } from './authority-problem.ts'
import { type Asn1, type CertificateParts, readParts } from './certificate.ts'
import {
  allowsUsage,
  maySignCertificates,
  OID_BASIC_CONSTRAINTS,
  OID_EXTENDED_KEY_USAGE,
  OID_KEY_USAGE,
  OID_NAME_CONSTRAINTS,
  OID_SERVER_AUTH,
  OID_SUBJECT_KEY_ID,
  readKeyId,
  readPathLength,
} from './extensions.ts'
import { type NameConstraints, parseNameConstraints, permits } from './name-constraints.ts'
import type { Credentials } from './pkcs12.ts'
import { keyFault } from './private-key.ts'

/** A certificate that clients are asked to trust. */
export interface Anchor {
  readonly certificatePem: string
  readonly certificateDer: Buffer
  /** SHA-256 of the certificate, as `AB:CD:…`. */
  readonly fingerprint256: string
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
  /** The subject as one line, `O=Acme, CN=…`. */
  readonly subject: string
}

/** The certificate and key that leaves are signed with. Its validity is that of the shortest-lived certificate of the chain. */
export interface Authority extends Anchor {
  /** Where its certificate was read. */
  readonly file: string
  /** The subject as it is encoded, to be repeated as the issuer of a leaf. */
  readonly subjectName: Asn1
  readonly subjectKeyId: Buffer
  readonly privateKey: KeyObject
  /** PEM of what is sent after each leaf; empty where the authority itself is what clients trust. */
  readonly chainPem: string
  /** What clients are asked to trust: the authority itself, or the last certificate of its chain. */
  readonly anchor: Anchor
  /** Of the whole chain; none for an authority over all names. */
  readonly constraints: readonly NameConstraints[]
  /** Whether clients accept a leaf of it for this name. Where they do not, the inside can never be seen. */
  permits(name: Host | Address): boolean
}

/** The files that problems are about. */
export interface AuthorityFiles {
  readonly certificate: string
  readonly key: string
}

/** One certificate of the chain, and what node:crypto does not tell of it. */
interface Link {
  readonly certificate: X509Certificate
  readonly parts: CertificateParts
  readonly constraints: NameConstraints | null
  readonly selfSigned: boolean
  /** How a problem names it; the one certificate of a file needs no name. */
  readonly name: string
}

/** A chain beyond it is refused by clients long before. */
export const CHAIN_CERTIFICATES_MAX = 10

// A signature over one of these digests can be forged: MD5 and SHA-1 with RSA, and SHA-1 with ECDSA.
const BROKEN_SIGNATURES = ['1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.2.840.10045.4.1']

/** Throws an AuthorityProblem that names the file at fault. `now` in milliseconds since the epoch. */
export function admitAuthority({ key, chain }: Credentials, files: AuthorityFiles, now: number): Authority {
  const fail = (what: string, cause?: unknown): AuthorityProblem => new AuthorityProblem(files.certificate, what, cause)
  if (chain.length > CHAIN_CERTIFICATES_MAX)
    throw fail(`holds a chain of more than ${CHAIN_CERTIFICATES_MAX} certificates`)
  const links = chain.map((certificate, at) =>
    readLink(certificate, chain.length === 1 ? '' : `certificate ${at + 1}: `, fail),
  )
  const [issuing] = links
  const last = links.at(-1)
  if (issuing === undefined || last === undefined) throw fail('holds no certificate')
  if (!createPublicKey(key).equals(issuing.certificate.publicKey)) {
    throw new AuthorityProblem(files.key, `does not belong to ${files.certificate}; restore the pair, or make a new CA`)
  }
  for (const [at, link] of links.entries()) {
    const fault = linkFault(links, link, at) ?? dateFault(link, now)
    if (fault !== null) throw fail(link.name + fault)
  }
  const subjectKeyId = readKeyId(issuing.parts.extensions.get(OID_SUBJECT_KEY_ID))
  if (subjectKeyId === null) throw fail('has no subject key identifier; strict clients would refuse what it signs')
  const constraints = links.flatMap((link) => (link.constraints === null ? [] : [link.constraints]))
  return {
    ...anchorOf(issuing.certificate),
    file: files.certificate,
    notBefore: Math.max(...links.map(({ certificate }) => certificate.validFromDate.getTime())),
    notAfter: Math.min(...links.map(({ certificate }) => certificate.validToDate.getTime())),
    subjectName: issuing.parts.subject,
    subjectKeyId,
    privateKey: key,
    // RFC 8446 section 4.4.2: a root may be left out, for clients that trust it have it.
    chainPem: links.map(({ certificate, selfSigned }) => (selfSigned ? '' : certificate.toString())).join(''),
    anchor: anchorOf(last.certificate),
    constraints,
    permits: (name) => constraints.every((one) => permits(one, name)),
  }
}

export function anchorOf(certificate: X509Certificate): Anchor {
  return {
    certificatePem: certificate.toString(),
    certificateDer: certificate.raw,
    fingerprint256: certificate.fingerprint256,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    subject: certificate.subject.replaceAll('\n', ', '),
  }
}

function readLink(
  certificate: X509Certificate,
  name: string,
  fail: (what: string, cause?: unknown) => AuthorityProblem,
): Link {
  try {
    const parts = readParts(certificate.raw)
    const value = parts.extensions.get(OID_NAME_CONSTRAINTS)
    const constraints = value === undefined ? null : parseNameConstraints(value)
    if (typeof constraints === 'string') throw fail(`${name}its name constraints cannot be used: ${constraints}`)
    // Their shape is proven here, and that of its key, so that nothing below throws over it.
    keyFault(certificate.publicKey)
    readPathLength(parts.extensions.get(OID_BASIC_CONSTRAINTS))
    allowsUsage(parts.extensions.get(OID_EXTENDED_KEY_USAGE), OID_SERVER_AUTH)
    const selfSigned = certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey)
    return { certificate, parts, constraints, selfSigned, name }
  } catch (cause) {
    if (cause instanceof AuthorityProblem) throw cause
    throw fail(`${name}its extensions cannot be read; restore the file, or make a new CA`, cause)
  }
}

/** What is wrong with one certificate in its place in the chain. */
function linkFault(links: readonly Link[], link: Link, at: number): string | null {
  const { certificate, parts, selfSigned } = link
  const keyUsage = parts.extensions.get(OID_KEY_USAGE)
  // RFC 5280 section 4.2.1.3 wants it in every authority; of a root clients do not look.
  if (!maySignCertificates(keyUsage) && (at === 0 || keyUsage !== undefined))
    return 'may not sign certificates (its key usage lacks keyCertSign)'
  if (!certificate.ca) return 'not the certificate of an authority (basic constraints do not say CA:TRUE)'
  const weakness = keyFault(certificate.publicKey)
  if (weakness !== null) return `its key is ${weakness}`
  if (!allowsUsage(parts.extensions.get(OID_EXTENDED_KEY_USAGE), OID_SERVER_AUTH))
    return 'may not issue certificates of servers (its extended key usage lacks serverAuth)'
  const pathLength = readPathLength(parts.extensions.get(OID_BASIC_CONSTRAINTS))
  const below = links.slice(0, at).filter((one) => !one.selfSigned).length
  if (pathLength !== null && pathLength < below)
    return `allows ${pathLength} authorities below it (pathlen), and there are ${below}`
  if (!selfSigned && BROKEN_SIGNATURES.includes(parts.signatureAlgorithm))
    return 'is signed over MD5 or SHA-1, which clients refuse; let its issuer sign it anew'
  const issuer = links[at + 1]?.certificate
  if (issuer === undefined) return null
  if (selfSigned) return 'is self-signed, and nothing may follow it'
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
    ? null
    : `is not issued by certificate ${at + 2}; the issuing certificate comes first, then that of its issuer, and so on`
}

function dateFault({ certificate }: Link, now: number): string | null {
  const { validFromDate, validToDate } = certificate
  if (validToDate.getTime() <= now) {
    return `expired on ${dateOf(validToDate)}; make a new CA with \`weir ca init\` and let clients trust it`
  }
  return validFromDate.getTime() > now
    ? `is not valid before ${dateOf(validFromDate)}; check this machine's clock`
    : null
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}
