/** A plain HTTP origin: a page, an echo of the request's head, bulk both ways, chunked coding and trailers (RFC 9112 section 7.1). */
import type { Exchange } from '../../../src/cli/demo/exchange.ts'
import { type Origin, startOrigin } from './origin.ts'

const BULK_BYTES_MAX = 1024 * 1024 * 1024
const PIECE = Buffer.alloc(65_536, 'weir')

/**
 * - `GET /`: a small page.
 * - `GET /echo` (any method): method, target and raw header fields as they came, as JSON.
 * - `GET /bytes/N`: N bytes with Content-Length.
 * - `GET /chunked`: two chunks and the trailer `X-Checksum`.
 * - `POST` or `PUT /upload`: counts, and answers `{bodyBytes, chunked, trailers}`.
 */
export function startPlainOrigin(): Promise<Origin> {
  return startOrigin({ serve })
}

async function serve(exchange: Exchange): Promise<void> {
  const { path } = exchange.record
  if (path.startsWith('/bytes/')) return sendBulk(exchange, Number(path.slice('/bytes/'.length)))
  await exchange.discard()
  const { method, url, rawHeaders, headers, trailers } = exchange.request
  switch (path) {
    case '/':
      return exchange.answer(200, { 'content-type': 'text/html' }, '<p>Weir test origin</p>\n')
    case '/echo':
      return sendJson(exchange, { method, target: url, rawHeaders })
    case '/chunked':
      return sendChunked(exchange)
    case '/upload':
      return sendJson(exchange, {
        bodyBytes: exchange.record.bodyBytes,
        chunked: headers['transfer-encoding'] !== undefined,
        trailers,
      })
    default:
      return exchange.answer(404, { 'content-type': 'text/plain' }, 'no such page\n')
  }
}

async function sendBulk(exchange: Exchange, sizeBytes: number): Promise<void> {
  await exchange.discard()
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > BULK_BYTES_MAX) {
    return exchange.answer(400, {}, 'no such size\n')
  }
  const response = exchange.begin(200, { 'content-length': sizeBytes })
  for (let left = sizeBytes; left > 0; left -= PIECE.length) {
    if (response.destroyed) return
    const piece = left < PIECE.length ? PIECE.subarray(0, left) : PIECE
    await new Promise<void>((resolve) => response.write(piece, () => resolve()))
  }
  response.end()
}

function sendChunked(exchange: Exchange): void {
  const response = exchange.begin(200, { 'content-type': 'text/plain', trailer: 'X-Checksum' })
  response.write('first\n')
  response.write('second\n')
  response.addTrailers({ 'X-Checksum': 'weir' })
  response.end()
}

function sendJson(exchange: Exchange, content: object): void {
  exchange.answer(200, { 'content-type': 'application/json' }, JSON.stringify(content))
}
