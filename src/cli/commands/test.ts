/** `weir test`: runs a policy's own cases, and says which came out otherwise, why, and which rules no case shows. */
import type { Command } from 'commander'
import { printable } from '../../text/problem-render.ts'
import { hasErrors, type Problem } from '../../text/problem.ts'
import { findTargets } from '../case-targets.ts'
import { addExamples } from '../examples.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { type PolicyTest, type TestedCase, testPolicy } from '../run-cases.ts'
import { writeProblems } from '../problems.ts'
import { addFormatOptions, type FormatFlags, isForPerson, writeReport } from '../report-formats/formats.ts'
import type { Check, Remark, Suite } from '../report-formats/suite.ts'
import { lineOfRule, reasonsOf, widthOf } from '../rule-reasons.ts'
import { addSettingOptions } from '../setting-options.ts'
import { type Context, counted, paint, writeLine } from '../terminal.ts'

interface TestOptions extends Pick<SettingsFlags, 'config' | 'inspection'>, FormatFlags {
  readonly strict?: true
}

/** Rules without a case that a person is told of; the rest are counted. */
const SHOWN_UNCOVERED_MAX = 20

export function addTest(program: Command, context: Context): void {
  const command = program
    .command('test')
    .description("run a policy's own cases, and name the rules that no case shows")
    .argument(
      '[POLICY...]',
      'policy files, folders, or files of cases, *.test.yaml (default: the policy of the settings)',
    )
    .option('--strict', 'a rule without a case counts as an error')
    .action((paths: string[], options: TestOptions) => runTests(context, paths, options))
  addFormatOptions(command)
  addSettingOptions(command, ['inspection'])
  command.addHelpText('after', NOTES)
  addExamples(command, [
    ['weir test', 'the cases of the policy that `weir run` would load'],
    [
      'weir test --strict --format junit policies/*.yaml',
      'for a pipeline: a report, and exit status 1 where a case is missing too',
    ],
  ])
}

const NOTES = `
The cases of \`x.yaml\` are in \`x.test.yaml\` beside it; those of a folder in all its *.test.yaml. docs/policy-test.md tells
how they are written.`

async function runTests(context: Context, paths: readonly string[], options: TestOptions): Promise<void> {
  const { strict, json: _json, format: _format, ...flags } = options
  const settings = await loadSettings(context, flags)
  const tested: PolicyTest[] = []
  for (const target of await findTargets(paths.length === 0 ? [settings.policy] : paths)) {
    const one = await testPolicy(target, settings.inspection)
    tested.push(one)
    if (isForPerson(options)) writeTest(context, one, strict === true)
  }
  const good = tested.every((one) => isGood(one, strict === true))
  const suites = tested.map((one) => suiteOf(one, strict === true))
  writeReport(context.out, options, suites, { good, policies: tested.map((one) => toJson(one, strict === true)) })
  context.finish(good ? 0 : 1)
}

function isGood({ cases, policyProblems, fileProblems, uncovered }: PolicyTest, strict: boolean): boolean {
  const problems = [...policyProblems, ...fileProblems, ...uncovered]
  return cases.every(holds) && (strict ? problems.length === 0 : !hasErrors(problems))
}

function holds({ mismatches }: TestedCase): boolean {
  return mismatches.length === 0
}

function writeTest({ out }: Context, test: PolicyTest, strict: boolean): void {
  const { policy, cases, coverage, policyProblems, fileProblems, uncovered, texts } = test
  writeProblems(out, [...policyProblems, ...fileProblems], texts)
  for (const one of cases.filter((row) => !holds(row))) {
    const { line, column } = one.place
    const place = paint(out, 'bold', printable(`${one.file}:${line}:${column}`))
    writeLine(out, `${place}: ${paint(out, 'red', 'fails')}: ${printable(messageOf(one))}`)
    for (const reason of reasonLines(one)) writeLine(out, paint(out, 'dim', `    ${printable(reason)}`))
  }
  writeProblems(out, uncovered.slice(0, SHOWN_UNCOVERED_MAX), texts)
  const more = uncovered.length - SHOWN_UNCOVERED_MAX
  if (more > 0) writeLine(out, `and ${counted(more, 'rule')} more without a case (--json names all)`)
  const verdict = isGood(test, strict) ? paint(out, 'green', 'good') : paint(out, 'red', 'not good')
  const failed = cases.filter((row) => !holds(row)).length
  const rules =
    coverage === null
      ? []
      : [`${coverage.covered} of ${counted(coverage.covered + coverage.uncovered.length, 'rule')} shown`]
  writeLine(out, `${policy}: ${verdict}, ${[counted(cases.length, 'case'), `${failed} failed`, ...rules].join(', ')}`)
}

/** `a push elsewhere: expected action deny, rule a; got action allow, rule b`. */
function messageOf({ row, mismatches }: TestedCase): string {
  const sides = (['expected', 'got'] as const).map((side) =>
    mismatches.map((one) => `${one.key} ${one[side]}`).join(', '),
  )
  return `${row.name}: expected ${sides.join('; got ')}`
}

function reasonLines({ walked, reasons }: TestedCase): readonly string[] {
  const { verdict } = walked
  const said = verdict.action === 'deny' ? [`denied at checkpoint ${walked.checkpoint}: ${verdict.denial.message}`] : []
  const width = widthOf(reasons)
  return [
    ...said,
    ...reasons.flatMap((rule) => [lineOfRule(rule, width), ...reasonsOf(rule).map((why) => `      ${why}`)]),
  ]
}

function suiteOf(test: PolicyTest, strict: boolean): Suite {
  const { policy, cases, policyProblems, fileProblems, uncovered } = test
  const remarks: readonly Remark[] = [
    ...policyProblems.map((problem) => ({ kind: 'policy', problem }) as const),
    ...fileProblems.map((problem) => ({ kind: 'case-file', problem }) as const),
    ...uncovered.map((problem) => ({ kind: 'coverage', problem }) as const),
  ]
  const counts = (remark: Remark): boolean => strict || remark.problem.severity === 'error'
  return {
    name: policy,
    checks: [...cases.map(checkOf), ...remarks.filter(counts).map(failedCheck)],
    notes: remarks.filter((remark) => !counts(remark)),
  }
}

function checkOf(one: TestedCase): Check {
  const { row, file, place } = one
  const problem: Problem = { severity: 'error', message: messageOf(one), file, ...place }
  const remark: Remark | null = holds(one) ? null : { kind: 'case', problem, details: reasonLines(one) }
  return { name: row.name, file, line: place.line, remark }
}

function failedCheck(remark: Remark): Check {
  const { message, file, line } = remark.problem
  return { name: message, file, line, remark }
}

function toJson(test: PolicyTest, strict: boolean): object {
  const { policy, files, hash, cases, coverage, policyProblems, fileProblems, uncovered } = test
  return {
    file: policy,
    good: isGood(test, strict),
    hash,
    files,
    cases: cases.map((one) => {
      const { row, file, place, walked, mismatches, reasons } = one
      const { verdict, checkpoint, opened } = walked
      return {
        name: row.name,
        file,
        ...place,
        good: holds(one),
        mismatches,
        got: { verdict, checkpoint, opened },
        reasons,
      }
    }),
    coverage,
    problems: [...policyProblems, ...fileProblems, ...uncovered],
  }
}
