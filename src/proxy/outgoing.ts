/** One allowed request on its way upstream, and the ear for its answer, whatever version of HTTP the upstream speaks. */

export interface Outgoing {
  readonly method: string
  /** Origin-form, as sent. */
  readonly path: string
  /** Flat list of names and values, without what belongs to one connection. */
  readonly fields: string[]
  readonly body: AsyncGenerator<Buffer> | null
  /** The client hears trailers, and said so. */
  readonly takesTrailers: boolean
}

/** Sends requests to one upstream. */
export type Sender = (outgoing: Outgoing, ear: Ear) => void

/** Hears the answer to one request: `begin`, interim answers, one head, data, and then `end` or at any time `fail`. */
export interface Ear {
  begin(line: Line): void
  hint(status: number, rawHeaders: readonly string[]): void
  head(head: AnswerHead): void
  data(chunk: Buffer): void
  end(trailers: readonly string[]): void
  fail(error: Error): void
}

/** The way that an answer comes by. */
export interface Line {
  pause(): void
  resume(): void
  /** Gives the exchange up; the ear hears `fail` with this error. */
  abort(error: Error): void
}

export interface AnswerHead {
  readonly status: number
  readonly reason: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  /** The answer ends with its head. */
  readonly isEmpty: boolean
}
