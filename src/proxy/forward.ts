/** Sends one allowed request upstream, and its answer back as it comes. */
import { setImmediate } from 'node:timers/promises'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import { fieldsOf, forwardedResponseFields, forwardedTrailers, rawValues } from '../wire/fields.ts'
import { readResponseHead } from '../wire/response-head.ts'
import type { AnswerEdit } from './answer-edit.ts'
import { type AnswerTap, answerBytesMax } from './answer-tap.ts'
import type { Reply } from './incoming.ts'
import type { AnswerHead, Ear, Line, Outgoing, Sender } from './outgoing.ts'
import { toProxyError, type Upstream } from './upstreams.ts'

export interface Forwarding extends Outgoing {
  bodySent(): boolean
  /** When the client hears an answer that comes before its request is sent whole: git must have sent all of its pack. */
  readonly earlyAnswer: 'at-once' | 'after-body'
  /** How long the client may take no byte of an answer that waits for it. */
  readonly idleTimeoutMs: number
  /** Reads the answer beside its way; null where it tells nothing. */
  readonly tap: AnswerTap | null
  /** Changes the answer on its way; null where it goes on as it came. */
  readonly edit: AnswerEdit | null
  /** Reads the rest of the request away, once the upstream wants no more of it. Rejects where there is too much of it. */
  drainBody(): Promise<void>
}

/** Of an early answer that waits for the request's end, this much is kept; what is longer is cut off with the connection. */
export const EARLY_ANSWER_BYTES_MAX = 1024 * 1024

/** Interim answers (103, …) to one request; each of them puts off the time by which the answer must come. */
export const INTERIM_ANSWERS_MAX = 32

/**
 * Resolves when the answer is sent whole. Rejects with ProxyError: before the head of the answer was sent the caller may
 * still answer; after it the client's connection has been cut, so that nobody takes half an answer for a whole one.
 */
export async function forward(flow: Flow, send: Sender, outgoing: Forwarding, reply: Reply): Promise<void> {
  // What came in one piece with the head is parsed first: of a body that breaks off in it nothing begins upstream.
  if (outgoing.body !== null) await setImmediate()
  return new Promise((resolve, reject) => {
    send(outgoing, new Exchange(flow, outgoing, reply, resolve, reject))
  })
}

/** To a parent proxy a plain request names its whole URL, and the proxy's own credentials go with it (RFC 9112 section 3.2.2). */
export function throughParent(
  outgoing: Forwarding,
  { endpoint, plain }: Upstream,
  destination: Destination,
): Forwarding {
  if (endpoint.parent === null || !plain) return outgoing
  const { authorization } = endpoint.parent
  const credentials = authorization === null ? [] : ['Proxy-Authorization', authorization]
  const authority = destination.port === 80 ? nameOf(destination) : authorityOf(destination)
  return { ...outgoing, path: `http://${authority}${outgoing.path}`, fields: [...outgoing.fields, ...credentials] }
}

interface Head {
  readonly status: number
  readonly reason: string
  readonly fields: readonly string[]
  readonly isEmpty: boolean
}

class Exchange implements Ear {
  readonly #flow: Flow
  readonly #outgoing: Forwarding
  readonly #reply: Reply
  readonly #resolve: () => void
  readonly #reject: (error: ProxyError) => void
  #line: Line | null = null
  #early: { readonly head: Head; readonly chunks: Buffer[]; bytes: number } | null = null
  /** An answer that is heard whole before the client has any of it. */
  #kept: { readonly chunks: Buffer[]; bytes: number } | null = null
  #settled = false
  #interim = 0
  #edit: AnswerEdit | null
  #onClose = (): void => this.#clientGone()
  #stalled: NodeJS.Timeout | undefined
  #onDrain = (): void => {
    clearTimeout(this.#stalled)
    this.#line?.resume()
  }

  constructor(
    flow: Flow,
    outgoing: Forwarding,
    reply: Reply,
    resolve: () => void,
    reject: (error: ProxyError) => void,
  ) {
    this.#flow = flow
    this.#outgoing = outgoing
    this.#edit = outgoing.edit
    this.#reply = reply
    this.#resolve = resolve
    this.#reject = reject
    reply.onClose(this.#onClose)
    reply.onDrain(this.#onDrain)
  }

  begin(line: Line): void {
    this.#line = line
    if (this.#reply.gone) this.#clientGone()
  }

  hint(status: number, rawHeaders: readonly string[]): void {
    if (++this.#interim > INTERIM_ANSWERS_MAX) this.#abort('the site sent interim answers without end')
    // 100 is between Weir and the site; 101 nobody asked for.
    else if (status > 101) this.#reply.hint(status, withoutAltSvc(forwardedResponseFields(rawHeaders)))
  }

  head({ status, reason, rawHeaders, isEmpty }: AnswerHead): void {
    const read = readResponseHead(status, reason, rawHeaders)
    if ('fault' in read) {
      this.#abort(`the site's answer can be read in two ways: ${read.fault}`)
      return
    }
    const edited = this.#outgoing.edit?.begin(status, fieldsOf(read.fields)) === true
    if (!edited) this.#edit = null
    // How long it becomes is known when it has gone by.
    const fields = withoutAltSvc(edited ? withoutField(read.fields, 'content-length') : read.fields)
    const head: Head = { status, reason: read.reason, fields, isEmpty }
    const { tap, bodySent } = this.#outgoing
    if (tap?.begin(status, fieldsOf(head.fields)) === true && bodySent()) this.#kept = { chunks: [], bytes: 0 }
    if (this.#outgoing.bodySent() || this.#outgoing.earlyAnswer === 'at-once') this.#writeHead(head)
    else this.#early = { head, chunks: [], bytes: 0 }
  }

  data(received: Buffer): void {
    this.#flow.bytesDown += received.length
    const chunk = this.#edit === null ? received : this.#edit.push(received)
    if (chunk.length > 0) this.#pass(chunk)
  }

  #pass(chunk: Buffer): void {
    if (this.#early !== null && !this.#outgoing.bodySent()) {
      this.#early.chunks.push(chunk)
      this.#early.bytes += chunk.length
      if (this.#early.bytes > EARLY_ANSWER_BYTES_MAX) {
        this.#abort('the site answered at length before the request was sent')
      }
      return
    }
    this.#writeEarly()
    if (this.#keeps(chunk)) return
    if (!this.#reply.write(chunk)) this.#pause()
  }

  /** False for a chunk that goes on at once; one that is too much lets go of all before it, unheard. */
  #keeps(chunk: Buffer): boolean {
    const kept = this.#kept
    if (kept === null) return false
    kept.bytes += chunk.length
    if (kept.bytes <= answerBytesMax) {
      kept.chunks.push(chunk)
      return true
    }
    this.#kept = null
    for (const earlier of kept.chunks) this.#reply.write(earlier)
    return false
  }

  #writeKept(): void {
    const kept = this.#kept
    if (kept === null) return
    this.#kept = null
    this.#outgoing.tap?.end(Buffer.concat(kept.chunks))
    for (const chunk of kept.chunks) this.#reply.write(chunk)
  }

  /** No time is kept upstream while it is paused, so a client that reads no more would hold both connections for ever. */
  #pause(): void {
    const line = this.#line
    line?.pause()
    clearTimeout(this.#stalled)
    const late = (): void => line?.abort(new ProxyError('client-timeout', 'the client stopped reading its answer'))
    this.#stalled = setTimeout(late, this.#outgoing.idleTimeoutMs)
  }

  end(trailers: readonly string[]): void {
    const rest = this.#edit?.end()
    if (rest !== undefined && rest.length > 0) this.#pass(rest)
    if (this.#outgoing.bodySent()) {
      this.#writeEarly()
      this.#writeKept()
      this.#reply.end(forwardedTrailers(trailers))
      this.#settle(null)
      return
    }
    if (this.#early === null) {
      this.#reply.end(forwardedTrailers(trailers))
      if (this.#reply.dismiss()) {
        this.#settle(null)
        return
      }
    }
    this.#outgoing.drainBody().then(
      () => {
        if (this.#early !== null) {
          this.#writeEarly()
          this.#reply.end(forwardedTrailers(trailers))
        }
        this.#settle(null)
      },
      (error: unknown) => {
        this.#reply.cut()
        this.#settle(toProxyError(error))
      },
    )
  }

  fail(error: Error): void {
    const failure = toProxyError(error)
    if (this.#reply.begun) this.#reply.cut()
    this.#settle(failure)
  }

  #writeHead(head: Head): void {
    this.#flow.status = head.status
    this.#reply.begin({ ...head, isLast: false, isForwarded: true })
  }

  #writeEarly(): void {
    const early = this.#early
    if (early === null) return
    this.#early = null
    this.#writeHead(early.head)
    for (const chunk of early.chunks) this.#reply.write(chunk)
  }

  #abort(fault: string): void {
    this.#line?.abort(new ProxyError('upstream-broken', fault))
  }

  #clientGone(): void {
    if (this.#settled || this.#reply.finished) return
    const error = new ProxyError('client-aborted', 'the client went away before its answer ended')
    // Without a line the request is still queued behind a connect; `begin` will end it.
    this.#line?.abort(error)
  }

  #settle(failure: ProxyError | null): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#stalled)
    this.#reply.offClose(this.#onClose)
    this.#reply.offDrain(this.#onDrain)
    if (failure === null) this.#resolve()
    else this.#reject(failure)
  }
}

/** Alt-Svc invites the client to another port or to QUIC, past this proxy. */
export function withoutAltSvc(fields: string[]): string[] {
  return withoutField(fields, 'alt-svc')
}

/** `name` in lower case. */
export function withoutField(fields: string[], name: string): string[] {
  if (rawValues(fields, name).length === 0) return fields
  return fieldsOf(fields).flatMap((field) => (field.name.toLowerCase() === name ? [] : [field.name, field.value]))
}
