/** An origin that speaks HTTP/2, HTTP/1.1 or both, as ALPN has it, and does what the path of a request says. */
import { once } from 'node:events'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { certificates } from '../support/certificates.ts'

export interface Served {
  readonly httpVersion: string
  readonly method: string
  readonly path: string
  /** As they came, pseudo-header fields included. */
  readonly fields: readonly string[]
  body: Buffer
  /** The request came to its end. */
  whole: boolean
  trailers: readonly string[]
  /** The stream was closed with CANCEL. */
  cancelled: boolean
}

export interface Http2Origin {
  readonly port: number
  readonly log: readonly Served[]
  /** Connections so far. */
  readonly connections: number
  close(): Promise<void>
}

export type Speaks = 'h2' | 'http/1.1' | 'both'

export type Serve = (stream: ServerHttp2Stream, served: Served) => void

/** `serve` answers streams of HTTP/2 in place of the paths below. */
export async function startHttp2Origin(speaks: Speaks = 'both', serve: Serve = byPath): Promise<Http2Origin> {
  const log: Served[] = []
  const { key, cert } = certificates()
  const server: Http2SecureServer | ReturnType<typeof createHttpsServer> =
    speaks === 'http/1.1'
      ? createHttpsServer({ key, cert, maxHeaderSize: HEAD_BYTES_MAX }, (message, reply) =>
          answerHttp1(message, reply, log),
        )
      : createSecureServer({ key, cert, allowHTTP1: speaks === 'both' })
  if (speaks !== 'http/1.1') {
    // With a listener for requests Node answers streams by itself as well.
    if (speaks === 'both')
      server.on('request', (message: IncomingMessage, reply: ServerResponse) => {
        if (message.httpVersion !== '2.0') answerHttp1(message, reply, log)
      })
    server.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: number, fields: string[]) => {
      stream.on('error', () => undefined)
      const served = note(log, '2', fieldOf(fields, ':method'), fieldOf(fields, ':path'), fields)
      stream.on('trailers', (_trailers: unknown, _: number, raw: string[]) => {
        served.trailers = raw
      })
      stream.once('close', () => {
        served.cancelled = stream.rstCode === CANCEL
      })
      serve(stream, served)
    })
  }
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('secureConnection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('sessionError', () => undefined)
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    log,
    get connections() {
      return connections
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const CANCEL = 8
/** As much as Weir lets through. */
const HEAD_BYTES_MAX = 64 * 1024

function note(log: Served[], httpVersion: string, method: string, path: string, fields: readonly string[]): Served {
  const served = {
    httpVersion,
    method,
    path,
    fields,
    body: Buffer.alloc(0),
    whole: false,
    trailers: [],
    cancelled: false,
  }
  log.push(served)
  return served
}

export function fieldOf(fields: readonly string[], name: string): string {
  const at = fields.findIndex((part, index) => index % 2 === 0 && part.toLowerCase() === name)
  return at === -1 ? '' : (fields[at + 1] ?? '')
}

/**
 * `/echo` sends back what it is sent, `/count` how much that was, `/bytes/N` sends N bytes, `/status/N` answers N, `/hints` a 103 first,
 * `/trailers` trailers behind its body, `/empty` nothing but a head, `/half` breaks off, `/refuse` resets with a code, `/early` answers
 * before it has the request and wants no more of it, `/never` is silent, `/begun` is after its first bytes, `/page/N` is a page with N pictures.
 */
function byPath(stream: ServerHttp2Stream, served: Served): void {
  const [, what = '', argument = ''] = served.path.split(/[/?]/)
  const length = Number(argument)
  collect(stream, served, what === 'count')
  switch (what) {
    case 'echo':
      stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
      stream.pipe(stream)
      return
    case 'bytes':
      stream.respond({ ':status': 200, 'content-length': length })
      pump(stream, length)
      return
    case 'hints':
      stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' })
      stream.respond({ ':status': 200 })
      stream.end('hinted')
      return
    case 'trailers':
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-twice': ['a', 'b'] }))
      stream.end('body')
      return
    case 'empty':
      stream.respond({ ':status': 200, 'grpc-status': '5' }, { endStream: true })
      return
    case 'half':
      stream.respond({ ':status': 200 })
      stream.write('half')
      setTimeout(() => stream.destroy(new Error('half')), 50)
      return
    case 'quiet':
      stream.respond({ ':status': 200 })
      stream.write(Buffer.alloc(length, 'q'))
      // Without an error RST_STREAM says NO_ERROR.
      setTimeout(() => stream.destroy(), QUIET_MS)
      return
    case 'refuse':
      stream.close(length)
      return
    case 'early':
      stream.respond({ ':status': 413 })
      stream.end('too much')
      stream.once('finish', () => stream.close(0))
      return
    case 'never':
      return
    case 'begun':
      stream.respond({ ':status': 200 })
      stream.write('begun')
      return
    case 'page':
      stream.respond({ ':status': 200, 'content-type': 'text/html' })
      stream.end(pageOf(length))
      return
    case 'status':
      stream.respond({ ':status': length })
      stream.end()
      return
    default:
      stream.once('end', () => {
        if (stream.destroyed) return
        const body =
          what === 'count' ? String(stream.readableLength + countOf(served)) : `${served.method} ${served.path}`
        stream.respond({ ':status': 200, 'content-type': 'text/plain', 'x-served-by': 'h2' })
        stream.end(body)
      })
  }
}

/** Long enough for what goes before to be out. */
const QUIET_MS = 150

const counts = new WeakMap<Served, number>()

function countOf(served: Served): number {
  return counts.get(served) ?? 0
}

/** Of what is only counted no body is kept. */
function collect(stream: ServerHttp2Stream, served: Served, onlyCounts: boolean): void {
  stream.on('data', (chunk: Buffer) => {
    counts.set(served, countOf(served) + chunk.length)
    if (!onlyCounts && countOf(served) < 1_000_000) served.body = Buffer.concat([served.body, chunk])
  })
  stream.once('end', () => {
    served.whole = !stream.closed
  })
}

const PIECE = Buffer.alloc(64 * 1024, 'w')

function pump(stream: NodeJS.WritableStream, length: number): void {
  let left = length
  const more = (): void => {
    while (left > 0) {
      const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE
      left -= piece.length
      if (!stream.write(piece)) {
        stream.once('drain', more)
        return
      }
    }
    stream.end()
  }
  more()
}

/** No picture shows anything: they are here to be asked for. */
function pageOf(pictures: number): string {
  const each = Array.from({ length: pictures }, (_, at) => `<img src="/picture?${at}">`)
  return `<!doctype html><title>Many pictures</title>${each.join('')}`
}

function answerHttp1(message: IncomingMessage, reply: ServerResponse, log: Served[]): void {
  const served = note(log, message.httpVersion, message.method ?? '', message.url ?? '', message.rawHeaders)
  const [, what = '', argument = ''] = served.path.split(/[/?]/)
  message.on('data', (chunk: Buffer) => {
    counts.set(served, countOf(served) + chunk.length)
    if (what !== 'count' && countOf(served) < 1_000_000) served.body = Buffer.concat([served.body, chunk])
  })
  message.once('end', () => {
    served.whole = true
    if (what === 'echo') reply.end(served.body)
    else if (what === 'bytes') {
      reply.writeHead(200, { 'content-length': argument })
      pump(reply, Number(argument))
    } else if (what === 'page') reply.writeHead(200, { 'content-type': 'text/html' }).end(pageOf(Number(argument)))
    else if (what === 'status') reply.writeHead(Number(argument)).end()
    else if (what === 'half') {
      reply.writeHead(200, {})
      reply.write('half')
      setTimeout(() => reply.destroy(), 50)
    } else if (what !== 'never') {
      const body = what === 'count' ? String(countOf(served)) : `${served.method} ${served.path}`
      reply.writeHead(200, { 'Content-Type': 'text/plain', 'X-Served-By': 'h1', Connection: 'keep-alive' }).end(body)
    }
  })
}
