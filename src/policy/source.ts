/** A policy as it is written: validated, with the place of everything, not yet compiled. */
import { hasErrors, type Problem } from '../text/problem.ts'
import { validate } from '../text/validate.ts'
import { parseYaml, type YamlSource } from '../text/yaml.ts'
import { type PolicyInput, policySchema } from './schema.ts'

export interface PolicySource {
  readonly file: string
  readonly text: string
  readonly input: PolicyInput
  readonly yaml: YamlSource
}

/** `file` is the name that problems carry. */
export function readPolicy(text: string, file: string): { source: PolicySource | null; problems: readonly Problem[] } {
  const parsed = parseYaml(text, file)
  if (parsed.source === null) return { source: null, problems: parsed.problems }
  const { value, problems } = validate(policySchema, parsed.source)
  if (value === null || hasErrors(problems)) return { source: null, problems }
  return { source: { file, text, input: value, yaml: parsed.source }, problems }
}

/** The list files that a policy names, as it spells them: the shell reads them beside the policy. */
export function listFilesOf(source: PolicySource): readonly string[] {
  const lists = Object.values(source.input.lists ?? {})
  return [...new Set(lists.flatMap((list) => (Array.isArray(list) || !('file' in list) ? [] : [list.file])))]
}
