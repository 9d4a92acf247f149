/** What node:http makes of raw bytes, without a socket: the whole messages that it passes on. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Duplex } from 'node:stream'
import { fill, MARKER, MARKER_MESSAGE, type RequestCase } from '../corpus/case.ts'

const PLACE = { url: 'http://a.example', host: 'a.example' }
const READ_WITHIN_MS = 40

/** The messages of a case that Node passes on whole, by method and target; the marker behind it is left out. */
export async function readByNode(each: RequestCase, insecureHTTPParser: boolean): Promise<readonly string[]> {
  const passed: string[] = []
  const take = (message: IncomingMessage, reply: ServerResponse | null): void => {
    message.on('error', () => undefined)
    message.on('end', () => {
      if (message.url?.endsWith(MARKER_MESSAGE.target) !== true) passed.push(`${message.method} ${message.url}`)
    })
    message.resume()
    reply?.end()
  }
  const server = createServer({ insecureHTTPParser, requireHostHeader: false }, take)
  server.on('checkContinue', take)
  server.on('checkExpectation', take)
  server.on('clientError', () => undefined)
  server.on('connect', (message: IncomingMessage) => passed.push(`${message.method} ${message.url}`))
  const wire = new Duplex({ read: () => undefined, write: (_chunk, _encoding, next) => next() })
  wire.on('error', () => undefined)
  server.emit('connection', wire)
  wire.push(Buffer.from(fill(each.segments.join('') + MARKER, PLACE), 'latin1'))
  await new Promise((resolve) => setTimeout(resolve, READ_WITHIN_MS))
  wire.destroy()
  return passed
}
