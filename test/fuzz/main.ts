/** `npm run fuzz`: every parser in turn, with new inputs each time, until the time is over or something does not hold. */
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { TARGETS } from './registry.ts'
import type { FuzzTarget } from './target.ts'

const USAGE = `npm run fuzz -- [--seconds N] [--seed S] [--only NAME]

  --seconds N  how long, all parsers together (default: 600)
  --seed S     where the inputs begin (default: the present second)
  --only NAME  one parser, or all whose names begin so

Progress is on standard error. Exit status: 0 all held, 1 a finding, 2 wrong usage.
`

interface Order {
  readonly seconds: number
  readonly seed: number
  readonly only: string
}

type Report =
  | { readonly kind: 'begun' | 'held'; readonly name: string; readonly seed: number; readonly runs: number }
  | { readonly kind: 'finding'; readonly name: string; readonly finding: string }
  | { readonly kind: 'end' }

/** No batch takes a tenth of it: a parser that is silent for so long goes round in a circle. */
const SILENCE_MAX_MS = 120_000
/** One parser's turn. */
const TURN_MS = 1_500
const BATCH_RUNS = 100

if (isMainThread) process.exitCode = await main()
else await fuzz(workerData as Order)

async function main(): Promise<number> {
  const order = readOrder()
  if (typeof order === 'string') {
    process.stderr.write(order)
    return order === USAGE ? 0 : 2
  }
  tell(`seed ${order.seed}, ${order.seconds} s`)
  // In a thread, so that a parser that never ends can be told from one that takes its time.
  const worker = new Worker(new URL(import.meta.url), { workerData: order })
  const outcome = await watch(worker)
  await worker.terminate()
  tell(outcome.text)
  return outcome.status
}

function readOrder(): Order | string {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string', default: '600' },
        seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000)) },
        only: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return USAGE
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
    if (!(seconds > 0) || !Number.isInteger(seed)) return `--seconds is above 0, --seed is a whole number\n\n${USAGE}`
    if (chosen(values.only).length === 0) {
      return `no parser is called ${values.only}; there are:\n${TARGETS.map(({ name }) => `  ${name}\n`).join('')}`
    }
    return { seconds, seed, only: values.only }
  } catch (error) {
    if (error instanceof TypeError) return `${error.message}\n\n${USAGE}`
    throw error
  }
}

function chosen(only: string): readonly FuzzTarget[] {
  const exact = TARGETS.filter(({ name }) => name === only)
  return exact.length > 0 ? exact : TARGETS.filter(({ name }) => name.startsWith(only))
}

interface Outcome {
  readonly status: number
  readonly text: string
}

function watch(worker: Worker): Promise<Outcome> {
  const runs = new Map<string, number>()
  let current = ''
  return new Promise((resolve, reject) => {
    const silent = (): void => resolve({ status: 1, text: `${current}: goes on for ${SILENCE_MAX_MS} ms` })
    let timer = setTimeout(silent, SILENCE_MAX_MS)
    worker.on('error', reject)
    worker.on('message', (report: Report) => {
      clearTimeout(timer)
      if (report.kind === 'end') {
        resolve({ status: 0, text: `all held\n${summaryOf(runs)}` })
        return
      }
      if (report.kind === 'finding') {
        return resolve({ status: 1, text: `FINDING in ${report.name}\n${report.finding}\n${summaryOf(runs)}` })
      }
      if (report.kind === 'begun') current = `${report.name}, seed ${report.seed}`
      else {
        runs.set(report.name, (runs.get(report.name) ?? 0) + report.runs)
        tell(`${report.name.padEnd(20)} ${runs.get(report.name)}`)
      }
      timer = setTimeout(silent, SILENCE_MAX_MS)
    })
  })
}

function summaryOf(runs: ReadonlyMap<string, number>): string {
  const total = [...runs.values()].reduce((sum, count) => sum + count, 0)
  return `${total} inputs: ${[...runs].map(([name, count]) => `${name} ${count}`).join(', ')}`
}

/** In the thread. */
async function fuzz({ seconds, seed, only }: Order): Promise<void> {
  const deadline = performance.now() + seconds * 1_000
  const targets = chosen(only)
  for (let next = seed; performance.now() < deadline; ) {
    for (const target of targets) {
      const turnEnd = Math.min(deadline, performance.now() + TURN_MS)
      let runs = 0
      while (performance.now() < turnEnd) {
        post({ kind: 'begun', name: target.name, seed: next, runs: 0 })
        const outcome = await target.run({ seed: next++, runs: BATCH_RUNS })
        runs += outcome.runs
        if (outcome.finding !== null) {
          post({ kind: 'finding', name: target.name, finding: outcome.finding })
          return
        }
      }
      if (runs > 0) post({ kind: 'held', name: target.name, seed: next, runs })
    }
  }
  post({ kind: 'end' })
}

function post(report: Report): void {
  // oxlint-disable-next-line require-post-message-target-origin -- the port of a thread has no origin.
  parentPort?.postMessage(report)
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}
