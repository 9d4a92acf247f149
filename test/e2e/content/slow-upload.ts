/** An upload whose client sends as much as it is told, when it is told: to look at what has gone on meanwhile. */
import { once } from 'node:events'
import { openTls, openTunnel, type RawClient } from '../support/raw-client.ts'
import type { Stage } from './stage.ts'

export interface SlowUpload {
  /** Comes back once it is written. */
  send(bytes: Uint8Array): Promise<void>
  /** Status of the answer, and all of it. */
  answer(): Promise<{ readonly status: number; readonly text: string }>
  /** Leaves without a word. */
  leave(): void
}

const ANSWER_TIMEOUT_MS = 20_000

/** Its head goes at once. Without `sizeBytes` the body goes in chunks. */
export async function startUpload(
  { weir, site }: Stage,
  sizeBytes: number | null,
  host = 'drop.acme.example',
): Promise<SlowUpload> {
  const { client: outside } = await openTunnel(weir.port, `${host}:443`)
  const { client } = await openTls(outside, { servername: host, ca: `${weir.caPem}\n${site.ca}` })
  const framing = sizeBytes === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${sizeBytes}`
  await write(client, Buffer.from(`PUT /a.txt HTTP/1.1\r\nHost: ${host}\r\n${framing}\r\n\r\n`))
  return {
    async send(bytes) {
      if (sizeBytes !== null) return write(client, bytes)
      // An empty one ends the body.
      const head = Buffer.from(`${bytes.length.toString(16)}\r\n`)
      await write(client, Buffer.concat([head, bytes, Buffer.from('\r\n')]))
    },
    async answer() {
      const text = (await client.read('\r\n\r\n', ANSWER_TIMEOUT_MS)).toString('latin1')
      client.destroy()
      return { status: Number(text.split(' ')[1]), text }
    },
    leave: () => client.destroy(),
  }
}

async function write({ socket }: RawClient, bytes: Uint8Array): Promise<void> {
  if (!socket.write(bytes)) await once(socket, 'drain')
}
