/** Plays an attack on a Weir while honest clients go on, each party in a process of its own, and measures what becomes of them. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createTestCa } from '../../../tls/pki.ts'
import { watchProcess } from '../../../soak/process-watch.ts'
import { startWeirProcess, type WeirProcess } from '../../support/weir-process.ts'
import type { Attack } from './attack.ts'
import type { Behind, Load, Measure, Order, Toll } from './order.ts'
import { ATTACKER_ADDRESS } from './strike.ts'
import { HOST, POLICY } from '../site.ts'

const HONEST_CONNECTIONS = 4
const WARM_UP_MS = 1_000

export interface FloodPlan {
  readonly attack: Attack
  readonly forMs: number
  /** Of the time without it, ahead. */
  readonly calmMs: number
  /** Honest requests. */
  readonly perSecond: number
  readonly endsWithinMs: number
}

export interface FloodResult {
  readonly attack: Attack
  readonly toll: Toll
  readonly calm: Measure
  readonly during: Measure
  /** Of Weir's resident memory, at its peak above what it was before. */
  readonly growthBytes: number
  /** Records that tell of the attack, by reason. */
  readonly told: Readonly<Record<string, number>>
}

export async function playFlood(plan: FloodPlan): Promise<FloodResult> {
  await using down = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'weir-floods-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const { weir, behind } = await startWeir(plan.attack, folder, down)
  const honest = child('honest.ts', down)
  await ask(honest, { ...behind, connections: HONEST_CONNECTIONS, perSecond: plan.perSecond } satisfies Load)
  await wait(WARM_UP_MS)
  await ask(honest, 'measure')
  await wait(plan.calmMs)
  const calm = (await ask(honest, 'measure')) as Measure
  const before = weir.records.length
  const { value, growthBytes } = await watchProcess(weir.pid, async () => {
    const { attack, forMs, endsWithinMs } = plan
    const toll = (await ask(child('attacker.ts', down), {
      ...behind,
      attack: attack.name,
      forMs,
      endsWithinMs,
    } satisfies Order)) as Toll
    return { toll, during: (await ask(honest, 'measure')) as Measure }
  })
  return { attack: plan.attack, ...value, calm, growthBytes, told: tellings(weir, before) }
}

async function startWeir(
  { limits = {} }: Attack,
  folder: string,
  down: AsyncDisposableStack,
): Promise<{ readonly weir: WeirProcess; readonly behind: Behind }> {
  const ca = createTestCa({ name: 'Flood test CA' })
  const site = child('site.ts', down)
  const port = await ask(site, ca.issue({ names: [HOST] }))
  const weir = await startWeirProcess({
    folder,
    upstreamCa: ca.certificatePem,
    policy: POLICY,
    resolve: [`${HOST}:443:127.0.0.1:${String(port)}`],
    limits,
  })
  down.defer(async () => void (await weir.close()))
  const weirPort = Number(weir.address.split(':').at(-1))
  return { weir, behind: { weirPort, host: HOST, ca: readFileSync(weir.caFile, 'utf8') } }
}

function child(file: string, down: AsyncDisposableStack): ChildProcess {
  const process = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const closed = once(process, 'close')
  down.defer(async () => {
    process.kill('SIGKILL')
    await closed
  })
  return process
}

async function ask(process: ChildProcess, question: object | string): Promise<unknown> {
  const answer = Promise.race([
    once(process, 'message'),
    once(process, 'exit').then(() => {
      throw new Error('a process of the flood ended early')
    }),
  ])
  process.send(question)
  const [said] = await answer
  return said
}

function tellings({ records }: WeirProcess, before: number): Readonly<Record<string, number>> {
  const told: Record<string, number> = {}
  for (const record of records.slice(before)) {
    if (record['source.ip'] !== ATTACKER_ADDRESS) continue
    const reason = String(record['weir.reason'] ?? record['error.code'] ?? record['event.action'])
    told[reason] = (told[reason] ?? 0) + 1
  }
  return told
}
