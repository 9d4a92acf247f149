/** The inspection CA replaced with overlap: clients learn to trust the next one while the present one still signs. */
import { randomBytes, X509Certificate } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Authority,
  findAuthority,
  findUnfinished,
  type LoadOptions,
  loadAuthority,
  NEXT_FOLDER,
  PKCS12_NAMES,
  pemFilesIn,
  readPemPair,
} from './authority.ts'
import { type Anchor, admitAuthority, anchorOf } from './authority-admission.ts'
import { type AuthorityOptions, generateAuthority } from './authority-creation.ts'
import { parseCertificates } from './authority-pem.ts'
import { AuthorityProblem, blameAuthority } from './authority-problem.ts'
import {
  CERTIFICATE_MODE,
  codeOf,
  DIRECTORY_MODE,
  exists,
  KEY_MODE,
  placeFile,
  readKeyFile,
  syncDirectory,
  writeSynced,
} from './key-file.ts'

/** All that clients are asked to trust. */
export interface Authorities {
  readonly active: Authority
  /** Prepared, and not signing yet. */
  readonly next: Authority | null
  /** Of CAs that signed before, until they expire: leaves of theirs may still be shown to clients. */
  readonly old: readonly Anchor[]
}

export const OLD_CERTIFICATES_MAX = 20

const OLD_FOLDER = 'old'
const UNFINISHED_NEXT = /^next\.[0-9a-f]+\.tmp$/

/** The CA in `directory`, the one that is prepared to follow it, and those before it. Throws an AuthorityProblem. */
export async function loadAuthorities(directory: string, now: number, options: LoadOptions): Promise<Authorities> {
  const active = await loadAuthority(directory, now, options)
  const next = await loadNext(directory, now, options)
  const known = new Set([active.anchor.fingerprint256, next?.anchor.fingerprint256])
  const old = (await readOld(directory)).filter((one) => one.notAfter > now && !known.has(one.fingerprint256))
  return { active, next, old }
}

/** Prepares the next CA of `directory`. Throws an AuthorityProblem, or a RangeError for options out of bounds. */
export function prepareRotation(directory: string, options: AuthorityOptions): Promise<void> {
  return takeAll(preparation(directory, options))
}

/** Makes the prepared CA the active one. Throws an AuthorityProblem. */
export function activateRotation(directory: string, now: number, options: LoadOptions): Promise<void> {
  return takeAll(activation(directory, now, options))
}

/**
 * The preparation, step by step: after each the folder loads. What the options leave open, organisation and constraints, is as it is
 * in the active CA.
 */
export async function* preparation(directory: string, options: AuthorityOptions): AsyncGenerator<string> {
  const active = await loadAuthority(directory, options.now, options)
  await refuseSecondNext(directory, options)
  const { certificatePem, keyPem } = generateAuthority(inherit(active, directory, options))
  const making = join(directory, `${NEXT_FOLDER}.${randomBytes(8).toString('hex')}.tmp`)
  const files = pemFilesIn(making)
  try {
    await mkdir(making, { mode: DIRECTORY_MODE })
    yield 'folder'
    await writeSynced(files.key, keyPem, KEY_MODE)
    yield 'key'
    await writeSynced(files.certificate, certificatePem, CERTIFICATE_MODE)
    await syncDirectory(making)
    yield 'certificate'
    // Never over a folder with something in it.
    await rename(making, join(directory, NEXT_FOLDER))
    await syncDirectory(directory)
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    throw new AuthorityProblem(join(directory, NEXT_FOLDER), `cannot be written (${codeOf(cause)})`, cause)
  }
  // Only now: emptied before, the folder of a call at the same time would be put in place with nothing in it.
  for (const name of await namesIn(directory)) {
    if (UNFINISHED_NEXT.test(name)) await rm(join(directory, name), { recursive: true, force: true })
  }
  yield 'next'
}

/**
 * The activation, step by step: after each the folder loads, and from 'key' on as the new CA. Cut short, it is taken up again by the
 * next activation.
 */
export async function* activation(directory: string, now: number, options: LoadOptions): AsyncGenerator<string> {
  const present = pemFilesIn(directory)
  const next = pemFilesIn(join(directory, NEXT_FOLDER))
  if ((await findUnfinished(directory, options)) === null) {
    if ((await loadNext(directory, now, options)) === null)
      throw new AuthorityProblem(next.certificate, 'no next CA is prepared; `weir ca rotate` does that')
    await keepOld(directory, now, options)
    yield 'old'
    // The rename is the end of the present key.
    await move(next.key, present.key)
    await syncDirectory(join(directory, NEXT_FOLDER))
    await syncDirectory(directory)
    yield 'key'
  }
  for (const name of PKCS12_NAMES) await rm(join(directory, name), { force: true })
  await syncDirectory(directory)
  yield 'pkcs12'
  await move(next.certificate, present.certificate)
  await syncDirectory(directory)
  yield 'certificate'
  await removeEmpty(join(directory, NEXT_FOLDER))
  yield 'done'
}

async function takeAll(steps: AsyncGenerator<string>): Promise<void> {
  let step = await steps.next()
  while (step.done !== true) step = await steps.next()
}

async function loadNext(directory: string, now: number, options: LoadOptions): Promise<Authority | null> {
  const files = pemFilesIn(join(directory, NEXT_FOLDER))
  if (!(await exists(files.key, blameAuthority(files.key)))) return null
  const { credentials } = await readPemPair(files, options)
  return admitAuthority(credentials, files, now)
}

async function refuseSecondNext(directory: string, options: LoadOptions): Promise<void> {
  const folder = join(directory, NEXT_FOLDER)
  if ((await findUnfinished(directory, options)) !== null)
    throw new AuthorityProblem(folder, 'an activation was cut short; `weir ca rotate --activate` finishes it')
  if ((await namesIn(folder)).length > 0)
    throw new AuthorityProblem(folder, 'a next CA is there already; `weir ca rotate --activate` it, or remove it')
}

function inherit(active: Authority, directory: string, options: AuthorityOptions): AuthorityOptions {
  if (active.fingerprint256 !== active.anchor.fingerprint256 || active.chainPem !== '') {
    throw new AuthorityProblem(
      join(directory, NEXT_FOLDER),
      'the present CA was issued by another; let that one issue the next, and put it there as ca.pem and ca-key.pem',
    )
  }
  // Node types every attribute as text, and gives a list where it stands several times.
  const { O: own } = new X509Certificate(active.certificateDer).toLegacyObject().subject
  const organisation = options.organisation ?? [own].flat()[0]
  return { ...options, organisation, nameConstraints: options.nameConstraints ?? active.constraints[0]?.der }
}

/** Keeps the certificate that clients trust now, and lets go of those that have expired. */
async function keepOld(directory: string, now: number, options: LoadOptions): Promise<void> {
  const { credentials } = await findAuthority(directory, options)
  const trusted = credentials.chain.at(-1)
  const folder = join(directory, OLD_FOLDER)
  await mkdir(folder, { recursive: true, mode: DIRECTORY_MODE })
  const kept = await readOldFiles(directory)
  for (const { file, anchors } of kept) if (anchors.every(({ notAfter }) => notAfter <= now)) await rm(file)
  if (trusted === undefined || trusted.validToDate.getTime() <= now) return
  const { certificatePem, fingerprint256 } = anchorOf(trusted)
  const live = kept.flatMap(({ anchors }) => anchors).filter(({ notAfter }) => notAfter > now)
  if (live.some((one) => one.fingerprint256 === fingerprint256)) return
  if (live.length >= OLD_CERTIFICATES_MAX)
    throw new AuthorityProblem(folder, `holds ${live.length} certificates already; remove those that no client needs`)
  const file = join(folder, `${fingerprint256.replaceAll(':', '').toLowerCase()}.pem`)
  await placeFile(file, certificatePem, CERTIFICATE_MODE, blameAuthority(file))
}

async function readOld(directory: string): Promise<readonly Anchor[]> {
  return (await readOldFiles(directory)).flatMap(({ anchors }) => anchors)
}

async function readOldFiles(
  directory: string,
): Promise<readonly { readonly file: string; readonly anchors: readonly Anchor[] }[]> {
  const folder = join(directory, OLD_FOLDER)
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.pem'))
  if (names.length > OLD_CERTIFICATES_MAX)
    throw new AuthorityProblem(folder, `holds ${names.length} files of certificates; remove those that no client needs`)
  return Promise.all(
    names.toSorted().map(async (name) => {
      const file = join(folder, name)
      const pem = await readKeyFile(file, 'public', blameAuthority(file))
      return { file, anchors: parseCertificates(pem.toString(), blameAuthority(file)).map(anchorOf) }
    }),
  )
}

/** The names in a folder; none where there is no folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw new AuthorityProblem(folder, `cannot be read (${codeOf(cause)})`, cause)
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (cause) {
    throw new AuthorityProblem(to, `cannot be replaced by ${from} (${codeOf(cause)})`, cause)
  }
}

/** A folder in which the admin keeps something else stays. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOTEMPTY' && codeOf(cause) !== 'EEXIST')
      throw new AuthorityProblem(folder, `cannot be removed (${codeOf(cause)})`, cause)
  }
}
