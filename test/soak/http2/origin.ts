/** The site of the soak: an origin of HTTP/2 that echoes, counts or sends, quickly or slowly. */
import { createSecureServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Meter } from './meter.ts'

const PIECE = Buffer.alloc(64 * 1024, 'o')
/** What a slow origin reads and writes a turn, and how long it waits behind it. */
const SLOW_TURN_MS = 50

/**
 * `/echo` sends back what it is sent, `/count` how much that was, `/count-slowly` reads a piece a turn, `/bytes/N` sends N bytes, and
 * `/bytes-slowly/N` sends a piece a turn.
 */
export async function startSoakOrigin(
  key: string,
  cert: string,
  meter: Meter,
): Promise<{ port: number; close(): void }> {
  const server = createSecureServer({ key, cert })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    serve(stream, headers[':path'] ?? '/', meter).catch(() => stream.destroy())
  })
  server.on('sessionError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

async function serve(stream: ServerHttp2Stream, path: string, meter: Meter): Promise<void> {
  const [, what = '', argument = '0'] = path.split('/')
  stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
  if (what === 'echo') {
    stream.pipe(stream)
    return
  }
  const isSlow = what.endsWith('-slowly')
  if (what.startsWith('count')) {
    let bytes = 0
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      meter.read(chunk.length)
      if (isSlow) await wait(SLOW_TURN_MS)
    }
    stream.end(String(bytes))
    return
  }
  for (let left = Number(argument); left > 0 && !stream.destroyed; left -= PIECE.length) {
    const piece = PIECE.subarray(0, Math.min(left, PIECE.length))
    stream.write(piece)
    meter.wrote(piece.length)
    if (isSlow) await wait(SLOW_TURN_MS)
    if (stream.writableNeedDrain && !stream.destroyed) await writable(stream)
  }
  stream.end()
}

function writable(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle)
      resolve()
    }
    stream.on('drain', settle).on('close', settle)
  })
}
