/** All that is not ours, as one server: it answers to every name, with TLS and without, and keeps all that it is told. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { createTestCa } from '../../tls/pki.ts'
import { CANARY } from './shape.ts'

/** Stands in each of its answers, and in none of Weir's. */
export const ANSWERED = 'x-answered-by: the world'

export interface World {
  readonly port: number
  /** PEM of the authority that all its certificates are from. */
  readonly ca: string
  /** Forgets what it was told. */
  forget(): void
  /** Where in what it was told since, in any form, the canary stands: the first lines of the requests, or of the bytes. */
  sightings(): readonly string[]
  /** The requests since, as `METHOD HOST TARGET`. */
  requests(): readonly string[]
  /** The same, each with its fields and its body, whatever order and spelling its fields came in. */
  messages(): readonly Heard[]
  close(): Promise<void>
}

interface Told {
  readonly line: string
  readonly fields: readonly string[]
  readonly body: Buffer
}

export interface Heard {
  readonly line: string
  /** `name: value`, in order of the alphabet. */
  readonly fields: readonly string[]
  /** SHA-256 in hex. */
  readonly body: string
}

const HANDSHAKE = 0x16

export async function startWorld(): Promise<World> {
  const ca = createTestCa({ name: 'Authority of the world' })
  let bytes: Buffer[] = []
  let told: Told[] = []
  const contexts = new Map<string, SecureContext>()
  const contextFor = (name: string): SecureContext => {
    const context = contexts.get(name) ?? createSecureContext(ca.issue({ names: [name] }))
    contexts.set(name, context)
    return context
  }
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    hear(request)
      .then((heard) => {
        told.push(heard)
        answer(request, response)
      })
      // The client left midway; the bytes are kept all the same.
      .catch(() => response.destroy())
  }
  const keep = (socket: NodeJS.ReadableStream): void => void socket.on('data', (piece: Buffer) => bytes.push(piece))
  const plain = createHttpServer(listen).on('connection', keep)
  const secure = createHttpsServer(
    { ...ca.issue({ names: ['127.0.0.1'] }), SNICallback: (name, done) => done(null, contextFor(name)) },
    listen,
  ).on('secureConnection', keep)
  const sockets = new Set<Socket>()
  const door = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
    socket.once('data', (first: Buffer) => {
      socket.pause()
      socket.unshift(first)
      if (first[0] === HANDSHAKE) secure.emit('connection', socket)
      else plain.emit('connection', socket)
      // TLS reads what was put back by itself; flowing now, it would be lost.
      process.nextTick(() => socket.resume())
    })
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  return {
    port: (door.address() as AddressInfo).port,
    ca: ca.certificatePem,
    forget() {
      bytes = []
      told = []
    },
    sightings: () => [
      ...told.filter(({ body }) => carries(body) || carries(decoded(body))).map(({ line }) => line),
      ...(carries(Buffer.concat(bytes)) ? [Buffer.concat(bytes).toString('latin1', 0, 120)] : []),
    ],
    requests: () => told.map(({ line }) => line),
    messages: () =>
      told.map(({ line, fields, body }) => ({
        line,
        fields: fields.toSorted(),
        body: createHash('sha256').update(body).digest('hex'),
      })),
    async close() {
      const closed = once(door, 'close')
      door.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const FORMS: readonly string[] = [
  CANARY,
  // As much of it as an object id holds.
  Buffer.from(CANARY.slice(0, 20)).toString('hex'),
  Buffer.from(CANARY, 'utf8').toString('utf16le'),
  // What is left of base64 where the canary begins at each of the three places in a group.
  ...[0, 1, 2].map((before) =>
    Buffer.from('x'.repeat(before) + CANARY)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, 32),
  ),
].map((text) => text.toLowerCase())

function carries(bytes: Buffer): boolean {
  const text = bytes.toString('latin1').toLowerCase()
  return FORMS.some((form) => text.includes(form)) || text.replaceAll('\0', '').includes(CANARY.toLowerCase())
}

/** A body without its coding, whatever it calls itself. */
function decoded(body: Buffer): Buffer {
  for (const decode of [gunzipSync, inflateSync, brotliDecompressSync]) {
    try {
      return decode(body)
    } catch {
      // Not of this coding: the next, or none.
    }
  }
  return body
}

async function hear(request: IncomingMessage): Promise<Told> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const { method = '', url = '', headers, rawHeaders } = request
  const fields = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[at + 1] ?? ''}`] : [],
  )
  return { line: `${method} ${headers.host ?? ''} ${url}`, fields, body: Buffer.concat(pieces) }
}

/** As plausibly as the next step of a client needs it. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const [name = '', value = ''] = ANSWERED.split(': ')
  const content = Buffer.from(JSON.stringify(contentOf(request.url ?? '')))
  response.writeHead(200, {
    [name]: value,
    'content-type': 'application/json',
    'content-length': content.length,
    location: 'https://www.googleapis.com/upload/drive/v3/files?uploadType=resumable&upload_id=1',
  })
  response.end(content)
}

function contentOf(url: string): object {
  if (url.endsWith('/info/lfs/objects/batch')) {
    const oid = 'c'.repeat(64)
    const upload = { href: `https://lfs-store.example/objects/${oid}`, header: {}, expires_in: 3_600 }
    const verify = { href: 'https://github.com/acme/app.git/info/lfs/verify', expires_in: 3_600 }
    const objects = [{ oid, size: 24, authenticated: true, actions: { upload, verify } }]
    return { transfer: 'basic', objects }
  }
  if (url.endsWith('/releases')) {
    return { id: 1, upload_url: 'https://uploads.github.com/repos/acme/app/releases/1/assets{?name,label}' }
  }
  return {}
}
