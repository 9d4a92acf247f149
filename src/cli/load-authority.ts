/** The inspection CA of a command: loaded, or made where there is none yet. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, createAuthority, loadAuthority } from '../tls/authority.ts'
import { AuthorityProblem } from '../tls/authority-problem.ts'
import { CommandError, UsageError } from './terminal.ts'

/** The CA in a folder. Throws a CommandError. */
export function openAuthority(directory: string): Promise<Authority> {
  return explained(() => loadAuthority(directory, Date.now()))
}

/** Makes the CA of a folder. Throws a CommandError where there is one or it cannot be written, a UsageError for bad options. */
export function makeAuthority(
  directory: string,
  options: { readonly organisation?: string | undefined; readonly days?: number | undefined },
): Promise<Authority> {
  return explained(() => createAuthority(directory, { ...options, now: Date.now() }))
}

/** Whether a folder holds a CA, or half of one: what is there is never made anew. */
export async function hasAuthority(directory: string): Promise<boolean> {
  const files = ['ca.pem', 'ca-key.pem'].map((name) => join(directory, name))
  const found = await Promise.allSettled(files.map((file) => access(file)))
  return found.some((result) => result.status === 'fulfilled' || result.reason?.code !== 'ENOENT')
}

async function explained<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof AuthorityProblem) throw new CommandError(error.message)
    if (error instanceof RangeError) throw new UsageError(error.message)
    if (error instanceof Error && 'code' in error && 'path' in error) {
      throw new CommandError(`${String(error.path)}: cannot be used (${String(error.code)})`)
    }
    throw error
  }
}
