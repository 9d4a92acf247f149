/** A new inspection CA: self-signed, P-256, and for leaves only (RFC 5280 section 4.2.1.9). */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Host } from '../net/host.ts'
import { distinguishedName, encodePem, signCertificate } from './certificate.ts'
import { authorityExtensions, keyIdOf } from './extensions.ts'
import { encodeDomains } from './name-constraints.ts'

export interface AuthorityOptions {
  /** Stands in the subject, so that people see whose CA they are asked to trust. */
  readonly organisation?: string | undefined
  readonly days?: number | undefined
  /** The domains, with all that is below each, that it may sign for; without any it may sign for every name. */
  readonly only?: readonly Host[] | undefined
  /** The value of a name constraints extension to take over from another CA, in place of `only`. */
  readonly nameConstraints?: Buffer | undefined
  /** What its key is encrypted with on disk; null for not at all. */
  readonly passphrase?: string | null | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** A CA as it lies on disk. */
export interface AuthorityText {
  readonly certificatePem: string
  /** PKCS#8, encrypted where it was made with a passphrase. */
  readonly keyPem: string
}

export const DAY_MS = 86_400_000
/** Clocks of clients run late; a certificate that begins a day ago is valid for them too. */
export const BACKDATE_MS = 24 * 3_600_000
/** Clients compare each name of each leaf with all of them. */
export const ONLY_DOMAINS_MAX = 100

const DAYS_DEFAULT = 1_825
const DAYS_MAX = 36_500
// RFC 5280 appendix A.1: ub-organization-name and ub-common-name.
const ORGANISATION_CHARACTERS_MAX = 64

/** Throws a RangeError for an organisation, days or domains out of bounds. */
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
      extensions: authorityExtensions(keyId, 0, constraintsOf(options)),
    },
    privateKey,
  )
  return { certificatePem: encodePem(certificate), keyPem: exportKey(privateKey, options.passphrase ?? null) }
}

function constraintsOf({ only = [], nameConstraints }: AuthorityOptions): Buffer | null {
  if (only.length > ONLY_DOMAINS_MAX) throw new RangeError(`a CA is limited to at most ${ONLY_DOMAINS_MAX} domains`)
  return only.length === 0 ? (nameConstraints ?? null) : encodeDomains([...new Set(only)])
}

function exportKey(key: KeyObject, passphrase: string | null): string {
  const sealed = passphrase === null ? {} : { cipher: 'aes-256-cbc', passphrase }
  return key.export({ type: 'pkcs8', format: 'pem', ...sealed }).toString()
}

function isOrganisation(text: string): boolean {
  return text.length >= 1 && text.length <= ORGANISATION_CHARACTERS_MAX && !/\p{C}/u.test(text)
}
