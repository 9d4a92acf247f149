/** One HTTP request: guarded, classified, judged, gated, forwarded or refused, and written into the record. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Classification, classify, isReading } from '../catalog/classify.ts'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Verdict } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { nameOf } from '../net/destination.ts'
import { type Field, fieldsOf, fieldValues, forwardedFields } from '../wire/fields.ts'
import type { PushRequest } from '../wire/push-request.ts'
import { BodyReader } from './body-reader.ts'
import type { Connection } from './connection.ts'
import { forward } from './forward.ts'
import { drain, gate, type Gated, type PushFacts, type Upload } from './gate.ts'
import { type DenyVerdict, judge, noteFailure, subjectsOfRequest } from './judge.ts'
import { admit, type Asked } from './request.ts'
import type { Asker } from './refusals/form.ts'
import { failureOf, refusalOf, respond } from './respond.ts'
import type { Runtime } from './runtime.ts'
import { toProxyError, type Upstream } from './upstreams.ts'

/** Serves one request to its end. Never rejects: what goes wrong is answered, or ends the connection, and is recorded. */
export async function exchange(
  weir: Runtime,
  connection: Connection,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const admitted = admit(weir, connection, message)
  const { flow } = admitted
  const turn = new Turn(weir, connection, flow, message, reply)
  try {
    if (admitted.state === 'refused') await turn.refuse(admitted.verdict, null)
    else await turn.serve(admitted.asked)
  } catch (error) {
    turn.fail(error)
  } finally {
    turn.record()
  }
}

class Turn {
  readonly #weir: Runtime
  readonly #connection: Connection
  readonly #flow: Flow
  readonly #message: IncomingMessage
  readonly #reply: ServerResponse
  #asked: Asked | null = null
  #classification: Classification | null = null
  #reader: BodyReader | null = null
  /** The last verdict on facts that are all known from the head: asked again about the same, it is the same. */
  #judged: {
    readonly classification: Classification
    readonly address: Address | null
    readonly verdict: Verdict
  } | null = null
  #fields: readonly Field[] | null = null
  #recorded = false

  constructor(weir: Runtime, connection: Connection, flow: Flow, message: IncomingMessage, reply: ServerResponse) {
    this.#weir = weir
    this.#connection = connection
    this.#flow = flow
    this.#message = message
    this.#reply = reply
  }

  async serve(asked: Asked): Promise<void> {
    this.#asked = asked
    const classification = classify(this.#weir.policy.catalog, {
      host: nameOf(asked.destination),
      method: asked.method,
      target: asked.target,
      contentType: this.#field('content-type'),
      hasContent: asked.hasContent,
    })
    this.#classification = classification
    this.#note(classification)
    this.#reader = new BodyReader(this.#message, {
      hasContent: asked.hasContent,
      idleTimeoutMs: this.#weir.settings.limits.idleTimeoutMs,
      onFirstRead: () => {
        if (asked.expectContinue) this.#reply.writeContinue()
      },
    })
    const closed = this.#connection.tunnel?.closed ?? null
    if (closed?.state === 'failed') throw closed.error
    const address = this.#connection.tunnel?.address ?? this.#connection.upstreams.addressOf(asked.destination)
    const verdict =
      closed?.state === 'denied'
        ? closed.verdict
        : this.#judgeHead('request', classification, asked.destination, address)
    if (verdict.action === 'deny') {
      if (closed?.state === 'denied') this.#flow.checkpoint = closed.checkpoint
      await this.#refuseKnown(asked, classification, verdict)
      return
    }
    await this.#send(asked, classification)
  }

  /**
   * The verdict on what the head alone tells. A push is not told from a probe by its head, so only what denies both denies it
   * here: a name that may not be reached at all is neither resolved nor dialled.
   */
  #judgeHead(
    checkpoint: 'request' | 'dial',
    classification: Classification,
    destination: Destination,
    address: Address | null,
  ): Verdict {
    if (classification.body !== 'git-push') return this.#judge(checkpoint, classification, destination, address, [])
    const probe = this.#judge(checkpoint, asProbe(classification), destination, address, [])
    const push = this.#judge(checkpoint, classification, destination, address, null)
    return push.action === 'deny' && probe.action !== 'deny' ? probe : push
  }

  async #send(asked: Asked, classification: Classification): Promise<void> {
    const { destination } = asked
    const opened = await this.#connection.upstreams.open(destination, (address) =>
      this.#judgeHead('dial', classification, destination, address),
    )
    if (opened.state === 'denied') {
      this.#flow.checkpoint = 'dial'
      await this.#refuseKnown(asked, classification, opened.verdict)
      return
    }
    const { upstream, reused } = opened
    this.#flow.address = upstream.endpoint.address
    const gated = await this.#gate(asked, classification, upstream)
    if (gated.state === 'deny') {
      await this.refuse(gated.verdict, gated.push)
      return
    }
    try {
      await this.#forward(asked, classification, upstream, reused, gated.body)
    } finally {
      await gated.close()
    }
  }

  async #gate(asked: Asked, classification: Classification, { endpoint }: Upstream): Promise<Gated> {
    const judgePart = (push: PushFacts | null): Verdict => {
      const known = push?.kind === 'probe' ? asProbe(classification) : classification
      if (push !== null) this.#note(known)
      const refs = push?.kind === 'push' ? push.refs : []
      this.#flow.refs = refs
      return this.#judge(push === null ? 'request' : 'body', known, asked.destination, endpoint.address, refs)
    }
    const gated = await gate(this.#weir, this.#flow, this.#upload(asked, classification, judgePart))
    if (gated.state === 'deny') {
      this.#flow.verdict = gated.verdict
      this.#flow.checkpoint = gated.verdict.denial.code === 'limit' ? 'body' : (this.#flow.checkpoint ?? 'body')
    }
    return gated
  }

  #upload(asked: Asked, classification: Classification, judgePart: Upload['judge']): Upload {
    return {
      reader: this.#bodyReader(),
      framing: asked.framing,
      coding: this.#field('content-encoding'),
      body: classification.body,
      judge: judgePart,
    }
  }

  async #forward(
    asked: Asked,
    classification: Classification,
    upstream: Upstream,
    reused: boolean,
    body: AsyncGenerator<Buffer>,
  ): Promise<void> {
    const reader = this.#bodyReader()
    const outgoing = {
      method: asked.method,
      path: asked.target,
      fields: forwardedFields(this.#message.rawHeaders),
      body: asked.hasContent ? body : null,
      bodySent: () => reader.ended,
      earlyAnswer: classification.body === 'git-push' ? ('after-body' as const) : ('at-once' as const),
      drainBody: () => this.#drainRest(),
      idleTimeoutMs: this.#weir.settings.limits.idleTimeoutMs,
    }
    try {
      await forward(this.#flow, upstream.client, outgoing, this.#reply)
    } catch (error) {
      const stale = reused && !asked.hasContent && isReading(asked.method) && !this.#reply.headersSent
      if (!stale || toProxyError(error).code !== 'upstream-broken') throw error
      // An idle connection that the site closed as the request went out: nothing was heard, and a safe request may be said again.
      this.#connection.upstreams.drop(asked.destination)
      const again = await this.#connection.upstreams.open(asked.destination, (address) =>
        this.#judge('dial', classification, asked.destination, address, []),
      )
      if (again.state === 'denied') throw error
      this.#flow.address = again.upstream.endpoint.address
      await forward(this.#flow, again.upstream.client, outgoing, this.#reply)
    }
  }

  async #drainRest(): Promise<void> {
    if (!(await drain(this.#bodyReader(), this.#drainBytesMax()))) {
      throw new ProxyError('weir-limit', 'the client went on sending what nobody wants')
    }
  }

  /** Refuses a request whose verdict does not depend on its body. A push is read far enough to be answered in git's words. */
  async #refuseKnown(asked: Asked, classification: Classification, verdict: DenyVerdict): Promise<void> {
    let push: PushRequest | null = null
    if (classification.body === 'git-push') {
      const gated = await gate(
        this.#weir,
        this.#flow,
        this.#upload(asked, classification, () => verdict),
      )
      if (gated.state === 'deny') push = gated.push
      else await gated.close()
      if (push?.kind === 'push') this.#flow.refs = push.updates.map(({ ref, kind }) => ({ name: ref, kind }))
    }
    await this.refuse(verdict, push)
  }

  /** Records the denial, reads the rest of the upload away, and answers in the client's own form. */
  async refuse(verdict: DenyVerdict, push: PushRequest | null): Promise<void> {
    this.#flow.verdict = verdict
    this.#weir.sink.write(this.#flow, 'denied', this.#weir.now(), this.#weir.policy.hash)
    this.#recorded = true
    const drained = await this.#drainForRefusal(push)
    respond(this.#reply, this.#flow, refusalOf(this.#flow, verdict.denial), this.#asker(push), !drained)
  }

  /** Answers a failure, where the client can still hear one. */
  fail(error: unknown): void {
    const failure = noteFailure(this.#flow, error, this.#recorded)
    if (this.#reply.headersSent) this.#reply.destroy()
    else respond(this.#reply, this.#flow, failureOf(this.#flow, failure), this.#asker(null), true)
  }

  record(): void {
    if (this.#reader !== null) this.#flow.bytesUp = this.#reader.bytesRead
    if (this.#recorded) return
    this.#weir.sink.write(this.#flow, 'end', this.#weir.now(), this.#weir.policy.hash)
  }

  /** False when the connection must end behind the answer, because the rest of the request was not read. */
  async #drainForRefusal(push: PushRequest | null): Promise<boolean> {
    const asked = this.#asked
    const reader = this.#reader
    if (asked === null || reader === null) return false
    // Who waits for 100 Continue hears the refusal instead, and need not send the body at all.
    if (asked.expectContinue && reader.bytesRead === 0 && push === null) return false
    const bytesMax = this.#drainBytesMax()
    if (asked.framing.kind === 'length' && asked.framing.length - reader.bytesRead > bytesMax) return false
    return drain(reader, bytesMax)
  }

  #drainBytesMax(): number {
    const { limits } = this.#weir.settings
    return this.#classification?.body === 'git-push' ? limits.gitDrainBytesMax : limits.drainBytesMax
  }

  #judge(
    checkpoint: 'request' | 'dial' | 'body',
    classification: Classification,
    destination: Destination,
    address: Address | null,
    refs: Flow['refs'] | null,
  ): Verdict {
    const { method = '' } = this.#message
    const last = this.#judged
    const fromHead = refs !== null && refs.length === 0
    if (fromHead && last !== null && last.classification === classification && last.address === address) {
      this.#flow.verdict = last.verdict
      this.#flow.checkpoint = checkpoint
      return last.verdict
    }
    const subjects = subjectsOfRequest(this.#weir, this.#flow, destination, address, { method, classification, refs })
    const verdict = judge(this.#weir, this.#flow, checkpoint, subjects)
    if (fromHead) this.#judged = { classification, address, verdict }
    return verdict
  }

  #note(classification: Classification): void {
    this.#flow.service = classification.service?.id ?? null
    this.#flow.operation = classification.operation
    this.#flow.repository = classification.repository.state === 'known' ? classification.repository.value : null
  }

  #asker(push: PushRequest | null): Asker {
    return {
      method: this.#message.method ?? '',
      host: this.#asked === null ? '' : nameOf(this.#asked.destination),
      target: this.#asked?.target ?? '',
      accept: this.#field('accept') ?? '',
      kind: this.#classification?.service?.kind ?? null,
      push,
    }
  }

  #field(name: string): string | null {
    this.#fields ??= fieldsOf(this.#message.rawHeaders)
    const values = fieldValues(this.#fields, name)
    return values.length === 0 ? null : values.join(', ')
  }

  #bodyReader(): BodyReader {
    if (this.#reader === null) throw new Error('the body is read before the request is admitted')
    return this.#reader
  }
}

/** The four bytes that git sends ahead of a chunked push ask for nothing but whether it may: they count as `git-fetch`. */
function asProbe(classification: Classification): Classification {
  return { ...classification, operation: 'git-fetch', body: 'plain' }
}
