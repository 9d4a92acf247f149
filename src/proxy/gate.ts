/** The upload gate: reads of a body what its verdict depends on, and lets nothing of it go before the verdict is an allow. */
import type { Told } from '../catalog/part.ts'
import type { InnerOperation } from '../catalog/service-entry.ts'
import { type Amount, NEVER, UNSEEN } from '../flow/fact.ts'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import type { ContentFacts, RefUpdate } from '../flow/subject.ts'
import type { Reservation } from '../flow/ledger.ts'
import { NOTHING_IN_IT } from '../flow/unlooked.ts'
import type { Verdict } from '../flow/verdict.ts'
import { COUNTS, type Counts, denyBeyond, requestMax } from '../policy/limit-words.ts'
import { formatSize } from '../text/quantity.ts'
import type { Framing } from '../wire/request-head.ts'
import type { PushRequest } from '../wire/push-request.ts'
import type { BodyReader } from './body-reader.ts'
import { denialOf, isDenied, openReservation } from './budget.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'
import { Hold } from './spool.ts'
import { awaitsBody, type UploadForm } from './stated-read.ts'
import { UploadMeter } from './upload-meter.ts'
import { contentAmong, type UploadScan } from './upload-scan.ts'

/** What the gate learns of a body before it asks for the verdict: the refs of a push, or what the body says that it does. */
export type BodyFacts =
  | { readonly kind: 'push'; readonly refs: readonly RefUpdate[] }
  | { readonly kind: 'probe' }
  | { readonly kind: 'told'; readonly parts: readonly Told[] }

/** How much goes out, and what, as far as it is known. */
export interface Amounts {
  readonly size: Amount
  readonly sentBytes: Amount
  /** What is in it. */
  readonly content: ContentFacts
}

export interface Upload {
  readonly reader: BodyReader
  readonly framing: Framing
  /** The Content-Encoding field, null where there is none. */
  readonly coding: string | null
  readonly body: UploadForm
  /** What the address alone says that it does. */
  readonly stated: InnerOperation
  /** Bytes that go out ahead of the body: the request line and the fields. */
  headBytes(): number
  /** How much payload an announced upload address is good for; null for every other request. */
  readonly announcedBytesMax: number | null
  /** The look into it. */
  readonly scan: UploadScan
  /** The verdict on all that is known; `facts` is null for a body that has nothing to tell. */
  judge(facts: BodyFacts | null, amounts: Amounts): Verdict
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
    return { state: 'send', body: bodyOf(flow, upload.reader, turn), close: () => turn.close() }
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
  /** Budgets by what they count. */
  readonly #reserved: { readonly counts: Counts; readonly reservation: Reservation; bytes: number }[] = []
  #isSent = false
  /** A rule that only reports wants to know what is in it. */
  #isWatched = false
  #measured: Promise<void> = Promise.resolve()

  constructor(weir: Runtime, flow: Flow, upload: Upload) {
    this.#weir = weir
    this.#flow = flow
    this.#upload = upload
    this.meter = new UploadMeter(upload.body, upload.coding, upload.stated)
    this.hold = new Hold(weir.quota, flow.client.address.text)
  }

  async decide(): Promise<Decided> {
    const { meter, hold } = this
    const { reader } = this.#upload
    let ended = reader.ended
    for (;;) {
      const verdict = await this.#decideSoFar(ended)
      if (verdict !== null) return this.#decided(verdict)
      const chunk = await reader.next()
      if (chunk === null) {
        ended = true
        await meter.finish()
        await this.#endScan()
        continue
      }
      await this.#take(chunk, false)
      if (!(await hold.add(chunk))) {
        return denyByGuard('holding-limit', 'this upload is larger than this proxy can hold until it is judged')
      }
    }
  }

  /** One piece of a body that goes by: measured for the record, where its length alone does not tell, and looked into where somebody watches. */
  async pass(chunk: Buffer): Promise<void> {
    if (this.#upload.scan.isWanted) await this.#take(chunk, true)
    else if (!this.meter.asSent) await this.meter.feed(chunk)
  }

  /** The end of a body that went by: how large it was, and what reporting rules say to what was in it. */
  async measureEnd(): Promise<void> {
    const measured = measureEnd(this.#flow, this.#upload.reader, this.meter)
    this.#measured = this.#isWatched ? measured.then(() => this.#report()) : measured
    // Nobody waits for a report: the body has ended, and its end goes on.
    await measured
  }

  /** The body was held whole: its content is known by now, and was not when it was allowed. */
  reportHeld(): void {
    if (this.#isWatched) this.#measured = this.#report()
  }

  async #report(): Promise<void> {
    await this.#endScan()
    const before = this.#flow.verdict
    const verdict = judgeWhenKnown(this.#upload, this.meter, true, this.#amounts(true))
    const [allow, now] = [before, verdict]
    // What was allowed went out: only what would have been said is added to it.
    this.#flow.verdict = before
    if (allow?.action === 'allow' && now !== null && now.action !== 'undecided') {
      this.#flow.verdict = { ...allow, wouldDeny: now.wouldDeny }
    }
  }

  async #take(chunk: Buffer, isPassing: boolean): Promise<void> {
    const { scan } = this.#upload
    if (!scan.isWanted) {
      await this.meter.feed(chunk)
      return
    }
    for await (const pieces of this.meter.decode(chunk)) await scan.feed(pieces, this.meter.push, isPassing)
  }

  async #endScan(): Promise<void> {
    const { scan } = this.#upload
    if (!this.meter.readable) scan.giveUp('its Content-Encoding is not known')
    if (scan.isWanted) {
      await scan.finish(this.meter.push)
      if (this.meter.hides) scan.doubt('its Content-Encoding carries more than it decodes to')
    }
    this.#flow.content = scan.content
  }

  /** Where no rule waits for what is in it, not even one that only reports, nobody looks any further. */
  #decided(verdict: Decided): Decided {
    const { scan } = this.#upload
    const watches = verdict.action === 'allow' ? contentAmong(verdict.watches ?? []) : []
    this.#isWatched = watches.length > 0
    if (!this.#isWatched) scan.close()
    return verdict
  }

  /** Ends what was held, and gives back what budgets had reserved for bytes that were not sent. */
  async close(): Promise<void> {
    // The answer may come as soon as its last byte is sent, and the record behind it tells the size.
    await this.#measured
    for (const { counts, reservation, bytes } of this.#reserved) reservation.settle(this.#sentOf(counts, bytes))
    this.#upload.scan.close()
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
      const verdict = judgeWhenKnown(upload, meter, ended, this.#amounts(ended))
      if (verdict?.action === 'deny') return verdict
      // What is left to know of a body that has not ended is how long it is.
      if (verdict === null || (verdict.action === 'undecided' && !ended)) return null
      if (verdict.action === 'undecided') return denyByGuard('fault', 'this proxy could not decide about this upload')
      for (const counts of COUNTS) {
        const reservation = openReservation(this.#weir, this.#flow, verdict.limits, counts)
        if (isDenied(reservation)) return reservation
        if (reservation !== null) this.#reserved.push({ counts, reservation, bytes: 0 })
      }
      this.#verdict = verdict
    }
    return this.#holdToLimits(this.#verdict, ended)
  }

  async #holdToLimits(verdict: Extract<Verdict, { action: 'allow' }>, ended: boolean): Promise<Decided | null> {
    const { announcedBytesMax } = this.#upload
    if (announcedBytesMax !== null) {
      const size = this.#size(ended)
      if (!this.meter.readable) return unreadable(this.#upload)
      if (size.bytes > announcedBytesMax) return denyBeyondAnnounced(announcedBytesMax)
      if (!size.whole) return null
    }
    for (const counts of COUNTS) {
      const sizeMax = requestMax(verdict.limits, counts)
      const reserved = this.#reserved.find((held) => held.counts === counts)
      if (sizeMax === null && reserved === undefined) continue
      if (counts === 'size' && !this.meter.readable) return unreadable(this.#upload)
      const amount = counts === 'size' ? this.#size(ended) : this.#sent(ended)
      if (sizeMax !== null && amount.bytes > sizeMax) return denyBeyond(verdict.rule, sizeMax, counts)
      const denial = reserved === undefined ? null : await reserve(reserved, amount.bytes, verdict.rule)
      if (denial !== null) return denial
      if (!amount.whole) return null
    }
    if (!this.meter.preambleKnown) return null
    this.#isSent = true
    return verdict
  }

  #amounts(ended: boolean): Amounts {
    const { asks } = this.#weir.policy
    const { content } = this.#upload.scan
    // Most policies ask for neither.
    if (!asks.has('size') && !asks.has('sentBytes')) return { size: UNSEEN, sentBytes: UNSEEN, content }
    const size = this.#size(ended)
    const sent = this.#sent(ended)
    return {
      size: this.meter.readable ? { state: size.whole ? 'known' : 'atLeast', value: size.bytes } : NEVER,
      sentBytes: { state: sent.whole ? 'known' : 'atLeast', value: sent.bytes },
      content,
    }
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

  /** Line, fields and body. */
  #sent(ended: boolean): { readonly bytes: number; readonly whole: boolean } {
    const { framing, reader } = this.#upload
    const isDeclared = framing.kind === 'length'
    return {
      bytes: this.#upload.headBytes() + (isDeclared ? framing.length : reader.bytesRead),
      whole: ended || isDeclared,
    }
  }

  /** How much of what was reserved went out. */
  #sentOf(counts: Counts, reservedBytes: number): number {
    const { upstreamBodyBytes } = this.#flow
    if (counts === 'sentBytes') return this.#isSent ? this.#upload.headBytes() + upstreamBodyBytes : 0
    if (upstreamBodyBytes === 0) return 0
    // Of a coded body that was sent in part, nobody can tell how much of its payload was in that part.
    if (!this.meter.asSent) return reservedBytes
    return Math.min(reservedBytes, Math.max(0, upstreamBodyBytes - this.meter.preambleBytes))
  }
}

async function reserve(
  held: { readonly reservation: Reservation; bytes: number },
  bytes: number,
  rule: string | null,
): Promise<DenyVerdict | null> {
  const more = bytes - held.bytes
  if (more <= 0) return null
  const denial = denialOf(await held.reservation.extend(more), rule)
  if (denial === null) held.bytes = bytes
  return denial
}

/** A probe is `0000` and nothing behind it, so it is known only at the end; a push is known when its refs are. */
function judgeWhenKnown(upload: Upload, meter: UploadMeter, ended: boolean, amounts: Amounts): Verdict | null {
  if (awaitsBody(upload.body)) {
    if (meter.told === null) return null
    return explained(upload.judge({ kind: 'told', parts: meter.told }, amounts), meter.statedFault)
  }
  if (upload.body !== 'git-push') return upload.judge(null, amounts)
  const { push } = meter
  if (push === null) return null
  if (push.kind === 'probe') {
    return ended ? upload.judge({ kind: 'probe' }, { ...amounts, content: NOTHING_IN_IT }) : null
  }
  const refs = push.updates.map(({ ref, kind }) => ({ name: ref, kind }))
  return upload.judge({ kind: 'push', refs }, amounts)
}

/** Who asks for a read and is refused a write wants to know why it is one. */
function explained(verdict: Verdict, fault: string | null): Verdict {
  if (verdict.action !== 'deny' || fault === null) return verdict
  const { denial } = verdict
  return { ...verdict, denial: { ...denial, message: `${denial.message} (${fault})` } }
}

function denyBeyondAnnounced(bytesMax: number): DenyVerdict {
  return denyByGuard(
    'limit',
    `this upload is larger than the ${formatSize(bytesMax)} that its address was announced for`,
  )
}

function unreadable(upload: Upload): DenyVerdict {
  return denyByGuard(
    'doubt',
    `this upload could not be inspected: its Content-Encoding (${upload.coding ?? ''}) is not known here`,
  )
}

async function* bodyOf(flow: Flow, reader: BodyReader, turn: Gate): AsyncGenerator<Buffer> {
  const { hold } = turn
  for await (const chunk of hold.release()) {
    flow.upstreamBodyBytes += chunk.length
    yield chunk
  }
  if (reader.ended) {
    turn.reportHeld()
    return
  }
  for (;;) {
    const chunk = await reader.next()
    if (chunk === null) break
    // The verdict stands.
    await turn.pass(chunk)
    flow.upstreamBodyBytes += chunk.length
    yield chunk
  }
  await turn.measureEnd()
}

async function measureEnd(flow: Flow, reader: BodyReader, meter: UploadMeter): Promise<void> {
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
