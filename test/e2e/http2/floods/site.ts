/** The process of the site behind Weir: answers, sends much, takes much, or keeps silent, as the path says. */
import { createSecureServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'

const PIECE = Buffer.alloc(64 * 1024, 'w')

process.once('message', (leaf) => {
  const { key, cert } = leaf as { readonly key: string; readonly cert: string }
  const server = createSecureServer({ key, cert })
  server.on('stream', (stream, headers) => serve(stream, String(headers[':path'])))
  server.on('session', (session) => session.on('error', () => undefined))
  server.on('sessionError', () => undefined)
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})
process.once('disconnect', () => process.exit())

function serve(stream: ServerHttp2Stream, path: string): void {
  stream.on('error', () => undefined)
  const [, what = '', argument = ''] = path.split('/')
  if (what === 'unread') return
  stream.resume()
  if (what === 'never') return
  if (what === 'bytes') {
    stream.respond({ ':status': 200 })
    send(stream, Number(argument))
    return
  }
  stream.once('end', () => {
    if (stream.destroyed) return
    stream.respond({ ':status': 200, 'content-type': 'text/plain' })
    stream.end('served')
  })
}

function send(stream: ServerHttp2Stream, length: number): void {
  let left = length
  const more = (): void => {
    while (left > 0) {
      const piece = PIECE.subarray(0, left)
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
