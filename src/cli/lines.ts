/** Bytes to lines, as they come: bounded, so that a file without a line break does no harm. */

const LINE_FEED = 0x0a

export interface Line {
  /** From 1. */
  readonly number: number
  /** Without the line break; null for a line that is too long. */
  readonly bytes: Uint8Array | null
}

/** Every line, a last one without a line break too. Of one longer than `bytesMax` bytes nothing is kept. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Line> {
  const line = new GrowingLine(bytesMax)
  let number = 1
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      line.add(chunk.subarray(from, end))
      yield { number, bytes: line.take() }
      number += 1
      from = end + 1
    }
    line.add(chunk.subarray(from))
  }
  if (line.size > 0) yield { number, bytes: line.take() }
}

class GrowingLine {
  /** In bytes, those that are not kept too. */
  size = 0
  readonly #bytesMax: number
  #pieces: Uint8Array[] = []

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  add(piece: Uint8Array): void {
    this.size += piece.length
    if (this.size > this.#bytesMax) this.#pieces = []
    else if (piece.length > 0) this.#pieces.push(piece)
  }

  take(): Uint8Array | null {
    const bytes = this.size > this.#bytesMax ? null : Buffer.concat(this.#pieces)
    this.size = 0
    this.#pieces = []
    return bytes
  }
}
