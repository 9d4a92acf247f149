/** The upload gate: reads of a body what its verdict depends on, and lets nothing of it go before the verdict is an allow. */
import type { InnerOperation } from '../catalog/service-entry.ts'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { RefUpdate } from '../flow/subject.ts'
import type { Reservation } from '../flow/ledger.ts'
import type { Verdict } from '../flow/verdict.ts'
import { denyBeyond, requestSizeMax } from '../policy/limit-words.ts'
import type { Framing } from '../wire/request-head.ts'
import type { PushRequest } from '../wire/push-request.ts'
import type { BodyReader } from './body-reader.ts'
import { denialOf, isDenied, openReservation } from './budget.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'
import { Hold } from './spool.ts'
import { otherOperations, type UploadForm } from './stated-read.ts'
import { UploadMeter } from './upload-meter.ts'

/** What the gate learns of a body before it asks for the verdict: the refs of a push, or what a stated read turned out to do. */
export type BodyFacts =
  | { readonly kind: 'push'; readonly refs: readonly RefUpdate[] }
  | { readonly kind: 'probe' }
  | { readonly kind: 'stated'; readonly operation: InnerOperation }

export interface Upload {
  readonly reader: BodyReader
  readonly framing: Framing
  /** The Content-Encoding field, null where there is none. */
  readonly coding: string | null
  readonly body: UploadForm
  /** The verdict on all that is known; `facts` is null for a body that is judged by its size alone. */
  judge(facts: BodyFacts | null): Verdict
}

export type Gated =
  | {
      readonly state: 'send'
      readonly body: AsyncGenerator<Buffer>
      /** To be called in the end, whether the body was read or not: a generator that never began has no end of its own. */
      readonly close: () => Promise<void>
    }
  | { readonly state: 'deny'; readonly verdict: DenyVerdict; readonly push: PushRequest | null }

/**
 * Reads until the verdict cannot change any more. On `send` the generator yields the body whole, what was held first.
 * On `deny` nothing is held any more and the rest of the body is still the reader's, to be drained.
 */
export async function gate(weir: Runtime, flow: Flow, upload: Upload): Promise<Gated> {
  const turn = new Gate(weir, flow, upload)
  let sent = false
  try {
    const verdict = await turn.decide()
    const { meter } = turn
    // Of a coded body that goes on, only the beginning was counted, and that is no size.
    flow.uploadSize = verdict.action === 'deny' || upload.reader.ended ? meter.payload : null
    if (verdict.action === 'deny') return { state: 'deny', verdict, push: meter.push }
    sent = true
    return { state: 'send', body: bodyOf(flow, upload.reader, turn.hold, meter), close: () => turn.close() }
  } finally {
    if (!sent) await turn.close()
  }
}

type Decided = Exclude<Verdict, { action: 'undecided' }>

class Gate {
  readonly meter: UploadMeter
  readonly hold: Hold
  readonly #weir: Runtime
  readonly #flow: Flow
  readonly #upload: Upload
  #verdict: Extract<Verdict, { action: 'allow' }> | null = null
  #reservation: Reservation | null = null
  #reservedBytes = 0

  constructor(weir: Runtime, flow: Flow, upload: Upload) {
    this.#weir = weir
    this.#flow = flow
    this.#upload = upload
    this.meter = new UploadMeter(upload.body, upload.coding)
    this.hold = new Hold(weir.quota, flow.client.address.text)
  }

  async decide(): Promise<Decided> {
    const { meter, hold } = this
    const { reader } = this.#upload
    let ended = reader.ended
    for (;;) {
      const verdict = await this.#decideSoFar(ended)
      if (verdict !== null) return verdict
      const chunk = await reader.next()
      if (chunk === null) {
        ended = true
        await meter.finish()
        continue
      }
      await meter.feed(chunk)
      if (!(await hold.add(chunk))) {
        return denyByGuard('holding-limit', 'this upload is larger than this proxy can hold until it is judged')
      }
    }
  }

  /** Ends what was held, and gives back what budgets had reserved for bytes that were not sent. */
  async close(): Promise<void> {
    this.#reservation?.settle(this.#sentBytes())
    this.meter.close()
    await this.hold.discard()
  }

  /** Null while more of the body has to be read. */
  async #decideSoFar(ended: boolean): Promise<Decided | null> {
    const { meter } = this
    const upload = this.#upload
    if (meter.fault !== null) return denyByGuard('malformed', `this upload cannot be read: ${meter.fault}`)
    if (upload.body === 'git-push' && !meter.readable) return unreadable(upload)
    if (this.#verdict === null) {
      const verdict = judgeWhenKnown(upload, meter, ended)
      if (verdict?.action === 'deny') return verdict
      if (verdict?.action === 'undecided') return denyByGuard('fault', 'this proxy could not decide about this upload')
      if (verdict === null) return null
      const reservation = openReservation(this.#weir, this.#flow, verdict.limits)
      if (isDenied(reservation)) return reservation
      this.#verdict = verdict
      this.#reservation = reservation
    }
    return this.#holdToLimits(this.#verdict, ended)
  }

  async #holdToLimits(verdict: Extract<Verdict, { action: 'allow' }>, ended: boolean): Promise<Decided | null> {
    const sizeMax = requestSizeMax(verdict.limits)
    const size = this.#size(ended)
    if (sizeMax !== null || this.#reservation !== null) {
      if (!this.meter.readable) return unreadable(this.#upload)
      if (sizeMax !== null && size.bytes > sizeMax) return denyBeyond(verdict.rule, sizeMax)
      const denial = await this.#reserve(size.bytes, verdict.rule)
      if (denial !== null) return denial
      if (!size.whole) return null
    }
    return this.meter.preambleKnown ? verdict : null
  }

  /** The payload: `whole` where it is known to be no longer than that. */
  #size(ended: boolean): { readonly bytes: number; readonly whole: boolean } {
    const { framing } = this.#upload
    const { meter } = this
    // The parser of the message holds the body to its Content-Length, so a declared size is a proven one.
    if (!ended && framing.kind === 'length' && meter.asSent && meter.preambleKnown) {
      return { bytes: Math.max(meter.payload, framing.length - meter.preambleBytes), whole: true }
    }
    return { bytes: meter.payload, whole: ended }
  }

  async #reserve(bytes: number, rule: string | null): Promise<DenyVerdict | null> {
    const more = bytes - this.#reservedBytes
    if (this.#reservation === null || more <= 0) return null
    const denial = denialOf(await this.#reservation.extend(more), rule)
    if (denial === null) this.#reservedBytes = bytes
    return denial
  }

  #sentBytes(): number {
    const { upstreamBodyBytes } = this.#flow
    if (upstreamBodyBytes === 0) return 0
    // Of a coded body that was sent in part, nobody can tell how much of its payload was in that part.
    if (!this.meter.asSent) return this.#reservedBytes
    return Math.min(this.#reservedBytes, Math.max(0, upstreamBodyBytes - this.meter.preambleBytes))
  }
}

/** A probe is `0000` and nothing behind it, so it is known only at the end; a push is known when its refs are. */
function judgeWhenKnown(upload: Upload, meter: UploadMeter, ended: boolean): Verdict | null {
  if (otherOperations(upload.body).length > 0) {
    if (meter.stated === null) return null
    return explained(upload.judge({ kind: 'stated', operation: meter.stated }), meter.statedFault)
  }
  if (upload.body !== 'git-push') return upload.judge(null)
  const { push } = meter
  if (push === null) return null
  if (push.kind === 'probe') return ended ? upload.judge({ kind: 'probe' }) : null
  return upload.judge({ kind: 'push', refs: push.updates.map(({ ref, kind }) => ({ name: ref, kind })) })
}

/** Who asks for a read and is refused a write wants to know why it is one. */
function explained(verdict: Verdict, fault: string | null): Verdict {
  if (verdict.action !== 'deny' || fault === null) return verdict
  const { denial } = verdict
  return { ...verdict, denial: { ...denial, message: `${denial.message} (${fault})` } }
}

function unreadable(upload: Upload): DenyVerdict {
  return denyByGuard(
    'doubt',
    `this upload could not be inspected: its Content-Encoding (${upload.coding ?? ''}) is not known here`,
  )
}

async function* bodyOf(flow: Flow, reader: BodyReader, hold: Hold, meter: UploadMeter): AsyncGenerator<Buffer> {
  for await (const chunk of hold.release()) {
    flow.upstreamBodyBytes += chunk.length
    yield chunk
  }
  if (reader.ended) return
  for (;;) {
    const chunk = await reader.next()
    if (chunk === null) break
    // The verdict stands; what goes by is measured on for the record, where its length alone does not tell.
    if (!meter.asSent) await meter.feed(chunk)
    flow.upstreamBodyBytes += chunk.length
    yield chunk
  }
  if (!meter.asSent) await meter.finish()
  const size = meter.asSent ? reader.bytesRead - meter.preambleBytes : meter.payload
  flow.uploadSize = meter.readable && meter.fault === null ? size : null
}

/** Reads and throws away the rest of a body. False when there is more than `bytesMax` of it: the connection must then end. */
export async function drain(reader: BodyReader, bytesMax: number): Promise<boolean> {
  let drained = 0
  while (drained <= bytesMax) {
    const chunk = await reader.next()
    if (chunk === null) return true
    drained += chunk.length
  }
  return false
}

/** How long an upload is read away behind its refusal: in all, and while nothing of it comes. */
const LINGER_MS = 30_000
const LINGER_IDLE_MS = 2_000

/**
 * Reads away what the client still sends behind its answer, until it has sent all, goes, or the time is over (RFC 9112 section
 * 9.6): a reset would take the answer from under the eyes of a browser, which looks for one only behind its upload.
 */
export async function linger(reader: BodyReader): Promise<void> {
  const over = Promise.withResolvers<void>()
  const end = setTimeout(over.resolve, LINGER_MS)
  const idle = setTimeout(over.resolve, LINGER_IDLE_MS)
  const readAway = async (): Promise<void> => {
    while ((await reader.next()) !== null) idle.refresh()
  }
  const read = readAway().catch((error: unknown) => {
    if (!(error instanceof ProxyError)) throw error
  })
  await Promise.race([read, over.promise])
  clearTimeout(end)
  clearTimeout(idle)
}
