/** Opens a tar archive as it streams by: ustar, pax and GNU. */
import {
  isTarHeader,
  parsePaxRecords,
  parseTarHeader,
  type PaxRecords,
  type TarHeader,
  tarBlockBytes,
} from '../../wire/tar-header.ts'
import { openBySource, type PieceSource } from '../piece-source.ts'
import { type Nest, type Opening, WrappingFault } from '../wrapping.ts'

/** Of a pax header or a long name. */
export const tarExtensionBytesMax = 1024 * 1024

export function openTar(nest: Nest): Opening {
  return openBySource(
    (source) => new TarReader(source, nest).read(),
    () => undefined,
  )
}

class TarReader {
  readonly #source: PieceSource
  readonly #nest: Nest
  /** What headers in front of the next member say of it. */
  #longName: string | null = null
  #pax: PaxRecords | null = null

  constructor(source: PieceSource, nest: Nest) {
    this.#source = source
    this.#nest = nest
  }

  async read(): Promise<void> {
    for (;;) {
      const block = await this.#source.take(tarBlockBytes)
      if (block.length === 0) {
        // Without its end of two empty blocks it was cut off, or is of a program that leaves them out.
        return
      }
      if (block.length < tarBlockBytes) throw new WrappingFault('its tar ends too early')
      if (block.every((byte) => byte === 0)) {
        await this.#behind()
        return
      }
      const header = parseTarHeader(block)
      if (header.state !== 'done')
        throw new WrappingFault(header.state === 'bad' ? header.fault : 'its tar ends too early')
      await this.#entry(header.value)
    }
  }

  async #entry(header: TarHeader): Promise<void> {
    switch (header.kind) {
      case 'long name':
        this.#longName = textOf(await this.#extension(header.size))
        break
      case 'long link':
        await this.#extension(header.size)
        break
      case 'global pax':
      case 'pax': {
        const records = parsePaxRecords(await this.#extension(header.size))
        if (records.state !== 'done')
          throw new WrappingFault(records.state === 'bad' ? records.fault : 'its tar ends too early')
        if (header.kind === 'pax') this.#pax = records.value
        // Readers disagree whether the size or the name of every file may be set at once.
        else if (records.value.size !== null || records.value.path !== null)
          throw new WrappingFault('its tar has one name or size for all members')
        break
      }
      default:
        await this.#member(header)
        this.#longName = null
        this.#pax = null
    }
  }

  async #member(header: TarHeader): Promise<void> {
    this.#nest.countMember()
    const name = this.#pax?.path ?? this.#longName ?? header.name
    const size = this.#pax?.size ?? header.size
    if (header.kind === 'link' || header.kind === 'folder') {
      // Some readers take what follows for content, and others for the next header.
      if (size > 0) throw new WrappingFault('its tar has a size on a member without content')
      return
    }
    if (header.kind === 'sparse') await this.#skipMap(header)
    const inner = this.#nest.open({ step: name, fileName: name, contentType: null, size })
    for (let left = size; left > 0; ) {
      const piece = await this.#source.some()
      if (piece === null) throw new WrappingFault('its tar ends too early')
      const part = piece.subarray(0, left)
      await inner.push(part)
      this.#source.skip(part.length)
      left -= part.length
    }
    await inner.end(null)
    await this.#padding(size)
  }

  async #skipMap(header: TarHeader): Promise<void> {
    for (let goesOn = header.mapGoesOn; goesOn; ) {
      const block = await this.#source.take(tarBlockBytes)
      if (block.length < tarBlockBytes) throw new WrappingFault('its tar ends too early')
      goesOn = block[504] === 1
    }
  }

  async #extension(size: number): Promise<Uint8Array> {
    if (size > tarExtensionBytesMax)
      throw new WrappingFault(`its tar has a header of more than ${tarExtensionBytesMax} bytes`)
    const bytes = await this.#source.take(size)
    if (bytes.length < size) throw new WrappingFault('its tar ends too early')
    await this.#padding(size)
    return bytes
  }

  async #padding(size: number): Promise<void> {
    const bytes = (tarBlockBytes - (size % tarBlockBytes)) % tarBlockBytes
    if ((await this.#source.take(bytes)).length < bytes) throw new WrappingFault('its tar ends too early')
  }

  /** The end is empty blocks, up to a round size. A reader that is told to goes on behind them. */
  async #behind(): Promise<void> {
    let hasMore = false
    for (;;) {
      const block = await this.#source.take(tarBlockBytes)
      if (block.length === 0) return
      if (!hasMore && block.some((byte) => byte !== 0)) {
        hasMore = true
        this.#nest.tell(isTarHeader(block) ? 'its tar goes on behind its end' : 'its tar has bytes behind its end')
      }
    }
  }
}

function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString()
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}
