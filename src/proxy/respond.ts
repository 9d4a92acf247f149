/** Answers that Weir gives itself: refusals in the client's own words, and failures. */
import type { ServerResponse } from 'node:http'
import type { Flow } from '../flow/flow.ts'
import { type ProxyError, STATUS_OF } from '../flow/proxy-error.ts'
import type { Denial } from '../flow/verdict.ts'
import { statusOfDenial } from './denial-status.ts'
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
  if (reply.destroyed || reply.headersSent) return
  const rendered = renderRefusal(refusal, asker)
  flow.status = rendered.status
  const fields = [
    'Content-Type',
    rendered.contentType,
    'Content-Length',
    String(Buffer.byteLength(rendered.body)),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ...refusalFields(refusal),
  ]
  if (close) fields.push('Connection', 'close')
  if (close) reply.shouldKeepAlive = false
  reply.writeHead(rendered.status, fields)
  reply.end(asker.method === 'HEAD' ? undefined : rendered.body)
}

/** Says who refused and under which event, whatever the body says (RFC 9209). */
export function refusalFields(refusal: Refusal): string[] {
  const details = refusal.message.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")
  const error = refusal.status < 500 ? 'http_request_denied' : 'http_request_error'
  return ['Weir-Event', refusal.eventId, 'Proxy-Status', `weir; error=${error}; details="${details}"`]
}
