/** HTTP/2 inside a tunnel that Weir opens, with an origin of HTTP/1.1 behind it. */
import { certificates } from '../support/certificates.ts'
import { startOrigin } from '../support/origin.ts'
import { openTls, openTunnel } from '../support/raw-client.ts'
import { startWeir } from '../support/weir.ts'
import { bulkOf, type Echo, type Target, UNREAD } from './target.ts'

const HOST = 'www.acme.example'
const POLICY = `
version: 1
default: deny
rules:
  - name: all-to-the-origin
    to: { hosts: [${HOST}] }
    action: allow
inspection:
  open: [${HOST}]
`

export async function startWeirTarget(): Promise<Target> {
  const { key, cert } = certificates()
  const origin = await startOrigin({
    tls: { key, cert },
    serve: async (exchange) => {
      const { method, path, headers } = exchange.record
      if (path === UNREAD) return
      await exchange.discard()
      const bulk = bulkOf(path)
      const { bodyBytes } = exchange.record
      const fields = { ...headers, cookie: cookieLines(exchange.request.rawHeaders) }
      const echo: Echo = { method, path, fields, bodyBytes, trailers: exchange.request.trailers }
      if (bulk === null) exchange.answer(200, { 'content-type': 'application/json' }, JSON.stringify(echo))
      else exchange.answer(200, { 'content-type': 'application/octet-stream' }, bulk)
    },
  })
  const weir = await startWeir({ policy: POLICY, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
  return {
    name: 'Weir',
    authority: HOST,
    isPlainNode: false,
    async connect() {
      const { client: tunnel, status, reply } = await openTunnel(weir.port, `${HOST}:443`)
      if (status !== 200) throw new Error(`no tunnel: ${reply}`)
      tunnel.socket.setNoDelay(true)
      const { client, tls } = await openTls(tunnel, { servername: HOST, ca: weir.caPem, alpn: ['h2'] })
      if (tls.alpnProtocol !== 'h2') throw new Error(`HTTP/2 was not agreed on, but ${tls.alpnProtocol}`)
      client.release()
      return tls
    },
    async close() {
      await weir.close()
      await origin.close()
    },
  }
}

/** node:http joins them, which would hide what has to be shown: that Weir has. */
function cookieLines(rawHeaders: readonly string[]): string | readonly string[] | undefined {
  const lines = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'cookie')
  return lines.length > 1 ? lines : lines[0]
}
