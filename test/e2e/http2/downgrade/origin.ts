/** An origin of HTTP/1.1 that keeps every byte it gets, and reads them by rules of its own, as strictly as RFC 9112 has them. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { certificates } from '../../support/certificates.ts'

export interface Seen {
  readonly line: string
  /** Names in lower case and values, in turn. */
  readonly fields: readonly string[]
  readonly body: string
}

export interface RawOrigin {
  readonly port: number
  /** What all connections since the last call have brought; throws where some bytes are no request. */
  take(): readonly Seen[]
  close(): Promise<void>
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

export async function startRawOrigin(): Promise<RawOrigin> {
  const { key, cert } = certificates()
  const connections = new Map<TLSSocket, { bytes: string; answered: number; taken: number }>()
  const server = createServer({ key, cert, ALPNProtocols: ['http/1.1'] }, (socket) => {
    const kept = { bytes: '', answered: 0, taken: 0 }
    connections.set(socket, kept)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      kept.bytes += chunk.toString('latin1')
      const { requests } = readAll(kept.bytes)
      for (; kept.answered < requests.length; kept.answered += 1) socket.write(ANSWER)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    take: () =>
      [...connections.values()].flatMap((kept) => {
        const { requests, rest } = readAll(kept.bytes)
        // Half a request is what is left of one that was reset; it must end with its connection.
        if (rest !== '' && !/^[A-Z]+ \S+ HTTP\/1\.1\r\n/.test(rest))
          throw new Error(`no request: ${JSON.stringify(rest)}`)
        const fresh = requests.slice(kept.taken)
        kept.taken = requests.length
        return fresh
      }),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of connections.keys()) socket.destroy()
      await closed
    },
  }
}

function readAll(bytes: string): { readonly requests: readonly Seen[]; readonly rest: string } {
  const requests: Seen[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) return { requests, rest }
    const [line = '', ...lines] = rest.slice(0, end).split('\r\n')
    const fields = lines.flatMap((text) => {
      const colon = text.indexOf(':')
      return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()]
    })
    const body = readBody(rest.slice(end + 4), fields)
    if (body === null) return { requests, rest }
    requests.push({ line, fields, body: body.text })
    rest = body.rest
  }
}

/** Null while it is not whole. */
function readBody(rest: string, fields: readonly string[]): { readonly text: string; readonly rest: string } | null {
  const at = (name: string): string | null => {
    const index = fields.findIndex((part, place) => place % 2 === 0 && part === name)
    return index === -1 ? null : (fields[index + 1] ?? '')
  }
  if (at('transfer-encoding') !== null) return readChunks(rest)
  const length = Number(at('content-length') ?? '0')
  return rest.length < length ? null : { text: rest.slice(0, length), rest: rest.slice(length) }
}

function readChunks(bytes: string): { readonly text: string; readonly rest: string } | null {
  let text = ''
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n')
    if (end === -1) return null
    const size = Number.parseInt(rest.slice(0, end), 16)
    if (rest.length < end + 4 + size) return null
    text += rest.slice(end + 2, end + 2 + size)
    rest = rest.slice(end + 4 + size)
    if (size === 0) return { text, rest }
  }
}
