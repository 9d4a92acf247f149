/** Answers that Weir gives itself: refusals in the client's own words, and failures. */
import { STATUS_CODES } from 'node:http'
import type { Flow } from '../flow/flow.ts'
import { type ProxyError, STATUS_OF } from '../flow/proxy-error.ts'
import type { Denial } from '../flow/verdict.ts'
import { statusOfDenial } from './denial-status.ts'
import type { Reply } from './incoming.ts'
import { crossOriginFields, grantFields } from './refusals/cross-origin.ts'
import { type Asker, lineOf, type Refusal } from './refusals/form.ts'
import { renderRefusal } from './refusals/forms.ts'

export function refusalOf(flow: Flow, denial: Denial): Refusal {
  return { eventId: flow.id, status: statusOfDenial(denial.code), message: denial.message, rule: denial.rule }
}

export function failureOf(flow: Flow, error: ProxyError): Refusal {
  return { eventId: flow.id, status: STATUS_OF[error.code], message: error.message, rule: null }
}

/** One whole answer of Weir's own, but for whether the connection ends behind it. */
export interface Answer {
  readonly status: number
  readonly reason: string
  /** Names and values in turn. */
  readonly fields: readonly string[]
  /** Undefined where the answer has none: to a HEAD, to a preflight, and in gRPC. */
  readonly body: string | Uint8Array | undefined
}

/** A refusal in the form that fits the asker. */
export function answerOf(refusal: Refusal, asker: Asker): Answer {
  const granted = grantFields(asker)
  const { status, reason, fields, body } =
    granted === null ? formed(refusal, asker) : { ...NO_CONTENT, fields: granted }
  const all = [...fields, 'Cache-Control', 'no-store', ...crossOriginFields(asker.origin), ...refusalFields(refusal)]
  return { status, reason, fields: all, body: asker.method === 'HEAD' || body === '' ? undefined : body }
}

/** Sends an answer where one can still be given. `close` ends the connection behind it. */
export function respond(reply: Reply, flow: Flow, answer: Answer, close: boolean): void {
  if (send(reply, flow, answer, close)) reply.end()
}

/** The same, and ends the connection only when `rest` is done: a client may read the answer after all that it sends. */
export async function respondAhead(reply: Reply, flow: Flow, answer: Answer, rest: () => Promise<void>): Promise<void> {
  if (!send(reply, flow, answer, true)) return
  await rest()
  reply.end()
}

/** Writes the whole answer, and leaves it to the caller to end it; false where none can be given any more. */
function send(reply: Reply, flow: Flow, { status, reason, fields, body }: Answer, close: boolean): boolean {
  if (reply.gone || reply.begun) return false
  flow.status = status
  reply.begin({ status, reason, fields, isEmpty: body === undefined, isLast: close, isForwarded: false })
  if (body !== undefined) reply.write(body)
  return true
}

const NO_CONTENT = { status: 204, reason: 'No Content', body: undefined }

function formed(refusal: Refusal, asker: Asker): Answer {
  const { status, contentType, body, fields: more = [] } = renderRefusal(refusal, asker)
  const fields = [
    'Content-Type',
    contentType,
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ...more,
  ]
  return { status, reason: reasonOf(status, refusal), fields, body }
}

/**
 * The reason phrase (RFC 9112 section 4). Many clients print nothing else: Python's and Java's, Maven, NuGet and wget of any answer, and
 * all that are written in Go of one to CONNECT. So it is the sentence, but where an answer looks like a success.
 */
export function reasonOf(status: number, refusal: Refusal): string {
  return status < 400 ? (STATUS_CODES[status] ?? 'OK') : lineOf(refusal)
}

/** Says who refused and under which event, whatever the body says (RFC 9209). */
export function refusalFields(refusal: Refusal): string[] {
  const details = refusal.message.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")
  const error = refusal.status < 500 ? 'http_request_denied' : 'http_request_error'
  const said = ['Weir-Event', refusal.eventId, 'Proxy-Status', `weir; error=${error}; details="${details}"`]
  // A 407 has to say how to sign in (RFC 9110 section 15.5.8), and passwords are UTF-8 (RFC 7617 section 2.1).
  return refusal.status === 407 ? [...said, 'Proxy-Authenticate', 'Basic realm="weir", charset="UTF-8"'] : said
}
