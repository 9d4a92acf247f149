/** All the services that are written to, as one server of HTTP/1.1 and HTTP/2: it keeps every body, and announces addresses for LFS. */
import { once } from 'node:events'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { createTestCa } from '../../tls/pki.ts'
import { ANSWERED } from '../channels/world.ts'

export interface Site {
  readonly port: number
  /** PEM of the authority that all its certificates are from. */
  readonly ca: string
  /** As `--resolve`. */
  readonly resolve: readonly string[]
  /** What came since it last forgot, begun or ended. */
  readonly heard: readonly Heard[]
  forget(): void
  /** Above TLS on all connections so far, heads and frames included. */
  receivedBytes(): number
  close(): Promise<void>
}

export interface Heard {
  readonly method: string
  readonly host: string
  readonly target: string
  readonly coding: string | null
  /** As it came, without its framing. */
  readonly pieces: readonly Buffer[]
  readonly ended: boolean
}

interface Hearing extends Heard {
  readonly pieces: Buffer[]
  ended: boolean
}

export function bodyOf({ pieces }: Heard): Buffer {
  return Buffer.concat(pieces)
}

/** Where an object of LFS is to be put. */
const STORE = 'lfs-store.example'

export async function startSite(): Promise<Site> {
  const ca = createTestCa({ name: 'Authority of the site' })
  const heard: Hearing[] = []
  const contexts = new Map<string, SecureContext>()
  const contextFor = (name: string): SecureContext => {
    const context = contexts.get(name) ?? createSecureContext(ca.issue({ names: [name] }))
    contexts.set(name, context)
    return context
  }
  const server = createSecureServer({
    ...ca.issue({ names: ['127.0.0.1'] }),
    allowHTTP1: true,
    SNICallback: (name, done) => done(null, contextFor(name)),
  })
  const sockets = new Set<Socket>()
  let received = 0
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    socket.on('data', (piece: Buffer) => {
      received += piece.length
    })
  })
  server.on('sessionError', () => undefined)
  server.on('request', (request, response) => {
    const exchange = begin(request)
    heard.push(exchange)
    // The client left midway; what came is kept all the same.
    hear(request, exchange).then(
      () => answer(exchange, response),
      () => response.stream?.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    ca: ca.certificatePem,
    resolve: [`*:443:127.0.0.1:${port}`],
    heard,
    forget: () => void heard.splice(0),
    receivedBytes: () => received,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function begin(request: Http2ServerRequest): Hearing {
  const { method, url, headers } = request
  const coding = headers['content-encoding'] ?? null
  const host = request.authority ?? headers.host ?? ''
  return { method, host, target: url, coding, pieces: [], ended: false }
}

async function hear(request: Http2ServerRequest, exchange: Hearing): Promise<void> {
  for await (const piece of request as AsyncIterable<Buffer>) exchange.pieces.push(piece)
  exchange.ended = true
}

function answer(exchange: Heard, response: Http2ServerResponse): void {
  const [name = '', value = ''] = ANSWERED.split(': ')
  const isBatch = exchange.target.endsWith('/info/lfs/objects/batch')
  const content = Buffer.from(JSON.stringify(isBatch ? batch(bodyOf(exchange)) : {}))
  response.writeHead(200, { [name]: value, 'content-type': 'application/json', 'content-length': content.length })
  response.end(content)
}

/** As git-lfs documents the answer to a batch. */
function batch(body: Buffer): object {
  const { objects } = JSON.parse(body.toString()) as { readonly objects: readonly { oid: string; size: number }[] }
  return {
    transfer: 'basic',
    objects: objects.map(({ oid, size }) => {
      const upload = { href: `https://${STORE}/objects/${oid}`, header: {}, expires_in: 3_600 }
      return { oid, size, authenticated: true, actions: { upload } }
    }),
  }
}
