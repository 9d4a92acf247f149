/** The real h2load as a client, and what it prints. */
import { runProgram } from '../support/program.ts'

export interface H2Load {
  /** `h2` or `http/1.1`, as ALPN had it. */
  readonly protocol: string
  readonly succeeded: number
  /** What was answered with 4xx and 5xx, and what was never answered. */
  readonly failed: number
  readonly errored: number
  /** How often each class of status came: `2xx`, … */
  readonly statuses: Readonly<Record<string, number>>
  readonly perSecond: number
}

const TIMEOUT_MS = 170_000

/** `address` is the one to connect to in place of the URLs' own. */
export async function h2load(address: string, args: readonly string[]): Promise<H2Load> {
  const { code, stdout, stderr } = await runProgram('h2load', [`--connect-to=${address}`, ...args], {
    timeoutMs: TIMEOUT_MS,
  })
  if (code !== 0) throw new Error(`h2load: ${stderr}${stdout}`)
  const number = (pattern: RegExp): number => {
    const [, digits] = pattern.exec(stdout) ?? []
    if (digits === undefined) throw new Error(`no ${pattern} in what h2load printed:\n${stdout}`)
    return Number(digits)
  }
  const classes = ['2xx', '3xx', '4xx', '5xx']
  return {
    protocol: /^Application protocol: (\S+)$/m.exec(stdout)?.[1] ?? 'none',
    succeeded: number(/ (\d+) succeeded/),
    failed: number(/ (\d+) failed/),
    errored: number(/ (\d+) errored/),
    statuses: Object.fromEntries(classes.map((name) => [name, number(new RegExp(` (\\d+) ${name}`))])),
    perSecond: number(/ ([\d.]+) req\/s/),
  }
}
