/**
 * Holds a body to what git asks a server with when it reads: an upload-pack request (gitprotocol-pack, gitprotocol-v2) or an
 * upload-archive request, and nothing else.
 */

import type { BodyCheck } from './body-check.ts'
import { FetchBudget } from './fetch-budget.ts'
import { ArchiveLines, type FetchLines, FetchLinesV0, FetchLinesV2 } from './fetch-lines.ts'
import { bad, done, MORE, type Parse } from './parse.ts'
import { decodePktText, type PktLine } from './pkt-line.ts'
import { PktLineReader } from './pkt-line-reader.ts'

export { fetchNameBytesMax, fetchTextBytesMax } from './fetch-budget.ts'

/**
 * The whole body. A line with an object id takes 50 bytes, so this is room for 83,886 of them: the tips of a mirror, or one
 * round of a negotiation over some 900,000 commits of which the server knows none (git asks for about a tenth at a time).
 */
export const fetchRequestBytesMax = 4 * 1024 * 1024
/**
 * The whole body to a host that nobody vouches for: as long as an address that is read at all. A first clone takes some hundred
 * bytes, and a round of a negotiation with 300 ids fits.
 */
export const shortFetchRequestBytesMax = 16 * 1024
/** One line: the longest carries the text that all of them may. */
export const fetchLineBytesMax = 8 * 1024

export function createFetchRequestReader(): BodyCheck {
  return new FetchRequestReader(fetchRequestBytesMax)
}

export function createShortFetchRequestReader(): BodyCheck {
  return new FetchRequestReader(shortFetchRequestBytesMax)
}

class FetchRequestReader implements BodyCheck {
  readonly #reader: PktLineReader<null>
  readonly #budget = new FetchBudget()
  #lines: FetchLines | null = null
  #pushedBytes = 0
  /** Where the last whole packet ended. */
  #lineEnd = 0
  #answer: Parse<null> = MORE

  constructor(bytesMax: number) {
    const bounds = { what: 'the fetch request', bytesMax, lineBytesMax: fetchLineBytesMax }
    this.#reader = new PktLineReader(bounds, (line, size) => this.#accept(line, size))
  }

  push(piece: Uint8Array): Parse<null> {
    if (this.#answer.state === 'bad') return this.#answer
    this.#pushedBytes += piece.length
    this.#answer = this.#reader.push(piece)
    if (this.#answer.state === 'done' && this.#answer.size < this.#pushedBytes) {
      this.#answer = bad('bytes behind the end of a fetch request')
    }
    return this.#answer
  }

  end(): string | null {
    if (this.#answer.state === 'bad') return this.#answer.fault
    const whole = this.#answer.state === 'done' || (this.#lines?.mayEnd === true && this.#lineEnd === this.#pushedBytes)
    return whole ? null : 'a fetch request that ends too early'
  }

  #accept(line: PktLine, size: number): Parse<null> {
    this.#lineEnd = size
    if (line.kind === 'data') return this.#acceptText(line.payload, size)
    if (line.kind === 'response-end') return bad('the end of a response in a fetch request')
    if (this.#lines !== null) return this.#lines.mark(line.kind, size)
    // A flush alone asks for nothing: git tries its credentials with one ahead of a chunked request.
    return line.kind === 'flush' ? done(null, size) : bad('a fetch request that begins with a delimiter')
  }

  #acceptText(payload: Uint8Array, size: number): Parse<null> {
    const text = decodePktText(payload)
    if (text === null || CONTROL.test(text)) return bad('a line of the fetch request is not text')
    this.#lines ??= linesFor(text, this.#budget)
    return this.#lines.accept(text, size)
  }
}

const CONTROL = /\p{Cc}/u

function linesFor(first: string, budget: FetchBudget): FetchLines {
  if (first.startsWith('command=')) return new FetchLinesV2(budget)
  return first.startsWith('argument ') ? new ArchiveLines(budget) : new FetchLinesV0(budget)
}
