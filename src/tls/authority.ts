/** The inspection CA on disk: made once, and read back as PEM or PKCS#12, whole or not at all. */
import { createPublicKey } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, type AuthorityFiles, admitAuthority } from './authority-admission.ts'
import { type AuthorityOptions, generateAuthority } from './authority-creation.ts'
import { parseCredentials } from './authority-pem.ts'
import { AuthorityProblem, blameAuthority } from './authority-problem.ts'
import { CERTIFICATE_MODE, DIRECTORY_MODE, exists, KEY_MODE, placeFile, readKeyFile } from './key-file.ts'
import { type Credentials, parsePkcs12 } from './pkcs12.ts'

export type { Authority } from './authority-admission.ts'

export interface LoadOptions {
  /** Opens the key where it is encrypted. */
  readonly passphrase?: string | null | undefined
}

/** A key and its certificates as they were read, and where from. */
export interface Found {
  readonly credentials: Credentials
  readonly files: AuthorityFiles
}

/** Names under which a CA of the admin's own may lie in PKCS#12. */
export const PKCS12_NAMES = ['ca.p12', 'ca.pfx'] as const
export const NEXT_FOLDER = 'next'

const MISSING = 'is missing; make a CA with `weir ca init`'

/**
 * Makes a CA in `directory` (created, private, where it is missing): `ca.pem` and `ca-key.pem`. Throws an
 * AuthorityProblem where there is one already, a RangeError for options out of bounds.
 */
export async function createAuthority(directory: string, options: AuthorityOptions): Promise<Authority> {
  const files = pemFilesIn(directory)
  const text = generateAuthority(options)
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE })
  for (const file of [files.certificate, ...PKCS12_NAMES.map((name) => join(directory, name))]) {
    if (await exists(file, blameAuthority(file)))
      throw new AuthorityProblem(
        file,
        'there is a CA already; move it away first if it is to be replaced, or `weir ca rotate`',
      )
  }
  // The key first: whoever owns that name owns the right to write the certificate, so that of two calls at once one wins.
  await placeFile(files.key, text.keyPem, KEY_MODE, blameAuthority(files.key))
  try {
    await placeFile(files.certificate, text.certificatePem, CERTIFICATE_MODE, blameAuthority(files.certificate))
  } catch (error) {
    await rm(files.key, { force: true })
    throw error
  }
  return loadAuthority(directory, options.now, options)
}

/** Reads the CA in `directory`; throws an AuthorityProblem. `now` in milliseconds since the epoch. */
export async function loadAuthority(directory: string, now: number, options: LoadOptions = {}): Promise<Authority> {
  const { credentials, files } = await findAuthority(directory, options)
  return admitAuthority(credentials, files, now)
}

/** The CA in `directory` without the checks: one that has expired is found too. Throws an AuthorityProblem. */
export async function findAuthority(directory: string, options: LoadOptions): Promise<Found> {
  const unfinished = await findUnfinished(directory, options)
  if (unfinished !== null) return unfinished
  const present = await presentIn(directory, [...PKCS12_NAMES, 'ca.pem', 'ca-key.pem'])
  const [first, second] = present
  if (first === undefined || (!first.endsWith('.p12') && !first.endsWith('.pfx')))
    return readPemPair(pemFilesIn(directory), options)
  const file = join(directory, first)
  if (second !== undefined)
    throw new AuthorityProblem(file, `${second} lies beside it; keep one CA here and move the other away`)
  const bytes = await readKeyFile(file, 'secret', blameAuthority(file), MISSING)
  const credentials = parsePkcs12(bytes, options.passphrase ?? null, blameAuthority(file))
  return { credentials, files: { certificate: file, key: file } }
}

/**
 * What a rotation leaves that was cut short between its two renames: the key is the next CA's already, its certificate still lies in
 * the folder it was prepared in. Null where that is not so.
 */
export async function findUnfinished(directory: string, options: LoadOptions): Promise<Found | null> {
  const next = pemFilesIn(join(directory, NEXT_FOLDER))
  const files = { certificate: next.certificate, key: pemFilesIn(directory).key }
  const [certificate, nextKey, key] = await Promise.all(
    [next.certificate, next.key, files.key].map((file) => exists(file, blameAuthority(file))),
  )
  if (certificate !== true || nextKey !== false || key !== true) return null
  const found = await readPemPair(files, options)
  const [issuing] = found.credentials.chain
  // Somebody may just be putting a next CA there by hand.
  return issuing?.publicKey.equals(createPublicKey(found.credentials.key)) === true ? found : null
}

export function pemFilesIn(directory: string): AuthorityFiles {
  return { certificate: join(directory, 'ca.pem'), key: join(directory, 'ca-key.pem') }
}

export async function readPemPair(files: AuthorityFiles, { passphrase = null }: LoadOptions): Promise<Found> {
  const certificates = await readKeyFile(files.certificate, 'public', blameAuthority(files.certificate), MISSING)
  const key = await readKeyFile(files.key, 'secret', blameAuthority(files.key), MISSING)
  const text = { certificatePem: certificates.toString(), keyPem: key.toString() }
  return { credentials: parseCredentials(text, files, passphrase), files }
}

async function presentIn(directory: string, names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    names.map((name) => exists(join(directory, name), blameAuthority(join(directory, name)))),
  )
  return names.filter((_name, at) => found[at])
}
