/** WebSockets of real clients and real sites: in the clear and inside TLS that Weir opens. */
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { startWeir, type TestWeir } from './support/weir.ts'
import { connectWebSocket, messageOf, startWebSocketSite, type WebSocketSite } from './support/websocket-sites.ts'

const POLICY = `
version: 1
default: deny
rules:
  - name: sockets
    to: { hosts: [www.acme.example, api.openai.com, localhost] }
    operations: [upgrade]
    action: allow
  - name: no-others
    to: { hosts: [github.com] }
    operations: [write, admin]
    action: deny
    message: Nothing leaves by a WebSocket.
`

let plain: WebSocketSite
let secure: WebSocketSite
let deflating: WebSocketSite
let weir: TestWeir

beforeAll(async () => {
  plain = await startWebSocketSite()
  secure = await startWebSocketSite({ tls: true })
  deflating = await startWebSocketSite({ tls: true, perMessageDeflate: { threshold: 0 } })
  weir = await startWeir({
    policy: POLICY,
    resolve: [
      `*:80:127.0.0.1:${plain.port}`,
      `api.openai.com:443:127.0.0.1:${deflating.port}`,
      `*:443:127.0.0.1:${secure.port}`,
    ],
  })
})
afterAll(async () => {
  await weir?.close()
  for (const site of [plain, secure, deflating]) await site?.close()
})

async function over(socket: WebSocket): Promise<readonly [number, string]> {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return [code, reason.toString()]
}

describe.each([
  ['in the clear', 'ws://www.acme.example'],
  ['inside TLS', 'wss://www.acme.example'],
])('a WebSocket %s', (_, url) => {
  it('carries text, binary and fragments', async () => {
    const socket = await connectWebSocket(weir, url)
    await once(socket, 'open')
    socket.send('text — and more')
    expect(await messageOf(socket)).toEqual({ bytes: Buffer.from('text — and more'), isBinary: false })
    socket.close(1000)
    await over(socket)
  })
})
