/** The certificates with which Weir shows itself to upstreams that ask for one (RFC 8446 section 4.4.2.3). */
import { createPublicKey } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { Host } from '../net/host.ts'
import type { ClientCertificate } from '../settings/client-certificate.ts'
import { CHAIN_CERTIFICATES_MAX } from './authority-admission.ts'
import { parseCertificates } from './authority-pem.ts'
import { type Blame, blameKeyFile } from './authority-problem.ts'
import { readParts } from './certificate.ts'
import { allowsUsage, OID_CLIENT_AUTH, OID_EXTENDED_KEY_USAGE } from './extensions.ts'
import { readKeyFile } from './key-file.ts'
import { splitPem } from './pem.ts'
import { type Credentials, parsePkcs12 } from './pkcs12.ts'
import { isPrivateKey, parsePrivateKey } from './private-key.ts'

/** Who Weir is to some upstreams. */
export interface ClientIdentity {
  /** SHA-256 of the certificate, as `AB:CD:…`. */
  readonly fingerprint256: string
  /** The certificate, and those of its issuers as far as they were given. */
  readonly certificatePem: string
  /** PKCS#8, not encrypted: in memory only. */
  readonly keyPem: string
}

export interface ClientCertificates {
  /** What is shown to this host: by its own name first, then by the longest suffix; null for nothing. */
  certificateFor(host: Host): ClientIdentity | null
}

export const NO_CLIENT_CERTIFICATES: ClientCertificates = { certificateFor: () => null }

/** Reads every file; throws a KeyFileProblem. `now` in milliseconds since the epoch. */
export async function loadClientCertificates(
  entries: readonly ClientCertificate[],
  options: { readonly passphrase: string | null; readonly now: number },
): Promise<ClientCertificates> {
  const exact = new Map<string, ClientIdentity>()
  const below = new Map<string, ClientIdentity>()
  const read = new Map<string, ClientIdentity>()
  for (const { host, below: isSuffix, file } of entries) {
    const map = isSuffix ? below : exact
    if (map.has(host))
      throw blameKeyFile(file)(`${isSuffix ? '*.' : ''}${host} has a client certificate already; give it one`)
    const identity = read.get(file) ?? (await readIdentity(file, options.passphrase, options.now))
    read.set(file, identity)
    map.set(host, identity)
  }
  return { certificateFor: (host) => exact.get(host) ?? longestSuffix(below, host) }
}

function longestSuffix(identities: ReadonlyMap<string, ClientIdentity>, host: Host): ClientIdentity | null {
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    const identity = identities.get(host.slice(dot + 1))
    if (identity !== undefined) return identity
  }
  return null
}

async function readIdentity(file: string, passphrase: string | null, now: number): Promise<ClientIdentity> {
  const blame = blameKeyFile(file)
  const bytes = await readKeyFile(file, 'secret', blame, 'there is no such file, and --client-certificate names it')
  const credentials = bytes.includes('-----BEGIN ')
    ? parsePemCredentials(bytes.toString(), passphrase, blame)
    : parsePkcs12(bytes, passphrase, blame)
  return admitIdentity(credentials, blame, now)
}

/** The key and the certificates of one PEM text, in any order of the key, the certificate's own first. */
function parsePemCredentials(text: string, passphrase: string | null, blame: Blame): Credentials {
  const blocks = splitPem(text)
  if (blocks === null) throw blame('a PEM block in it is begun and not ended')
  const keys = blocks.filter(isPrivateKey)
  const [key] = keys
  if (key === undefined || keys.length > 1)
    throw blame(`must hold exactly one private key beside its certificate, not ${keys.length}`)
  const rest = blocks.filter((block) => !isPrivateKey(block) && block.label !== 'EC PARAMETERS')
  const chain = parseCertificates(rest.map((block) => block.text).join(''), blame)
  return { key: parsePrivateKey(key, passphrase, blame), chain }
}

function admitIdentity({ key, chain }: Credentials, blame: Blame, now: number): ClientIdentity {
  const [certificate] = chain
  if (certificate === undefined) throw blame('holds no certificate')
  if (chain.length > CHAIN_CERTIFICATES_MAX)
    throw blame(`holds a chain of more than ${CHAIN_CERTIFICATES_MAX} certificates`)
  if (!createPublicKey(key).equals(certificate.publicKey))
    throw blame('the private key does not belong to the first certificate in it')
  if (certificate.validToDate.getTime() <= now)
    throw blame(`the certificate expired on ${certificate.validToDate.toISOString().slice(0, 10)}; renew it`)
  if (!isForClients(certificate.raw, blame))
    throw blame('the certificate is not for a client (its extended key usage lacks clientAuth)')
  const identity = {
    fingerprint256: certificate.fingerprint256,
    certificatePem: chain.map(String).join(''),
    keyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
  try {
    // What OpenSSL holds too weak to be shown is better told now than in every handshake.
    createSecureContext({ cert: identity.certificatePem, key: identity.keyPem })
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw blame(`the certificate cannot be used in TLS (${reason})`, cause)
  }
  return identity
}

function isForClients(der: Buffer, blame: Blame): boolean {
  try {
    return allowsUsage(readParts(der).extensions.get(OID_EXTENDED_KEY_USAGE), OID_CLIENT_AUTH)
  } catch (cause) {
    throw blame('the extensions of the certificate cannot be read', cause)
  }
}
