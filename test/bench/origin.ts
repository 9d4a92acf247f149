/** The origin, a process of its own: a small fixed reply, bodies of any length, and a sink that counts. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { createSecureServer, type Http2ServerRequest } from 'node:http2'
import type { Server } from 'node:net'
import type { Writable } from 'node:stream'
import { sendBody } from './bulk-body.ts'
import { type Ports, SMALL_REPLY } from './work.ts'

const [certificateFile = '', keyFile = ''] = process.argv.slice(2)
// Longer than any round: the origin never closes what a proxy keeps alive.
const keepAliveTimeoutMs = 600_000

const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile), keepAliveTimeout: keepAliveTimeoutMs }
const https = createSecureServer({ ...tls, allowHTTP1: true }, answer)
const http = createHttpServer({ keepAliveTimeout: keepAliveTimeoutMs }, answer)
const ports: Ports = { https: await listen(https), http: await listen(http) }
process.on('disconnect', () => process.exit())
process.send?.(ports)

type Request = IncomingMessage | Http2ServerRequest

/** What the answers of both versions have in common. */
interface Response extends Writable {
  writeHead(status: number, headers: OutgoingHttpHeaders): Writable
}

function answer(request: Request, response: Response): void {
  respond(request, response).catch((error: unknown) => {
    // A client that went away fails its own round; the origin says what it saw and serves the next.
    process.stderr.write(`${request.method} ${request.url}: ${String(error)}\n`)
    response.destroy()
  })
}

async function respond(request: Request, response: Response): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://origin.invalid')
  if (request.method === 'GET' && url.pathname === '/small') {
    const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(SMALL_REPLY) }
    response.writeHead(200, headers).end(SMALL_REPLY)
  } else if (request.method === 'GET' && url.pathname === '/bulk') {
    const bytes = Number(url.searchParams.get('bytes'))
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes })
    await sendBody(response, bytes)
  } else if (request.method === 'POST' && url.pathname === '/sink') {
    const text = String(await countBytes(request))
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': text.length }).end(text)
  } else {
    response.writeHead(404, { 'content-length': 0 }).end()
  }
}

async function countBytes(request: Request): Promise<number> {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await once(request, 'end')
  return bytes
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the origin has no port')
  return address.port
}
