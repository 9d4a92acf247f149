/** A policy as it is written, in one file or several: validated, with the place of everything, not yet compiled. */
import { hasErrors, type Problem } from '../text/problem.ts'
import { validate } from '../text/validate.ts'
import { parseYaml } from '../text/yaml.ts'
import { type Locate, mergeParts, type Part } from './merge.ts'
import { type PolicyInput, policySchema } from './schema.ts'

/** The files that one policy may be made of. */
export const policyFilesMax = 100

export interface PolicyFile {
  /** The name that problems carry. */
  readonly file: string
  readonly text: string
}

export interface PolicySource {
  /** The first of its files: list files are read beside it. */
  readonly file: string
  readonly files: readonly PolicyFile[]
  readonly input: PolicyInput
  /** The place, file included, of what stands at a path of `input`. */
  readonly locate: Locate
}

/** `file` is the name that problems carry. */
export function readPolicy(text: string, file: string): { source: PolicySource | null; problems: readonly Problem[] } {
  return readPolicies([{ file, text }])
}

/**
 * Reads files as one policy, in the order given: rules concatenate, named things unite, and what stands once stands in one
 * of them. A policy without files is a bug, and throws.
 */
export function readPolicies(files: readonly PolicyFile[]): {
  source: PolicySource | null
  problems: readonly Problem[]
} {
  const [first] = files
  if (first === undefined) throw new Error('a policy has at least one file')
  const excess = files[policyFilesMax]
  if (excess !== undefined) {
    const message = `a policy has at most ${policyFilesMax} files`
    return { source: null, problems: [{ severity: 'error', message, file: excess.file, line: 1, column: 1 }] }
  }
  const read = files.map((file) => readPart(file))
  const parts = read.flatMap(({ part }) => part ?? [])
  const problems = read.flatMap((one) => one.problems)
  if (parts.length < files.length) return { source: null, problems }
  const { input, locate, problems: doubled } = mergeParts(parts)
  if (hasErrors(doubled)) return { source: null, problems: [...problems, ...doubled] }
  return { source: { file: first.file, files, input, locate }, problems }
}

function readPart({ file, text }: PolicyFile): { part: Part | null; problems: readonly Problem[] } {
  const { source: yaml, problems } = parseYaml(text, file)
  if (yaml === null) return { part: null, problems }
  const { value: input, problems: faults } = validate(policySchema, yaml)
  return { part: input === null || hasErrors(faults) ? null : { input, yaml }, problems: faults }
}

/** The list files that a policy names, as it spells them: the shell reads them beside the policy. */
export function listFilesOf(source: PolicySource): readonly string[] {
  const lists = Object.values(source.input.lists ?? {})
  return [...new Set(lists.flatMap((list) => (Array.isArray(list) || !('file' in list) ? [] : [list.file])))]
}
