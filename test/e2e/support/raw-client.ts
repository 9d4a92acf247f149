/** A TCP client that sends exact bytes and reads what comes back: for requests that no library would make. */
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'

const TIMEOUT_MS = 10_000
const RECEIVED_BYTES_MAX = 64 * 1024 * 1024

/** Text to find, or a test on all that was received and not yet taken. */
type Until = string | ((received: Buffer) => boolean)

export class RawClient {
  readonly socket: Socket
  #received = Buffer.alloc(0)
  #ended = false
  #error: Error | null = null
  #wake: () => void = () => undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', this.#take)
    socket.on('error', this.#fail)
    socket.on('end', this.#end)
    socket.on('close', this.#end)
  }

  /** Text goes out as latin1: each character one byte. */
  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  /** Takes all that was received, once the condition holds; throws where the connection ends or time runs out before. */
  async read(until: Until, timeoutMs = TIMEOUT_MS): Promise<Buffer> {
    const holds = typeof until === 'string' ? (received: Buffer) => received.includes(until, 0, 'latin1') : until
    await this.#wait(() => holds(this.#received) || this.#ended, timeoutMs)
    if (!holds(this.#received)) throw new Error(`the connection ended after ${this.#show()}`, { cause: this.#error })
    return this.#drain()
  }

  /** Takes all that is received up to the end of the connection, however it ends. */
  async readToEnd(timeoutMs = TIMEOUT_MS): Promise<Buffer> {
    await this.#wait(() => this.#ended, timeoutMs)
    return this.#drain()
  }

  /** True once the other side has ended or reset the connection. */
  get ended(): boolean {
    return this.#ended
  }

  /** The error that ended the connection, as ECONNRESET. */
  get error(): Error | null {
    return this.#error
  }

  destroy(): void {
    this.socket.destroy()
  }

  /** Lets go of the socket for a layer above it; what was received and not read goes back into it. */
  release(): Socket {
    this.socket.off('data', this.#take).off('end', this.#end).off('close', this.#end)
    this.socket.pause()
    if (this.#received.length > 0) this.socket.unshift(this.#drain())
    return this.socket
  }

  readonly #take = (chunk: Buffer): void => {
    this.#received = Buffer.concat([this.#received, chunk])
    if (this.#received.length > RECEIVED_BYTES_MAX) this.socket.destroy(new Error('more than a test should read'))
    this.#wake()
  }

  readonly #fail = (error: Error): void => {
    this.#error = error
    this.#end()
  }

  readonly #end = (): void => {
    this.#ended = true
    this.#wake()
  }

  #drain(): Buffer {
    const taken = this.#received
    this.#received = Buffer.alloc(0)
    return taken
  }

  #show(): string {
    return JSON.stringify(this.#received.toString('latin1', 0, 400))
  }

  #wait(holds: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => {
        this.#wake = () => undefined
        reject(new Error(`not within ${timeoutMs} ms; received ${this.#show()}`))
      }
      const deadline = setTimeout(late, timeoutMs)
      this.#wake = () => {
        if (!holds()) return
        clearTimeout(deadline)
        this.#wake = () => undefined
        resolve()
      }
      this.#wake()
    })
  }
}

export async function openRaw(port: number, options: { readonly allowHalfOpen?: boolean } = {}): Promise<RawClient> {
  const socket = connectTcp({ port, host: '127.0.0.1', ...options })
  await once(socket, 'connect')
  return new RawClient(socket)
}

interface ConnectAnswer {
  readonly client: RawClient
  readonly status: number
  /** The whole head of the answer, and what came with it of the body. */
  readonly reply: string
}

/** Opens a connection to the proxy and asks for a tunnel (RFC 9110 section 9.3.6). `fields` are whole header lines. */
export async function openTunnel(
  proxyPort: number,
  authority: string,
  fields: readonly string[] = [],
): Promise<ConnectAnswer> {
  const client = await openRaw(proxyPort)
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`, ...fields]
  client.send(`${lines.join('\r\n')}\r\n\r\n`)
  const reply = (await client.read('\r\n\r\n')).toString('latin1')
  return { client, status: Number(reply.split(' ')[1]), reply }
}

interface TlsClientOptions {
  /** The SNI to send; null sends none. */
  readonly servername: string | null
  /** PEM of the only authority to trust. */
  readonly ca: string
  readonly alpn?: readonly string[]
  /** The name the certificate must be for, where it differs from the SNI. */
  readonly expectedName?: string
}

/** Speaks TLS over a connection that is open already; throws where the handshake or the certificate fails. */
export async function openTls(
  client: RawClient,
  options: TlsClientOptions,
): Promise<{ readonly client: RawClient; readonly tls: TLSSocket }> {
  const { servername, ca, alpn, expectedName } = options
  const connection: ConnectionOptions = {
    socket: client.release(),
    ca,
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  }
  if (servername !== null) connection.servername = servername
  if (expectedName !== undefined) {
    connection.checkServerIdentity = (_, certificate) => checkServerIdentity(expectedName, certificate)
  }
  const tls = connectTls(connection)
  await once(tls, 'secureConnect')
  return { client: new RawClient(tls), tls }
}
