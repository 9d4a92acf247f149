/** One HTTP request: guarded, classified, judged, gated, forwarded or refused, and written into the record. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Classification, classify, isReading } from '../catalog/classify.ts'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Subject } from '../flow/subject.ts'
import type { Verdict } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { nameOf } from '../net/destination.ts'
import { type Field, fieldsOf, fieldValues, forwardedFields } from '../wire/fields.ts'
import type { PushRequest } from '../wire/push-request.ts'
import { BodyReader } from './body-reader.ts'
import type { Connection } from './connection.ts'
import { judgedAddress } from './dial.ts'
import { forward, throughParent } from './forward.ts'
import { identify, isChallenge, refuseUnnamed } from './credentials.ts'
import { drain, type BodyFacts, gate, type Gated, linger, type Upload } from './gate.ts'
import { type DenyVerdict, judge, noteFailure, subjectsOfRequest } from './judge.ts'
import { admit, type Asked } from './request.ts'
import { refusedPreflight } from './preflight.ts'
import { formOf, heedMethodFields, inTheLightOf, otherReadings } from './readings.ts'
import type { Asker } from './refusals/form.ts'
import { answerOf, failureOf, refusalOf, respond, respondAhead } from './respond.ts'
import { pin, type Runtime } from './runtime.ts'
import { toProxyError, type Upstream } from './upstreams.ts'

/** Serves one request to its end. Never rejects: what goes wrong is answered, or ends the connection, and is recorded. */
export async function exchange(
  weir: Runtime,
  connection: Connection,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  // One policy from here to the end: a reload half-way is for the next request.
  const pinned = pin(weir)
  const admitted = admit(pinned, connection, message)
  const { flow } = admitted
  const turn = new Turn(pinned, connection, flow, message, reply)
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
    const stated = classify(this.#weir.policy.catalog, {
      host: nameOf(asked.destination),
      method: asked.method,
      target: asked.target,
      contentType: this.#field('content-type'),
      hasContent: asked.hasContent,
    })
    const classification = heedMethodFields(stated, asked.method, (name) => this.#field(name))
    this.#classification = classification
    this.#note(classification)
    this.#reader = new BodyReader(this.#message, {
      hasContent: asked.hasContent,
      idleTimeoutMs: this.#weir.settings.limits.idleTimeoutMs,
      onFirstRead: () => {
        if (asked.expectContinue) this.#reply.writeContinue()
      },
    })
    // A client that waits with nothing to send is told to go on, or Node would end the connection behind its answer.
    if (asked.expectContinue && !asked.hasContent) this.#reply.writeContinue()
    const closed = this.#connection.tunnel?.closed ?? null
    if (closed?.state === 'failed') throw closed.error
    const address = this.#connection.tunnel?.address ?? this.#connection.upstreams.addressOf(asked.destination)
    const unknown = await this.#identify(asked, classification, address)
    if (unknown !== null) {
      this.#flow.checkpoint = 'request'
      // git asks its user again at a 407, and shows no other refusal than one in its own words.
      if (unknown.denial.code === 'client-refused') await this.#refuseKnown(asked, classification, unknown)
      else await this.refuse(unknown, null)
      return
    }
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

  /** Inside a tunnel the CONNECT has told who it is; what it carries is for the site, credentials included. */
  async #identify(asked: Asked, classification: Classification, address: Address | null): Promise<DenyVerdict | null> {
    const refs = classification.body === 'git-push' ? null : []
    const request = { method: asked.method, classification, refs }
    const subject = (): Subject => {
      const [first] = subjectsOfRequest(this.#weir, this.#flow, asked.destination, address, request)
      if (first === undefined) throw new Error('a request has at least one part')
      return first
    }
    if (this.#connection.tunnel !== null) return refuseUnnamed(this.#weir, this.#flow, subject)
    return identify(this.#weir, this.#flow, this.#message.rawHeaders, subject)
  }

  /**
   * The verdict on what the head alone tells. A push is not told from a probe by its head, nor a stated read from another
   * request, so only what denies every reading denies it here: a name that may not be reached at all is neither resolved nor
   * dialled.
   */
  #judgeHead(
    checkpoint: 'request' | 'dial',
    classification: Classification,
    destination: Destination,
    address: Address | null,
  ): Verdict {
    const judgeAs = (known: Classification): Verdict =>
      this.#judge(checkpoint, known, destination, address, known.body === 'git-push' ? null : [])
    let verdict = judgeAs(classification)
    for (const other of otherReadings(classification)) {
      if (verdict.action !== 'deny') break
      const otherwise = judgeAs(other)
      if (otherwise.action !== 'deny') verdict = otherwise
    }
    return verdict
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
    this.#flow.address = judgedAddress(destination, upstream.endpoint)
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
    const judgePart = (facts: BodyFacts | null): Verdict => {
      const known = facts === null ? classification : inTheLightOf(facts, classification)
      if (facts !== null) this.#note(known)
      const refs = facts?.kind === 'push' ? facts.refs : []
      this.#flow.refs = refs
      const address = judgedAddress(asked.destination, endpoint)
      return this.#judge(facts === null ? 'request' : 'body', known, asked.destination, address, refs)
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
      body: formOf(classification, asked.hasContent),
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
      await forward(this.#flow, upstream.client, throughParent(outgoing, upstream, asked.destination), this.#reply)
    } catch (error) {
      const stale = reused && !asked.hasContent && isReading(asked.method) && !this.#reply.headersSent
      if (!stale || toProxyError(error).code !== 'upstream-broken') throw error
      // An idle connection that the site closed as the request went out: nothing was heard, and a safe request may be said again.
      this.#connection.upstreams.drop(asked.destination)
      const again = await this.#connection.upstreams.open(asked.destination, (address) =>
        this.#judge('dial', classification, asked.destination, address, []),
      )
      if (again.state === 'denied') throw error
      this.#flow.address = judgedAddress(asked.destination, again.upstream.endpoint)
      await forward(
        this.#flow,
        again.upstream.client,
        throughParent(outgoing, again.upstream, asked.destination),
        this.#reply,
      )
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
    const answer = answerOf(refusalOf(this.#flow, verdict.denial), this.#asker(push))
    this.#flow.status = answer.status
    this.#countUp()
    if (!isChallenge(verdict)) {
      this.#weir.sink.write(this.#flow, 'denied', this.#weir.now(), this.#weir.policy.hash)
      this.#recorded = true
    }
    const left = await this.#drainForRefusal(push)
    if (left !== 'unread') respond(this.#reply, this.#flow, answer, left === 'unsent')
    else await respondAhead(this.#reply, this.#flow, answer, () => linger(this.#bodyReader()))
  }

  /** Answers a failure, where the client can still hear one. */
  fail(error: unknown): void {
    const failure = noteFailure(this.#flow, error, this.#recorded)
    if (this.#reply.headersSent) this.#reply.destroy()
    else respond(this.#reply, this.#flow, answerOf(failureOf(this.#flow, failure), this.#asker(null)), true)
  }

  record(): void {
    this.#countUp()
    if (this.#recorded) return
    this.#weir.sink.write(this.#flow, 'end', this.#weir.now(), this.#weir.policy.hash)
  }

  /** Of a denial, what was read until it: what is read away behind it goes nowhere. */
  #countUp(): void {
    if (this.#reader !== null) this.#flow.bytesUp = this.#reader.bytesRead
  }

  /**
   * What is left of the request, behind which the connection must end where it is anything: `unsent` until the client hears the
   * answer, or unreadable; `unread`, and on its way.
   */
  async #drainForRefusal(push: PushRequest | null): Promise<'nothing' | 'unsent' | 'unread'> {
    const asked = this.#asked
    const reader = this.#reader
    if (asked === null || reader === null) return 'unsent'
    // Who waits for 100 Continue hears the refusal instead, and need not send the body at all.
    if (asked.expectContinue && reader.bytesRead === 0 && push === null) return 'unsent'
    const bytesMax = this.#drainBytesMax()
    if (asked.framing.kind === 'length' && asked.framing.length - reader.bytesRead > bytesMax) return 'unread'
    return (await drain(reader, bytesMax)) ? 'nothing' : 'unread'
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
    const asked = this.#asked
    return {
      method: this.#message.method ?? '',
      host: asked === null ? '' : nameOf(asked.destination),
      target: asked?.target ?? '',
      accept: this.#field('accept') ?? '',
      origin: this.#field('origin'),
      preflight: asked === null ? null : refusedPreflight(this.#weir, this.#flow, asked, (name) => this.#field(name)),
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
