/** Writes whole lines to a file descriptor: gathered while there is time, at once when asked, and never silently lost. */
import { closeSync, openSync, writeSync } from 'node:fs'

/** Lines are gathered up to this many bytes before a write. */
export const GATHERED_BYTES_MAX = 16_384
/** What may wait while nothing can be written; past it the oldest lines are dropped and counted. */
export const WAITING_BYTES_MAX = 4 * 1024 * 1024

export interface LineWriter {
  write(line: string): void
  /** Writes what waits. True when nothing waits any more. */
  flush(): boolean
  /** False from a failed write until one succeeds. */
  readonly writable: boolean
  /** Lines dropped since the start, because nothing could be written for too long. */
  readonly lost: number
  close(): void
}

/** `destination` is a file descriptor (1 is standard output), or the path of a file to append to, made with mode 0600. */
export function openLineWriter(destination: number | string): LineWriter {
  const descriptor = typeof destination === 'number' ? destination : openSync(destination, 'a', 0o600)
  const waiting = new WaitingLines()
  let writable = true

  const flush = (): boolean => {
    writable = true
    // By the gathered piece, so that trying again while nothing can be written costs little, however much waits.
    while (writable && waiting.bytes > 0) {
      const piece = waiting.first(GATHERED_BYTES_MAX)
      const written = writeAvailable(descriptor, piece)
      waiting.forget(written)
      writable = written === piece.length
    }
    return writable
  }

  return {
    get writable(): boolean {
      return writable
    },
    get lost(): number {
      return waiting.lost
    },
    write(line: string): void {
      waiting.add(Buffer.from(line))
      if (waiting.bytes >= GATHERED_BYTES_MAX && writable) flush()
      waiting.dropBeyond(WAITING_BYTES_MAX)
    },
    flush,
    close(): void {
      flush()
      if (typeof destination === 'string') closeSync(descriptor)
    },
  }
}

/** Lines in order, the first of which may be partly written. */
class WaitingLines {
  bytes = 0
  lost = 0
  #lines: Buffer[] = []
  #begun = false

  add(line: Buffer): void {
    this.#lines.push(line)
    this.bytes += line.length
  }

  /** Whole lines from the front, together at least `bytesMin` or all there are. */
  first(bytesMin: number): Buffer {
    let bytes = 0
    let count = 0
    while (count < this.#lines.length && bytes < bytesMin) bytes += this.#lines[count++]?.length ?? 0
    return Buffer.concat(this.#lines.slice(0, count))
  }

  /** Takes what was written off the front. */
  forget(written: number): void {
    this.bytes -= written
    let whole = 0
    let rest = written
    for (let line = this.#lines[0]; line !== undefined && line.length <= rest; line = this.#lines[whole]) {
      rest -= line.length
      whole++
    }
    this.#lines.splice(0, whole)
    const [next] = this.#lines
    if (rest > 0 && next !== undefined) this.#lines[0] = next.subarray(rest)
    this.#begun = rest > 0 || (this.#begun && written === 0)
  }

  /** Drops the oldest lines. The rest of a line that is partly written stays, or what is on the disk would be no line. */
  dropBeyond(bytesMax: number): void {
    const from = this.#begun ? 1 : 0
    let count = 0
    while (this.bytes > bytesMax && from + count < this.#lines.length) {
      this.bytes -= this.#lines[from + count]?.length ?? 0
      count++
    }
    this.#lines.splice(from, count)
    this.lost += count
  }
}

/** Bytes written before the descriptor would take no more: a full pipe, a full disk, a reader that is gone. */
function writeAvailable(descriptor: number, bytes: Buffer): number {
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch {
      // Why it failed does not matter to the caller: what is left waits, and until then everything but reads is denied.
      return written
    }
  }
  return written
}
