/** What clients are to trust, in the forms that they import it in, and as text for a person to compare. */
import { X509Certificate } from 'node:crypto'
import type { Anchor, Authority } from './authority-admission.ts'
import { OID_SUBJECT_KEY_ID, readKeyId } from './extensions.ts'
import { describeNameConstraints } from './name-constraints.ts'
import { readParts } from './certificate.ts'
import type { Authorities } from './rotation.ts'

export const EXPORT_FORMATS = ['pem', 'der', 'text'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export const EXPORT_CHOICES = ['all', 'active', 'next', 'old'] as const
/** Of which CA: all of them together are what clients trust through a rotation. */
export type ExportChoice = (typeof EXPORT_CHOICES)[number]

/** The certificates that clients are to trust, in the order in which they came or come to sign: the active one first. */
export function anchorsOf({ active, next, old }: Authorities, choice: ExportChoice): readonly Anchor[] {
  const chosen = { active: [active.anchor], next: next === null ? [] : [next.anchor], old }
  return choice === 'all' ? [...chosen.active, ...chosen.next, ...chosen.old] : chosen[choice]
}

/**
 * The certificates, never a key. DER holds exactly one: null for more or fewer. Text is in the manner of
 * `openssl x509 -noout -subject -serial -dates -fingerprint`.
 */
export function exportAnchors(anchors: readonly Anchor[], format: ExportFormat): Buffer | null {
  return FORMS[format](anchors)
}

const FORMS: Readonly<Record<ExportFormat, (anchors: readonly Anchor[]) => Buffer | null>> = {
  pem: (anchors) => Buffer.from(anchors.map(({ certificatePem }) => certificatePem).join('')),
  der: ([first, ...more]) => (first === undefined || more.length > 0 ? null : first.certificateDer),
  text: (anchors) => Buffer.from(anchors.map(describeAnchor).join('\n')),
}

/** The names that an authority may sign for, as one line; null where nothing limits them. */
export function describeLimits(authority: Authority): string | null {
  return authority.constraints.length === 0 ? null : authority.constraints.map(describeNameConstraints).join('; and ')
}

export function describeAnchor(anchor: Anchor): string {
  const certificate = new X509Certificate(anchor.certificateDer)
  const keyId = readKeyId(readParts(anchor.certificateDer).extensions.get(OID_SUBJECT_KEY_ID))
  const lines: readonly (readonly [string, string])[] = [
    ['Subject', anchor.subject],
    ['Issuer', certificate.issuer.replaceAll('\n', ', ')],
    ['Serial', certificate.serialNumber],
    ['Not before', new Date(anchor.notBefore).toISOString()],
    ['Not after', new Date(anchor.notAfter).toISOString()],
    ...(keyId === null ? [] : ([['Subject key identifier', colons(keyId)]] as const)),
    ['SHA-256 fingerprint', anchor.fingerprint256],
    // Old and new import dialogues show this one; nothing rests on it.
    ['SHA-1 fingerprint', certificate.fingerprint],
  ]
  return lines.map(([name, value]) => `${name}: ${value}\n`).join('')
}

function colons(bytes: Buffer): string {
  return bytes
    .toString('hex')
    .toUpperCase()
    .replaceAll(/(..)(?=.)/g, '$1:')
}
