/** Runs the rounds of one measure: the proxies take turns, so that what the machine does besides falls on both alike. */
import { setTimeout as wait } from 'node:timers/promises'
import { readPem } from './certificates.ts'
import type { Contestant, Stage } from './contestant.ts'
import type { Measure } from './measures.ts'
import type { Options, ProxyName } from './options.ts'
import { readCpuSeconds } from './process-times.ts'
import { lastWords, nextMessage, type Program } from './program.ts'
import type { Round } from './statistics.ts'
import { amountOf, doneSchema, type Job } from './work.ts'

export type Contestants = Readonly<Partial<Record<ProxyName, Contestant>>>
/** `direct` is the same work without a proxy, where that tells what the load and the origin can do. */
export type Rounds = Record<ProxyName | 'direct', Round[]>

const roundTimeoutMs = 120_000
/** For what a proxy still does after the last answer: its record, its closes. */
const settleMs = 150

/** Rounds to warm up, which are not counted, and those that are. A wrong answer in any of them throws. */
export async function contest(
  measure: Measure,
  contestants: Contestants,
  { stage, load, options, report }: Circumstances,
): Promise<Rounds> {
  const rounds: Rounds = { weir: [], squid: [], direct: [] }
  // Squid inspects no HTTP/2.
  const isHttp2 = measure.work.kind === 'streams'
  for (let turn = 1 - options.warmUps; turn <= options.rounds; turn += 1) {
    for (const name of ['weir', 'squid'] as const) {
      const contestant = contestants[name]
      if (contestant === undefined || (name === 'squid' && isHttp2)) continue
      report(`${measure.name}: ${turn > 0 ? `round ${turn} of ${options.rounds}` : 'warm-up'}, ${name}`)
      const round = await runRound(measure, contestant, stage, load)
      if (turn > 0) rounds[name].push(round)
    }
    if (isHttp2 && turn > 0) rounds.direct.push(await runDirect(measure, stage, load))
  }
  return rounds
}

export interface Circumstances {
  readonly stage: Stage
  readonly load: Program
  readonly options: Options
  readonly report: (text: string) => void
}

async function runRound(measure: Measure, contestant: Contestant, stage: Stage, load: Program): Promise<Round> {
  const { work, inspected } = measure
  const job: Job = {
    work,
    proxyPort: contestant.port,
    originPort: work.kind === 'plain' ? stage.ports.http : stage.ports.https,
    anchor: readPem(inspected ? contestant.anchorFile : stage.originAnchorFile),
  }
  const { pid } = contestant.program
  const [cpuBefore, wallBefore] = [readCpuSeconds(pid), performance.now()]
  try {
    await runJob(load, job)
  } catch (error) {
    const words = `${measure.name} through ${contestant.program.name} failed${lastWords(contestant.program)}`
    throw new Error(words, { cause: error })
  }
  const wallSeconds = (performance.now() - wallBefore) / 1_000
  await wait(settleMs)
  return { amount: amountOf(work), cpuSeconds: readCpuSeconds(pid) - cpuBefore, wallSeconds }
}

async function runDirect({ work }: Measure, { ports, originAnchorFile }: Stage, load: Program): Promise<Round> {
  const wallBefore = performance.now()
  await runJob(load, { work, proxyPort: null, originPort: ports.https, anchor: readPem(originAnchorFile) })
  return { amount: amountOf(work), cpuSeconds: 0, wallSeconds: (performance.now() - wallBefore) / 1_000 }
}

async function runJob(load: Program, job: Job): Promise<void> {
  const message = nextMessage(load, roundTimeoutMs)
  load.child.send(job)
  const done = doneSchema.parse(await message)
  if ('fault' in done) throw new Error(done.fault)
}
