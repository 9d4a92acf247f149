/** What is wrong with the certificate an upstream showed, as a sentence for a person; null where nothing is (RFC 9525). */
import type { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
import { type Destination, nameOf } from '../net/destination.ts'
import { peerChain } from './peer-certificate.ts'

const NAMES_SHOWN_MAX = 3
const NAME_CHARACTERS_MAX = 80

/** The chain as OpenSSL verified it in the handshake that `socket` has just finished. */
export function chainFault(socket: TLSSocket, destination: Destination): string | null {
  if (socket.authorized) return null
  const name = nameOf(destination)
  const chain = peerChain(socket)
  const [certificate] = chain
  if (certificate === undefined) return `${name} showed no certificate.`
  return describeVerdict(codeOf(socket.authorizationError), chain, certificate, name)
}

/** The name in the certificate against the one asked for. */
export function nameFault(certificate: X509Certificate, destination: Destination): string | null {
  const name = nameOf(destination)
  const expected = destination.host ?? destination.literal.text
  const peer = certificate.toLegacyObject()
  if (peer.subjectaltname === undefined)
    return `The certificate of ${name} names no host (no subject alternative name).`
  // RFC 9525 section 2: the common name is no identity, though Node still falls back on it.
  const fault = checkServerIdentity(expected, { ...peer, subject: { ...peer.subject, CN: '' } })
  return fault === undefined ? null : `The certificate of ${name} is for ${listed(peer.subjectaltname)}.`
}

// OpenSSL's verdicts (X509_verify_cert_error_string(3)), as Node spells them.
function describeVerdict(
  code: string,
  chain: readonly X509Certificate[],
  certificate: X509Certificate,
  name: string,
): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return dateFault(chain, certificate, name, 'expired')
    case 'CERT_NOT_YET_VALID':
      return dateFault(chain, certificate, name, 'future')
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `The certificate of ${name} is self-signed.`
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return `The certificate of ${name} is signed by an unknown authority ${issuerOf(chain.at(-1))}.`
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `The certificate of ${name} is signed by an unknown authority ${issuerOf(chain.at(-1))}, or the server does not send its intermediate certificate.`
    case 'INVALID_PURPOSE':
      return `The certificate of ${name} is not for a server.`
    default:
      return `The certificate of ${name} is not valid (${plain(code)}).`
  }
}

// The verdict does not say which certificate of the chain it is about; the first to end, or the last to begin, is one.
function dateFault(
  chain: readonly X509Certificate[],
  certificate: X509Certificate,
  name: string,
  kind: 'expired' | 'future',
): string {
  const at = (one: X509Certificate): number =>
    kind === 'expired' ? -one.validToDate.getTime() : one.validFromDate.getTime()
  const worst = chain.reduce((left, right) => (at(right) > at(left) ? right : left))
  const who =
    worst === certificate
      ? `The certificate of ${name}`
      : `The certificate of ${name} rests on ${quoted(commonNameIn(worst.subject))}, which`
  return kind === 'expired'
    ? `${who} expired on ${dateOf(worst.validToDate)}.`
    : `${who} is not valid before ${dateOf(worst.validFromDate)}.`
}

function issuerOf(certificate: X509Certificate | undefined): string {
  return quoted(commonNameIn(certificate?.issuer ?? ''))
}

function commonNameIn(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')
}

function listed(alternativeNames: string): string {
  const names = alternativeNames.split(', ').map((entry) => plain(entry.replace(/^(?:DNS|IP Address):/, '')))
  const rest = names.length - NAMES_SHOWN_MAX
  return names.slice(0, NAMES_SHOWN_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function quoted(text: string): string {
  return `"${plain(text)}"`
}

// The upstream chose this text, and it will stand in headers, terminals and logs.
function plain(text: string): string {
  const printable = text.replaceAll(/[^\x20-\x7e]|["\\]/g, '?')
  return printable.length <= NAME_CHARACTERS_MAX ? printable : `${printable.slice(0, NAME_CHARACTERS_MAX)}…`
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10)
}

// Typed as an Error, and a code in fact (the property is documented as the reason and set from `verifyError.code`).
function codeOf(error: unknown): string {
  if (typeof error === 'string') return error
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
