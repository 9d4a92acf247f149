/** What a refusal is made of, and the interface of the forms it may take. */
import type { PushRequest } from '../../wire/push-request.ts'

/** What is said, whatever the form: it always carries the event id, by which the record tells the rest. */
export interface Refusal {
  readonly eventId: string
  readonly status: number
  /** One sentence: what was refused and what to do. */
  readonly message: string
  readonly rule: string | null
}

/** Who asked, as far as the form of the answer depends on it. */
export interface Asker {
  readonly method: string
  readonly host: string
  readonly target: string
  readonly accept: string
  /** The Origin field: the page whose script asks; null where there is none. */
  readonly origin: string | null
  /** The catalogue's kind of service, such as `github`. */
  readonly kind: string | null
  /** The push that is refused, where it was read far enough to be answered in git's own words. */
  readonly push: PushRequest | null
  /** Of a refused preflight, what it asks leave for, and only where that request is refused too; null for all else. */
  readonly preflight: Preflight | null
}

/** What a browser asks before it sends a script's request to another origin (Fetch standard, "CORS-preflight request"). */
export interface Preflight {
  /** Access-Control-Request-Method. */
  readonly method: string
  /** Access-Control-Request-Headers; null where there is none. */
  readonly headers: string | null
}

export interface Rendered {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
}

export interface RefusalForm {
  readonly id: string
  /** Null where this form does not speak the asker's language. */
  render(refusal: Refusal, asker: Asker): Rendered | null
}

/** The refusal as the one sentence that a tool prints. */
export function sentenceOf(refusal: Refusal): string {
  return `weir: ${refusal.message} (event ${refusal.eventId})`
}

export function renderJson(status: number, value: unknown, contentType = 'application/json; charset=utf-8'): Rendered {
  return { status, contentType, body: `${JSON.stringify(value)}\n` }
}
