/** Holds a YAML value against a zod schema and says every fault at its line and column, in words for a person. */
import type { z } from 'zod'
import { type Problem, sortProblems } from './problem.ts'
import { keysAt } from './schema-keys.ts'
import { suggestion } from './suggest.ts'
import type { Path, YamlSource } from './yaml.ts'

const PROBLEMS_MAX = 100
// More words than these are no answer to a typing error.
const LISTED_MAX = 20

/** The typed value, or null with at least one error. `Issue.params.hint` of a custom check becomes the problem's hint. */
export function validate<S extends z.ZodType>(
  schema: S,
  source: YamlSource,
): { value: z.output<S> | null; problems: readonly Problem[] } {
  const result = schema.safeParse(source.value, { reportInput: true })
  if (result.success) return { value: result.data, problems: [] }
  const faults = result.error.issues
    .flatMap((issue) => faultsOf(issue, []))
    .map((fault) => (fault.hint === undefined ? { ...fault, hint: keyHint(schema, fault) } : fault))
  const problems = withoutEchoes(faults)
    .slice(0, PROBLEMS_MAX)
    .map((fault) => locateFault(fault, source))
  return { value: null, problems: sortProblems(problems) }
}

function locateFault(fault: Fault, source: YamlSource): Problem {
  const path = fault.key === undefined ? fault.path : [...fault.path, fault.key]
  const span = source.locate(path, fault.key === undefined ? 'value' : 'key')
  const problem: Problem = { severity: 'error', message: fault.message, file: source.file, ...span }
  return fault.hint === undefined ? problem : { ...problem, hint: fault.hint }
}

/** For an unknown key, the key that was meant, or those that there are. */
function keyHint(schema: z.ZodType, { path, key, isUnknown = false }: Fault): string | undefined {
  if (key === undefined || !isUnknown) return undefined
  const keys = [...new Set(keysAt(schema, path))]
  return (
    suggestion(key, keys) ?? (keys.length > 0 && keys.length <= LISTED_MAX ? `one of: ${keys.join(', ')}` : undefined)
  )
}

/** Without "`action` is missing" where `acton` stands beside it: one mistake, one problem. */
function withoutEchoes(faults: readonly Fault[]): readonly Fault[] {
  const meant = new Set(faults.map(({ path, hint }) => `${path.join('/')} ${hint ?? ''}`))
  return faults.filter(({ path, missing }) => !meant.has(`${path.join('/')} did you mean \`${missing ?? ''}\`?`))
}

interface Fault {
  readonly path: Path
  /** The key below `path` that is at fault, rather than a value. */
  readonly key?: string
  readonly isUnknown?: boolean
  /** The key that is missing below `path`. */
  readonly missing?: string
  readonly message: string
  readonly hint?: string | undefined
}

type Issue = z.core.$ZodIssue

function faultsOf(issue: Issue, above: Path): readonly Fault[] {
  const path = [...above, ...issue.path]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path, key, isUnknown: true, message: `unknown key \`${key}\`` }))
    case 'invalid_type':
      return [typeFault(path, issue.input, [issue.expected])]
    case 'invalid_value':
      return [valueFault(path, issue.input, issue.values.map(String))]
    case 'invalid_union':
      return unionFaults(issue, path)
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({
        path: path.slice(0, -1),
        key: String(path.at(-1)),
        message,
      }))
    case 'too_small':
    case 'too_big':
      return [{ path, message: boundMessage(issue) }]
    case 'custom': {
      const hint: unknown = issue.params?.['hint']
      return [{ path, message: issue.message, ...(typeof hint === 'string' ? { hint } : {}) }]
    }
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return [{ path, message: issue.message }]
    default:
      return issue satisfies never
  }
}

/** Of the shapes a value may have, reports on the one that was meant; where none is near, names them all. */
function unionFaults(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): readonly Fault[] {
  const branches = issue.errors.filter((branch) => !branch.some((inner) => isWrongShape(inner)))
  const [nearest] = branches.toSorted(
    (left, right) => strangeIn(left) - strangeIn(right) || weightOf(left) - weightOf(right),
  )
  if (nearest !== undefined) return nearest.flatMap((inner) => faultsOf(inner, path))
  const leaves = issue.errors.flat().flatMap((inner) => leavesOf(inner))
  const values = leaves.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []))
  if (values.length > 0 && typeof issue.input === 'string') return [valueFault(path, issue.input, [...new Set(values)])]
  const expected = leaves.flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []))
  if (values.length > 0) expected.unshift('string')
  return [typeFault(path, issue.input, expected)]
}

/** The value itself, not something in it, is of another kind than the branch, or any branch of it, wants. */
function isWrongShape(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some((inner) => isWrongShape(inner)))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

function leavesOf(issue: Issue): readonly Issue[] {
  if (!isWrongShape(issue)) return []
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap((inner) => leavesOf(inner)) : [issue]
}

/** How much of what stands there the shape has no place for: many faults deep inside do not make another the one that was meant. */
function strangeIn(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + (issue.path.length === 0 ? issue.keys.length : 0)
    const isOtherWord = issue.code === 'invalid_value' && issue.values.length === 1 && issue.input !== undefined
    return sum + (isOtherWord && issue.path.length === 1 ? 1 : 0)
  }, 0)
}

function weightOf(branch: readonly Issue[]): number {
  return branch.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
}

function typeFault(path: Path, input: unknown, expected: readonly string[]): Fault {
  if (input === undefined) return missingFault(path)
  const kinds = [...new Set(expected.map((kind) => KINDS[kind] ?? kind))]
  const message = `must be ${kinds.join(' or ')}`
  if (expected.includes('string') && (typeof input === 'number' || typeof input === 'boolean')) {
    return { path, message, hint: `put it in quotes: "${String(input)}"` }
  }
  const isQuoted =
    typeof input === 'string' && expected.some((kind) => kind === 'number' || kind === 'int') && /^\d+$/.test(input)
  return { path, message, ...(isQuoted ? { hint: 'remove the quotes' } : {}) }
}

function missingFault(path: Path): Fault {
  const missing = String(path.at(-1))
  return { path: path.slice(0, -1), missing, message: `\`${missing}\` is missing` }
}

function valueFault(path: Path, input: unknown, values: readonly string[]): Fault {
  if (input === undefined) return missingFault(path)
  const hint = typeof input === 'string' ? suggestion(input, values) : undefined
  const known = values.length <= LISTED_MAX ? values.join(', ') : null
  const got = typeof input === 'string' || typeof input === 'number' ? `\`${input}\`` : 'this'
  const message = values.length === 1 ? `must be ${known}` : `${got} is not known here`
  if (typeof input === 'string' && values.includes(input)) return { path, message, hint: 'remove the quotes' }
  return { path, message, hint: hint ?? (known === null || values.length === 1 ? undefined : `one of: ${known}`) }
}

function boundMessage(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const isSmall = issue.code === 'too_small'
  const bound = isSmall ? issue.minimum : issue.maximum
  if (isSmall && (issue.origin === 'array' || issue.origin === 'string') && bound === 1) return 'must not be empty'
  const what = issue.origin === 'array' ? ' items' : issue.origin === 'string' ? ' characters' : ''
  return `must be at ${isSmall ? 'least' : 'most'} ${bound}${what}`
}
