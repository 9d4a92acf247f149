/** A small PKI for tests: authorities in memory, and any certificate, good or bad, that they might sign. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { parseAddress } from '../../src/net/address.ts'
import type { Authority } from '../../src/tls/authority-admission.ts'
import { DAY_MS } from '../../src/tls/authority-creation.ts'
import { parseAuthorityPem } from '../../src/tls/authority-pem.ts'
import { type Asn1, distinguishedName, encodePem, signCertificate } from '../../src/tls/certificate.ts'
import {
  authorityExtensions,
  keyIdOf,
  leafExtensions,
  OID_CLIENT_AUTH,
  OID_SERVER_AUTH,
} from '../../src/tls/extensions.ts'

/** When a certificate is valid, relative to the clock of this machine: TLS knows no other. */
export interface Validity {
  /** It ended a day ago. */
  readonly expired?: boolean
  /** It begins in a day. */
  readonly future?: boolean
  /** How long it is (still) valid. */
  readonly days?: number
}

export interface IssueOptions extends Validity {
  /** Hosts (also `*.name`) and addresses, all of them subject alternative names. */
  readonly names: readonly string[]
  /** Default: the first name. */
  readonly commonName?: string
  readonly usage?: 'server' | 'client'
}

/** PEM, as tls.createServer takes it. `cert` is the chain below the root. */
export interface Issued {
  readonly key: string
  readonly cert: string
}

export interface TestCa {
  readonly certificatePem: string
  /** As Weir's own inspection CA. */
  readonly authority: Authority
  issue(options: IssueOptions): Issued
  /** An authority below this one. */
  intermediate(options?: Validity & { readonly name?: string }): TestCa
}

/** A self-signed root whose common name is `name`. */
export function createTestCa(options: Validity & { readonly name?: string } = {}): TestCa {
  return makeCa(options.name ?? 'Test Root', options, null)
}

/** A server's certificate signed with its own key. */
export function selfSigned(options: IssueOptions): Issued {
  const pair = makeKey()
  return signLeaf(options, pair, {
    ...pair,
    subject: distinguishedName({ commonName: commonNameOf(options) }),
    chain: '',
    root: '',
  })
}

interface Pair {
  readonly keyPem: string
  readonly keyId: Buffer
}

interface Issuer extends Pair {
  readonly subject: Asn1
  /** The certificates that a server sends after its own. */
  readonly chain: string
  readonly root: string
}

function makeCa(name: string, validity: Validity, parent: Issuer | null): TestCa {
  const pair = makeKey()
  const subject = distinguishedName({ organisation: 'Weir Tests', commonName: name })
  const certificate = signCertificate(
    {
      issuer: parent?.subject ?? subject,
      subject,
      ...periodOf(validity),
      publicKey: createPublicKey(pair.keyPem),
      extensions: authorityExtensions(pair.keyId, parent === null ? 1 : 0),
    },
    createPrivateKey(parent?.keyPem ?? pair.keyPem),
  )
  const certificatePem = encodePem(certificate)
  const chain = parent === null ? '' : certificatePem + parent.chain
  const root = parent?.root ?? certificatePem
  const issuer: Issuer = { ...pair, subject, chain, root }
  return {
    certificatePem,
    get authority() {
      const files = { certificate: `${name}.pem`, key: `${name}-key.pem` }
      return parseAuthorityPem({ certificatePem: chain + root, keyPem: pair.keyPem }, files, Date.now())
    },
    issue: (options) => signLeaf(options, makeKey(), issuer),
    intermediate: (options = {}) => makeCa(options.name ?? 'Test Intermediate', options, issuer),
  }
}

function signLeaf(options: IssueOptions, pair: Pair, issuer: Issuer): Issued {
  const certificate = signCertificate(
    {
      issuer: issuer.subject,
      subject: distinguishedName({ commonName: commonNameOf(options) }),
      ...periodOf(options),
      publicKey: createPublicKey(pair.keyPem),
      extensions: leafExtensions({
        keyId: pair.keyId,
        authorityKeyId: issuer.keyId,
        names: options.names.map((name) => parseAddress(name) ?? name),
        namesCritical: false,
        extendedKeyUsage: options.usage === 'client' ? OID_CLIENT_AUTH : OID_SERVER_AUTH,
      }),
    },
    createPrivateKey(issuer.keyPem),
  )
  return { key: pair.keyPem, cert: encodePem(certificate) + issuer.chain }
}

function commonNameOf(options: IssueOptions): string {
  return options.commonName ?? options.names[0] ?? 'nobody'
}

function periodOf({ expired = false, future = false, days = 30 }: Validity): { notBefore: number; notAfter: number } {
  const now = Date.now()
  if (expired) return { notBefore: now - 3 * DAY_MS, notAfter: now - DAY_MS }
  return { notBefore: now + (future ? DAY_MS : -DAY_MS), notAfter: now + (days + (future ? 1 : 0)) * DAY_MS }
}

function makeKey(): Pair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return { keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), keyId: keyIdOf(publicKey) }
}
