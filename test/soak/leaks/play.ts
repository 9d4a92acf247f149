/** Leaks: what a Weir holds after thousands of mixed flows, what an idle tunnel costs it, and whether its memory grows. */
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { type ProbedWeir, startProbedWeir } from '../probed-weir.ts'
import { type Ground, playFlows } from './flows.ts'
import { type Origins, startOrigins } from './origins.ts'
import type { Holding } from './probe.ts'

const POLICY = `
version: 1
default: deny
rules:
  - { name: no-writes, to: { hosts: [opened.example, distrusted.example] }, operations: [write], when: { methods: [PUT] }, action: deny }
  - { name: opened, to: { hosts: [opened.example, distrusted.example] }, operations: [read, write], limits: [{ per: request, size: 50 KB }], action: allow }
  - { name: limited, to: { hosts: [plain.example] }, operations: [read, write], limits: [{ per: request, size: 100 KB }], action: allow }
  - { name: echo, to: { hosts: [echo.example], ports: [7, 8] }, operations: [opaque], action: allow }
  - { name: spliced, to: { hosts: [spliced.example] }, operations: [opaque, read, write], action: allow }
`
const NAMES = ['plain.example', 'spliced.example', 'opened.example', 'distrusted.example']
const TOGETHER = 40
/** Until connections that nobody uses any more are gone. */
const SETTLE_TIMEOUT_MS = 30_000

export interface LeakPlan {
  readonly flows: number
  readonly idleTunnels: number
  readonly rounds: number
  readonly flowsPerRound: number
  readonly seed: number
}

export interface LeakResult {
  readonly before: Holding
  readonly after: Holding
  readonly spoolFiles: readonly string[]
  readonly bytesPerIdleTunnel: number
  /** After each round, collected. */
  readonly rounds: readonly Holding[]
}

export async function playLeaks(plan: LeakPlan, tell: (line: string) => void): Promise<LeakResult> {
  await using down = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'weir-leaks-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const origins = down.use(await startOrigins(NAMES))
  const weir = down.use(
    await startProbedWeir({ folder, policy: POLICY, anchor: origins.anchor, resolve: resolutionOf(origins) }),
  )
  const { ground } = weir
  // What is made once and kept: caches, contexts, compiled code.
  await playFlows(ground, 1_000, TOGETHER, plan.seed + 1)
  await openIdle(ground, 50)
  const before = await settled(weir, null)
  tell(`before: ${show(before)}`)
  await playFlows(ground, plan.flows, TOGETHER, plan.seed)
  const after = await settled(weir, before)
  tell(`after ${plan.flows} flows: ${show(after)}`)
  const spoolFiles = (await readdir(join(folder, 'data'))).filter((name) => name.startsWith('held-'))
  const bytesPerIdleTunnel = await costOfIdle(weir, plan.idleTunnels)
  tell(`an idle tunnel of ${plan.idleTunnels} costs ${bytesPerIdleTunnel} bytes`)
  const rounds: Holding[] = []
  for (let round = 0; round < plan.rounds; round++) {
    await playFlows(ground, plan.flowsPerRound, TOGETHER, plan.seed + 100 + round)
    const holding = await settled(weir, before)
    rounds.push(holding)
    tell(`round ${round + 1} of ${plan.rounds}: ${show(holding)}`)
  }
  return { before, after, spoolFiles, bytesPerIdleTunnel, rounds }
}

function resolutionOf(origins: Origins): readonly string[] {
  return [
    `plain.example:80:127.0.0.1:${origins.plain}`,
    `echo.example:7:127.0.0.1:${origins.echo}`,
    `echo.example:8:127.0.0.1:${origins.echo}`,
    ...NAMES.slice(1).map((name) => `${name}:443:127.0.0.1:${origins.tls}`),
  ]
}

/** Measures until nothing is held that was not before, or the time is up. */
async function settled(weir: ProbedWeir, before: Holding | null): Promise<Holding> {
  const deadline = Date.now() + SETTLE_TIMEOUT_MS
  for (;;) {
    const holding = await weir.measure()
    const sockets = holding.descriptors['socket'] ?? 0
    const calm = before === null ? sockets <= CALM_SOCKETS : sockets <= (before.descriptors['socket'] ?? 0)
    if (calm || Date.now() > deadline) return holding
    await wait(250)
  }
}

/** The listener, the control socket, and what a child has towards its parent. */
const CALM_SOCKETS = 6

async function costOfIdle(weir: ProbedWeir, count: number): Promise<number> {
  const before = await weir.measure()
  const sockets = await openIdle(weir.ground, count, true)
  await wait(500)
  const during = await weir.measure()
  for (const socket of sockets) socket.destroy()
  return Math.round((during.rssBytes - before.rssBytes) / count)
}

const TUNNELS_OF_A_CLIENT = 500

/** Tunnels in which TLS was spoken to the end of its handshake and one request was answered. */
async function openIdle(ground: Ground, count: number, keep = false): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  const openOne = async (at: number): Promise<void> => {
    // One client may not have so many connections: they are of several.
    const localAddress = `127.0.1.${1 + Math.floor(at / TUNNELS_OF_A_CLIENT)}`
    const socket = connect({ port: ground.port, host: '127.0.0.1', localAddress })
    socket.on('error', () => undefined)
    sockets.push(socket)
    socket.write('CONNECT spliced.example:443 HTTP/1.1\r\nHost: spliced.example:443\r\n\r\n')
    await once(socket, 'data')
    const secure = connectTls({ socket, servername: 'spliced.example', ca: [...ground.anchors] })
    secure.on('error', () => undefined)
    await once(secure, 'secureConnect')
    secure.write('GET / HTTP/1.1\r\nHost: spliced.example\r\n\r\n')
    await once(secure, 'data')
  }
  for (let opened = 0; opened < count; opened += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - opened) }, (_, at) => openOne(opened + at)))
  }
  if (!keep) for (const socket of sockets) socket.destroy()
  return sockets
}

function show({ rssBytes, heapBytes, resources, descriptors, listeners }: Holding): string {
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
  return `${mb(rssBytes)} resident, ${mb(heapBytes)} heap, ${JSON.stringify(resources)}, ${JSON.stringify(descriptors)}, ${listeners} listeners`
}
