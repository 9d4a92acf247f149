/** A case of the suite: what is sent, and each answer that is right. It costs some 5 ms, and 60 where it waits for quiet. */
import type { ErrorName } from './frames.ts'
import type { Talk } from './talk.ts'

/**
 * - `connection X`: GOAWAY with this code, and then the end of the connection.
 * - `left open after X`: the same without an end.
 * - `closed`: the end without GOAWAY.
 * - `stream X`: RST_STREAM with this code, on a connection that goes on.
 * - `status N`: a whole answer, on a connection that goes on.
 * - `alive`: no error, and the next request is answered.
 */
export type Outcome =
  | `connection ${ErrorName}`
  | `left open after ${ErrorName}`
  | 'closed'
  | `stream ${ErrorName}`
  | `status ${number}`
  | 'alive'

export interface Case {
  readonly name: string
  /** A section of RFC 9113, unless it names another document. */
  readonly clause: string
  /** Every answer that is right. */
  readonly right: readonly Outcome[]
  /** Why there are several, where it is not the general rule of section 5.4.1. */
  readonly choice?: string
  /** The stream on which the answer shows; without it, the connection. */
  readonly stream?: number
  /** The case sends preface and SETTINGS itself. */
  readonly unopened?: true
  /** Sends, and checks what the outcome alone does not show. */
  readonly act: (talk: Talk) => void | Promise<void>
  /** What node:http2 does where it is not right. */
  readonly nodeDiffers?: NodeDiffers
}

interface NodeDiffers {
  readonly outcome: Outcome
  readonly note: string
  /** Nothing of it reaches whoever builds on node:http2, so that nobody there can do better. */
  readonly hidden?: true
}

export function connectionError(...codes: readonly ErrorName[]): readonly Outcome[] {
  return codes.map((code): Outcome => `connection ${code}`)
}

/** A stream error may also end the connection (section 5.4.1). */
export function streamError(...codes: readonly ErrorName[]): readonly Outcome[] {
  return [...codes.map((code): Outcome => `stream ${code}`), ...connectionError(...codes)]
}

/** A malformed request is a stream error, and may be answered with 400 first (sections 8.1.1 and 8.2.1). */
export const MALFORMED: readonly Outcome[] = [...streamError('PROTOCOL_ERROR'), 'status 400']

export const ALIVE: readonly Outcome[] = ['alive']
export const SERVED: readonly Outcome[] = ['status 200']
