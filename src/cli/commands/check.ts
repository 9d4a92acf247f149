/** `weir check`: what is wrong with a policy, what it will open and for which rule, and which of its rules do nothing. */
import type { Command } from 'commander'
import { analyse } from '../../policy/analyse.ts'
import type { Opening } from '../../policy/openings.ts'
import { hasErrors, type Problem } from '../../text/problem.ts'
import type { InspectionMode } from '../../policy/compiled.ts'
import { CASES_ENDING, readCasesFile } from '../case-targets.ts'
import { addExamples } from '../examples.ts'
import { loadPolicy } from '../load-policy.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { writeProblems } from '../problems.ts'
import { addFormatOptions, type FormatFlags, isForPerson, writeReport } from '../report-formats/formats.ts'
import type { RemarkKind, Suite } from '../report-formats/suite.ts'
import { addSettingOptions } from '../setting-options.ts'
import { type Context, counted, paint, writeLine } from '../terminal.ts'

interface CheckOptions extends Pick<SettingsFlags, 'config' | 'inspection'>, FormatFlags {
  readonly strict?: true
}

interface Checked {
  readonly file: string
  readonly good: boolean
  readonly problems: readonly Problem[]
}

interface CheckedPolicy extends Checked {
  readonly hash: string | null
  readonly rules: number
  readonly openings: readonly Opening[]
}

interface CheckedCases extends Checked {
  readonly cases: number
}

const SHOWN_HOSTS_MAX = 12

export function addCheck(program: Command, context: Context): void {
  const command = program
    .command('check')
    .description('what is wrong with a policy, and what it will open')
    .argument('[POLICY...]', 'policy files, or files of cases (default: the policy of the settings)')
    .option('--strict', 'warnings count as errors')
    .action((files: string[], options: CheckOptions) => check(context, files, options))
  addFormatOptions(command)
  addSettingOptions(command, ['inspection'])
  addExamples(command, [
    ['weir check', 'the policy that `weir run` would load'],
    ['weir check --strict policies/*.yaml', 'for a pipeline: exit status 1 on warnings too'],
    ['weir check --format sarif > weir.sarif', 'for a code scanner'],
  ])
}

async function check(context: Context, files: readonly string[], options: CheckOptions): Promise<void> {
  const { strict, json: _json, format: _format, ...flags } = options
  const settings = await loadSettings(context, flags)
  const isGood = (problems: readonly Problem[]): boolean =>
    strict === true ? problems.length === 0 : !hasErrors(problems)
  const policies: CheckedPolicy[] = []
  const cases: CheckedCases[] = []
  for (const file of files.length === 0 ? [settings.policy] : files) {
    const isCases = file.endsWith(CASES_ENDING)
    const checked = isCases ? await checkCases(file, isGood) : await checkPolicy(file, settings.inspection, isGood)
    if ('openings' in checked.report) policies.push(checked.report)
    else cases.push(checked.report)
    if (isForPerson(options)) writeChecked(context, checked.report, checked.texts)
  }
  const good = [...policies, ...cases].every((report) => report.good)
  const suites = [
    ...policies.map((report) => suiteOf(report, 'policy', strict === true)),
    ...cases.map((report) => suiteOf(report, 'case-file', strict === true)),
  ]
  writeReport(context.out, options, suites, { good, policies, ...(cases.length === 0 ? {} : { cases }) })
  context.finish(good ? 0 : 1)
}

interface Examined<R extends Checked> {
  readonly report: R
  readonly texts: ReadonlyMap<string, string>
}

type Judge = (problems: readonly Problem[]) => boolean

async function checkPolicy(
  file: string,
  inspection: InspectionMode | undefined,
  isGood: Judge,
): Promise<Examined<CheckedPolicy>> {
  const { policy, source, problems, texts } = await loadPolicy(file, inspection)
  const analysis = policy === null || source === null ? null : analyse(policy, source, Date.now())
  const found = [...problems, ...(analysis?.problems ?? [])]
  const report = {
    file,
    good: isGood(found),
    hash: policy?.hash ?? null,
    rules: source?.input.rules?.length ?? 0,
    problems: found,
    openings: analysis?.openings ?? [],
  }
  return { report, texts }
}

/** Of a file of cases, that it can be read; whether they hold, `weir test` tells. */
async function checkCases(file: string, isGood: Judge): Promise<Examined<CheckedCases>> {
  const { source, problems, text } = await readCasesFile(file)
  const report = { file, good: isGood(problems), cases: source?.input.cases.length ?? 0, problems }
  return { report, texts: new Map([[file, text]]) }
}

/** A check for everything that fails, or one that holds. */
function suiteOf({ file, problems }: Checked, kind: RemarkKind, strict: boolean): Suite {
  const remarks = problems.map((problem) => ({ kind, problem }))
  const failing = remarks.filter(({ problem }) => strict || problem.severity === 'error')
  const failed = failing.map((remark) => {
    const { message, file: place, line } = remark.problem
    return { name: message, file: place, line, remark }
  })
  return {
    name: file,
    checks: failed.length === 0 ? [{ name: 'loads, and means something', file, line: null, remark: null }] : failed,
    notes: remarks.filter((remark) => !failing.includes(remark)),
  }
}

function writeChecked(
  context: Context,
  report: CheckedPolicy | CheckedCases,
  texts: ReadonlyMap<string, string>,
): void {
  writeProblems(context.out, report.problems, texts)
  const verdict = report.good ? paint(context.out, 'green', 'good') : paint(context.out, 'red', 'not good')
  const counts = [
    counted(report.problems.filter(({ severity }) => severity === 'error').length, 'error'),
    counted(report.problems.filter(({ severity }) => severity === 'warning').length, 'warning'),
  ]
  const held = 'cases' in report ? counted(report.cases, 'case') : counted(report.rules, 'rule')
  writeLine(context.out, `${report.file}: ${verdict}, ${[held, ...counts].join(', ')}`)
  if ('cases' in report || report.hash === null) return
  if (report.openings.length === 0) writeLine(context.out, 'No TLS is opened.')
  for (const opening of report.openings) writeLine(context.out, `TLS is opened ${wordsOf(opening)}`)
}

function wordsOf({ reason, rule, hosts, except }: Opening): string {
  const cause = {
    rule: `for rule ${rule ?? ''}`,
    open: 'because `inspection.open` says so',
    mode: 'because the inspection mode says so',
    tenants: 'because `tenants` sets headers',
  }[reason]
  const exempt = except.length === 0 ? '' : `, but not: ${listed(except)}`
  return hosts.includes('*') ? `${cause}: to every host${exempt}` : `${cause}: ${listed(hosts)}${exempt}`
}

function listed(hosts: readonly string[]): string {
  const rest = hosts.length - SHOWN_HOSTS_MAX
  return `${hosts.slice(0, SHOWN_HOSTS_MAX).join(', ')}${rest > 0 ? ` and ${rest} more (--json names all)` : ''}`
}
