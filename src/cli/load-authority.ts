/** The inspection CA of a command: loaded, made where there is none yet, or replaced; what is wrong with it in words. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Host } from '../net/host.ts'
import type { Settings } from '../settings/schema.ts'
import { type Authority, createAuthority, loadAuthority, NEXT_FOLDER, PKCS12_NAMES } from '../tls/authority.ts'
import { KeyFileProblem } from '../tls/authority-problem.ts'
import { type ClientCertificates, loadClientCertificates } from '../tls/client-certificates.ts'
import { readPassphrase } from '../tls/passphrase.ts'
import { activateRotation, type Authorities, loadAuthorities, prepareRotation } from '../tls/rotation.ts'
import { CommandError, UsageError } from './terminal.ts'

/** What a person may choose of a new CA. */
export interface NewAuthority {
  readonly organisation?: string | undefined
  readonly days?: number | undefined
  readonly only?: readonly Host[] | undefined
}

/** The CA in a folder; `passphraseFile` opens its key where it is encrypted. Throws a CommandError. */
export function openAuthority(directory: string, passphraseFile?: string): Promise<Authority> {
  return explained(async () => loadAuthority(directory, Date.now(), await keysOf(passphraseFile)))
}

/** The same with the CA that is prepared to follow it and those before it. Throws a CommandError. */
export function openAuthorities(directory: string, passphraseFile?: string): Promise<Authorities> {
  return explained(async () => loadAuthorities(directory, Date.now(), await keysOf(passphraseFile)))
}

/** Makes the CA of a folder. Throws a CommandError where there is one or it cannot be written, a UsageError for bad options. */
export function makeAuthority(directory: string, options: NewAuthority, passphraseFile?: string): Promise<Authority> {
  return explained(async () =>
    createAuthority(directory, { ...options, ...(await keysOf(passphraseFile)), now: Date.now() }),
  )
}

/** Prepares the CA that will follow. Throws like `makeAuthority`. */
export function prepareNext(directory: string, options: NewAuthority, passphraseFile?: string): Promise<void> {
  return explained(async () =>
    prepareRotation(directory, { ...options, ...(await keysOf(passphraseFile)), now: Date.now() }),
  )
}

/** Lets the prepared CA follow. Throws a CommandError. */
export function activateNext(directory: string, passphraseFile?: string): Promise<void> {
  return explained(async () => activateRotation(directory, Date.now(), await keysOf(passphraseFile)))
}

/** What the CA of a folder may be made of. */
const AUTHORITY_FILES = ['ca.pem', 'ca-key.pem', ...PKCS12_NAMES]

/** All files in a folder that tell which CA signs: an activation moves them one by one. */
export const WATCHED_AUTHORITY_FILES = [...AUTHORITY_FILES, `${NEXT_FOLDER}/ca.pem`, `${NEXT_FOLDER}/ca-key.pem`]

/** Whether a folder holds a CA, or half of one: what is there is never made anew. */
export async function hasAuthority(directory: string): Promise<boolean> {
  const files = AUTHORITY_FILES.map((name) => join(directory, name))
  const found = await Promise.allSettled(files.map((file) => access(file)))
  return found.some((result) => result.status === 'fulfilled' || result.reason?.code !== 'ENOENT')
}

/** The certificates that Weir shows to upstreams. Throws a CommandError. */
export function openClientCertificates(
  settings: Pick<Settings, 'clientCertificate' | 'passphraseFile'>,
): Promise<ClientCertificates> {
  return explained(async () =>
    loadClientCertificates(settings.clientCertificate, {
      ...(await keysOf(settings.passphraseFile)),
      now: Date.now(),
    }),
  )
}

async function keysOf(passphraseFile: string | undefined): Promise<{ readonly passphrase: string | null }> {
  return { passphrase: passphraseFile === undefined ? null : await readPassphrase(passphraseFile) }
}

async function explained<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof KeyFileProblem) throw new CommandError(error.message)
    if (error instanceof RangeError) throw new UsageError(error.message)
    if (error instanceof Error && 'code' in error && 'path' in error) {
      throw new CommandError(`${String(error.path)}: cannot be used (${String(error.code)})`)
    }
    throw error
  }
}
