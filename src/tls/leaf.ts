/** The certificate that a client sees for one inspected name: short-lived, signed by the inspection CA (RFC 5280, RFC 9525). */
import { generateKeyPairSync } from 'node:crypto'
import type { Address } from '../net/address.ts'
import type { Host } from '../net/host.ts'
import type { Authority } from './authority-admission.ts'
import { BACKDATE_MS, DAY_MS } from './authority-creation.ts'
import { distinguishedName, encodePem, signCertificate } from './certificate.ts'
import { keyIdOf, leafExtensions, OID_SERVER_AUTH } from './extensions.ts'

export interface Leaf {
  readonly certificatePem: string
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
}

// RFC 5280 appendix A.1: ub-common-name.
const COMMON_NAME_CHARACTERS_MAX = 64

const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

/** The key of every leaf of this process. It lives in memory only and ends with the process. */
export const leafKey = {
  publicKey: pair.publicKey,
  privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

const leafKeyId = keyIdOf(leafKey.publicKey)

/** A leaf for a host or an address, valid from a day ago for `days`, and never outside the validity of its CA. */
export function mintLeaf(authority: Authority, name: Host | Address, options: { now: number; days: number }): Leaf {
  const text = typeof name === 'string' ? name : name.text
  // A name cut short would be another name; RFC 5280 section 4.1.2.6 lets the alternative name stand alone. Under constraints
  // it must: they bind the subject too (section 4.2.1.10), and OpenSSL takes an address in a common name for a host.
  const named = text.length <= COMMON_NAME_CHARACTERS_MAX && authority.constraints.length === 0
  const commonName = named ? text : undefined
  const notBefore = wholeSecond(Math.max(options.now - BACKDATE_MS, authority.notBefore))
  const notAfter = wholeSecond(Math.min(options.now + options.days * DAY_MS, authority.notAfter))
  const certificate = signCertificate(
    {
      issuer: authority.subjectName,
      subject: distinguishedName({ commonName }),
      notBefore,
      notAfter,
      publicKey: leafKey.publicKey,
      extensions: leafExtensions({
        keyId: leafKeyId,
        authorityKeyId: authority.subjectKeyId,
        names: [name],
        namesCritical: commonName === undefined,
        extendedKeyUsage: OID_SERVER_AUTH,
      }),
    },
    authority.privateKey,
  )
  return { certificatePem: encodePem(certificate), notBefore, notAfter }
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1_000) * 1_000
}
