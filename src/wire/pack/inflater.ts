/** Inflates one zlib stream after another, and says exactly where each ends (RFC 1950). */
import assert from 'node:assert/strict'
import { createInflate } from 'node:zlib'
import { PackFault } from './pack-fault.ts'

/**
 * The part of Node's zlib below its streams. Its public functions make a new inflater for each call, which takes five times as
 * long as a small object does, and can neither be given a part of the input nor of the output.
 */
interface Handle {
  reset(): void
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputBytes: number,
    output: Uint8Array,
    outputAt: number,
    outputBytes: number,
  ): void
  onerror: (message: string) => void
}

/** Fits any window. */
const WINDOW_BITS = 15
/** Of the stream's own buffer, which is not used. */
const LEAST_CHUNK_BYTES = 64

export class Inflater {
  /** Of the input and the output of the last call. */
  consumed = 0
  produced = 0
  readonly #stream = createInflate({ windowBits: WINDOW_BITS, chunkSize: LEAST_CHUNK_BYTES })
  readonly #handle: Handle
  /** Bytes left of the output and of the input. */
  readonly #left: Uint32Array
  #fault: string | null = null

  constructor() {
    const { _handle: handle, _writeState: left } = this.#stream as unknown as { _handle: unknown; _writeState: unknown }
    assert(isHandle(handle) && left instanceof Uint32Array && left.length === 2, 'another zlib than that of Node 24')
    this.#handle = handle
    this.#left = left
    // oxlint-disable-next-line prefer-add-event-listener -- what lies below the streams has no listeners.
    handle.onerror = (message) => {
      this.#fault = message
    }
  }

  begin(): void {
    this.#handle.reset()
  }

  /**
   * Takes input from `at` up to `end` and fills output likewise. True at the end of the stream. The output must have room for a byte
   * more than the stream should have, and both must have a byte or more: then what stops before both are used up has ended.
   */
  inflate(
    input: Uint8Array,
    at: number,
    end: number,
    output: Uint8Array,
    outputAt: number,
    outputEnd: number,
  ): boolean {
    // What lies outside would end the process.
    assert(at >= 0 && at < end && end <= input.length && outputAt >= 0 && outputAt < outputEnd)
    assert(outputEnd <= output.length)
    this.#handle.writeSync(0, input, at, end - at, output, outputAt, outputEnd - outputAt)
    if (this.#fault !== null) throw new PackFault(`an object does not inflate: ${this.#fault}`)
    const outputLeft = this.#left[0] ?? 0
    const inputLeft = this.#left[1] ?? 0
    this.consumed = end - at - inputLeft
    this.produced = outputEnd - outputAt - outputLeft
    return inputLeft > 0 && outputLeft > 0
  }

  /** Lets go of its memory. */
  close(): void {
    this.#stream.close()
  }
}

function isHandle(value: unknown): value is Handle {
  if (typeof value !== 'object' || value === null) return false
  const { reset, writeSync } = value as { reset?: unknown; writeSync?: unknown }
  return typeof reset === 'function' && typeof writeSync === 'function'
}
