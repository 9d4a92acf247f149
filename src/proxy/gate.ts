/** The upload gate: reads of a body what its verdict depends on, and lets nothing of it go before the verdict is an allow. */
import type { BodyForm } from '../catalog/classify.ts'
import type { Flow } from '../flow/flow.ts'
import type { RefUpdate } from '../flow/subject.ts'
import type { Limit, Verdict } from '../flow/verdict.ts'
import { formatSize } from '../text/quantity.ts'
import type { Framing } from '../wire/request-head.ts'
import type { PushRequest } from '../wire/push-request.ts'
import type { BodyReader } from './body-reader.ts'
import { type DenyVerdict, denyByGuard } from './judge.ts'
import type { Runtime } from './runtime.ts'
import { Hold } from './spool.ts'
import { UploadMeter } from './upload-meter.ts'

/** What the gate learns of a push before it asks for the verdict. */
export type PushFacts = { readonly kind: 'push'; readonly refs: readonly RefUpdate[] } | { readonly kind: 'probe' }

export interface Upload {
  readonly reader: BodyReader
  readonly framing: Framing
  /** The Content-Encoding field, null where there is none. */
  readonly coding: string | null
  readonly body: BodyForm
  /** The verdict on all that is known; `push` is null for a plain body. */
  judge(push: PushFacts | null): Verdict
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
  const meter = new UploadMeter(upload.body, upload.coding)
  const hold = new Hold(weir.quota, flow.client.address.text)
  const close = async (): Promise<void> => {
    meter.close()
    await hold.discard()
  }
  let sent = false
  try {
    const verdict = await decideUpload(upload, meter, hold)
    // Of a coded body that goes on, only the beginning was counted, and that is no size.
    flow.uploadSize = verdict.action === 'deny' || upload.reader.ended ? meter.payload : null
    if (verdict.action === 'deny') return { state: 'deny', verdict, push: meter.push }
    sent = true
    return { state: 'send', body: bodyOf(flow, upload.reader, hold, meter), close }
  } finally {
    if (!sent) await close()
  }
}

async function decideUpload(
  upload: Upload,
  meter: UploadMeter,
  hold: Hold,
): Promise<Exclude<Verdict, { action: 'undecided' }>> {
  let verdict: Verdict | null = null
  let ended = upload.reader.ended
  for (;;) {
    if (meter.fault !== null) return denyByGuard('malformed', `this upload cannot be read: ${meter.fault}`)
    if (upload.body === 'git-push' && !meter.readable) return unreadable(upload)
    verdict ??= judgeWhenKnown(upload, meter, ended)
    if (verdict?.action === 'deny') return verdict
    if (verdict?.action === 'undecided') return denyByGuard('fault', 'this proxy could not decide about this upload')
    if (verdict !== null) {
      const sizeMax = strictest(verdict.limits)
      const state = sizeMax === null ? 'within' : compare(upload, meter, sizeMax, ended)
      if (state === 'beyond') return beyond(verdict.rule, sizeMax)
      if (state === 'unreadable') return unreadable(upload)
      if (state === 'within' && meter.preambleKnown) return verdict
    }
    const chunk = await upload.reader.next()
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

/** A probe is `0000` and nothing behind it, so it is known only at the end; a push is known when its refs are. */
function judgeWhenKnown(upload: Upload, meter: UploadMeter, ended: boolean): Verdict | null {
  if (upload.body !== 'git-push') return upload.judge(null)
  const { push } = meter
  if (push === null) return null
  if (push.kind === 'probe') return ended ? upload.judge({ kind: 'probe' }) : null
  return upload.judge({ kind: 'push', refs: push.updates.map(({ ref, kind }) => ({ name: ref, kind })) })
}

/** Whether the payload is known to be within a limit, or beyond it, or neither yet. */
function compare(
  upload: Upload,
  meter: UploadMeter,
  sizeMax: number,
  ended: boolean,
): 'within' | 'beyond' | 'unknown' | 'unreadable' {
  if (!meter.readable) return 'unreadable'
  if (meter.payload > sizeMax) return 'beyond'
  if (ended) return 'within'
  // The parser of the message holds the body to its Content-Length, so a declared size is a proven one.
  if (upload.framing.kind === 'length' && meter.asSent) {
    return upload.framing.length - meter.preambleBytes > sizeMax ? 'beyond' : 'within'
  }
  return 'unknown'
}

/** In bytes; null where nothing limits the upload. */
function strictest(limits: readonly Limit[]): number | null {
  return limits.length === 0 ? null : Math.min(...limits.map((limit) => limit.size))
}

function beyond(rule: string | null, sizeMax: number | null): DenyVerdict {
  const size = sizeMax === null ? '' : ` of ${formatSize(sizeMax)}`
  const message = `this upload is larger than the limit${size} for one request`
  return { action: 'deny', denial: { code: 'limit', rule, message, unseen: [] }, wouldDeny: [] }
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
