/** The client: tunnels through a proxy, TLS inside them, and requests whose answers are checked. */
import { once } from 'node:events'
import { Agent, type IncomingMessage, request as startRequest } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls'
import { sendBody } from './bulk-body.ts'
import { type Job, ORIGIN_NAME, SMALL_REPLY } from './work.ts'

const fullTextBytesMax = 4_096

export async function openPlain({ proxyPort }: Job): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port: portOf(proxyPort), noDelay: true })
  await once(socket, 'connect')
  return socket
}

/** CONNECT, then a full handshake. Only the context's one anchor is trusted, so a wrong act of the proxy fails here. */
export async function openTunnel(job: Job, secureContext: SecureContext): Promise<TLSSocket> {
  const authority = `${ORIGIN_NAME}:${job.originPort}`
  const connect = startRequest({
    host: '127.0.0.1',
    port: portOf(job.proxyPort),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority },
    agent: false,
  })
  connect.end()
  const [response, socket, head] = await connectEvent(connect)
  if (response.statusCode !== 200) throw new Error(`CONNECT was answered ${response.statusCode}`)
  if (head.length > 0) throw new Error('bytes arrived in the tunnel before any was sent')
  socket.setNoDelay(true)
  const secure = connectTls({ socket, servername: ORIGIN_NAME, secureContext, ALPNProtocols: ['http/1.1'] })
  await once(secure, 'secureConnect')
  return secure
}

function portOf(port: number | null): number {
  if (port === null) throw new Error('only h2load goes straight to the origin')
  return port
}

/** One connection kept alive: it carries requests one after the other, and never another connection in its place. */
export class Conversation {
  readonly #agent: OneSocketAgent
  readonly #host: string
  /** What stands before the path: the scheme and authority of an absolute-form target (RFC 9112 section 3.2.2). */
  readonly #prefix: string

  constructor(socket: Socket, job: Job) {
    this.#agent = new OneSocketAgent(socket)
    this.#host = `${ORIGIN_NAME}:${job.originPort}`
    this.#prefix = job.work.kind === 'plain' ? `http://${this.#host}` : ''
  }

  async readSmall(headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const text = await readText(await this.#ask('GET', '/small', headers, 0))
    if (text !== SMALL_REPLY) throw new Error(`the small reply was ${JSON.stringify(text)}`)
  }

  async download(bytes: number): Promise<void> {
    const response = await this.#ask('GET', `/bulk?bytes=${bytes}`, {}, 0)
    let received = 0
    response.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    await once(response, 'end')
    if (received !== bytes) throw new Error(`${received} bytes of ${bytes} arrived at the client`)
  }

  async upload(bytes: number): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(bytes) }
    const text = await readText(await this.#ask('POST', '/sink', headers, bytes))
    if (text !== String(bytes)) throw new Error(`the origin counted ${JSON.stringify(text)} bytes of ${bytes}`)
  }

  end(): void {
    this.#agent.destroy()
  }

  async #ask(method: string, path: string, headers: object, bodyBytes: number): Promise<IncomingMessage> {
    const outgoing = startRequest({
      agent: this.#agent,
      method,
      path: this.#prefix + path,
      headers: { host: this.#host, ...headers },
    })
    const answered = once(outgoing, 'response')
    // Both are awaited together: an answer before the end of an upload, or a reset, must end the wait for the pace.
    const [[response]] = await Promise.all([answered, sendBody(outgoing, bodyBytes)])
    const message: IncomingMessage = response
    if (message.statusCode !== 200) throw new Error(`${method} ${path} was answered ${message.statusCode}`)
    return message
  }
}

class OneSocketAgent extends Agent {
  #socket: Socket | null

  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1 })
    this.#socket = socket
  }

  override createConnection(): Socket {
    const socket = this.#socket
    if (socket === null) throw new Error('a connection that must be kept alive was closed')
    this.#socket = null
    return socket
  }
}

async function connectEvent(connect: ReturnType<typeof startRequest>): Promise<[IncomingMessage, Socket, Buffer]> {
  return new Promise((resolve, reject) => {
    connect.once('connect', (response, socket, head) => resolve([response, socket, head]))
    connect.once('response', (response) => reject(new Error(`CONNECT was answered ${response.statusCode}`)))
    connect.once('error', reject)
  })
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    if (text.length <= fullTextBytesMax) text += chunk
  })
  await once(response, 'end')
  return text
}
