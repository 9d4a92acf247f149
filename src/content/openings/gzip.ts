/** Opens a gzip, member after member (RFC 1952): zlib's own reader loses what stands in front of bytes that are none. */
import { crc32 } from 'node:zlib'
import { parseGzipHeader } from '../../wire/gzip-header.ts'
import { Inflater } from '../inflater.ts'
import type { LeafReader } from '../leaf.ts'
import { openBySource, type PieceSource } from '../piece-source.ts'
import { type Nest, type Opening, WrappingFault } from '../wrapping.ts'
import { asFault, innerName } from './compression.ts'

export function openGzip(nest: Nest): Opening {
  const reader = new GzipReader(nest)
  return openBySource(
    (source) => reader.read(source),
    () => reader.close(),
  )
}

class GzipReader {
  readonly #nest: Nest
  #inflater: Inflater | null = null
  #inner: LeafReader | null = null

  constructor(nest: Nest) {
    this.#nest = nest
  }

  close(): void {
    this.#inflater?.close()
    this.#inflater = null
  }

  async read(source: PieceSource): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const next = await source.take(1)
      if (next.length === 0) break
      source.putBack(next)
      // Readers pass over zeros behind the end, as of a tape.
      if (!isFirst && next[0] === 0) {
        await this.#padding(source)
        break
      }
      if (!isFirst) this.#nest.countMember()
      await this.#member(source, isFirst)
    }
    await this.#inner?.end(null)
  }

  async #member(source: PieceSource, isFirst: boolean): Promise<void> {
    const stored = await this.#header(source)
    const name = innerName(this.#nest.fileName) ?? (stored === '' ? null : stored)
    const step = name ?? 'what the gzip holds'
    if (isFirst) this.#inner = this.#nest.open({ step, fileName: name, contentType: null, size: null })
    let [checksum, size] = [0, 0]
    await this.#inflate(source, (piece) => {
      this.#nest.countInflated(piece.length)
      checksum = crc32(piece, checksum)
      size += piece.length
      return this.#inner?.push(piece)
    })
    const trailer = await source.take(8)
    if (trailer.length < 8) throw new WrappingFault('its gzip ends too early')
    if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== size % 2 ** 32)
      this.#nest.tell('its gzip has a wrong checksum or size')
  }

  async #header(source: PieceSource): Promise<string | null> {
    for (let head: Buffer = Buffer.alloc(0); ; ) {
      const piece = await source.some()
      if (piece === null) throw new WrappingFault('its gzip ends too early')
      head = Buffer.concat([head, piece.subarray(0, HEADER_STEP_BYTES)])
      source.skip(Math.min(piece.length, HEADER_STEP_BYTES))
      const parsed = parseGzipHeader(head)
      if (parsed.state === 'bad') throw new WrappingFault(parsed.fault)
      if (parsed.state === 'more') continue
      source.putBack(head.subarray(parsed.size))
      return parsed.value.name
    }
  }

  async #inflate(source: PieceSource, take: LeafReader['push']): Promise<void> {
    const inflater = new Inflater('deflate', take)
    this.#inflater = inflater
    let fed = 0
    try {
      while (!inflater.ended) {
        const piece = await source.some()
        if (piece === null) throw new WrappingFault('its gzip ends too early')
        fed += piece.length
        await inflater.feed(piece)
        source.skip(inflater.ended ? piece.length - (fed - inflater.consumed) : piece.length)
      }
    } catch (error) {
      throw asFault(error, 'its gzip is broken')
    } finally {
      this.close()
    }
  }

  async #padding(source: PieceSource): Promise<void> {
    for (let piece = await source.some(); piece !== null; piece = await source.some()) {
      if (piece.some((byte) => byte !== 0)) throw new WrappingFault('its gzip has bytes behind its end')
      source.skip(piece.length)
    }
  }
}

const HEADER_STEP_BYTES = 4_096
