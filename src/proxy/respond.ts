/** Answers that Weir gives itself: refusals in the client's own words, and failures. */
import type { ServerResponse } from 'node:http'
import type { Flow } from '../flow/flow.ts'
import { type ProxyError, STATUS_OF } from '../flow/proxy-error.ts'
import type { Denial } from '../flow/verdict.ts'
import { statusOfDenial } from './denial-status.ts'
import { crossOriginFields, grantFields } from './refusals/cross-origin.ts'
import type { Asker, Refusal } from './refusals/form.ts'
import { renderRefusal } from './refusals/forms.ts'

export function refusalOf(flow: Flow, denial: Denial): Refusal {
  return { eventId: flow.id, status: statusOfDenial(denial.code), message: denial.message, rule: denial.rule }
}

export function failureOf(flow: Flow, error: ProxyError): Refusal {
  return { eventId: flow.id, status: STATUS_OF[error.code], message: error.message, rule: null }
}

/** Sends a refusal in the form that fits the asker. `close` ends the connection behind it. */
export function respond(reply: ServerResponse, flow: Flow, refusal: Refusal, asker: Asker, close: boolean): void {
  if (send(reply, flow, refusal, asker, close)) reply.end()
}

/** The same, and ends the connection only when `rest` is done: a client may read the answer after all that it sends. */
export async function respondAhead(
  reply: ServerResponse,
  flow: Flow,
  refusal: Refusal,
  asker: Asker,
  rest: () => Promise<void>,
): Promise<void> {
  if (!send(reply, flow, refusal, asker, true)) return
  await rest()
  reply.end()
}

/** Writes the whole answer, and leaves it to the caller to end it; false where none can be given any more. */
function send(reply: ServerResponse, flow: Flow, refusal: Refusal, asker: Asker, close: boolean): boolean {
  if (reply.destroyed || reply.headersSent) return false
  const granted = grantFields(asker)
  const { status, fields, body } = granted === null ? refusalIn(refusal, asker) : { ...NO_CONTENT, fields: granted }
  flow.status = status
  const all = [...fields, 'Cache-Control', 'no-store', ...crossOriginFields(asker.origin), ...refusalFields(refusal)]
  if (close) all.push('Connection', 'close')
  if (close) reply.shouldKeepAlive = false
  reply.writeHead(status, all)
  if (asker.method === 'HEAD' || body === undefined) reply.flushHeaders()
  else reply.write(body)
  return true
}

const NO_CONTENT = { status: 204, body: undefined }

function refusalIn(refusal: Refusal, asker: Asker): { status: number; fields: string[]; body: string | Uint8Array } {
  const { status, contentType, body } = renderRefusal(refusal, asker)
  const fields = [
    'Content-Type',
    contentType,
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  ]
  return { status, fields, body }
}

/** Says who refused and under which event, whatever the body says (RFC 9209). */
export function refusalFields(refusal: Refusal): string[] {
  const details = refusal.message.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")
  const error = refusal.status < 500 ? 'http_request_denied' : 'http_request_error'
  const said = ['Weir-Event', refusal.eventId, 'Proxy-Status', `weir; error=${error}; details="${details}"`]
  // A 407 has to say how to sign in (RFC 9110 section 15.5.8), and passwords are UTF-8 (RFC 7617 section 2.1).
  return refusal.status === 407 ? [...said, 'Proxy-Authenticate', 'Basic realm="weir", charset="UTF-8"'] : said
}
