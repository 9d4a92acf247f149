/** X.509 certificates as DER (RFC 5280 section 4): node-forge writes the ASN.1, node:crypto signs it. */
import { type KeyObject, randomBytes, sign } from 'node:crypto'
import forge from 'node-forge'

const { asn1 } = forge
const { Class, Type } = asn1

/** One node of an ASN.1 tree. */
export type Asn1 = forge.asn1.Asn1

export interface CertificateFields {
  readonly issuer: Asn1
  readonly subject: Asn1
  /** Milliseconds since the epoch; certificates hold whole seconds. */
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: KeyObject
  readonly extensions: readonly Asn1[]
}

// Tags of the context-specific class are numbers of a field's own, and no universal types, as the typing would have it.
const create: (tagClass: number, tag: number, constructed: boolean, value: Asn1[] | string) => Asn1 = asn1.create

const SERIAL_BYTES = 16
const OID_COMMON_NAME = '2.5.4.3'
const OID_ORGANISATION = '2.5.4.10'
// RFC 5280 section 4.1.2.5: UTCTime ends with the year 2049.
const UTC_TIME_ENDS = Date.UTC(2050, 0, 1)

/** Signs a version 3 certificate with a P-256, P-384 or RSA key and a fresh random serial number; the answer is DER. */
export function signCertificate(fields: CertificateFields, issuerKey: KeyObject): Buffer {
  const { algorithm, digest } = signatureOf(issuerKey)
  const toBeSigned = sequence([
    context(0, [primitive(Type.INTEGER, '\x02')]),
    primitive(Type.INTEGER, randomSerial()),
    algorithm,
    fields.issuer,
    sequence([time(fields.notBefore), time(fields.notAfter)]),
    fields.subject,
    parse(fields.publicKey.export({ type: 'spki', format: 'der' })),
    context(3, [sequence([...fields.extensions])]),
  ])
  const signature = sign(digest, encode(toBeSigned), { key: issuerKey, dsaEncoding: 'der' })
  return encode(sequence([toBeSigned, algorithm, bitString(signature, 0)]))
}

// RFC 5758 section 3.2: the digest is as long as the curve. RFC 4055 section 5: RSA's parameters are NULL.
function signatureOf(key: KeyObject): { readonly algorithm: Asn1; readonly digest: string } {
  if (key.asymmetricKeyType === 'rsa') {
    const nothing = primitive(Type.NULL, '')
    return { algorithm: sequence([objectId('1.2.840.113549.1.1.11'), nothing]), digest: 'sha256' }
  }
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'prime256v1':
      return { algorithm: sequence([objectId('1.2.840.10045.4.3.2')]), digest: 'sha256' }
    case 'secp384r1':
      return { algorithm: sequence([objectId('1.2.840.10045.4.3.3')]), digest: 'sha384' }
    default:
      throw new Error(`Weir signs with RSA, P-256 and P-384, not with ${key.asymmetricKeyType ?? 'a secret'}`)
  }
}

/** A name of at most an organisation and a common name; neither is the empty name. */
export function distinguishedName(parts: { organisation?: string | undefined; commonName?: string | undefined }): Asn1 {
  const attribute = (oid: string, text: string): Asn1 =>
    universal(Type.SET, true, [sequence([objectId(oid), primitive(Type.UTF8, Buffer.from(text).toString('latin1'))])])
  return sequence([
    ...(parts.organisation === undefined ? [] : [attribute(OID_ORGANISATION, parts.organisation)]),
    ...(parts.commonName === undefined ? [] : [attribute(OID_COMMON_NAME, parts.commonName)]),
  ])
}

export interface CertificateParts {
  /** The subject as it was encoded: an issuer field must repeat it, whatever string types it chose. */
  readonly subject: Asn1
  /** Extension values (the DER inside the OCTET STRING) by object identifier. */
  readonly extensions: ReadonlyMap<string, Buffer>
  /** The object identifier of the algorithm that its issuer signed it with. */
  readonly signatureAlgorithm: string
}

/**
 * What node:crypto does not tell of a certificate. Only for an authority's own certificate that `X509Certificate` has
 * read before: forge's parser never meets bytes of a stranger.
 */
export function readParts(der: Buffer): CertificateParts {
  const [signed, algorithm] = children(parse(der))
  const toBeSigned = children(signed)
  const subject = toBeSigned[5]
  if (subject === undefined) throw new Error('the certificate has no subject field')
  const extensions = new Map<string, Buffer>()
  for (const extension of children(children(toBeSigned.at(-1))[0])) {
    const fields = children(extension)
    const [oid, content] = [fields[0]?.value, fields.at(-1)?.value]
    if (typeof oid === 'string' && typeof content === 'string') {
      extensions.set(asn1.derToOid(oid), Buffer.from(content, 'latin1'))
    }
  }
  return { subject, extensions, signatureAlgorithm: oidOf(children(algorithm)[0]) }
}

/** An object identifier in dots; throws for anything else. */
export function oidOf(node: Asn1 | undefined): string {
  if (node?.type !== Type.OID || typeof node.value !== 'string') throw new Error('not an object identifier')
  return asn1.derToOid(node.value)
}

export function encode(tree: Asn1): Buffer {
  return Buffer.from(asn1.toDer(tree).getBytes(), 'latin1')
}

export function encodePem(certificate: Buffer): string {
  return forge.pem.encode({ type: 'CERTIFICATE', body: certificate.toString('latin1') }).replaceAll('\r', '')
}

export function sequence(value: Asn1[]): Asn1 {
  return universal(Type.SEQUENCE, true, value)
}

export function primitive(type: forge.asn1.Type, value: string): Asn1 {
  return universal(type, false, value)
}

/** A context-specific element: a tree for a constructed one, bytes as latin1 for a primitive one. */
export function context(tag: number, value: Asn1[] | string): Asn1 {
  return create(Class.CONTEXT_SPECIFIC, tag, typeof value !== 'string', value)
}

export function objectId(oid: string): Asn1 {
  return primitive(Type.OID, asn1.oidToDer(oid).getBytes())
}

/** A BIT STRING whose last byte leaves `unusedBits` bits unused. */
export function bitString(bytes: Buffer, unusedBits: number): Asn1 {
  return primitive(Type.BITSTRING, String.fromCharCode(unusedBits) + bytes.toString('latin1'))
}

function universal(type: forge.asn1.Type, constructed: boolean, value: Asn1[] | string): Asn1 {
  return create(Class.UNIVERSAL, type, constructed, value)
}

function time(at: number): Asn1 {
  const date = new Date(at)
  return at < UTC_TIME_ENDS
    ? primitive(Type.UTCTIME, asn1.dateToUtcTime(date))
    : primitive(Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date))
}

// The leading bits are 01: the number is positive and always as long as it says (RFC 5280 section 4.1.2.2).
function randomSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes.toString('latin1')
}

/** Reads DER, or BER of definite and indefinite lengths; throws for what is neither. Only for an admin's own files. */
export function parse(der: Buffer): Asn1 {
  return asn1.fromDer(der.toString('latin1'))
}

export function children(node: Asn1 | undefined): Asn1[] {
  return Array.isArray(node?.value) ? node.value : []
}
