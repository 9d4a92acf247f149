/** Reads the members of a zip: header, content, and the sizes that may stand behind it (APPNOTE.TXT sections 4.3.7 to 4.3.9). */
import { crc32, inflateRawSync, type InflateRaw } from 'node:zlib'
import { parseZipExtra, parseZipLocal, ZIP_DESCRIPTOR, type ZipEntry, zipLocalBytes } from '../../wire/zip-records.ts'
import { Inflater, zstdWindowLogMax } from '../inflater.ts'
import type { LeafReader } from '../leaf.ts'
import type { PieceSource } from '../piece-source.ts'
import { type Nest, WrappingFault } from '../wrapping.ts'
import { asFault } from './compression.ts'
import { zipTypeOf } from './zip-type.ts'

export interface ZipMember {
  /** With the sizes that its content really has. */
  readonly entry: ZipEntry
  readonly bytes: Uint8Array
}

/** What is inflated at once, since streams cost more than so few bytes. */
const inflatedAtOnceBytesMax = 65_536

const ENCRYPTED = 0x0001
const SIZES_BEHIND = 0x0008
const STRONGLY_ENCRYPTED = 0x0040
const HEADER_HIDDEN = 0x2000
const AES_METHOD = 99

interface Sums {
  size: number
  checksum: number
}

export class ZipMembers {
  readonly #nest: Nest
  #inflater: Inflater | null = null
  #count = 0

  constructor(nest: Nest) {
    this.#nest = nest
  }

  close(): void {
    this.#inflater?.close()
    this.#inflater = null
  }

  /** From behind the signature of its header to the end of its content. */
  async read(source: PieceSource): Promise<ZipMember> {
    this.#nest.countMember()
    const fixed = parseZipLocal(await source.take(zipLocalBytes))
    if (fixed.state !== 'done') throw new WrappingFault('its zip ends too early')
    const bytes = await source.take(fixed.value.nameBytes)
    const extra = parseZipExtra(await source.take(fixed.value.extraBytes), fixed.value)
    if (extra.state !== 'done') throw new WrappingFault(extra.state === 'bad' ? extra.fault : 'its zip ends too early')
    const { entry, isAes } = extra.value
    const name = bytes.toString()
    const type = zipTypeOf(name)
    if (type !== null) this.#nest.tellType(type)
    this.#count += 1
    const isEncrypted = (entry.flags & (ENCRYPTED | STRONGLY_ENCRYPTED | HEADER_HIDDEN)) !== 0
    if (isEncrypted || isAes || entry.method === AES_METHOD) {
      this.#nest.tellEncrypted('a member of a zip', name)
      return { entry: await this.#skip(source, entry), bytes }
    }
    return { entry: await this.#content(source, entry, name), bytes }
  }

  /** Content that nobody can read here; where its size stands behind it, the next record tells where it ends. */
  async #skip(source: PieceSource, entry: ZipEntry): Promise<ZipEntry> {
    for (let left = entry.compressedSize; left > 0; ) {
      const piece = await source.some()
      if (piece === null) throw new WrappingFault('its zip ends too early')
      const size = Math.min(left, piece.length)
      source.skip(size)
      left -= size
    }
    const isSized = (entry.flags & SIZES_BEHIND) === 0
    if (isSized) return entry
    if (entry.compressedSize === 0) throw new WrappingFault('its zip has an encrypted member whose end cannot be told')
    return this.#behind(source, entry, null)
  }

  async #content(source: PieceSource, entry: ZipEntry, name: string): Promise<ZipEntry> {
    const isBehind = (entry.flags & SIZES_BEHIND) !== 0
    const isFolder = name.endsWith('/') && entry.compressedSize === 0 && !isBehind
    if (isFolder) return entry
    const inner = this.#nest.open({
      step: name === '' ? `member ${this.#count}` : name,
      fileName: name,
      contentType: null,
      size: isBehind ? null : entry.size,
    })
    const sums: Sums = { size: 0, checksum: 0 }
    const take = (piece: Uint8Array): void | Promise<void> => {
      this.#nest.countInflated(piece.length)
      sums.size += piece.length
      sums.checksum = crc32(piece, sums.checksum)
      return inner.push(piece)
    }
    const compressedSize = await this.#unpack(source, entry, name, take)
    const isOpaque = !OPENED.has(entry.method)
    const real = { ...entry, compressedSize, size: isOpaque ? entry.size : sums.size }
    const said = isBehind ? await this.#behind(source, real, isOpaque ? null : sums) : entry
    await inner.end(null)
    if (!isOpaque && (said.size !== sums.size || said.compressedSize !== compressedSize))
      this.#nest.tell('its zip has a member of another size than its header says')
    else if (!isOpaque && said.checksum !== sums.checksum) this.#nest.tell('its zip has a member with a wrong checksum')
    return said
  }

  /** Hands on the content, and answers how many bytes it took in the archive. */
  async #unpack(source: PieceSource, entry: ZipEntry, name: string, take: LeafReader['push']): Promise<number> {
    const isBehind = (entry.flags & SIZES_BEHIND) !== 0
    const isOpenEnded = isBehind && entry.compressedSize === 0
    if (entry.method === STORED || !OPENED.has(entry.method)) {
      if (isOpenEnded) throw new WrappingFault('its zip has a member whose end cannot be told')
      if (entry.method !== STORED) this.#nest.tellUnopened(`a zip member of method ${entry.method}`, name)
      await stream(source, entry.compressedSize, take)
      return entry.compressedSize
    }
    if (isOpenEnded) return this.#inflateOpenEnded(source, entry.method, take)
    if (entry.method === DEFLATED && entry.compressedSize <= inflatedAtOnceBytesMax) {
      const compressed = await source.take(entry.compressedSize)
      const whole = inflateAtOnce(compressed)
      if (whole !== null) {
        if (whole.length > 0) await take(whole)
        return entry.compressedSize
      }
      source.putBack(compressed)
    }
    await this.#inflate(source, entry.method, entry.compressedSize, take)
    return entry.compressedSize
  }

  async #inflate(source: PieceSource, method: number, compressedSize: number, take: LeafReader['push']): Promise<void> {
    const inflater = this.#start(method, take)
    try {
      await stream(source, compressedSize, (piece) => inflater.feed(piece))
      await inflater.finish()
    } catch (error) {
      throw asFault(error, 'its zip has a member that is broken')
    } finally {
      this.#stop(method)
    }
    if (inflater.consumed !== compressedSize) throw new WrappingFault('its zip has a member with bytes behind its end')
  }

  async #inflateOpenEnded(source: PieceSource, method: number, take: LeafReader['push']): Promise<number> {
    const inflater = this.#start(method, take)
    let fed = 0
    try {
      while (!inflater.ended) {
        const piece = await source.some()
        if (piece === null) throw new WrappingFault('its zip ends too early')
        fed += piece.length
        await inflater.feed(piece)
        source.skip(inflater.ended ? piece.length - (fed - inflater.consumed) : piece.length)
      }
    } catch (error) {
      throw asFault(error, 'its zip has a member that is broken')
    } finally {
      this.#stop(method)
    }
    return inflater.consumed
  }

  #start(method: number, take: LeafReader['push']): Inflater {
    if (method === ZSTD && !this.#nest.reserve(ZSTD_WINDOW_BYTES))
      throw new WrappingFault('it takes more memory to open than an examination may')
    this.#inflater = new Inflater(method === ZSTD ? 'zstd' : 'deflate', take)
    return this.#inflater
  }

  #stop(method: number): void {
    this.close()
    if (method === ZSTD) this.#nest.release(ZSTD_WINDOW_BYTES)
  }

  /** The sizes behind the content, with or without a signature, of 32 or 64 bits each. Null where the real ones are not known. */
  async #behind(source: PieceSource, real: ZipEntry, sums: Sums | null): Promise<ZipEntry> {
    let first = await source.take(4)
    if (first.length === 4 && first.readUInt32LE() === ZIP_DESCRIPTOR) first = await source.take(4)
    const narrow = await source.take(8)
    if (first.length < 4 || narrow.length < 8) throw new WrappingFault('its zip ends too early')
    const checksum = first.readUInt32LE()
    const [compressedSize, size] = [narrow.readUInt32LE(0), narrow.readUInt32LE(4)]
    const isNarrow = compressedSize === real.compressedSize && (sums === null || size === sums.size)
    if (isNarrow) return { ...real, checksum, compressedSize, size }
    const wide = Buffer.concat([narrow, await source.take(8)])
    if (wide.length < 16) throw new WrappingFault('its zip ends too early')
    const [wideCompressed, wideSize] = [Number(wide.readBigUInt64LE(0)), Number(wide.readBigUInt64LE(8))]
    if (wideCompressed !== real.compressedSize) throw new WrappingFault('its zip has a member whose end cannot be told')
    return { ...real, checksum, compressedSize: wideCompressed, size: wideSize }
  }
}

const STORED = 0
const DEFLATED = 8
const ZSTD = 93
const OPENED = new Set([STORED, DEFLATED, ZSTD])
const ZSTD_WINDOW_BYTES = 2 ** zstdWindowLogMax

async function stream(source: PieceSource, bytes: number, take: LeafReader['push']): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const piece = await source.some()
    if (piece === null) throw new WrappingFault('its zip ends too early')
    const size = Math.min(left, piece.length)
    await take(piece.subarray(0, size))
    source.skip(size)
    left -= size
  }
}

/** Null where it comes to too much for that, or is broken: then the stream says so. */
function inflateAtOnce(compressed: Uint8Array): Uint8Array | null {
  try {
    const options = { maxOutputLength: OUTPUT_AT_ONCE_BYTES_MAX, info: true }
    const { buffer, engine } = inflateRawSync(compressed, options) as unknown as { buffer: Buffer; engine: InflateRaw }
    return engine.bytesWritten === compressed.length ? buffer : null
  } catch {
    // Read again piece by piece, which says what is wrong.
    return null
  }
}

const OUTPUT_AT_ONCE_BYTES_MAX = 262_144
