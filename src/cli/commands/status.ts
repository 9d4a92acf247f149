/** `weir status`: asks a running Weir how it stands, by the control socket in its data folder. */
import type { Command } from 'commander'
import { formatSpan } from '../../text/duration.ts'
import { printable } from '../../text/problem-render.ts'
import { formatSize } from '../../text/quantity.ts'
import { askStatus } from '../control-socket.ts'
import { addExamples } from '../examples.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { writeProblems } from '../problems.ts'
import { parseStatus, type RunStatus, type Starting } from '../run-status.ts'
import { addSettingOptions } from '../setting-options.ts'
import { CommandError, type Context, counted, paint, writeJson, writeLine } from '../terminal.ts'

/** From this share of a limit on, a person should look. */
const NEAR = 0.8

export function addStatus(program: Command, context: Context): void {
  const command = program
    .command('status')
    .description('ask a running Weir for its policy, its last reload, and limits that are near')
    .option('--json', 'print one JSON document')
    .action(async ({ json, ...flags }: SettingsFlags & { json?: true }) => {
      const { data } = await loadSettings(context, flags)
      const status = parseStatus(await askStatus(data))
      if (status === null) throw new CommandError(`${data}: what answers there is no weir of this version`)
      if (json === true) writeJson(context.out, status)
      else if ('event' in status) writeLine(context.out, `${nameOf(status)}, is starting`)
      else writeStatus(context, status, Date.now())
      context.finish(!('event' in status) && isGood(status) ? 0 : 1)
    })
  addSettingOptions(command, ['data'])
  addExamples(command, [
    ['weir status', 'the Weir whose data folder is data/'],
    ['weir status --data /var/lib/weir --json', 'another one, for a program to read'],
  ])
}

function nameOf({ version, pid }: RunStatus | Starting): string {
  return `weir ${version}, process ${pid}`
}

/** Good: the last reload took, and everything that has to be written can be. */
function isGood(status: RunStatus): boolean {
  return status.reload.good && status.recording && (status.ledger?.writable ?? true)
}

function writeStatus(context: Context, status: RunStatus, now: number): void {
  const { out } = context
  const good = (text: string, is: boolean): string => paint(out, is ? 'green' : 'red', text)
  const { policy, reload } = status
  writeLine(out, `${nameOf(status)}, up ${formatSpan(now - status.startedAt)}`)
  writeLine(out, `policy ${printable(policy.file)}, ${counted(policy.rules, 'rule')}, hash ${policy.hash}`)
  const outcome = reload.good ? 'good' : 'not good: the last good one is in force'
  writeLine(out, `last load ${formatSpan(now - reload.at)} ago: ${good(outcome, reload.good)}`)
  writeProblems(out, reload.problems, new Map())
  writeLine(
    out,
    `record ${good(status.recording ? 'is written' : 'cannot be written: only reads pass', status.recording)}`,
  )
  if (status.ledger !== null) {
    const { writable, fault } = status.ledger
    writeLine(out, `budgets ${good(writable ? 'are kept' : `cannot be kept (${fault ?? ''})`, writable)}`)
  }
  writeLine(out, `${counted(status.openTunnels, 'tunnel')} and ${counted(status.sockets, 'socket')} open`)
  for (const { name, used, max } of status.limits) writeUse(context, name, used, max, name.includes('Bytes'))
  for (const { budget, key, usedBytes, size } of status.budgets) {
    writeUse(context, `budget ${budget} of ${printable(key)}`, usedBytes, size, true)
  }
  for (const { host, clients, certain, sign } of status.distrust) {
    const many = clients === 1 ? '1 client does' : `${clients} clients do`
    const sure = certain ? '' : 'perhaps: '
    writeLine(
      out,
      `${printable(host)}: ${paint(out, 'yellow', `${sure}${many} not trust the inspection CA`)} (${printable(sign)})`,
    )
  }
}

function writeUse({ out }: Context, name: string, used: number, max: number, bytes: boolean): void {
  const show = (amount: number): string => (bytes ? formatSize(amount) : String(amount))
  const share = `${Math.floor((used / max) * 100)} %`
  writeLine(out, `${name}: ${show(used)} of ${show(max)}, ${used >= max * NEAR ? paint(out, 'yellow', share) : share}`)
}
