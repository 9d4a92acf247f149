/** Reads what scanners are given to look for: rules of one's own for secrets, and the index of one's own source with its key. */
import { open } from 'node:fs/promises'
import { loadFingerprints } from '../content/fingerprints/fingerprint-index.ts'
import { parseGitleaksRules } from '../content/secrets/gitleaks.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { ScanKnowledge } from '../proxy/scan-setup.ts'
import type { Settings } from '../settings/schema.ts'
import type { Problem } from '../text/problem.ts'
import { keyFileOf, readKey } from './fingerprints/index-store.ts'
import { CommandError } from './terminal.ts'
import { FileProblem, readTextFile } from './text-file.ts'

const RULES_BYTES_MAX = 4 * 1024 * 1024
/** At once. */
const READ_BYTES = 64 * 1024 * 1024

export interface LoadedKnowledge {
  readonly knowledge: ScanKnowledge
  readonly problems: readonly Problem[]
  /** What it was read from, whether it could be or not. */
  readonly files: readonly string[]
}

/** What does not load is an error; so is a policy that asks for source of one's own where no index is named. */
export async function loadScanKnowledge(settings: Settings, policy: CompiledPolicy | null): Promise<LoadedKnowledge> {
  const problems: Problem[] = []
  const { secretRules: rulesFile, fingerprints: indexFile } = settings
  const keyFile = settings.fingerprintsKey ?? (indexFile === undefined ? undefined : keyFileOf(indexFile))
  const files = [rulesFile, indexFile, keyFile].filter((file) => file !== undefined)
  const secretRules = rulesFile === undefined ? null : await loadRules(rulesFile, problems)
  const fingerprints =
    indexFile === undefined || keyFile === undefined ? null : await loadIndex(indexFile, keyFile, problems)
  if (policy?.asks.has('ownSource') === true && indexFile === undefined) {
    const message = 'the policy asks for source of your own, and nothing is indexed'
    const hint = 'make an index with `weir index PATH`, and start with --fingerprints FILE'
    problems.push({ severity: 'error', message, file: settings.policy, line: 1, column: 1, hint })
  }
  return { knowledge: { secretRules, fingerprints }, problems, files }
}

async function loadRules(file: string, problems: Problem[]): Promise<ScanKnowledge['secretRules']> {
  try {
    const text = await readTextFile(file, RULES_BYTES_MAX)
    const { rules, problems: found } = parseGitleaksRules(text, file)
    problems.push(...found)
    return rules === null ? null : { file, text }
  } catch (error) {
    problems.push(problemOf(error, file))
    return null
  }
}

async function loadIndex(
  indexFile: string,
  keyFile: string,
  problems: Problem[],
): Promise<ScanKnowledge['fingerprints']> {
  try {
    const key = await readKey(keyFile)
    const index = await readShared(indexFile)
    const loaded = loadFingerprints(index, key)
    if (!('problem' in loaded)) return { index, key }
    problems.push({ severity: 'error', message: loaded.problem, file: indexFile, line: 1, column: 1 })
  } catch (error) {
    problems.push(problemOf(error, indexFile))
  }
  return null
}

/** Every thread looks at the same bytes. */
async function readShared(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(file, 'r')
    const { size } = await handle.stat()
    const bytes = new Uint8Array(new SharedArrayBuffer(size))
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(size - at, READ_BYTES), at)
      if (bytesRead === 0) throw new FileProblem(`${file}: changed while it was read`, { mistaken: false })
      at += bytesRead
    }
    return bytes
  } catch (cause) {
    if (cause instanceof FileProblem || !(cause instanceof Error && 'code' in cause)) throw cause
    const what = cause.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(cause.code)})`
    throw new FileProblem(`${file}: ${what}`, { mistaken: cause.code === 'ENOENT', cause })
  }
}

function problemOf(error: unknown, file: string): Problem {
  if (!(error instanceof FileProblem || error instanceof CommandError)) throw error
  return { severity: 'error', message: error.message, file, line: 1, column: 1 }
}
