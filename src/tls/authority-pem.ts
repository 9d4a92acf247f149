/** The inspection CA as PEM texts: one of certificates, the issuing one first, and one of its key. */
import { X509Certificate } from 'node:crypto'
import { type Authority, type AuthorityFiles, admitAuthority } from './authority-admission.ts'
import type { AuthorityText } from './authority-creation.ts'
import { type Blame, blameAuthority } from './authority-problem.ts'
import { splitPem } from './pem.ts'
import type { Credentials } from './pkcs12.ts'
import { isPrivateKey, parsePrivateKey } from './private-key.ts'

/**
 * Reads and checks a CA; throws an AuthorityProblem that names the file at fault. `now` in milliseconds since the epoch;
 * `passphrase` opens the key where it is encrypted.
 */
export function parseAuthorityPem(
  text: AuthorityText,
  files: AuthorityFiles,
  now: number,
  passphrase: string | null = null,
): Authority {
  return admitAuthority(parseCredentials(text, files, passphrase), files, now)
}

/** The same without the checks. */
export function parseCredentials(text: AuthorityText, files: AuthorityFiles, passphrase: string | null): Credentials {
  const chain = parseCertificates(text.certificatePem, blameAuthority(files.certificate))
  return { key: parseKey(text.keyPem, passphrase, blameAuthority(files.key)), chain }
}

/** The certificates of a PEM text, at least one, and nothing besides. Throws what `blame` makes. */
export function parseCertificates(pem: string, blame: Blame): readonly X509Certificate[] {
  const blocks = splitPem(pem)
  if (blocks === null || blocks.length === 0) throw blame('must hold a certificate in PEM, whole')
  const stranger = blocks.find(({ label }) => label !== 'CERTIFICATE')
  if (stranger !== undefined) throw blame(`must hold certificates alone, not a ${stranger.label}`)
  return blocks.map(({ text }) => {
    try {
      return new X509Certificate(text)
    } catch (cause) {
      throw blame('a certificate in it cannot be read; restore the file', cause)
    }
  })
}

function parseKey(pem: string, passphrase: string | null, blame: Blame): Credentials['key'] {
  // `openssl ecparam -genkey` puts the curve before the key, which names it again.
  const blocks = (splitPem(pem) ?? []).filter(({ label }) => label !== 'EC PARAMETERS')
  const [block] = blocks
  if (block === undefined || blocks.length > 1 || !isPrivateKey(block)) {
    throw blame('no private key can be read from it (it must hold exactly one in PEM, PKCS#8 or traditional)')
  }
  return parsePrivateKey(block, passphrase, blame)
}
