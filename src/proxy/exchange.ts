/** One HTTP request: guarded, classified, judged, gated, forwarded or refused, and written into the record. */
import { fileOfAddress } from '../catalog/address-file.ts'
import { isReading } from '../catalog/classify.ts'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Subject } from '../flow/subject.ts'
import type { Address } from '../net/address.ts'
import { nameOf } from '../net/destination.ts'
import { type Field, fieldsOf, fieldValues, forwardedFields } from '../wire/fields.ts'
import { aboutPush, type PushRequest } from '../wire/push-request.ts'
import { BodyReader } from './body-reader.ts'
import type { Connection } from './connection.ts'
import { judgedAddress } from './dial.ts'
import { forward, throughParent, withoutField } from './forward.ts'
import { noteLfsUploads, tellLfsUploads } from './lfs-uploads.ts'
import { identify, isChallenge, refuseUnnamed } from './credentials.ts'
import { drain, gate, type Gated, linger, type Upload } from './gate.ts'
import { type DenyVerdict, noteFailure } from './judge.ts'
import type { Incoming, Reply } from './incoming.ts'
import { admit, type Asked } from './request.ts'
import { RequestCase } from './request-case.ts'
import { refusedPreflight } from './preflight.ts'
import { formOf } from './readings.ts'
import { signedServiceOf } from './refusals/aws-signature.ts'
import type { Asker } from './refusals/form.ts'
import { answerOf, failureOf, refusalOf, respond, respondAhead } from './respond.ts'
import { pin, type Runtime } from './runtime.ts'
import { answerEditOf } from './answer-edit.ts'
import { answerTapOf } from './answer-tap.ts'
import { withTenantFields } from './tenants.ts'
import { contentAmong, UploadScan } from './upload-scan.ts'
import { toProxyError, type Upstream } from './upstreams.ts'
import { carryWebSocket } from './web-socket.ts'

/** Serves one request to its end. Never rejects: what goes wrong is answered, or ends the connection, and is recorded. */
export async function exchange(weir: Runtime, connection: Connection, incoming: Incoming, reply: Reply): Promise<void> {
  // One policy from here to the end: a reload half-way is for the next request.
  const pinned = pin(weir)
  const admitted = admit(pinned, connection, incoming)
  const { flow } = admitted
  const turn = new Turn(pinned, connection, flow, incoming, reply)
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
  readonly #incoming: Incoming
  readonly #reply: Reply
  #asked: Asked | null = null
  #request: RequestCase | null = null
  #reader: BodyReader | null = null
  #fields: readonly Field[] | null = null
  #recorded = false

  constructor(weir: Runtime, connection: Connection, flow: Flow, incoming: Incoming, reply: Reply) {
    this.#weir = weir
    this.#connection = connection
    this.#flow = flow
    this.#incoming = incoming
    this.#reply = reply
  }

  async serve(asked: Asked): Promise<void> {
    this.#asked = asked
    const request = new RequestCase(this.#weir, this.#flow, asked, this.#incoming.rawHeaders, (name) =>
      this.#field(name),
    )
    this.#request = request
    this.#reader = new BodyReader(this.#incoming.body, {
      mayCome: asked.hasContent || this.#incoming.awaitsEnd,
      idleTimeoutMs: this.#weir.settings.limits.idleTimeoutMs,
      onFirstRead: () => {
        if (asked.expectContinue) this.#reply.goOn()
      },
    })
    // A client that waits with nothing to send is told to go on, or Node would end the connection behind its answer.
    if (asked.expectContinue && !asked.hasContent) this.#reply.goOn()
    const closed = this.#connection.tunnel?.closed ?? null
    if (closed?.state === 'failed') throw closed.error
    const address = this.#connection.tunnel?.address ?? this.#connection.upstreams.addressOf(asked.destination)
    const unknown = await this.#identify(request, address)
    if (unknown !== null) {
      this.#flow.checkpoint = 'request'
      // git asks its user again at a 407, and shows no other refusal than one in its own words.
      if (unknown.denial.code === 'client-refused') await this.#refuseKnown(request, unknown)
      else await this.refuse(unknown, null)
      return
    }
    const verdict = closed?.state === 'denied' ? closed.verdict : request.judgeHead('request', address)
    if (verdict.action === 'deny') {
      if (closed?.state === 'denied') this.#flow.checkpoint = closed.checkpoint
      await this.#refuseKnown(request, verdict)
      return
    }
    if (asked.upgrade === null) await this.#send(request)
    else await this.#upgrade(request)
  }

  async #upgrade(request: RequestCase): Promise<void> {
    // What a WebSocket sends is no body: its own tunnel counts it.
    if (!request.asked.hasContent) this.#reader = null
    const carried = await carryWebSocket(
      this.#weir,
      this.#connection,
      this.#flow,
      request,
      this.#incoming.rawHeaders,
      this.#reply,
    )
    if (carried.state === 'refused') await this.refuse(carried.verdict, null)
    else this.#recorded = carried.state === 'recorded'
  }

  /** Inside a tunnel the CONNECT has told who it is; what it carries is for the site, credentials included. */
  async #identify(request: RequestCase, address: Address | null): Promise<DenyVerdict | null> {
    const subject = (): Subject => request.subject(address)
    if (this.#connection.tunnel !== null) return refuseUnnamed(this.#weir, this.#flow, subject)
    return identify(this.#weir, this.#flow, this.#incoming.rawHeaders, subject)
  }

  async #send(request: RequestCase): Promise<void> {
    const { destination, hasContent } = request.asked
    // A length of 0 that HTTP/2 has not proved by an end yet: what breaks it off is no request (RFC 9113 section 8.1.1).
    if (!hasContent) await this.#bodyReader().next()
    const opened = await this.#connection.upstreams.open(destination, (address) => request.judgeHead('dial', address))
    if (opened.state === 'denied') {
      this.#flow.checkpoint = 'dial'
      await this.#refuseKnown(request, opened.verdict)
      return
    }
    const { upstream, reused } = opened
    this.#flow.address = judgedAddress(destination, upstream.endpoint)
    const gated = await this.#gate(request, upstream)
    if (gated.state === 'deny') {
      await this.refuse(gated.verdict, gated.push)
      return
    }
    try {
      await this.#forward(request, upstream, reused, gated.body)
    } finally {
      await gated.close()
    }
  }

  async #gate(request: RequestCase, { endpoint }: Upstream): Promise<Gated> {
    const address = judgedAddress(request.asked.destination, endpoint)
    const judgeBody: Upload['judge'] = (facts, amounts) => request.judgeBody(facts, amounts, address)
    const gated = await gate(this.#weir, this.#flow, this.#upload(request, judgeBody))
    if (gated.state === 'deny') {
      this.#flow.verdict = gated.verdict
      this.#flow.checkpoint = gated.verdict.denial.code === 'limit' ? 'body' : (this.#flow.checkpoint ?? 'body')
    }
    return gated
  }

  #upload(request: RequestCase, judgeBody: Upload['judge']): Upload {
    const { asked, classification, announcedBytesMax } = request
    return {
      reader: this.#bodyReader(),
      framing: asked.framing,
      coding: this.#field('content-encoding'),
      body: formOf(classification, asked.hasContent),
      stated: classification.operation,
      headBytes: () => request.headBytes,
      announcedBytesMax,
      scan: this.#scan(request),
      judge: judgeBody,
    }
  }

  /** Of a push the refs and options are known by the time that its pack comes. */
  #scan({ classification, asked }: RequestCase): UploadScan {
    const { policy, scanners } = this.#weir
    const { body, operation } = classification
    const contentType = this.#field('content-type')
    const file = classification.file ?? fileOfAddress(asked.method, asked.target, operation, contentType)
    return new UploadScan({
      scanners,
      client: this.#flow.client.address.text,
      hasContent: asked.hasContent,
      wants: contentAmong(policy.asks),
      form: (push) =>
        body === 'git-push' ? { kind: 'push', ...aboutPush(push) } : { kind: 'body', contentType, file },
    })
  }

  async #forward(
    request: RequestCase,
    upstream: Upstream,
    reused: boolean,
    body: AsyncGenerator<Buffer>,
  ): Promise<void> {
    const { asked, classification } = request
    const reader = this.#bodyReader()
    const edit = answerEditOf(this.#weir, request)
    const forwarded = forwardedFields(this.#incoming.rawHeaders)
    const outgoing = {
      method: asked.method,
      path: asked.target,
      fields: withTenantFields(
        this.#weir.policy,
        this.#flow,
        asked.destination,
        // An answer that is changed must come as it is.
        edit === null ? forwarded : withoutField(forwarded, 'accept-encoding'),
      ),
      body: asked.hasContent ? body : null,
      bodySent: () => reader.ended,
      earlyAnswer: classification.body === 'git-push' ? ('after-body' as const) : ('at-once' as const),
      drainBody: () => this.#drainRest(),
      // Only HTTP/2 passes them on, and there the field says nothing else.
      takesTrailers: this.#incoming.httpVersion === '2' && this.#field('te') !== null,
      tap: answerTapOf(this.#weir, this.#flow, request),
      edit,
      idleTimeoutMs: this.#weir.settings.limits.idleTimeoutMs,
    }
    try {
      await forward(this.#flow, upstream.send, throughParent(outgoing, upstream, asked.destination), this.#reply)
    } catch (error) {
      const stale = reused && !asked.hasContent && isReading(asked.method) && !this.#reply.begun
      if (!stale || toProxyError(error).code !== 'upstream-broken') throw error
      // An idle connection that the site closed as the request went out: nothing was heard, and a safe request may be said again.
      this.#connection.upstreams.drop(asked.destination)
      const again = await this.#connection.upstreams.open(asked.destination, (address) =>
        request.judgeHead('dial', address),
      )
      if (again.state === 'denied') throw error
      this.#flow.address = judgedAddress(asked.destination, again.upstream.endpoint)
      await forward(
        this.#flow,
        again.upstream.send,
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
  async #refuseKnown(request: RequestCase, verdict: DenyVerdict): Promise<void> {
    let push: PushRequest | null = null
    if (request.classification.body === 'git-push') {
      const gated = await gate(
        this.#weir,
        this.#flow,
        this.#upload(request, () => verdict),
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
      tellLfsUploads(this.#weir, this.#flow)
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
    if (this.#reply.begun) this.#reply.cut()
    else respond(this.#reply, this.#flow, answerOf(failureOf(this.#flow, failure), this.#asker(null)), true)
  }

  record(): void {
    this.#countUp()
    if (this.#recorded) return
    if (this.#request !== null) noteLfsUploads(this.#weir, this.#flow, this.#request)
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
    // A stream both ways waits for its answer before it ends.
    const isStream = this.#incoming.httpVersion === '2' && asked.framing.kind === 'chunked' && push === null
    if (isStream && !reader.ended && this.#request?.classification.body !== 'git-push') return 'unread'
    const bytesMax = this.#drainBytesMax()
    if (asked.framing.kind === 'length' && asked.framing.length - reader.bytesRead > bytesMax) return 'unread'
    return (await drain(reader, bytesMax)) ? 'nothing' : 'unread'
  }

  #drainBytesMax(): number {
    const { limits } = this.#weir.settings
    return this.#request?.classification.body === 'git-push' ? limits.gitDrainBytesMax : limits.drainBytesMax
  }

  #asker(push: PushRequest | null): Asker {
    const asked = this.#asked
    const service = this.#request?.classification.service ?? null
    return {
      method: this.#incoming.method,
      host: asked === null ? '' : nameOf(asked.destination),
      target: asked?.target ?? '',
      accept: this.#field('accept') ?? '',
      contentType: this.#field('content-type') ?? '',
      userAgent: this.#field('user-agent') ?? '',
      signedFor: signedServiceOf(this.#field('authorization'), asked?.target ?? ''),
      origin: this.#field('origin'),
      preflight: asked === null ? null : refusedPreflight(this.#weir, this.#flow, asked, (name) => this.#field(name)),
      kind: service?.kind ?? null,
      service: service?.id ?? null,
      category: service?.category ?? null,
      operation: this.#flow.operation,
      push,
    }
  }

  #field(name: string): string | null {
    this.#fields ??= fieldsOf(this.#incoming.rawHeaders)
    const values = fieldValues(this.#fields, name)
    return values.length === 0 ? null : values.join(', ')
  }

  #bodyReader(): BodyReader {
    if (this.#reader === null) throw new Error('the body is read before the request is admitted')
    return this.#reader
  }
}
