/** `weir check`: what is wrong with a policy, what it will open and for which rule, and which of its rules do nothing. */
import type { Command } from 'commander'
import { analyse } from '../../policy/analyse.ts'
import type { Opening } from '../../policy/openings.ts'
import { hasErrors, type Problem } from '../../text/problem.ts'
import { addExamples } from '../examples.ts'
import { loadPolicy } from '../load-policy.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { writeProblems } from '../problems.ts'
import { addSettingOptions } from '../setting-options.ts'
import { type Context, paint, writeJson, writeLine } from '../terminal.ts'

interface CheckOptions extends Pick<SettingsFlags, 'config' | 'inspection'> {
  readonly strict?: true
  readonly json?: true
}

interface Report {
  readonly file: string
  readonly good: boolean
  readonly hash: string | null
  readonly rules: number
  readonly problems: readonly Problem[]
  readonly openings: readonly Opening[]
}

const SHOWN_HOSTS_MAX = 12

export function addCheck(program: Command, context: Context): void {
  const command = program
    .command('check')
    .description('what is wrong with a policy, and what it will open')
    .argument('[POLICY...]', 'policy files (default: the policy of the settings)')
    .option('--strict', 'warnings count as errors')
    .option('--json', 'print one JSON document')
    .action((files: string[], options: CheckOptions) => check(context, files, options))
  addSettingOptions(command, ['inspection'])
  addExamples(command, [
    ['weir check', 'the policy that `weir run` would load'],
    ['weir check --strict policies/*.yaml', 'for a pipeline: exit status 1 on warnings too'],
  ])
}

async function check(context: Context, files: readonly string[], options: CheckOptions): Promise<void> {
  const { strict, json, ...flags } = options
  const settings = await loadSettings(context, flags)
  const reports: Report[] = []
  for (const file of files.length === 0 ? [settings.policy] : files) {
    const { policy, source, problems, texts } = await loadPolicy(file, settings.inspection)
    const analysis = policy === null || source === null ? null : analyse(policy, source, Date.now())
    const found = [...problems, ...(analysis?.problems ?? [])]
    const report: Report = {
      file,
      good: strict === true ? found.length === 0 : !hasErrors(found),
      hash: policy?.hash ?? null,
      rules: source?.input.rules?.length ?? 0,
      problems: found,
      openings: analysis?.openings ?? [],
    }
    reports.push(report)
    if (json !== true) writeReport(context, report, texts)
  }
  const good = reports.every((report) => report.good)
  if (json === true) writeJson(context.out, { good, policies: reports })
  context.finish(good ? 0 : 1)
}

function writeReport(context: Context, report: Report, texts: ReadonlyMap<string, string>): void {
  writeProblems(context.out, report.problems, texts)
  const verdict = report.good ? paint(context.out, 'green', 'good') : paint(context.out, 'red', 'not good')
  const counts = [
    counted(report.problems.filter(({ severity }) => severity === 'error').length, 'error'),
    counted(report.problems.filter(({ severity }) => severity === 'warning').length, 'warning'),
  ]
  writeLine(context.out, `${report.file}: ${verdict}, ${[counted(report.rules, 'rule'), ...counts].join(', ')}`)
  if (report.hash === null) return
  if (report.openings.length === 0) writeLine(context.out, 'No TLS is opened.')
  for (const opening of report.openings) writeLine(context.out, `TLS is opened ${wordsOf(opening)}`)
}

function wordsOf({ reason, rule, hosts, except }: Opening): string {
  const cause = {
    rule: `for rule ${rule ?? ''}`,
    open: 'because `inspection.open` says so',
    mode: 'because the inspection mode says so',
  }[reason]
  const exempt = except.length === 0 ? '' : `, but not: ${listed(except)}`
  return hosts.includes('*') ? `${cause}: to every host${exempt}` : `${cause}: ${listed(hosts)}${exempt}`
}

function listed(hosts: readonly string[]): string {
  const rest = hosts.length - SHOWN_HOSTS_MAX
  return `${hosts.slice(0, SHOWN_HOSTS_MAX).join(', ')}${rest > 0 ? ` and ${rest} more (--json names all)` : ''}`
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
