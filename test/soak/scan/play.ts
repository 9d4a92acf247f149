/** A light flow beside a heavy scan, every party in a process of its own: what the flow notices of it, and what memory it takes. */
import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { runToEnd } from '../../../src/cli/demo/child.ts'
import { startWeirProcess, type WeirProcess } from '../../e2e/support/weir-process.ts'
import { createTestCa } from '../../tls/pki.ts'
import { weirWords } from '../../weir-command.ts'
import { residentBytes, watchProcess } from '../process-watch.ts'
import type { LightTaken, Taken } from './order.ts'
import { Party } from './party.ts'
import { FORGE_HOST, INDEXED, POLICY, SITE_HOST } from './policy.ts'
import { createSourceCommits, type SourceCommits } from './source-commits.ts'
import { findFiles, type RealFile } from './source-files.ts'
import { threadSeconds } from './thread-seconds.ts'
import { Turns } from './turns.ts'

const MB = 1_000_000
const SEED = 'scan'
/** A scan ahead of all, and a whole push without one: what is loaded and compiled once only is no growth, nor what any push needs. */
const WARM_UP_BYTES = 24 * MB
const WARM_UP_MS = 2_000
const INDEXED_FILES = 2_000
const CONNECTIONS = 2

export interface ScanPlan {
  readonly packBytes: number
  readonly rounds: number
  /** Of the calm ahead of each round; a push without a scan is repeated for as long. */
  readonly calmMs: number
  /**
   * Beside a scan, its client is stopped and goes on in turns of so long: whatever else the machine does, the times with the scan and
   * those without lie side by side.
   */
  readonly turnMs: number
  readonly readsPerSecond: number
  readonly writesPerSecond: number
  /** One more pack, that is scanned for its memory; 0 for none. */
  readonly largeBytes: number
  /** Pushes that are scanned at one time, for their memory; 0 for none. */
  readonly together: number
}

/** `pause` is between the turns of a scan. */
export type PhaseName = 'calm' | 'push' | 'scan' | 'pause'

export interface Phase extends LightTaken {
  readonly name: PhaseName
  readonly seconds: number
  readonly pushes: number
  /** Of the machine, at the end: who else was at work. */
  readonly load: number
  /** Of a processor, that Weir's threads took: the one that carries bytes, and all that look into uploads. */
  readonly mainShare: number
  readonly scanShare: number
}

export interface ScanSoak {
  readonly commits: SourceCommits
  readonly phases: readonly Phase[]
  readonly growths: readonly Growth[]
}

export interface Growth {
  readonly name: string
  /** At one time. */
  readonly scans: number
  readonly seconds: number
  /** Of Weir's resident memory, at its peak above what it was before all. */
  readonly growthBytes: number
}

export async function playScanSoak(plan: ScanPlan, tell: (line: string) => void): Promise<ScanSoak> {
  await using down = new AsyncDisposableStack()
  const stage = await setStage(down, tell)
  await stage.createSource('warm', WARM_UP_BYTES)
  await stage.push('warm', 'scanned')
  const commits = await stage.createSource('source', plan.packBytes)
  tell(describeGrowth(await stage.grow('a push without a scan', 0, () => stage.push('source', 'plain'))))
  await stage.rebase()
  const inside = `${commits.objects} objects, ${megabytes(commits.sourceBytes)} of source`
  tell(`the pack has ${megabytes(commits.packBytes)}: ${inside}`)
  // Ahead of the light flow: what that leaves for V8 to collect some day is no growth of a scan.
  const growths: Growth[] = []
  for await (const growth of growScans(stage, plan)) {
    growths.push(growth)
    tell(describeGrowth(growth))
  }
  const light = await stage.openLight(plan)
  const phases: Phase[] = []
  const note = (phase: Phase): void => {
    phases.push(phase)
    tell(describePhase(phase))
  }
  for (let round = 0; round < plan.rounds; round++) {
    note(await stage.measure('calm', light, () => wait(plan.calmMs).then(() => 0)))
    note(await stage.measure('push', light, () => repeat(plan.calmMs, () => stage.push('source', 'plain'))))
    for (const phase of await stage.measureTurns(light, plan.turnMs)) note(phase)
  }
  return { commits, phases, growths }
}

async function* growScans(stage: Stage, { largeBytes, together }: ScanPlan): AsyncGenerator<Growth> {
  yield await stage.grow('a scan', 1, () => stage.push('source', 'scanned'))
  if (largeBytes > 0) {
    await stage.createSource('large', largeBytes)
    yield await stage.grow(`a scan of ${megabytes(largeBytes)}`, 1, () => stage.push('large', 'scanned'))
  }
  if (together > 0) {
    const all = (): Promise<unknown> =>
      Promise.all(Array.from({ length: together }, () => stage.push('source', 'scanned')))
    yield await stage.grow(`${together} scans together`, together, all)
  }
}

/** How often it was done. */
async function repeat(forMs: number, act: () => Promise<void>): Promise<number> {
  const endsAt = performance.now() + forMs
  let times = 0
  for (; performance.now() < endsAt; times++) await act()
  return times
}

async function setStage(down: AsyncDisposableStack, tell: (line: string) => void): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-soak-scan-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const ca = createTestCa({ name: 'Soak test CA' })
  const forge = new Party('forge.ts', down)
  const forgePort = await forge.ask({ start: ca.issue({ names: [FORGE_HOST] }) })
  const site = new Party('site.ts', down)
  const sitePort = await site.ask(ca.issue({ names: [SITE_HOST] }))
  const files = findFiles(SEED)
  const weirFolder = join(folder, 'weir')
  await mkdir(weirFolder)
  const weir = await startWeirProcess({
    folder: weirFolder,
    upstreamCa: ca.certificatePem,
    policy: POLICY,
    resolve: [`${FORGE_HOST}:443:127.0.0.1:${String(forgePort)}`, `${SITE_HOST}:443:127.0.0.1:${String(sitePort)}`],
    fingerprints: await indexSome(folder, files, tell),
  })
  down.defer(async () => void (await weir.close()))
  return new Stage(folder, files, { weir, forge, down })
}

/** Some of what will be pushed, so that its look-ups find something. */
async function indexSome(folder: string, files: readonly RealFile[], tell: (line: string) => void): Promise<string> {
  const source = join(folder, 'monorepo')
  await mkdir(source)
  const some = files.filter(({ kind }) => kind === 'source').slice(0, INDEXED_FILES)
  for (const [at, { path }] of some.entries()) copyFileSync(path, join(source, `${at}-${basename(path)}`))
  const index = join(folder, 'fingerprints.idx')
  const words = [...weirWords(), 'index', '--name', INDEXED, '--out', index, source]
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output += text.toString()
    })
  }
  const [code]: (number | null)[] = await once(child, 'close')
  if (code !== 0) throw new Error(`weir index failed: ${output}`)
  tell(output.trim())
  return index
}

interface Actors {
  readonly weir: WeirProcess
  readonly forge: Party
  readonly down: AsyncDisposableStack
}

class Stage {
  readonly #folder: string
  readonly #files: readonly RealFile[]
  readonly #weir: WeirProcess
  readonly #forge: Party
  readonly #down: AsyncDisposableStack
  readonly #ending = new AbortController()
  #baseBytes: number | null = null
  #pushes = 0

  constructor(folder: string, files: readonly RealFile[], { weir, forge, down }: Actors) {
    this.#folder = folder
    this.#files = files
    this.#weir = weir
    this.#forge = forge
    this.#down = down
    down.defer(() => this.#ending.abort())
  }

  async createSource(name: string, packBytes: number): Promise<SourceCommits> {
    const cwd = join(this.#folder, name)
    await mkdir(cwd)
    return createSourceCommits({ packBytes, files: this.#files, seed: `${SEED} ${name}` }, this.#options(cwd))
  }

  /** Throws where it does not land whole. The client is stopped and goes on as `turns` tells. */
  async push(source: string, kind: 'plain' | 'scanned', turns?: Turns): Promise<void> {
    const repository = `acme/${kind}-${this.#pushes++}`
    await this.#forge.ask({ create: repository })
    const words = ['push', '--no-progress', `https://${FORGE_HOST}/${repository}.git`, 'main']
    const options = this.#options(join(this.#folder, source))
    const { code, output } = await (turns === undefined ? runToEnd('git', words, options) : turns.run(words, options))
    if (code !== 0) throw new Error(`a push failed: ${output}\n${JSON.stringify(this.#weir.records.at(-1))}`)
    await this.#forge.ask({ drop: repository })
  }

  async openLight({ readsPerSecond, writesPerSecond }: ScanPlan): Promise<Party> {
    const party = new Party('light.ts', this.#down)
    const ca = readFileSync(this.#weir.caFile, 'utf8')
    const weirPort = Number(this.#weir.address.split(':').at(-1))
    const behind = { weirPort, host: SITE_HOST, ca, connections: CONNECTIONS }
    await party.ask({ open: { ...behind, readsPerSecond, writesPerSecond } })
    await party.ask({ start: true })
    await wait(WARM_UP_MS)
    await party.ask({ stop: true })
    return party
  }

  async measure(name: PhaseName, light: Party, act: () => Promise<number>): Promise<Phase> {
    const before = threadSeconds(this.#weir.pid)
    const begun = performance.now()
    await light.ask({ start: true })
    const pushes = await act()
    const load = loadavg()[0] ?? 0
    const seconds = (performance.now() - begun) / 1_000
    const after = threadSeconds(this.#weir.pid)
    const taken = (await light.ask({ stop: true })) as LightTaken
    const [mainShare, scanShare] = [(after.main - before.main) / seconds, (after.scan - before.scan) / seconds]
    return { name, seconds, pushes, load, mainShare, scanShare, ...taken }
  }

  /** A scan, and the calm between its turns. */
  async measureTurns(light: Party, turnMs: number): Promise<readonly Phase[]> {
    const turns = new Turns(turnMs)
    const whole = await this.measure('scan', light, () => this.push('source', 'scanned', turns).then(() => 1))
    const among = (isRunning: boolean): Pick<Phase, 'reads' | 'writes'> => {
      const part = ({ served, faults }: Taken): Taken => {
        return { served: served.filter(({ dueAt }) => turns.at(dueAt) === isRunning), faults }
      }
      return { reads: part(whole.reads), writes: part(whole.writes) }
    }
    return [
      { ...whole, ...among(true) },
      { ...whole, name: 'pause', pushes: 0, ...among(false) },
    ]
  }

  /** From here on memory is measured. */
  async rebase(): Promise<void> {
    this.#baseBytes = await residentBytes(this.#weir.pid)
  }

  async grow(name: string, scans: number, act: () => Promise<unknown>): Promise<Growth> {
    const begun = performance.now()
    const { growthBytes, beforeBytes } = await watchProcess(this.#weir.pid, act)
    this.#baseBytes ??= beforeBytes
    const seconds = (performance.now() - begun) / 1_000
    return { name, scans, seconds, growthBytes: growthBytes + beforeBytes - this.#baseBytes }
  }

  #options(cwd: string): { cwd: string; env: Record<string, string>; signal: AbortSignal } {
    const env = {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: this.#folder,
      LANG: 'C',
      HTTPS_PROXY: this.#weir.proxy,
      GIT_SSL_CAINFO: this.#weir.caFile,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
    }
    return { cwd, env, signal: this.#ending.signal }
  }
}

export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function describePhase({ name, seconds, pushes, load, mainShare, scanShare, reads, writes }: Phase): string {
  const times = (kind: string, { served, faults }: Taken): string => {
    const tookMs = served.map((each) => each.tookMs)
    const [middle, late, latest] = [0.5, 0.99, 1].map((share) => percentile(tookMs, share).toFixed(1))
    return `${served.length} ${kind} ${middle} / ${late} / ${latest} ms${faults.length > 0 ? `, ${faults.join('; ')}` : ''}`
  }
  return [
    `${name.padEnd(5)} ${seconds.toFixed(1)} s, ${pushes} pushes`,
    `${times('reads', reads)} (p50 / p99 / most)`,
    times('writes', writes),
    `Weir's main thread ${percent(mainShare)}, its scan thread ${percent(scanShare)}`,
    `load ${load.toFixed(1)}`,
  ].join('; ')
}

function describeGrowth({ name, seconds, growthBytes }: Growth): string {
  return `      ${name}: ${seconds.toFixed(1)} s, resident +${megabytes(growthBytes)}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`
}
