/** `weir health`: asks a running Weir whether it is well; the health check of a container. */
import type { Command } from 'commander'
import { type Address, parseAddress } from '../../net/address.ts'
import { HEALTH_PATH } from '../../proxy/health.ts'
import { formatListen, type Listen } from '../../settings/listen.ts'
import { parseJson } from '../../wire/json.ts'
import { ask } from '../ask.ts'
import { addExamples } from '../examples.ts'
import { loadSettings, type SettingsFlags } from '../load-settings.ts'
import { addSettingOptions } from '../setting-options.ts'
import { type Context, UsageError, writeJson, writeLine } from '../terminal.ts'

const ANSWER_TIMEOUT_MS = 5_000
const ANSWER_BYTES_MAX = 65_536

interface Health {
  readonly status: 'ok' | 'failing'
  readonly address: string
  /** Why it is failing. */
  readonly reason?: string
}

export function addHealth(program: Command, context: Context): void {
  const command = program
    .command('health')
    .description('ask a running Weir whether it is well')
    .option('--json', 'print one JSON document')
    .action(async ({ json, ...flags }: SettingsFlags & { json?: true }) => {
      const { listen } = await loadSettings(context, withClients(flags))
      if (listen.port === 0) throw new UsageError('port 0 is any port: name with --listen the one that Weir took')
      const health = await askHealth(listen)
      if (json === true) writeJson(context.out, health)
      else writeLine(context.out, `${health.address}: ${health.status}${health.reason ? `, ${health.reason}` : ''}`)
      context.finish(health.status === 'ok' ? 0 : 1)
    })
  addSettingOptions(command, ['listen'])
  addExamples(command, [
    ['weir health', 'asks the Weir on 127.0.0.1:8080'],
    ['weir health --listen 127.0.0.1:3128 --json', 'asks another one, for a program to read'],
  ])
}

/** Who may use the proxy is of no matter to one who only asks for its health, off loopback too. */
function withClients(flags: SettingsFlags): SettingsFlags {
  return { ...flags, allowClients: ['127.0.0.1/32'] }
}

async function askHealth(listen: Listen): Promise<Health> {
  const host = reachable(listen.address)
  const address = formatListen(host, listen.port)
  const failing = (reason: string): Health => ({ status: 'failing', address, reason })
  try {
    const { status, text } = await ask({
      where: { host: host.text, port: listen.port },
      path: HEALTH_PATH,
      bytesMax: ANSWER_BYTES_MAX,
      timeoutMs: ANSWER_TIMEOUT_MS,
    })
    const said = statusIn(text)
    if (status === 200 && said === 'ok') return { status: 'ok', address }
    return failing(said ?? `the answer was ${status}, and not one of Weir's`)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return failing('code' in error && error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message)
  }
}

/** What the answer says of itself; null where it is not Weir's: another server's 200 is no health of Weir's. */
function statusIn(text: string): string | null {
  const answer = parseJson(text)
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) return null
  return typeof answer.status === 'string' ? answer.status : null
}

/** An address to dial for one to listen on: "any" listens on loopback too. */
function reachable(address: Address): Address {
  const loopback = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address.text]
  return (loopback === undefined ? null : parseAddress(loopback)) ?? address
}
