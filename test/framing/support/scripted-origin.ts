/** An origin that answers a request for `/a` with the bytes it was given, and every other one as it should. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRequests } from './strict-reader.ts'

export interface ScriptedOrigin {
  readonly port: number
  /** What the next requests for `/a` are answered with. */
  play(script: Script): void
  close(): Promise<void>
}

export interface Script {
  readonly segments: readonly string[]
  readonly after: 'stay' | 'end' | 'reset'
}

/** What requests for anything but `/a` are answered with. */
export const MARKER_BODY = 'marker'
const SEGMENT_PAUSE_MS = 12

export async function startScriptedOrigin(): Promise<ScriptedOrigin> {
  const open = new Set<Socket>()
  let script: Script = { segments: [], after: 'end' }
  const answer = async (socket: Socket, target: string): Promise<void> => {
    if (target !== '/a') {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${MARKER_BODY.length}\r\n\r\n${MARKER_BODY}`)
      return
    }
    for (const [at, segment] of script.segments.entries()) {
      if (at > 0) await sleep(SEGMENT_PAUSE_MS)
      if (!socket.destroyed) socket.write(Buffer.from(segment, 'latin1'))
    }
    if (script.after === 'end') socket.end()
    if (script.after === 'reset') socket.resetAndDestroy()
  }
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    let received = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      const { messages, rest } = readRequests(Buffer.concat([received, chunk]))
      received = Buffer.from(rest, 'latin1')
      for (const { target } of messages) answer(socket, target).catch(() => socket.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    play: (next) => {
      script = next
    },
    close: async () => {
      const closed = once(server, 'close')
      for (const socket of open) socket.destroy()
      server.close()
      await closed
    },
  }
}
