/** Reads what scanners are given to look for: rules of one's own for secrets, and the index of one's own source with its key. */
import { readFile, stat } from 'node:fs/promises'
import { loadFingerprints } from '../content/fingerprints/fingerprint-index.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { ScanKnowledge } from '../proxy/scan-setup.ts'
import type { Settings } from '../settings/schema.ts'
import type { Problem } from '../text/problem.ts'
import { FileProblem, readTextFile } from './text-file.ts'

const RULES_BYTES_MAX = 4 * 1024 * 1024
const INDEX_BYTES_MAX = 4 * 1024 * 1024 * 1024
const KEY_BYTES_MAX = 4 * 1024

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
  const keyFile = settings.fingerprintsKey ?? (indexFile === undefined ? undefined : `${indexFile}.key`)
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
    return { file, text }
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
    const key = await readBytes(keyFile, KEY_BYTES_MAX)
    const index = await readBytes(indexFile, INDEX_BYTES_MAX)
    const loaded = loadFingerprints(index, key)
    if (!('problem' in loaded)) return { index, key }
    problems.push({ severity: 'error', message: loaded.problem, file: indexFile, line: 1, column: 1 })
  } catch (error) {
    problems.push(problemOf(error, indexFile))
  }
  return null
}

/** Shared, so that every thread looks at the same bytes. */
async function readBytes(file: string, bytesMax: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > bytesMax) throw new FileProblem(`${file}: is larger than ${bytesMax} bytes`, { mistaken: false })
    const bytes = await readFile(file)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    return shared
  } catch (cause) {
    if (cause instanceof FileProblem || !(cause instanceof Error && 'code' in cause)) throw cause
    const what = cause.code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(cause.code)})`
    throw new FileProblem(`${file}: ${what}`, { mistaken: cause.code === 'ENOENT', cause })
  }
}

function problemOf(error: unknown, file: string): Problem {
  if (!(error instanceof FileProblem)) throw error
  return { severity: 'error', message: error.message, file, line: 1, column: 1 }
}
