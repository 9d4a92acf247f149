/** Loads a policy: its files and the list files beside them, compiled, with everything that is wrong in any of them. */
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { compilePolicy } from '../policy/compile.ts'
import type { CompiledPolicy, InspectionMode } from '../policy/compiled.ts'
import { hostListBytesMax } from '../policy/host-list.ts'
import { listFilesOf, type PolicySource, readPolicies } from '../policy/source.ts'
import type { Problem } from '../text/problem.ts'
import { readPolicyFiles } from './policy-files.ts'
import { FileProblem, readTextFile } from './text-file.ts'

export interface LoadedPolicy {
  /** The file or folder that was asked for. */
  readonly file: string
  /** Null where it is not even a policy by its shape. */
  readonly source: PolicySource | null
  /** Null with at least one error. */
  readonly policy: CompiledPolicy | null
  readonly problems: readonly Problem[]
  /** The texts that problems point into, by the `file` they carry. */
  readonly texts: ReadonlyMap<string, string>
  /** What it was read from, and would be again: the file or folder, its files, and its lists, those included that are not there. */
  readonly files: readonly string[]
}

/** All list files of a policy together. */
export const hostListsBytesMax = 256 * 1024 * 1024

/**
 * `path` is a file, or a folder of them. `inspection` stands over the policy's own mode. Throws a FileProblem where the
 * policy itself cannot be read.
 */
export async function loadPolicy(path: string, inspection: InspectionMode | undefined): Promise<LoadedPolicy> {
  const files = await readPolicyFiles(path)
  const own = files.map(({ file, text }) => [file, text] as const)
  const { source, problems } = readPolicies(files)
  const read = [path, ...files.map(({ file }) => file)]
  if (source === null) return { file: path, source, policy: null, problems, texts: new Map(own), files: read }
  const lists = await readLists(source)
  const compiled = compilePolicy(source, lists.texts, inspection === undefined ? {} : { inspection })
  const found = compiled.problems.filter((problem) => !lists.problems.some((other) => isSamePlace(problem, other)))
  const nameOf = (spelled: string): string => (lists.texts.has(spelled) ? besides(source, spelled) : spelled)
  return {
    file: path,
    source,
    policy: compiled.policy,
    problems: [...problems, ...lists.problems, ...found.map((problem) => ({ ...problem, file: nameOf(problem.file) }))],
    texts: new Map([...own, ...[...lists.texts].map(([spelled, list]) => [nameOf(spelled), list] as const)]),
    files: [...read, ...listFilesOf(source).map((spelled) => besides(source, spelled))],
  }
}

interface Lists {
  /** By the name that the policy spells. */
  readonly texts: ReadonlyMap<string, string>
  readonly problems: readonly Problem[]
}

async function readLists(source: PolicySource): Promise<Lists> {
  const texts = new Map<string, string>()
  const problems: Problem[] = []
  let bytesLeft = hostListsBytesMax
  for (const spelled of listFilesOf(source)) {
    const read = await readList(source, spelled, bytesLeft)
    bytesLeft -= Buffer.byteLength(read.text ?? '')
    if (read.text !== null) texts.set(spelled, read.text)
    else problems.push(...problemsOfList(source, spelled, read.reason))
  }
  return { texts, problems }
}

async function readList(
  source: PolicySource,
  spelled: string,
  bytesLeft: number,
): Promise<{ text: string } | { text: null; reason: string }> {
  const path = besides(source, spelled)
  // Problems show lines of a list: a policy must not make Weir read out what lies elsewhere on the machine.
  const way = relative(dirname(source.file), path)
  if (isAbsolute(spelled) || way.split(sep)[0] === '..') {
    return { text: null, reason: `\`${spelled}\` is not beside the policy` }
  }
  try {
    const text = await readTextFile(path, hostListBytesMax, { pipe: false })
    if (Buffer.byteLength(text) <= bytesLeft) return { text }
    return { text: null, reason: `the list files are larger than ${hostListsBytesMax / 1024 / 1024} MiB together` }
  } catch (error) {
    if (error instanceof FileProblem) return { text: null, reason: error.message }
    throw error
  }
}

/** One problem at each list that names this file. */
function problemsOfList(source: PolicySource, spelled: string, message: string): readonly Problem[] {
  return Object.entries(source.input.lists ?? {}).flatMap(([name, list]): Problem[] => {
    if (Array.isArray(list) || !('file' in list) || list.file !== spelled) return []
    const place = source.locate(['lists', name, 'file'])
    return [{ severity: 'error', message, ...place, hint: 'name a file beside the policy' }]
  })
}

function besides(source: PolicySource, spelled: string): string {
  return join(dirname(source.file), spelled)
}

function isSamePlace(left: Problem, right: Problem): boolean {
  return left.file === right.file && left.line === right.line && left.column === right.column
}
