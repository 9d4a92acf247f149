/** Loads everything that a reload may bring: the policy, the users, the inspection CA and client certificates, all of it or nothing. */
import { join } from 'node:path'
import type { UsersFile } from '../identity/users-file.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { Settings } from '../settings/schema.ts'
import { hasErrors, type Problem } from '../text/problem.ts'
import type { Authority } from '../tls/authority.ts'
import { type ClientCertificates, NO_CLIENT_CERTIFICATES } from '../tls/client-certificates.ts'
import { hasAuthority, openAuthority, openClientCertificates, WATCHED_AUTHORITY_FILES } from './load-authority.ts'
import { loadPolicyAside } from './load-policy-aside.ts'
import { loadScanKnowledge } from './load-scan-knowledge.ts'
import type { Loading } from './reload.ts'
import { CommandError } from './terminal.ts'
import { FileProblem } from './text-file.ts'

interface LoadedHere {
  readonly policy: CompiledPolicy | null
  readonly problems: readonly Problem[]
  /** What the policy was read from. */
  readonly files: readonly string[]
}

/** `policy` is one that was just loaded. What is wrong with any of the files is among the problems. */
export async function loadAll(settings: Settings, users: UsersFile | null, policy?: LoadedHere): Promise<Loading> {
  const loaded = policy ?? (await loadPolicyHere(settings))
  const keys = WATCHED_AUTHORITY_FILES.map((name) => join(settings.certs, name))
  const identities = settings.clientCertificate.map(({ file }) => file)
  const known = [...loaded.files, ...keys, ...identities, ...(settings.users === undefined ? [] : [settings.users])]
  const authority = await loadAuthorityHere(settings, loaded.policy)
  const certificates = await loadCertificatesHere(settings)
  const scans = await loadScanKnowledge(settings, loaded.policy)
  const found = [
    ...authority.problems,
    ...certificates.problems,
    ...scans.problems,
    ...unknownUsers(settings, loaded.policy),
  ]
  const problems = [...loaded.problems, ...found]
  const files = [...known, ...scans.files]
  if (loaded.policy === null || hasErrors(problems)) return { renewal: null, problems, files }
  // Last, for users come into force as they are read.
  const wrong = policy === undefined && users !== null ? await users.reload() : []
  const all = [...problems, ...wrong]
  const { clientCertificates } = certificates
  return {
    renewal: {
      policy: loaded.policy,
      authority: authority.authority,
      clientCertificates,
      scanKnowledge: scans.knowledge,
    },
    problems: all,
    files,
  }
}

async function loadPolicyHere(settings: Settings): Promise<LoadedHere> {
  try {
    return await loadPolicyAside(settings.policy, settings.inspection)
  } catch (error) {
    if (error instanceof FileProblem) {
      const { policy: path } = settings
      return { policy: null, problems: [placeless(path, error.message)], files: [path] }
    }
    throw error
  }
}

async function loadAuthorityHere(
  settings: Settings,
  policy: CompiledPolicy | null,
): Promise<{ readonly authority: Authority | null; readonly problems: readonly Problem[] }> {
  if (policy === null || policy.inspection.mode === 'never') return { authority: null, problems: [] }
  if (!(await hasAuthority(settings.certs))) {
    return {
      authority: null,
      problems: [placeless(settings.certs, 'the inspection CA is gone; `weir ca init` makes one')],
    }
  }
  try {
    return { authority: await openAuthority(settings.certs, settings.passphraseFile), problems: [] }
  } catch (error) {
    if (error instanceof CommandError) return { authority: null, problems: [placeless(settings.certs, error.message)] }
    throw error
  }
}

async function loadCertificatesHere(
  settings: Settings,
): Promise<{ readonly clientCertificates: ClientCertificates; readonly problems: readonly Problem[] }> {
  try {
    return { clientCertificates: await openClientCertificates(settings), problems: [] }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const file = settings.clientCertificate[0]?.file ?? ''
    return { clientCertificates: NO_CLIENT_CERTIFICATES, problems: [placeless(file, error.message)] }
  }
}

function unknownUsers(settings: Settings, policy: CompiledPolicy | null): readonly Problem[] {
  if (policy?.namesUsers !== true || settings.users !== undefined) return []
  const message = 'the policy names users, and nobody can be one: start with --users'
  return [placeless(settings.policy, message)]
}

function placeless(file: string, message: string): Problem {
  return { severity: 'error', message, file, line: 1, column: 1 }
}
