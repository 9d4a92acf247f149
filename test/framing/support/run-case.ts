/** Sends one case through Weir to one origin, and gathers what each of the parties made of it. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRaw, openTls, openTunnel, type RawClient } from '../../e2e/support/raw-client.ts'
import type { TestWeir } from '../../e2e/support/weir.ts'
import { fill, MARKER, type Message, type RequestCase } from '../corpus/case.ts'
import type { Origin } from './origins.ts'
import { readRequests } from './strict-reader.ts'
import type { Tap } from './tap.ts'

/** One way to one origin. */
export interface Way {
  readonly origin: Origin
  readonly host: string
  readonly tap: Tap
  readonly inspected: boolean
}

export interface Outcome {
  /** Whole messages, as the origin itself read them. */
  readonly origin: readonly Message[]
  /** The same bytes, read by the letter. */
  readonly wire: readonly Message[]
  /** Bytes of a message that began and did not end. */
  readonly rest: string
  /** Method, path and count of body bytes of what Weir's record says it let through to its end. */
  readonly recorded: readonly Recorded[]
  /** How many requests the record says were denied, and how many failed. */
  readonly denied: number
  readonly failed: number
  /** What Weir answered. */
  readonly answer: Buffer
}

export interface Recorded {
  readonly method: unknown
  readonly target: string
  readonly bodyBytes: unknown
}

const ENDS_WITHIN_MS = 5_000
const SEGMENT_PAUSE_MS = 12
const RECORDED_WITHIN_MS = 2_000
const POLL_MS = 2

export async function runCase(weir: TestWeir, way: Way, each: RequestCase, expected: number): Promise<Outcome> {
  const early = [...way.tap.take(), ...way.origin.take()]
  if (early.length > 0) throw new Error(`bytes reached ${way.origin.name} after the case before had ended`)
  const before = weir.records.length
  const client = await open(weir, way)
  const answer = await send(client, way, each)
  await way.tap.idle()
  const wire = way.tap.take()
  const records = await recordsOf(weir, before, client.port, expected)
  const reads = wire.map(readRequests)
  const allowed = records.filter((record) => record['event.action'] === 'allowed')
  return {
    origin: way.origin.take(),
    wire: reads.flatMap(({ messages }) => messages),
    rest: reads.map(({ rest }) => rest).join(''),
    recorded: allowed.map((record) => ({
      method: record['http.request.method'],
      target: targetOf(record),
      bodyBytes: record['weir.upstream.bodyBytes'],
    })),
    denied: records.filter((record) => record['event.action'] === 'denied').length,
    failed: records.filter((record) => record['event.action'] === 'failed').length,
    answer,
  }
}

function targetOf(record: TestWeir['records'][number]): string {
  const { 'url.path': path, 'url.query': query } = record
  return typeof query === 'string' ? `${String(path)}?${query}` : String(path)
}

/** A message as short as a failing test may show it. */
export function brief({ method, target, body }: Message): Message {
  return { method, target: digest(target), body: digest(body) }
}

function digest(text: string): string {
  if (text.length <= 300) return text
  return `${text.length} bytes, SHA-256 ${createHash('sha256').update(text, 'latin1').digest('hex')}`
}

interface Opened {
  readonly raw: RawClient
  readonly port: number
}

async function open(weir: TestWeir, { inspected, host }: Way): Promise<Opened> {
  if (!inspected) {
    const raw = await openRaw(weir.port)
    return { raw, port: raw.socket.localPort ?? 0 }
  }
  const { client, status } = await openTunnel(weir.port, `${host}:443`)
  if (status !== 200) throw new Error(`no tunnel: ${status}`)
  const port = client.socket.localPort ?? 0
  const { client: raw } = await openTls(client, { servername: host, ca: weir.caPem })
  return { raw, port }
}

async function send({ raw }: Opened, { inspected, host }: Way, each: RequestCase): Promise<Buffer> {
  const place = { url: inspected ? '' : `http://${host}`, host }
  const segments = each.segments.map((segment) => fill(segment, place))
  const last = `${segments.pop() ?? ''}${fill(MARKER, place)}`
  for (const segment of segments) {
    raw.send(segment)
    await sleep(SEGMENT_PAUSE_MS)
  }
  raw.send(last)
  if (each.open) {
    // The head must have gone on before the client leaves, or nothing would be seen of what it began.
    await sleep(SEGMENT_PAUSE_MS)
    raw.socket.end()
  }
  try {
    return await raw.readToEnd(ENDS_WITHIN_MS)
  } finally {
    raw.destroy()
  }
}

// A port may have been another case's before: only what was written since this one began is its own.
async function recordsOf(weir: TestWeir, before: number, port: number, expected: number): Promise<TestWeir['records']> {
  const deadline = Date.now() + RECORDED_WITHIN_MS
  for (;;) {
    const own = weir.records.slice(before).filter((record) => record['source.port'] === port)
    if (own.length >= expected || Date.now() > deadline) return own
    await sleep(POLL_MS)
  }
}
