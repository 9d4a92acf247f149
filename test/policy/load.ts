/** Policies for tests: from a file with the lists beside it, or from text. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CompileOptions, compilePolicy } from '../../src/policy/compile.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import { listFilesOf, type PolicyFile, type PolicySource, readPolicies, readPolicy } from '../../src/policy/source.ts'
import type { Problem } from '../../src/text/problem.ts'
import { renderProblem } from '../../src/text/problem-render.ts'

interface Loaded {
  readonly source: PolicySource
  readonly policy: CompiledPolicy
  readonly problems: readonly Problem[]
}

/** Throws with the problems as text where the policy has an error. */
export function loadText(
  text: string,
  lists: ReadonlyMap<string, string> = new Map(),
  options: CompileOptions = {},
): Loaded {
  const read = readPolicy(text, 'policy.yaml')
  if (read.source === null) throw new Error(show(read.problems, text))
  const compiled = compilePolicy(read.source, lists, options)
  if (compiled.policy === null) throw new Error(show(compiled.problems, text))
  return { source: read.source, policy: compiled.policy, problems: [...read.problems, ...compiled.problems] }
}

export function loadFile(path: string, options: CompileOptions = {}): Loaded {
  const text = readFileSync(path, 'utf8')
  const { source } = readPolicy(text, path)
  const files = source === null ? [] : listFilesOf(source)
  return loadText(text, new Map(files.map((file) => [file, readFileSync(join(dirname(path), file), 'utf8')])), options)
}

/** All problems of a text, or of several files, of reading and compiling. */
export function problemsOf(
  policy: string | readonly PolicyFile[],
  lists: ReadonlyMap<string, string> = new Map(),
): readonly Problem[] {
  const files = typeof policy === 'string' ? [{ file: 'policy.yaml', text: policy }] : policy
  const { source, problems } = readPolicies(files)
  return source === null ? problems : [...problems, ...compilePolicy(source, lists).problems]
}

function show(problems: readonly Problem[], text: string): string {
  return problems.map((problem) => renderProblem(problem, text, { colour: false })).join('\n')
}
