/** The command line of the bench. */
import { parseArgs } from 'node:util'
import { MEASURES, type Measure, quicken } from './measures.ts'

export interface Options {
  readonly measures: readonly Measure[]
  readonly rounds: number
  /** Rounds before those that count: a proxy on Node is compiled while it runs. */
  readonly warmUps: number
  readonly proxies: readonly ProxyName[]
  readonly quick: boolean
  readonly json: boolean
}

export type ProxyName = 'weir' | 'squid'

const PROXIES: readonly ProxyName[] = ['weir', 'squid']
const roundsMax = 100

export const USAGE = `npm run bench -- [--only MEASURE]… [--proxy weir|squid]… [--rounds N] [--quick] [--json]

Requests and megabytes per CPU second of the proxy's process tree, Weir beside Squid.
  --only MEASURE  this measure alone, repeatable: ${MEASURES.map(({ name }) => name).join(' ')}
  --proxy NAME    this proxy alone: weir or squid
  --rounds N      counted rounds of each measure and proxy (5)
  --quick         one short round: shows that all works, says little about speed
  --json          the result as JSON, with every round
`

/** `null` for help; throws what is wrong with the arguments. */
export function parseOptions(parameters: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string', multiple: true },
      proxy: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return null
  const chosen = pick('measure', values.only, MEASURES, ({ name }) => name)
  return {
    measures: values.quick ? chosen.map(quicken) : chosen,
    rounds: values.rounds === undefined ? (values.quick ? 1 : 5) : parseRounds(values.rounds),
    warmUps: values.quick ? 1 : 2,
    proxies: pick('proxy', values.proxy, PROXIES, (name) => name),
    quick: values.quick,
    json: values.json,
  }
}

/** Those of the list that are named, in the list's order; all when none is. */
function pick<T>(
  what: string,
  wanted: readonly string[] | undefined,
  all: readonly T[],
  nameOf: (item: T) => string,
): readonly T[] {
  const names = all.map(nameOf)
  const unknown = wanted?.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`no ${what} is called ${unknown}; there are: ${names.join(', ')}`)
  return wanted === undefined ? all : all.filter((item) => wanted.includes(nameOf(item)))
}

function parseRounds(text: string): number {
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > roundsMax) {
    throw new Error(`--rounds takes a number from 1 to ${roundsMax}, not ${text}`)
  }
  return rounds
}
