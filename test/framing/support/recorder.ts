/** Origins in this process: one that reads by the letter, and Node's own server, which also records for those in front of it. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import type { Message } from '../corpus/case.ts'
import { readRequests } from './strict-reader.ts'

export interface Recorder {
  readonly port: number
  /** The whole messages since the last call, in the order of their ends. */
  take(): readonly Message[]
  close(): Promise<void>
}

/** A server in front of the recorder tells in this field what request line it read. */
export const SEEN_LINE = 'x-seen-line'

/** Node's server: as it comes, or with the tolerance that `--insecure-http-parser` gives it. */
export async function startNodeRecorder(tolerant: boolean): Promise<Recorder> {
  let messages: Message[] = []
  const record = (message: IncomingMessage, reply: ServerResponse | null): void => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const line = message.headers[SEEN_LINE]
      const [method = '', target = ''] = typeof line === 'string' ? line.split(' ') : [message.method, message.url]
      messages.push({ method, target, body: Buffer.concat(chunks).toString('latin1') })
      reply?.end('ok')
    })
    message.on('error', () => undefined)
  }
  const server = createServer({ insecureHTTPParser: tolerant, maxHeaderSize: 1024 * 1024 }, record)
  // What is in front keeps its connections; one that the recorder ends first would lose a request.
  server.keepAliveTimeout = 120_000
  server.on('clientError', (_, socket) => socket.destroy())
  for (const event of ['connect', 'upgrade']) {
    server.on(event, (message: IncomingMessage, socket: Socket) => {
      record(message, null)
      socket.destroy()
    })
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = messages
      messages = []
      return taken
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Answers each message as the strict reader reads it, and what it cannot read not at all. */
export async function startStrictRecorder(): Promise<Recorder> {
  let messages: Message[] = []
  const open = new Set<Socket>()
  const server = createTcpServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    let received = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const read = tryRead(received)
      if (read === null) {
        socket.destroy()
        return
      }
      received = Buffer.from(read.rest, 'latin1')
      messages.push(...read.messages)
      for (const { method } of read.messages) {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${method === 'HEAD' ? '' : 'ok'}`)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const taken = messages
      messages = []
      return taken
    },
    close: async () => {
      const closed = once(server, 'close')
      for (const socket of open) socket.destroy()
      server.close()
      await closed
    },
  }
}

function tryRead(received: Buffer): ReturnType<typeof readRequests> | null {
  try {
    return readRequests(received)
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}
