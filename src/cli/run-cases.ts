/** Runs the cases of one policy: what came out otherwise and why, and which of its rules no case shows at work. */
import {
  type CaseResult,
  type Coverage,
  coverageOf,
  findUnknownRules,
  judgeCases,
  warnUncovered,
} from '../policy/case-file.ts'
import type { CompiledPolicy, InspectionMode } from '../policy/compiled.ts'
import { explain, type RuleReason } from '../policy/explain.ts'
import { hasErrors, type Problem } from '../text/problem.ts'
import { type CasesFile, placeOfCases, type Target } from './case-targets.ts'
import { type LoadedPolicy, loadPolicy } from './load-policy.ts'
import { CommandError } from './terminal.ts'

export interface TestedCase extends CaseResult {
  /** Of a case that does not hold: the rule that decided, and the one that was expected to. */
  readonly reasons: readonly RuleReason[]
}

export interface PolicyTest {
  readonly policy: string
  readonly files: readonly string[]
  readonly hash: string | null
  readonly cases: readonly TestedCase[]
  /** Null where nothing was run. */
  readonly coverage: Coverage | null
  readonly policyProblems: readonly Problem[]
  readonly fileProblems: readonly Problem[]
  /** Warnings, one for each rule that no case shows. */
  readonly uncovered: readonly Problem[]
  /** The texts that problems point into. */
  readonly texts: ReadonlyMap<string, string>
}

/** `inspection` stands over the policy's own mode, and a file of cases over both. Throws a FileProblem as `loadPolicy`. */
export async function testPolicy(
  { policy: path, files }: Target,
  inspection: InspectionMode | undefined,
): Promise<PolicyTest> {
  const loaded = await loadPolicy(path, inspection)
  const ran = loaded.policy === null ? [] : await runFiles(loaded, loaded.policy, files, inspection)
  const cases = ran.flatMap((one) => one.cases)
  const coverage = loaded.policy === null || cases.length === 0 ? null : coverageOf(loaded.policy, cases)
  const { source } = loaded
  return {
    policy: path,
    files: files.map(({ file }) => file),
    hash: loaded.policy?.hash ?? null,
    cases,
    coverage,
    policyProblems: [
      ...loaded.problems,
      ...(files.length === 0 && !hasErrors(loaded.problems) ? [untested(path)] : []),
    ],
    fileProblems: [...files.flatMap(({ problems }) => problems), ...ran.flatMap(({ problems }) => problems)],
    uncovered:
      coverage === null || source === null ? [] : warnUncovered(source, coverage, files[0]?.file ?? placeOfCases(path)),
    texts: new Map([...loaded.texts, ...files.map(({ file, text }) => [file, text] as const)]),
  }
}

interface RanFile {
  readonly cases: readonly TestedCase[]
  readonly problems: readonly Problem[]
}

async function runFiles(
  { file: path }: LoadedPolicy,
  policy: CompiledPolicy,
  files: readonly CasesFile[],
  inspection: InspectionMode | undefined,
): Promise<readonly RanFile[]> {
  const policies = new Map([[inspection, policy]])
  const ran: RanFile[] = []
  for (const { source } of files) {
    if (source === null) continue
    const mode = source.input.inspection ?? inspection
    const judge = policies.get(mode) ?? (await loadPolicy(path, mode)).policy
    // It loaded a moment ago, and the mode is no matter to that.
    if (judge === null) throw new CommandError(`${path}: changed while its cases were run`)
    policies.set(mode, judge)
    const cases = judgeCases(judge, source).map((result) => ({ ...result, reasons: reasonsFor(judge, result) }))
    ran.push({ cases, problems: findUnknownRules(judge, source) })
  }
  return ran
}

function reasonsFor(policy: CompiledPolicy, { mismatches, row, walked }: CaseResult): readonly RuleReason[] {
  if (mismatches.length === 0) return []
  const { verdict, rules } = explain(policy, walked.subject)
  const waiting = verdict.action === 'undecided' ? verdict.rule : undefined
  return rules.filter(({ rule, decides }) => decides || rule === row.expect.rule || rule === waiting)
}

function untested(policy: string): Problem {
  const hint = `write some into ${placeOfCases(policy)}`
  return { severity: 'error', message: 'the policy has no cases', file: policy, line: 1, column: 1, hint }
}
