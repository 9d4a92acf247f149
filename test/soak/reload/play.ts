/** Reloads a large policy while flows go by: none is lost, each is judged by one policy, and the event loop stays free. */
import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { largePolicy } from '../../policy/large.ts'
import { weirWords } from '../../weir-command.ts'
import type { LoopDelay } from './probe.ts'

const PROBE = new URL('./probe.ts', import.meta.url).href
const WORKERS = 8
const PAUSE_MS = 20
const SLOW_UPLOADS = 4
const SLOW_PIECES = 60
const RELOAD_TIMEOUT_MS = 240_000

export interface ReloadPlan {
  readonly rules: number
  readonly hosts: number
  readonly reloads: number
}

export interface ReloadResult {
  readonly requests: number
  /** Requests without an answer, or with one that neither policy gives. */
  readonly lost: readonly string[]
  /** Records whose verdict is not that of the policy they name. */
  readonly torn: readonly string[]
  /** Answers of each policy at the host on which they differ. */
  readonly allowed: number
  readonly denied: number
  readonly policies: number
  readonly delay: LoopDelay
}

type Line = Readonly<Record<string, unknown>>

export async function playReload(plan: ReloadPlan, tell: (line: string) => void): Promise<ReloadResult> {
  await using down = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'weir-reload-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const origin = await startOrigin(down)
  const texts = policiesOf(plan, folder)
  const put = (which: number): void => {
    writeFileSync(join(folder, 'next'), texts[which % 2] ?? '')
    renameSync(join(folder, 'next'), join(folder, 'policy.yaml'))
  }
  put(0)
  const weir = await startWeir(folder, origin, down)
  tell(`started with ${plan.rules} rules and ${plan.hosts} hosts`)
  const load = startLoad(weir.port)
  await wait(1_000)
  await weir.ask('reset')
  const hashes = [weir.hash]
  for (let reload = 1; reload <= plan.reloads; reload++) {
    const startedAt = performance.now()
    const told = weir.reloadedFrom(hashes.at(-1) ?? '')
    put(reload)
    weir.hangUp()
    const hash = await told
    hashes.push(hash)
    tell(`reload ${reload} of ${plan.reloads}: ${hash} after ${Math.round(performance.now() - startedAt)} ms`)
    await wait(500)
  }
  const delay = await weir.ask('measure')
  const { requests, lost, statuses } = await load.end()
  await wait(500)
  return {
    requests,
    lost,
    torn: tornOf(weir.lines, hashes),
    allowed: statuses.get(200) ?? 0,
    denied: statuses.get(403) ?? 0,
    policies: new Set(hashes).size,
    delay,
  }
}

/** Two policies that differ in what they say of one host. */
function policiesOf({ rules, hosts }: ReloadPlan, folder: string): readonly string[] {
  const { text, lists } = largePolicy(rules, hosts)
  for (const [name, list] of lists) writeFileSync(join(folder, name), list)
  return ['allow', 'deny'].map((action) =>
    text.replace(
      '\nrules:\n',
      `\nrules:\n  - { name: switch, to: { hosts: [switch.example] }, action: ${action} }\n  - { name: plain, to: { hosts: [plain.example] }, action: allow }\n`,
    ),
  )
}

/** A record is torn where the policy that it names would have said something else. */
function tornOf(lines: readonly Line[], hashes: readonly string[]): readonly string[] {
  const verdicts = new Map(hashes.map((hash, at) => [hash, at % 2 === 0 ? 'allow' : 'deny']))
  return lines.flatMap((line) => {
    if (line['destination.domain'] !== 'switch.example') return []
    const expected = verdicts.get(String(line['weir.policy']))
    return expected === line['weir.verdict'] ? [] : [JSON.stringify(line)]
  })
}

async function startOrigin(down: AsyncDisposableStack): Promise<number> {
  const server = createServer((message, reply) => {
    message.resume().once('end', () => reply.end('ok'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  down.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the origin has no port')
  return address.port
}

async function startWeir(folder: string, origin: number, down: AsyncDisposableStack) {
  const flags = [
    ['--policy', join(folder, 'policy.yaml'), '--listen', '127.0.0.1:0', '--certs', join(folder, 'certs')],
    ['--data', join(folder, 'data'), '--allow-private', '127.0.0.0/8'],
    ['plain.example', 'switch.example'].flatMap((host) => ['--resolve', `${host}:80:127.0.0.1:${origin}`]),
  ].flat()
  const child = spawn(process.execPath, ['--import', PROBE, ...weirWords(), 'run', ...flags], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  down.defer(async () => {
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref()
    await closed
  })
  if (child.stdout === null || child.stderr === null) throw new Error('the child has no output')
  const lines: Line[] = []
  const output = createInterface({ input: child.stdout })
  const [first] = (await once(output, 'line')) as [string]
  output.on('line', (line) => void lines.push(JSON.parse(line) as Line))
  const ready = JSON.parse(first) as { readonly listen: readonly string[]; readonly policy: { readonly hash: string } }
  const said = new EventEmitter()
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, hash] = /^(?:not )?reloaded: policy ([0-9a-f]+) /.exec(line) ?? []
    if (hash !== undefined) said.emit('reload', hash)
  })
  return {
    port: Number(ready.listen[0]?.split(':').at(-1)),
    hash: ready.policy.hash,
    lines,
    hangUp: () => child.kill('SIGHUP'),
    async ask(question: 'reset' | 'measure'): Promise<LoopDelay> {
      const answer = once(child, 'message')
      child.send(question)
      const [delay] = (await answer) as [LoopDelay]
      return delay
    },
    /** The signal and the change of the file both load it; the hash of the first load that brings another policy. */
    async reloadedFrom(before: string): Promise<string> {
      const signal = AbortSignal.timeout(RELOAD_TIMEOUT_MS)
      for (;;) {
        const [hash] = (await once(said, 'reload', { signal })) as [string]
        if (hash !== before) return hash
      }
    },
  }
}

interface Load {
  end(): Promise<{ requests: number; lost: readonly string[]; statuses: ReadonlyMap<number, number> }>
}

/** Requests on kept connections, in turn to both hosts, and uploads that last longer than a reload. */
function startLoad(port: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: WORKERS + SLOW_UPLOADS })
  const lost: string[] = []
  const statuses = new Map<number, number>()
  let requests = 0
  const ending = new AbortController()
  const ask = async (host: string, pieces: number): Promise<void> => {
    requests += 1
    const status = await statusOf(agent, port, host, pieces).catch((error: unknown) => String(error))
    if (typeof status === 'string') lost.push(`${host}: ${status}`)
    else if (status !== 200 && !(status === 403 && host === 'switch.example')) lost.push(`${host}: ${status}`)
    else if (host === 'switch.example') statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  const work = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await ask('plain.example', 0)
      await ask('switch.example', 0)
      await wait(PAUSE_MS)
    }
  }
  const upload = async (): Promise<void> => {
    while (!ending.signal.aborted) await ask('plain.example', SLOW_PIECES)
  }
  const all = [...Array.from({ length: WORKERS }, work), ...Array.from({ length: SLOW_UPLOADS }, upload)]
  return {
    async end() {
      ending.abort()
      await Promise.all(all)
      agent.destroy()
      return { requests, lost, statuses }
    },
  }
}

async function statusOf(agent: Agent, port: number, host: string, pieces: number): Promise<number> {
  const asked = request({
    agent,
    host: '127.0.0.1',
    port,
    method: pieces === 0 ? 'GET' : 'POST',
    path: `http://${host}/`,
    headers: { host },
  })
  const answered = once(asked, 'response')
  for (let piece = 0; piece < pieces; piece++) {
    asked.write('a piece of an upload that takes its time\n')
    await wait(100)
  }
  asked.end()
  const [response] = (await answered) as [import('node:http').IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response.statusCode ?? 0
}
