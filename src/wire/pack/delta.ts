/** Deltas: how a base becomes another object (gitformat-pack, "Deltified representation"). */
import { PackFault } from './pack-fault.ts'

/** Bits of the first byte of a copy: which bytes of the offset and of the size follow. */
const COPY = 0x80
const SIZE_OF_ZERO = 0x10000
/** Below, a loop is faster than a call. */
const LOOP_BYTES_MAX = 24
const SIZE_SHIFT_MAX = 42

/** The two sizes that a delta begins with. One is used again for every delta. */
export class DeltaHeader {
  baseBytes = 0
  resultBytes = 0
  /** Where its instructions begin. */
  end = 0

  parse(delta: Uint8Array, at: number, end: number): void {
    this.end = at
    this.baseBytes = this.#size(delta, end)
    this.resultBytes = this.#size(delta, end)
  }

  #size(delta: Uint8Array, end: number): number {
    let size = 0
    for (let shift = 0; ; shift += 7) {
      if (this.end >= end) throw new PackFault('a delta without its sizes')
      if (shift > SIZE_SHIFT_MAX) throw new PackFault('a delta with a size of too many bytes')
      const byte = delta[this.end++] ?? 0
      size += (byte & 0x7f) * 2 ** shift
      if ((byte & 0x80) === 0) return size
    }
  }
}

/** Bytes in a larger array: from `at`, `size` of them. */
export interface Span {
  readonly bytes: Uint8Array
  readonly at: number
  readonly size: number
}

/** Follows the instructions of `delta` from `at` up to `end`. They must fill all of the result, and may read nothing but the base. */
export function applyDelta(delta: Uint8Array, at: number, end: number, base: Span, result: Span): void {
  let out = result.at
  const outEnd = result.at + result.size
  while (at < end) {
    const code = delta[at++] ?? 0
    if (code === 0) throw new PackFault('a delta with a reserved instruction')
    if ((code & COPY) === 0) {
      if (code > end - at || code > outEnd - out) throw new PackFault('a delta that adds more than it may')
      for (const stop = at + code; at < stop; ) result.bytes[out++] = delta[at++] ?? 0
      continue
    }
    let from = 0
    let size = 0
    if (code & 0x01) from = delta[at++] ?? 0
    if (code & 0x02) from += (delta[at++] ?? 0) << 8
    if (code & 0x04) from += (delta[at++] ?? 0) << 16
    if (code & 0x08) from += (delta[at++] ?? 0) * 0x1000000
    if (code & 0x10) size = delta[at++] ?? 0
    if (code & 0x20) size += (delta[at++] ?? 0) << 8
    if (code & 0x40) size += (delta[at++] ?? 0) << 16
    if (at > end) throw new PackFault('a delta that ends in an instruction')
    if (size === 0) size = SIZE_OF_ZERO
    if (from + size > base.size || size > outEnd - out) throw new PackFault('a delta that copies more than it may')
    copy(base.bytes, base.at + from, size, result.bytes, out)
    out += size
  }
  if (out !== outEnd) throw new PackFault('a delta that makes less than it says')
}

/** The base and the result do not overlap. */
function copy(source: Uint8Array, from: number, size: number, target: Uint8Array, to: number): void {
  if (size <= LOOP_BYTES_MAX) for (const stop = from + size; from < stop; ) target[to++] = source[from++] ?? 0
  else if (source === target) target.copyWithin(to, from, from + size)
  else target.set(source.subarray(from, from + size), to)
}
