/** The certificate extensions that Weir writes (RFC 5280 section 4.2), each as one ASN.1 tree. */
import { createHash, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import type { Address } from '../net/address.ts'
import {
  type Asn1,
  bitString,
  children,
  context,
  encode,
  objectId,
  oidOf,
  parse,
  primitive,
  sequence,
} from './certificate.ts'

const { Type } = forge.asn1

export const OID_SUBJECT_KEY_ID = '2.5.29.14'
export const OID_KEY_USAGE = '2.5.29.15'
const OID_SUBJECT_ALT_NAME = '2.5.29.17'
export const OID_BASIC_CONSTRAINTS = '2.5.29.19'
export const OID_NAME_CONSTRAINTS = '2.5.29.30'
const OID_AUTHORITY_KEY_ID = '2.5.29.35'
export const OID_EXTENDED_KEY_USAGE = '2.5.29.37'
export const OID_SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const OID_CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const OID_ANY_USAGE = '2.5.29.37.0'

// RFC 5280 section 4.2.1.3 counts bits from the most significant one: digitalSignature is 0, keyCertSign 5, cRLSign 6.
const DIGITAL_SIGNATURE = bitString(Buffer.from([0x80]), 7)
const SIGN_CERTIFICATES_AND_CRLS = bitString(Buffer.from([0x06]), 1)
const KEY_CERT_SIGN = 0x04

/**
 * Of an authority. `pathLength` is how many authorities may stand between it and a leaf, 0 to 127; `nameConstraints` is the
 * value of that extension, null for an authority over all names.
 */
export function authorityExtensions(
  keyId: Buffer,
  pathLength: number,
  nameConstraints: Buffer | null = null,
): readonly Asn1[] {
  return [
    extension(OID_BASIC_CONSTRAINTS, true, sequence([yes(), primitive(Type.INTEGER, String.fromCharCode(pathLength))])),
    extension(OID_KEY_USAGE, true, SIGN_CERTIFICATES_AND_CRLS),
    ...(nameConstraints === null ? [] : [extension(OID_NAME_CONSTRAINTS, true, parse(nameConstraints))]),
    subjectKeyIdentifier(keyId),
  ]
}

export interface LeafExtensions {
  readonly keyId: Buffer
  readonly authorityKeyId: Buffer
  readonly names: readonly (string | Address)[]
  /** Of a certificate whose subject is empty, the alternative name is critical (RFC 5280 section 4.2.1.6). */
  readonly namesCritical: boolean
  readonly extendedKeyUsage: string
}

/** Of a server's certificate. A name given as text is a dNSName, wildcards included. */
export function leafExtensions(leaf: LeafExtensions): readonly Asn1[] {
  return [
    extension(OID_BASIC_CONSTRAINTS, true, sequence([])),
    extension(OID_KEY_USAGE, true, DIGITAL_SIGNATURE),
    extension(OID_EXTENDED_KEY_USAGE, false, sequence([objectId(leaf.extendedKeyUsage)])),
    subjectKeyIdentifier(leaf.keyId),
    extension(OID_AUTHORITY_KEY_ID, false, sequence([context(0, leaf.authorityKeyId.toString('latin1'))])),
    ...(leaf.names.length === 0
      ? []
      : [extension(OID_SUBJECT_ALT_NAME, leaf.namesCritical, sequence(leaf.names.map(generalName)))]),
  ]
}

/** An identifier for a public key: the first 160 bits of the SHA-256 of its bits (RFC 7093 section 2, method 1). */
export function keyIdOf(publicKey: KeyObject): Buffer {
  const { x, y } = publicKey.export({ format: 'jwk' })
  if (x === undefined || y === undefined) throw new Error('not an elliptic curve key')
  const point = Buffer.concat([Buffer.from([0x04]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  return createHash('sha256').update(point).digest().subarray(0, 20)
}

/** Whether the value of a key usage extension has keyCertSign. */
export function maySignCertificates(keyUsage: Buffer | undefined): boolean {
  // 03 LENGTH UNUSED-BITS BYTE …
  return keyUsage !== undefined && ((keyUsage[3] ?? 0) & KEY_CERT_SIGN) !== 0
}

/** How many authorities may stand below one with these basic constraints; null where nothing limits it. */
export function readPathLength(basicConstraints: Buffer | undefined): number | null {
  if (basicConstraints === undefined) return null
  const length = children(parse(basicConstraints)).find(({ type }) => type === Type.INTEGER)?.value
  return typeof length === 'string' ? Number.parseInt(Buffer.from(length, 'latin1').toString('hex'), 16) : null
}

/** Whether the value of an extended key usage extension allows `usage`; without the extension everything is allowed. */
export function allowsUsage(extendedKeyUsage: Buffer | undefined, usage: string): boolean {
  if (extendedKeyUsage === undefined) return true
  const usages = children(parse(extendedKeyUsage)).map(oidOf)
  return usages.includes(usage) || usages.includes(OID_ANY_USAGE)
}

/** The identifier inside the value of a subject key identifier extension, null where there is none. */
export function readKeyId(subjectKeyId: Buffer | undefined): Buffer | null {
  return subjectKeyId === undefined || subjectKeyId.length <= 2 ? null : subjectKeyId.subarray(2)
}

function subjectKeyIdentifier(keyId: Buffer): Asn1 {
  return extension(OID_SUBJECT_KEY_ID, false, primitive(Type.OCTETSTRING, keyId.toString('latin1')))
}

function generalName(name: string | Address): Asn1 {
  return typeof name === 'string' ? context(2, name) : context(7, Buffer.from(name.bytes).toString('latin1'))
}

function extension(oid: string, critical: boolean, value: Asn1): Asn1 {
  const octets = primitive(Type.OCTETSTRING, encode(value).toString('latin1'))
  return sequence(critical ? [objectId(oid), yes(), octets] : [objectId(oid), octets])
}

function yes(): Asn1 {
  return primitive(Type.BOOLEAN, '\xff')
}
