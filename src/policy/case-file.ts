/** A file of cases as it is written: validated, with the place of each case, and held against the policy that it is about. */
import type { Verdict } from '../flow/verdict.ts'
import { hasErrors, type Problem, type Span } from '../text/problem.ts'
import { suggestion } from '../text/suggest.ts'
import { validate } from '../text/validate.ts'
import { type Path, parseYaml } from '../text/yaml.ts'
import { type CaseFileInput, type CaseInput, caseFileSchema } from './case-schema.ts'
import { type Judged, judgeCase, ruleOf } from './case.ts'
import type { CompiledPolicy } from './compiled.ts'
import type { PolicySource } from './source.ts'

export interface CaseSource {
  /** The name that problems carry. */
  readonly file: string
  readonly input: CaseFileInput
  locate(path: Path): Span
}

export function readCases(text: string, file: string): { source: CaseSource | null; problems: readonly Problem[] } {
  const { source: yaml, problems } = parseYaml(text, file)
  if (yaml === null) return { source: null, problems }
  const { value: input, problems: faults } = validate(caseFileSchema, yaml)
  if (input === null) return { source: null, problems: faults }
  const source = { file, input, locate: yaml.locate }
  const doubled = findDoubled(source)
  return { source: hasErrors(doubled) ? null : source, problems: [...faults, ...doubled] }
}

export interface CaseResult extends Judged {
  readonly row: CaseInput
  readonly file: string
  readonly place: Span
}

export function judgeCases(policy: CompiledPolicy, { file, input, locate }: CaseSource): readonly CaseResult[] {
  return input.cases.map((row, at) => {
    return { row, file, place: locate(['cases', at, 'name']), ...judgeCase(policy, row, input) }
  })
}

/** Rules that cases expect and the policy does not have: such a case could never hold. */
export function findUnknownRules(policy: CompiledPolicy, { file, input, locate }: CaseSource): readonly Problem[] {
  const names = policy.rules.flatMap(({ name }) => name ?? [])
  const known = new Set(names)
  return input.cases.flatMap(({ expect }, at) => {
    const path = ['cases', at, 'expect']
    const named: readonly (readonly [name: string, path: Path])[] = [
      ...(typeof expect.rule === 'string' ? [[expect.rule, [...path, 'rule']] as const] : []),
      ...(expect.wouldDeny ?? []).map((name, item) => [name, [...path, 'wouldDeny', item]] as const),
    ]
    return named
      .filter(([name]) => !known.has(name))
      .map(([name, place]): Problem => {
        const hint = name === 'default' ? 'write `rule: null` for the default' : suggestion(name, names)
        const message = `the policy has no rule \`${name}\``
        return { severity: 'error', message, file, ...locate(place), ...(hint === undefined ? {} : { hint }) }
      })
  })
}

export interface Coverage {
  /** Rules that decide, or report, in at least one case. */
  readonly covered: number
  /** Names of the others, in order. */
  readonly uncovered: readonly string[]
}

/** Which rules the cases show at work. A rule that reports an allow leaves no trace that a case could show. */
export function coverageOf(policy: CompiledPolicy, results: readonly CaseResult[]): Coverage {
  const shown = new Set(results.flatMap(({ walked: { verdict } }) => rulesIn(verdict)))
  const rules = policy.rules.filter(
    ({ position, mode, action }) => position !== null && (mode === 'enforce' || action === 'deny'),
  )
  const uncovered = rules.flatMap(({ name }) => (name === null || shown.has(name) ? [] : name))
  return { covered: rules.length - uncovered.length, uncovered }
}

/** One warning for each rule that no case shows, at its place in the policy. `beside` is where a case would stand. */
export function warnUncovered(source: PolicySource, { uncovered }: Coverage, beside: string): readonly Problem[] {
  const positions = new Map((source.input.rules ?? []).map(({ name }, at) => [name, at]))
  return uncovered.map((name): Problem => {
    const message = `no case decides by rule ${name}`
    const hint = `add one to ${beside}`
    return { severity: 'warning', message, ...source.locate(['rules', positions.get(name) ?? 0, 'name']), hint }
  })
}

function rulesIn(verdict: Verdict): readonly (string | null)[] {
  return verdict.action === 'undecided' ? [] : [ruleOf(verdict), ...verdict.wouldDeny.map(({ rule }) => rule)]
}

/** Under one name, two cases cannot be told apart in a report. */
function findDoubled({ file, input, locate }: CaseSource): readonly Problem[] {
  const seen = new Set<string>()
  return input.cases.flatMap(({ name }, at): readonly Problem[] => {
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const place = locate(['cases', at, 'name'])
    return [{ severity: 'error', message: `two cases are named \`${name}\``, file, ...place, hint: 'rename one' }]
  })
}
