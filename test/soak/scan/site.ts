/** The process of the site that the light flow goes to: it takes what it is sent, and says a word. */
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Issued } from '../../tls/pki.ts'

process.once('message', (leaf) => {
  const server = createSecureServer({ ...(leaf as Issued) })
  server.on('stream', (stream) => {
    stream.on('error', () => undefined)
    stream.resume()
    stream.once('end', () => {
      if (stream.destroyed) return
      stream.respond({ ':status': 200, 'content-type': 'text/plain' })
      stream.end('served')
    })
  })
  server.on('session', (session) => session.on('error', () => undefined))
  server.on('sessionError', () => undefined)
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})
process.once('disconnect', () => process.exit())
