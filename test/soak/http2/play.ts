/** Much data both ways by HTTP/2 through a Weir of its own process, quick and slow, and what memory it takes there. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectHttp2 } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { openTunnel } from '../../e2e/http2/tunnel.ts'
import { startWeirProcess, type WeirProcess } from '../../e2e/support/weir-process.ts'
import { createTestCa } from '../../tls/pki.ts'
import { Meter } from './meter.ts'
import { startSoakOrigin } from './origin.ts'

const HOST = 'www.acme.example'
const POLICY = `
version: 1
default: allow
inspection: { mode: always }
`
const MB = 1_000_000
/** Of each way, before memory is measured: what is loaded and compiled once only is no growth. */
const WARM_UP_BYTES = 32 * MB
const SAMPLE_MS = 250
const SLOW_TURN_MS = 50
/** Messages of gRPC: a flag, a length, and what is in it. */
const MESSAGE_BYTES = 16 * 1024
const GRPC_HEAD_BYTES = 5

export interface SoakPlan {
  /** Of each way that is quick. */
  readonly bytes: number
  /** Of each way that is slow. */
  readonly slowBytes: number
}

export interface SoakStep {
  readonly name: string
  readonly received: number
  /** What had to come. */
  readonly expected: number
  readonly seconds: number
  /** Resident memory of Weir: its peak in this step, over the baseline. */
  readonly growthBytes: number
  /** How far the writers were ahead of the readers, at the most: what is on its way. */
  readonly aheadBytes: number
}

export interface SoakResult {
  readonly baselineBytes: number
  readonly steps: readonly SoakStep[]
}

export async function playHttp2Soak(plan: SoakPlan, tell: (line: string) => void): Promise<SoakResult> {
  await using down = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'weir-soak-http2-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const ca = createTestCa({ name: 'Soak test CA' })
  const { key, cert } = ca.issue({ names: [HOST] })
  const meter = new Meter()
  const origin = await startSoakOrigin(key, cert, meter)
  down.defer(() => origin.close())
  const weirFolder = join(folder, 'weir')
  await mkdir(weirFolder)
  const weir = await startWeirProcess({
    folder: weirFolder,
    upstreamCa: ca.certificatePem,
    policy: POLICY,
    resolve: [`${HOST}:443:127.0.0.1:${origin.port}`],
  })
  down.defer(async () => void (await weir.close()))
  const session = await connectSession(weir)
  down.defer(() => session.destroy())
  const client = new SoakClient(session, meter)
  const idleBytes = residentBytes(weir.pid)
  for (const step of stepsOf({ bytes: WARM_UP_BYTES, slowBytes: MB })) await step.play(client)
  const baselineBytes = residentBytes(weir.pid)
  tell(`resident: ${megabytes(idleBytes)} idle, ${megabytes(baselineBytes)} warm, which is the baseline`)
  const steps: SoakStep[] = []
  for (const step of stepsOf(plan)) {
    const result = await measure(weir, { baselineBytes, meter }, step, client)
    steps.push(result)
    tell(describe(result))
  }
  return { baselineBytes, steps }
}

interface Step {
  readonly name: string
  readonly expected: number
  /** Answers how many bytes came. */
  play(client: SoakClient): Promise<number>
}

function stepsOf({ bytes, slowBytes }: SoakPlan): readonly Step[] {
  const quick = (name: string, play: Step['play']): Step => ({ name, expected: bytes, play })
  const slow = (name: string, play: Step['play']): Step => ({ name, expected: slowBytes, play })
  return [
    quick('messages both ways', (client) => client.talk(bytes)),
    quick('an upload', (client) => client.upload('/count', bytes, false)),
    quick('a download', (client) => client.download(`/bytes/${bytes}`, false)),
    slow('a download to a slow client', (client) => client.download(`/bytes/${slowBytes}`, true)),
    slow('an upload to a slow site', (client) => client.upload('/count-slowly', slowBytes, false)),
    slow('a download from a slow site', (client) => client.download(`/bytes-slowly/${slowBytes}`, false)),
    slow('an upload from a slow client', (client) => client.upload('/count', slowBytes, true)),
  ]
}

async function connectSession(weir: WeirProcess): Promise<ClientHttp2Session> {
  const socket = await openTunnel(Number(weir.address.split(':').at(-1)), `${HOST}:443`)
  const ca = readFileSync(weir.caFile, 'utf8')
  const secure = connectTls({ socket, servername: HOST, ca, ALPNProtocols: ['h2'] })
  await once(secure, 'secureConnect')
  const session = connectHttp2(`https://${HOST}`, { createConnection: () => secure })
  session.on('error', () => undefined)
  return session
}

class SoakClient {
  readonly #session: ClientHttp2Session
  readonly #meter: Meter

  constructor(session: ClientHttp2Session, meter: Meter) {
    this.#session = session
    this.#meter = meter
  }

  /** As gRPC does it: messages with a head of five bytes, and each answer while others are under way. Answers the bytes that came. */
  async talk(bytes: number): Promise<number> {
    const head = { ':method': 'POST', ':path': '/echo', 'content-type': 'application/grpc', te: 'trailers' }
    const stream = this.#session.request(head)
    const message = Buffer.alloc(MESSAGE_BYTES, 'g')
    message.writeUInt8(0, 0)
    message.writeUInt32BE(MESSAGE_BYTES - GRPC_HEAD_BYTES, 1)
    const [received] = await Promise.all([this.#drain(stream, false), this.#send(stream, bytes, message, false)])
    return received
  }

  /** Answers the bytes that the origin counted. */
  async upload(path: string, bytes: number, isSlow: boolean): Promise<number> {
    const stream = this.#session.request({ ':method': 'PUT', ':path': path })
    let told = ''
    stream.on('data', (chunk: Buffer) => {
      told += chunk.toString()
    })
    const closed = once(stream, 'close')
    await this.#send(stream, bytes, Buffer.alloc(64 * 1024, 'u'), isSlow)
    await closed
    return Number(told)
  }

  download(path: string, isSlow: boolean): Promise<number> {
    return this.#drain(this.#session.request({ ':path': path }), isSlow)
  }

  async #send(stream: ClientHttp2Stream, bytes: number, whole: Buffer, isSlow: boolean): Promise<void> {
    for (let left = bytes; left > 0; left -= whole.length) {
      const piece = whole.subarray(0, Math.min(left, whole.length))
      stream.write(piece)
      this.#meter.wrote(piece.length)
      if (isSlow) await wait(SLOW_TURN_MS)
      if (stream.writableNeedDrain) await once(stream, 'drain')
    }
    stream.end()
  }

  async #drain(stream: ClientHttp2Stream, isSlow: boolean): Promise<number> {
    let bytes = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      this.#meter.read(chunk.length)
      if (isSlow) await wait(SLOW_TURN_MS)
    }
    return bytes
  }
}

async function measure(
  weir: WeirProcess,
  { baselineBytes, meter }: { readonly baselineBytes: number; readonly meter: Meter },
  { name, expected, play }: Step,
  client: SoakClient,
): Promise<SoakStep> {
  let most = 0
  const sampling = setInterval(() => {
    most = Math.max(most, residentBytes(weir.pid))
  }, SAMPLE_MS)
  const begun = performance.now()
  try {
    meter.begin()
    const received = await play(client)
    most = Math.max(most, residentBytes(weir.pid))
    const seconds = (performance.now() - begun) / 1_000
    return { name, received, expected, seconds, growthBytes: most - baselineBytes, aheadBytes: meter.most }
  } finally {
    clearInterval(sampling)
  }
}

/** VmRSS (proc(5)). */
function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kib === undefined) throw new Error(`no VmRSS of process ${pid}`)
  return Number(kib) * 1024
}

function describe({ name, received, seconds, growthBytes, aheadBytes }: SoakStep): string {
  const speed = megabytes(received / seconds)
  return [
    `${name}: ${megabytes(received)} in ${seconds.toFixed(1)} s, ${speed} a second`,
    `on its way ${megabytes(aheadBytes)} at the most`,
    `resident at its peak ${growthBytes < 0 ? '' : '+'}${megabytes(growthBytes)}`,
  ].join(', ')
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`
}
