/** Which files of cases are meant, and which policy each is about: by the names of the files, or by what a file itself says. */
import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type CaseSource, readCases } from '../policy/case-file.ts'
import type { Problem } from '../text/problem.ts'
import { yamlBytesMax } from '../text/yaml.ts'
import { readTextFile } from './text-file.ts'

export const CASES_ENDING = '.test.yaml'

export interface CasesFile {
  readonly file: string
  readonly text: string
  /** Null with at least one error. */
  readonly source: CaseSource | null
  readonly problems: readonly Problem[]
}

export interface Target {
  /** A file or a folder. */
  readonly policy: string
  readonly files: readonly CasesFile[]
}

/**
 * Each path is a policy (a file, with its cases in `x.test.yaml` beside `x.yaml`; or a folder, with all its `*.test.yaml`),
 * or a file of cases. Throws a FileProblem where a file of cases cannot be read.
 */
export async function findTargets(paths: readonly string[]): Promise<readonly Target[]> {
  const targets = new Map<string, { policy: string; files: Map<string, CasesFile> }>()
  const targetOf = (policy: string): Map<string, CasesFile> => {
    const key = resolve(policy)
    const target = targets.get(key) ?? { policy, files: new Map() }
    targets.set(key, target)
    return target.files
  }
  for (const path of paths) {
    const isCases = path.endsWith(CASES_ENDING)
    if (!isCases) targetOf(path)
    for (const file of isCases ? [path] : await casesBeside(path)) {
      const cases = await readCasesFile(file)
      const named = cases.source?.input.policy
      const policy = named === undefined ? null : join(dirname(file), named)
      targetOf(policy ?? (isCases ? await policyBeside(file) : path)).set(resolve(file), cases)
    }
  }
  return [...targets.values()].map(({ policy, files }) => ({ policy, files: [...files.values()] }))
}

export async function readCasesFile(file: string): Promise<CasesFile> {
  const text = await readTextFile(file, yamlBytesMax)
  return { file, text, ...readCases(text, file) }
}

/** Where the cases of a policy are looked for, in words for one who has none. */
export function placeOfCases(policy: string): string {
  return policy.endsWith('.yaml') ? policy.replace(/\.yaml$/, CASES_ENDING) : join(policy, `*${CASES_ENDING}`)
}

async function casesBeside(policy: string): Promise<readonly string[]> {
  const kind = await kindOf(policy)
  if (kind !== 'folder') {
    const file = policy.replace(/\.yaml$/, CASES_ENDING)
    return file !== policy && (await kindOf(file)) === 'file' ? [file] : []
  }
  const names = await readdir(policy)
  const own = names.filter((name) => name.endsWith(CASES_ENDING) && !name.startsWith('.'))
  return own.sort().map((name) => join(policy, name))
}

async function policyBeside(file: string): Promise<string> {
  const policy = file.replace(CASES_ENDING_AT_END, '.yaml')
  return (await kindOf(policy)) === 'file' ? policy : dirname(file)
}

const CASES_ENDING_AT_END = /\.test\.yaml$/

/** What cannot be looked at is left to be read, which says better what is wrong with it. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'none' : 'file'
    throw error
  }
}
