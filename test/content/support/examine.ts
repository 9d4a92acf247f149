/** Examines a body in tests: fed in pieces from a buffer that is overwritten behind each, with a watch that keeps what it is told. */
import { createExamination, type Examined, type ExaminationOptions } from '../../../src/content/examination.ts'
import { DEFAULT_EXAMINATION_LIMITS, type ExaminationLimits } from '../../../src/content/examination-limits.ts'
import type { Leaf, LeafWatch } from '../../../src/content/leaf.ts'

export interface Seen extends Leaf {
  /** The steps of its place, joined. */
  readonly at: string
  readonly bytes: Buffer
}

export interface Looked extends Examined {
  readonly seen: readonly Seen[]
}

export interface Look {
  readonly contentType?: string | null
  /** Sizes of pieces, taken in turn. */
  readonly pieces?: readonly number[]
  readonly limits?: Partial<ExaminationLimits>
  /** Every call of the watch waits, as one in front of a queue does. */
  readonly waits?: boolean
}

export async function examine(body: Uint8Array, look: Look = {}): Promise<Looked> {
  const { contentType = null, pieces = [65_536], limits = {}, waits = false } = look
  const seen: Seen[] = []
  const options: ExaminationOptions = {
    watches: [keeping(seen, waits)],
    limits: { ...DEFAULT_EXAMINATION_LIMITS, ...limits },
  }
  const examination = createExamination({ kind: 'body', contentType, size: body.length }, options)
  const reused = new Uint8Array(Math.max(...pieces))
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const piece = reused.subarray(0, Math.min(pieces[turn % pieces.length] ?? 1, body.length - at))
    piece.set(body.subarray(at, at + piece.length))
    await examination.feed(piece)
    piece.fill(0xa5)
    at += piece.length
  }
  return { ...(await examination.finish()), seen }
}

/** The same whole, byte by byte, and in odd pieces with a watch that waits. */
export async function examineAllWays(body: Uint8Array, look: Look = {}): Promise<readonly Looked[]> {
  return [
    await examine(body, { ...look, pieces: [Math.max(1, body.length)] }),
    await examine(body, { ...look, pieces: [1] }),
    await examine(body, { ...look, pieces: [7, 4_096, 1, 513], waits: true }),
  ]
}

function keeping(seen: Seen[], waits: boolean): LeafWatch {
  const wait = waits ? Promise.resolve() : undefined
  return {
    open(leaf) {
      const pieces: Buffer[] = []
      return {
        push(piece) {
          pieces.push(Buffer.from(piece))
          return wait
        },
        end() {
          seen.push({ ...leaf, at: leaf.place.within.join(' › '), bytes: Buffer.concat(pieces) })
          return wait
        },
      }
    },
  }
}

/** What was seen at a place, as text; null where nothing was. */
export function textAt({ seen }: Looked, at: string): string | null {
  return seen.find((one) => one.at === at)?.bytes.toString() ?? null
}

export function hasText({ seen }: Looked, text: string): boolean {
  return seen.some(({ bytes }) => bytes.includes(text))
}
