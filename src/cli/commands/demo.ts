/** `weir demo`: a real git pushes once where it may and once where it may not, and both sides say what they saw. */
import type { Command } from 'commander'
import type { ServedRequest } from '../demo/exchange.ts'
import { ALLOWED, MESSAGE, onStage, REFUSED, RULE, type Stage } from '../demo/stage.ts'
import { CommandError, type Context, paint, writeJson, writeLine } from '../terminal.ts'

const DEADLINE_MS = 28_000

interface Push {
  readonly repository: string
  readonly exitStatus: number
  /** Both streams of git, as a developer sees them. */
  readonly git: string
  /** Of the pack, as the upstream counted. */
  readonly upstreamPackBytes: number
  readonly upstreamRequests: readonly string[]
  readonly record: Readonly<Record<string, unknown>> | null
}

export function addDemo(program: Command, context: Context): void {
  program
    .command('demo')
    .description('push once where it is allowed and once where it is not, on this machine alone, and show both sides')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: true }) => {
      const tell = (text: string): void => {
        if (json !== true) writeLine(context.out, text)
      }
      const pushes = await play(context, tell)
      const faults = faultsOf(pushes)
      if (json === true) writeJson(context.out, { good: faults.length === 0, faults, ...pushes })
      tell(faults.length === 0 ? paint(context.out, 'green', 'As promised.') : '')
      if (faults.length > 0) throw new CommandError(`the demonstration did not end as promised: ${faults.join('; ')}`)
    })
}

interface Pushes {
  readonly allowed: Push
  readonly refused: Push
}

async function play(context: Context, tell: (text: string) => void): Promise<Pushes> {
  const interrupt = new AbortController()
  const onSignal = (): void => interrupt.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const title = (text: string): string => paint(context.out, 'bold', text)
  const signal = AbortSignal.any([interrupt.signal, AbortSignal.timeout(DEADLINE_MS)])
  try {
    const raw = await onStage(signal, async (stage) => {
      tell(`${title('The policy')}\n\n${indent(stage.policy)}\n`)
      tell(`Weir listens on ${stage.weir.address}; an upstream on port ${stage.upstream.port} plays github.com.\n`)
      const outputs = { allowed: await stage.push(ALLOWED), refused: await stage.push(REFUSED) }
      // Stopped here, so that the record is whole before it is shown.
      await stage.weir.stop()
      return { allowed: tellOf(stage, ALLOWED, outputs.allowed), refused: tellOf(stage, REFUSED, outputs.refused) }
    })
    for (const push of [raw.allowed, raw.refused]) tell(`${title(`Push to ${push.repository}`)}\n\n${describe(push)}\n`)
    return raw
  } catch (error) {
    if (signal.aborted) throw new CommandError('the demonstration was cut short')
    throw error
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

function tellOf(stage: Stage, name: string, { code, output }: { code: number; output: string }): Push {
  const repository = `github.com/${name}`
  const served = stage.upstream.log.filter(({ path }) => path.startsWith(`/${name}`))
  const record = stage.weir.record.filter(
    (line) => line['weir.repository'] === repository && line['weir.operation'] === 'git-push',
  )
  return {
    repository,
    exitStatus: code,
    git: output,
    upstreamPackBytes: served.reduce((sum, { packBytes }) => sum + (packBytes ?? 0), 0),
    upstreamRequests: served.map(lineOf),
    record: record.at(-1) ?? null,
  }
}

function lineOf({ method, path, status, bodyBytes }: ServedRequest): string {
  return `${method} ${path} → ${status ?? 'unanswered'}, ${bodyBytes} bytes of content`
}

function describe(push: Push): string {
  const upstream = push.upstreamRequests.length === 0 ? ['nothing'] : push.upstreamRequests
  const what = push.exitStatus === 0 ? 'pack' : 'refused pack'
  return [
    `git push said (exit status ${push.exitStatus}):`,
    indent(push.git),
    'The upstream saw:',
    indent([...upstream, `${push.upstreamPackBytes} bytes of the ${what}`].join('\n')),
    'The record of Weir says:',
    indent(recordOf(push)),
  ].join('\n')
}

function recordOf({ record }: Push): string {
  if (record === null) return 'nothing'
  const [action, rule, bytes] = ['event.action', 'rule.name', 'weir.upstream.bodyBytes'].map((field) =>
    JSON.stringify(record[field]),
  )
  return `event.action ${action}, rule.name ${rule}, weir.upstream.bodyBytes ${bytes}`
}

/** What is not as it was promised; empty when the demonstration shows what it is there to show. */
function faultsOf({ allowed, refused }: Pushes): readonly string[] {
  const holds: readonly (readonly [boolean, string])[] = [
    [allowed.exitStatus === 0, `the push to ${ALLOWED} failed`],
    [allowed.upstreamPackBytes > 0, `the upstream got no pack for ${ALLOWED}`],
    [refused.exitStatus !== 0, `the push to ${REFUSED} went through`],
    [refused.git.includes('[remote rejected]'), 'git did not show a rejected ref'],
    [refused.git.includes(RULE), `git did not show the rule ${RULE}`],
    [refused.git.includes(MESSAGE), 'git did not show the message of the rule'],
    [refused.upstreamPackBytes === 0, `the upstream got ${refused.upstreamPackBytes} bytes of the refused pack`],
    [refused.record?.['rule.name'] === RULE, `the record does not name the rule ${RULE}`],
  ]
  return holds.flatMap(([held, fault]) => (held ? [] : [fault]))
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n')
}
