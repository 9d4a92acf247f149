/** WebSockets in number and at length: what goes through is what was sent, an idle one costs little, and nothing stays behind. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { WebSocket, WebSocketServer } from 'ws'
import { createServer as createTlsServer } from 'node:https'
import { createTestCa } from '../../tls/pki.ts'
import { Chance, type Ground } from '../leaks/flows.ts'
import type { Holding } from '../leaks/probe.ts'
import { type ProbedWeir, startProbedWeir } from '../probed-weir.ts'

const POLICY = 'version: 1\ndefault: deny\nrules: [{ name: sockets, operations: [upgrade], action: allow }]\n'
const PLAIN = 'plain.example'
const SECURE = 'secure.example'
const MESSAGE_BYTES = 256 * 1024
const OPENED_TOGETHER = 50
/** One client address may not have so many connections: they are of several. */
const SOCKETS_OF_A_CLIENT = 500
const SETTLE_TIMEOUT_MS = 30_000

export interface WebSocketPlan {
  /** Up and down each, in the clear and then inside TLS. */
  readonly echoBytes: number
  readonly idleSockets: number
  readonly aborts: number
  readonly seed: number
}

export interface WebSocketResult {
  readonly before: Holding
  readonly afterEcho: Holding
  readonly after: Holding
  readonly bytesPerIdleSocket: number
  /** Bytes that came back as they were sent. */
  readonly echoed: number
}

export async function playWebSockets(plan: WebSocketPlan, tell: (line: string) => void): Promise<WebSocketResult> {
  await using down = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'weir-websocket-'))
  down.defer(() => rm(folder, { recursive: true, force: true }))
  const ca = createTestCa({ name: 'WebSocket soak CA' })
  const plain = down.use(await startEcho(createServer()))
  const secure = down.use(await startEcho(createTlsServer(ca.issue({ names: [SECURE] }))))
  const resolve = [`${PLAIN}:80:127.0.0.1:${plain.port}`, `${SECURE}:443:127.0.0.1:${secure.port}`]
  const weir = down.use(await startProbedWeir({ folder, policy: POLICY, anchor: ca.certificatePem, resolve }))
  const { ground } = weir
  // What is made once and kept: caches, contexts, compiled code.
  for (const tls of [false, true]) await echo(ground, tls, 8 * MESSAGE_BYTES)
  await abort(ground, 40, new Chance(plan.seed + 1))
  const before = await settled(weir)
  tell(`before: ${show(before)}`)
  let echoed = 0
  for (const tls of [false, true]) {
    const startedAt = performance.now()
    echoed += await echo(ground, tls, plan.echoBytes)
    const rate = plan.echoBytes / 1e3 / (performance.now() - startedAt)
    tell(`${tls ? 'inside TLS' : 'in the clear'}: ${plan.echoBytes / 1e6} MB each way, ${rate.toFixed(0)} MB/s`)
  }
  const afterEcho = await settled(weir)
  tell(`after the echo: ${show(afterEcho)}`)
  const bytesPerIdleSocket = await costOfIdle(weir, plan.idleSockets)
  tell(`an idle socket of ${plan.idleSockets} costs ${bytesPerIdleSocket} bytes`)
  await abort(ground, plan.aborts, new Chance(plan.seed))
  const after = await settled(weir)
  tell(`after ${plan.aborts} that were broken off: ${show(after)}`)
  return { before, afterEcho, after, bytesPerIdleSocket, echoed }
}

interface Echo extends AsyncDisposable {
  readonly port: number
}

async function startEcho(server: Server): Promise<Echo> {
  const sites = new WebSocketServer({ server, perMessageDeflate: false })
  sites.on('connection', (socket) => {
    socket.on('error', () => undefined)
    socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sites.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function openWebSocket(ground: Ground, tls: boolean, at = 0): Promise<WebSocket> {
  const localAddress = `127.0.1.${1 + Math.floor(at / SOCKETS_OF_A_CLIENT)}`
  const socket = connect({ port: ground.port, host: '127.0.0.1', localAddress, noDelay: true })
  socket.on('error', () => undefined)
  const inner = tls ? await openInside(ground, socket) : socket
  const client = new WebSocket(`ws://${tls ? SECURE : PLAIN}/`, {
    createConnection: () => inner,
    perMessageDeflate: false,
    finishRequest: (request) => {
      if (!tls) request.path = `http://${PLAIN}/`
      request.end()
    },
  })
  client.on('error', () => undefined)
  await once(client, 'open')
  return client
}

async function openInside({ anchors }: Ground, socket: Socket): Promise<Socket> {
  socket.write(`CONNECT ${SECURE}:443 HTTP/1.1\r\nHost: ${SECURE}:443\r\n\r\n`)
  await once(socket, 'data')
  const secure = connectTls({ socket, servername: SECURE, ca: [...anchors] })
  secure.on('error', () => undefined)
  await once(secure, 'secureConnect')
  return secure
}

/** Answers how many bytes came back. A few messages are under way at a time. */
async function echo(ground: Ground, tls: boolean, bytes: number): Promise<number> {
  const client = await openWebSocket(ground, tls)
  const message = Buffer.alloc(MESSAGE_BYTES, 'echo')
  const count = Math.ceil(bytes / MESSAGE_BYTES)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let heard = 0
  let sent = 0
  const send = (): void => {
    if (sent++ < count) client.send(message)
  }
  client.on('close', () => reject(new Error(`the WebSocket closed after ${heard} messages`)))
  client.on('message', (said: Buffer) => {
    if (!said.equals(message)) reject(new Error('an echo that was not said'))
    else if (++heard === count) resolve(heard * MESSAGE_BYTES)
    send()
  })
  for (let at = 0; at < 4; at++) send()
  const echoed = await promise
  client.terminate()
  return echoed
}

async function costOfIdle(weir: ProbedWeir, count: number): Promise<number> {
  const before = await weir.measure()
  const clients: WebSocket[] = []
  for (let opened = 0; opened < count; opened += OPENED_TOGETHER) {
    const many = Array.from({ length: Math.min(OPENED_TOGETHER, count - opened) }, (_, at) =>
      openWebSocket(weir.ground, false, opened + at),
    )
    clients.push(...(await Promise.all(many)))
  }
  await wait(500)
  const during = await weir.measure()
  for (const client of clients) client.terminate()
  await settled(weir)
  return Math.round((during.rssBytes - before.rssBytes) / count)
}

/** Each is broken off somewhere: before its answer, in the middle of a message, or behind one. */
async function abort(ground: Ground, count: number, chance: Chance): Promise<void> {
  const abortOne = async (): Promise<void> => {
    const client = openWebSocket(ground, chance.below(2) === 0)
    // One that is broken off before it opens never does.
    const outcome = await Promise.race([client, wait(chance.below(30))])
    const opened = outcome ?? (await client)
    for (let sent = chance.below(4); sent > 0; sent--) opened.send(Buffer.alloc(chance.below(300_000)))
    await wait(chance.below(20))
    opened.terminate()
  }
  for (let begun = 0; begun < count; begun += OPENED_TOGETHER) {
    const together = Math.min(OPENED_TOGETHER, count - begun)
    await Promise.all([...Array.from({ length: together }, abortOne), abortPending(ground, chance)])
  }
}

async function abortPending(ground: Ground, chance: Chance): Promise<void> {
  const socket = connect({ port: ground.port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const head = `GET http://${PLAIN}/ HTTP/1.1\r\nHost: ${PLAIN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  const whole = `${head}${key}`
  socket.write(whole.slice(0, 1 + chance.below(whole.length)))
  await wait(chance.below(10))
  if (chance.below(2) === 0) socket.resetAndDestroy()
  else socket.destroy()
}

/** The listener, the control socket, and what a child has towards its parent. */
const CALM_SOCKETS = 6

async function settled(weir: ProbedWeir): Promise<Holding> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS
  for (;;) {
    const holding = await weir.measure()
    if ((holding.descriptors['socket'] ?? 0) <= CALM_SOCKETS || performance.now() > deadline) return holding
    await wait(250)
  }
}

function show({ rssBytes, heapBytes, descriptors }: Holding): string {
  return `${(rssBytes / 1e6).toFixed(1)} MB resident, ${(heapBytes / 1e6).toFixed(1)} MB heap, ${JSON.stringify(descriptors)}`
}
