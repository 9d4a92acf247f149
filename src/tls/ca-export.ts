/** The inspection CA in the forms that clients import it in, and as text for a person to compare. */
import { X509Certificate } from 'node:crypto'
import type { Authority } from './authority-pem.ts'

export type ExportFormat = 'pem' | 'der' | 'text'

/** The certificate, never the key. Text is in the manner of `openssl x509 -noout -subject -serial -dates -fingerprint`. */
export function exportAuthority(authority: Authority, format: ExportFormat): Buffer {
  return FORMS[format](authority)
}

const FORMS: Readonly<Record<ExportFormat, (authority: Authority) => Buffer>> = {
  pem: (authority) => Buffer.from(authority.certificatePem),
  der: (authority) => authority.certificateDer,
  text: (authority) => Buffer.from(describe(authority)),
}

function describe(authority: Authority): string {
  const certificate = new X509Certificate(authority.certificateDer)
  const lines = [
    ['Subject', authority.subject],
    ['Issuer', certificate.issuer.replaceAll('\n', ', ')],
    ['Serial', certificate.serialNumber],
    ['Not before', new Date(authority.notBefore).toISOString()],
    ['Not after', new Date(authority.notAfter).toISOString()],
    ['Subject key identifier', colons(authority.subjectKeyId)],
    ['SHA-256 fingerprint', authority.fingerprint256],
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
