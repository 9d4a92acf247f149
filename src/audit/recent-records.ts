/** Keeps in memory the last records that somebody may ask about, so that an event id can be explained without a search of the record. */
import type { Flow } from '../flow/flow.ts'
import type { FlowSink, RecordMoment } from '../flow/ports.ts'
import type { ContentFacts } from '../flow/subject.ts'
import { ECS_VERSION, isDenied, toEcs } from './ecs.ts'

/** Records kept at a time; the oldest go first. */
export const RECENT_RECORDS_MAX = 10_000
/** Bytes of memory that the kept lines may take together. */
const RECENT_BYTES_MAX = 32 * 1024 * 1024
/** Of one line of the record, wherever one is kept or read. The fields of a flow are bounded, and together stay far below. */
export const RECORD_LINE_BYTES_MAX = 4 * 1024 * 1024

/** The engine keeps a text that is not Latin-1 with two bytes a character; each is counted so, to be on the safe side. */
const CHARACTER_BYTES = 2

export interface RecentLimits {
  readonly recordsMax: number
  readonly bytesMax: number
}

const LIMITS: RecentLimits = { recordsMax: RECENT_RECORDS_MAX, bytesMax: RECENT_BYTES_MAX }

/**
 * Stands in front of the record. What is written goes on to it, and is kept where the flow was denied or would have been, failed,
 * or carried something that a person wants to know of.
 */
export class RecentRecords implements FlowSink {
  readonly #record: FlowSink
  readonly #limits: RecentLimits
  /** By event id, the one that was written last at the end. */
  readonly #lines = new Map<string, string>()
  #bytes = 0

  constructor(record: FlowSink, limits: RecentLimits = LIMITS) {
    this.#record = record
    this.#limits = limits
  }

  get writable(): boolean {
    return this.#record.writable
  }

  write(flow: Flow, moment: RecordMoment, at: number, policy: string): void {
    this.#record.write(flow, moment, at, policy)
    // Of a flow that is kept each later line counts, even one that says that all is well again.
    if (isNoteworthy(flow) || this.#lines.has(flow.id)) {
      this.#keep(flow.id, JSON.stringify({ 'ecs.version': ECS_VERSION, ...toEcs(flow, moment, at, policy) }))
    }
  }

  flush(): void {
    this.#record.flush()
  }

  /** The last line of a flow, as it stands in the record; null where it is not kept, or no longer. */
  find(id: string): string | null {
    return this.#lines.get(id) ?? null
  }

  #keep(id: string, line: string): void {
    this.#forget(id)
    const bytes = bytesOf(line)
    if (Buffer.byteLength(line) > RECORD_LINE_BYTES_MAX || bytes > this.#limits.bytesMax) return
    this.#lines.set(id, line)
    this.#bytes += bytes
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= this.#limits.recordsMax && this.#bytes <= this.#limits.bytesMax) return
      this.#forget(oldest)
    }
  }

  #forget(id: string): void {
    const line = this.#lines.get(id)
    if (line === undefined) return
    this.#lines.delete(id)
    this.#bytes -= bytesOf(line)
  }
}

function bytesOf(line: string): number {
  return line.length * CHARACTER_BYTES
}

function isNoteworthy(flow: Flow): boolean {
  const { verdict, failure, content } = flow
  const wouldDeny = verdict === null || verdict.action === 'undecided' ? [] : verdict.wouldDeny
  return isDenied(flow) || wouldDeny.length > 0 || failure !== null || (content !== null && isFull(content))
}

/**
 * Whether there is something in an upload to ask about, or what nobody could look at. Types, entropy and the size of a pack alone
 * are no finding: every upload has them, and would push those out that were denied.
 */
function isFull(content: ContentFacts): boolean {
  const { payload, secrets, ownSource, pack } = content
  return (
    Object.values(content).some((fact) => fact.state === 'known' && fact.value.incomplete.length > 0) ||
    (payload.state === 'known' && (payload.value.encrypted.length > 0 || payload.value.archives.length > 0)) ||
    (secrets.state === 'known' && secrets.value.findings.length > 0) ||
    (ownSource.state === 'known' && ownSource.value.source.bytes > 0) ||
    (pack.state === 'known' && (pack.value.newRoot || pack.value.ciFiles.length > 0))
  )
}
