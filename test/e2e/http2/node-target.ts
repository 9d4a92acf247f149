/** node:http2 alone, as a server over TLS: what the suite is held against, and what it shows to differ from the RFC. */
import { once } from 'node:events'
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { certificates } from '../support/certificates.ts'
import { openRaw, openTls } from '../support/raw-client.ts'
import { bulkOf, type Echo, type Target, UNREAD } from './target.ts'

const HOST = 'www.acme.example'
/** Without them node:http2 announces no limit of either. */
const SETTINGS = { maxConcurrentStreams: 16, maxHeaderListSize: 32_768 }

export async function startNodeTarget(): Promise<Target> {
  const { key, cert, ca } = certificates()
  const sessions = new Set<ServerHttp2Session>()
  const server = createSecureServer({ key, cert, settings: SETTINGS })
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', ignore).on('close', () => sessions.delete(session))
  })
  server.on('stream', serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    name: 'node:http2',
    authority: HOST,
    isPlainNode: true,
    async connect() {
      const tcp = await openRaw(port)
      // A case is many small writes in turn: 40 ms each, were they to wait for one another.
      tcp.socket.setNoDelay(true)
      const { client, tls } = await openTls(tcp, { servername: HOST, ca, alpn: ['h2'] })
      client.release()
      return tls
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const session of sessions) session.destroy()
      await closed
    },
  }
}

/** A case shows what an error does to the connection; the server itself has nothing to add. */
function ignore(): void {}

function serve(stream: ServerHttp2Stream, fields: IncomingHttpHeaders): void {
  stream.on('error', ignore)
  const path = String(fields[':path'])
  if (fields[':method'] === 'CONNECT') {
    stream.respond({ ':status': 405 }, { endStream: true })
    return
  }
  if (path === UNREAD) return
  let bodyBytes = 0
  let trailers: IncomingHttpHeaders = {}
  stream.on('trailers', (got: IncomingHttpHeaders) => {
    trailers = got
  })
  stream.on('data', (chunk: Buffer) => {
    bodyBytes += chunk.length
  })
  stream.on('end', () => {
    if (stream.destroyed || stream.closed) return
    const bulk = bulkOf(path)
    const echo: Echo = { method: String(fields[':method']), path, fields, bodyBytes, trailers }
    stream.respond({ ':status': 200, 'content-type': bulk === null ? 'application/json' : 'application/octet-stream' })
    stream.end(bulk ?? JSON.stringify(echo))
  })
}
