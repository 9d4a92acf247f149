/** Flows of every kind that Weir serves, each of which may be broken off by its client at any point. */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { setTimeout as wait } from 'node:timers/promises'

export interface Ground {
  /** Of Weir. */
  readonly port: number
  /** PEM: the anchors that a client trusts, Weir's inspection CA among them. */
  readonly anchors: readonly string[]
}

/** A seeded chance, so that a run can be had again. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 up to `end`, without it (xorshift32). */
  below(end: number): number {
    let state = this.#state || 1
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state >>> 0
    return this.#state % end
  }
}

/** Longer than any flow takes that nobody breaks off. */
const FLOW_TIMEOUT_MS = 15_000

type Flow = (ground: Ground, chance: Chance) => Promise<void>

const FLOWS: readonly Flow[] = [
  (ground) => plain(ground, [get('/'), get('/slow')]),
  (ground) => plain(ground, [post('/', 3_000), chunked('/', 40_000)]),
  (ground) => plain(ground, [post('/limited', 200_000), get('/')]),
  (ground) => plain(ground, [chunked('/limited', 500_000)]),
  (ground) => plain(ground, [get('/cut')]),
  (ground) => plain(ground, [post('/early', 60_000)]),
  (ground) => plain(ground, ['GET http://denied.example/ HTTP/1.1\r\nHost: denied.example\r\n\r\n']),
  (ground) => plain(ground, ['GET http://plain.example/ HTTP/1.1\r\nHost: plain.example\r\nContent-Length: x\r\n\r\n']),
  (ground) => plain(ground, ['GET http://plain.example/ HT']),
  (ground) => plain(ground, ['\x00\x01\x02\x03']),
  (ground) => tunnel(ground, 'echo.example:7', 'SSH-2.0-test\r\n'),
  (ground) => tunnel(ground, 'echo.example:8', '\x00\x01\x02'),
  (ground) => tunnel(ground, 'denied.example:443', ''),
  (ground) => tunnel(ground, 'spliced.example:443', '\x16\x03\x01\x00'),
  (ground) => secure(ground, 'spliced.example', [get('/', 'spliced.example')]),
  (ground) => secure(ground, 'opened.example', [get('/', 'opened.example'), get('/large', 'opened.example')]),
  (ground) =>
    secure(ground, 'opened.example', [post('/refused', 90_000, 'opened.example'), get('/', 'opened.example')]),
  (ground) => secure(ground, 'opened.example', [chunked('/', 300_000, 'opened.example')]),
  (ground) => secure(ground, 'opened.example', [get('/cut', 'opened.example')]),
  (ground) => secure(ground, 'distrusted.example', []),
]

/** Plays `count` flows, `together` at a time; a third of them are broken off by their client at some point. */
export async function playFlows(ground: Ground, count: number, together: number, seed: number): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const number = next++
      const chance = new Chance(seed * 1_000_003 + number * 7_919 + 1)
      const flow = FLOWS[number % FLOWS.length]
      if (flow !== undefined) await broken(chance, (cutAfterMs) => play(flow, ground, chance, cutAfterMs))
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
}

/** The sockets of a flow under way, by which it is broken off. */
const open = new Set<Socket>()

async function broken(chance: Chance, run: (cutAfterMs: number | null) => Promise<void>): Promise<void> {
  await run(chance.below(3) === 0 ? chance.below(30) : null)
}

async function play(flow: Flow, ground: Ground, chance: Chance, cutAfterMs: number | null): Promise<void> {
  const mine = new Set<Socket>()
  const before = current
  current = mine
  const running = flow(ground, chance)
  current = before
  const timer = setTimeout(() => {
    for (const socket of mine) if (chance.below(2) === 0) socket.resetAndDestroy()
    for (const socket of mine) socket.destroy()
  }, cutAfterMs ?? FLOW_TIMEOUT_MS)
  await running
  clearTimeout(timer)
  for (const socket of mine) {
    socket.destroy()
    open.delete(socket)
  }
}

let current = open

function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  current.add(socket)
  return socket
}

/** Sends requests one after the other, each once the answer before it has begun to come. */
async function plain({ port }: Ground, requests: readonly string[]): Promise<void> {
  const socket = dial(port)
  for (const request of requests) {
    if (socket.destroyed) return
    socket.write(request, 'latin1')
    await heard(socket)
  }
}

async function tunnel({ port }: Ground, authority: string, bytes: string): Promise<void> {
  const socket = dial(port)
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
  await heard(socket)
  if (socket.destroyed || bytes === '') return
  socket.write(bytes, 'latin1')
  await heard(socket)
}

async function secure(ground: Ground, host: string, requests: readonly string[]): Promise<void> {
  const socket = dial(ground.port)
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`)
  await heard(socket)
  if (socket.destroyed) return
  const ca = host === 'distrusted.example' ? [] : [...ground.anchors]
  const inner = connectTls({ socket, servername: host, ca, ALPNProtocols: ['http/1.1'] })
  inner.on('error', () => undefined)
  for (const request of requests.length === 0 ? [''] : requests) {
    if (inner.destroyed) return
    if (request !== '') inner.write(request.replace(/^([A-Z]+) http:\/\/[^/]+/, '$1'), 'latin1')
    await heard(inner)
  }
  inner.destroy()
}

/** Until something comes, or the connection ends, or it is clear that nothing will come. */
function heard(socket: Socket): Promise<void> {
  return Promise.race([
    new Promise<void>((resolve) => {
      const settle = (): void => {
        socket.off('data', settle).off('close', settle).off('error', settle)
        resolve()
      }
      socket.on('data', settle).on('close', settle).on('error', settle)
    }),
    wait(400),
  ])
}

function get(path: string, host = 'plain.example'): string {
  return `GET http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
}

function post(path: string, bytes: number, host = 'plain.example'): string {
  return `POST http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`
}

function chunked(path: string, bytes: number, host = 'plain.example'): string {
  const chunk = `1000\r\n${'y'.repeat(0x1000)}\r\n`
  const head = `POST http://${host}${path} HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n`
  return `${head}${chunk.repeat(Math.ceil(bytes / 0x1000))}0\r\n\r\n`
}
