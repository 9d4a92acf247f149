/** The answer to a CONNECT that is refused: a status, and for who looks, why and under which event. */
import type { Socket } from 'node:net'
import type { Refusal } from './refusals/form.ts'
import { reasonOf, refusalFields } from './respond.ts'

/** How long a client may take to read the refusal before its connection is cut. */
const LINGER_MS = 5_000

export function refuseConnect(socket: Socket, refusal: Refusal): void {
  if (socket.destroyed) return
  const body = `weir: ${refusal.message}\nweir: event ${refusal.eventId}\n`
  const fields = [
    'Content-Type',
    'text/plain; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Connection',
    'close',
    ...refusalFields(refusal),
  ]
  let head = `HTTP/1.1 ${refusal.status} ${reasonOf(refusal.status, refusal)}\r\n`
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at] ?? ''}: ${fields[at + 1] ?? ''}\r\n`
  socket.end(`${head}\r\n${body}`)
  // What the client still sends is read away, for a reset would take the refusal from under its eyes.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}
