/** What a refusal is made of, and the interface of the forms it may take. */
import type { Category } from '../../catalog/vocabulary.ts'
import type { Operation } from '../../flow/operation.ts'
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
  readonly contentType: string
  readonly userAgent: string
  /** The AWS service that the request is signed for, such as `s3`; null where it bears no such signature. */
  readonly signedFor: string | null
  /** The Origin field: the page whose script asks; null where there is none. */
  readonly origin: string | null
  /** The catalogue's kind of service, such as `github`; `web` for what is known by its hosts alone. */
  readonly kind: string | null
  /** The catalogue's name of the service, such as `dropbox`. */
  readonly service: string | null
  readonly category: Category | null
  readonly operation: Operation | null
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
  /** More fields, names and values in turn: visible ASCII, whatever the message holds. */
  readonly fields?: readonly string[]
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

/** The longest sentence in a field or a reason phrase: some clients keep no more than a line. */
export const lineCharactersMax = 300

/** The sentence as one line of visible ASCII, for fields and reason phrases. What is too long loses of its message, never the event. */
export function lineOf(refusal: Refusal): string {
  const end = visible(` (event ${refusal.eventId})`)
  const line = visible(`weir: ${refusal.message}`)
  const charactersMax = lineCharactersMax - end.length
  return line.length <= charactersMax ? line + end : `${line.slice(0, charactersMax - 3)}...${end}`
}

function visible(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/g, '?')
}

export function renderText(status: number, text: string): Rendered {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` }
}

export function renderJson(status: number, value: unknown, contentType = 'application/json; charset=utf-8'): Rendered {
  return { status, contentType, body: `${JSON.stringify(value)}\n` }
}
