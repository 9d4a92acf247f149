/** Opens a zip archive as it streams by, and holds its directory to what was found (APPNOTE.TXT). Jar, docx and wheels are zips. */
import {
  isLikelyZipLocal,
  parseZipCentral,
  parseZipExtra,
  ZIP64_END,
  ZIP64_LOCATOR,
  ZIP_CENTRAL,
  ZIP_DESCRIPTOR,
  ZIP_END,
  ZIP_EXTRA_DATA,
  ZIP_LOCAL,
  ZIP_SIGNATURE,
  zipCentralBytes,
  zipLocalBytes,
} from '../../wire/zip-records.ts'
import { openBySource, type PieceSource } from '../piece-source.ts'
import { type Nest, type Opening, WrappingFault } from '../wrapping.ts'
import { ZipDirectory } from './zip-directory.ts'
import { ZipMembers } from './zip-members.ts'

/** `before` is how many bytes stand in front of the archive, as in a program that unpacks itself. */
export function openZip(nest: Nest, before: number): Opening {
  const members = new ZipMembers(nest)
  return openBySource(
    (source) => new ZipReader(source, nest, members, before).read(),
    () => members.close(),
  )
}

class ZipReader {
  readonly #source: PieceSource
  readonly #nest: Nest
  readonly #members: ZipMembers
  readonly #directory: ZipDirectory
  #state: 'members' | 'directory' | 'end' = 'members'

  constructor(source: PieceSource, nest: Nest, members: ZipMembers, before: number) {
    this.#source = source
    this.#nest = nest
    this.#members = members
    this.#directory = new ZipDirectory(before)
  }

  async read(): Promise<void> {
    for (;;) {
      const at = this.#source.at
      const mark = await this.#source.take(4)
      if (mark.length === 0) break
      const signature = mark.length === 4 ? mark.readUInt32LE() : 0
      if (!(await this.#record(signature, at))) {
        this.#source.putBack(mark)
        await this.#gap()
      }
    }
    if (this.#state !== 'end') throw new WrappingFault('its zip ends before its directory does')
    const fault = this.#directory.end()
    if (fault !== null) this.#nest.tell(fault)
  }

  /** False where no record begins here. */
  async #record(signature: number, at: number): Promise<boolean> {
    switch (signature) {
      case ZIP_LOCAL: {
        // Which of two directories a reader takes, it alone knows.
        if (this.#state !== 'members') this.#nest.tell('its zip goes on behind its directory')
        const name = await this.#members.read(this.#source)
        this.#directory.addLocal(at, name.entry, name.bytes)
        return true
      }
      case ZIP_CENTRAL:
        if (this.#state === 'end') this.#nest.tell('its zip has two directories')
        await this.#central()
        return true
      case ZIP_END:
        if (this.#state === 'end') this.#nest.tell('its zip has two directories')
        await this.#end()
        return true
      case ZIP64_END:
        await this.#skipLong()
        return true
      case ZIP64_LOCATOR:
        await this.#exactly(16)
        return true
      case ZIP_EXTRA_DATA:
        await this.#skip((await this.#exactly(4)).readUInt32LE())
        return true
      case ZIP_SIGNATURE:
        await this.#skip((await this.#exactly(2)).readUInt16LE())
        return true
      case ZIP_DESCRIPTOR:
        // In front of all it marks an archive that was meant to be split, and means nothing.
        return at === 0
      default:
        return false
    }
  }

  async #central(): Promise<void> {
    this.#state = 'directory'
    const parsed = parseZipCentral(await this.#exactly(zipCentralBytes))
    if (parsed.state !== 'done') throw new WrappingFault('its zip has a broken directory')
    const name = await this.#exactly(parsed.value.nameBytes)
    const extra = parseZipExtra(await this.#exactly(parsed.value.extraBytes), parsed.value)
    if (extra.state !== 'done')
      throw new WrappingFault(extra.state === 'bad' ? extra.fault : 'its zip has a broken directory')
    await this.#exactly(parsed.value.commentBytes)
    const fault = this.#directory.addCentral(extra.value.entry, name)
    if (fault !== null) this.#nest.tell(fault)
  }

  async #end(): Promise<void> {
    const fixed = await this.#exactly(18)
    this.#state = 'end'
    await this.#exactly(fixed.readUInt16LE(16))
  }

  async #skipLong(): Promise<void> {
    const size = (await this.#exactly(8)).readBigUInt64LE()
    if (size > BigInt(takenAtOnce)) throw new WrappingFault('its zip has a broken end')
    await this.#skip(Number(size))
  }

  /** Bytes that are no record are looked at as they are, up to the next record. */
  async #gap(): Promise<void> {
    const where = this.#state === 'end' ? 'bytes behind the zip' : 'bytes between the members'
    const inner = this.#nest.open({ step: where, fileName: null, contentType: null, size: null })
    for (let held = Buffer.alloc(0); ; ) {
      const piece = await this.#source.some()
      if (piece === null) {
        await inner.push(held)
        break
      }
      const bytes = Buffer.concat([held, piece])
      this.#source.skip(piece.length)
      const at = nextRecord(bytes)
      if (at !== -1) {
        await inner.push(bytes.subarray(0, at))
        this.#source.putBack(bytes.subarray(at))
        break
      }
      const kept = Math.min(bytes.length, zipLocalBytes + 3)
      await inner.push(bytes.subarray(0, bytes.length - kept))
      held = Buffer.from(bytes.subarray(bytes.length - kept))
    }
    await inner.end(null)
  }

  async #exactly(bytes: number): Promise<Buffer> {
    const taken = await this.#source.take(bytes)
    if (taken.length < bytes) throw new WrappingFault('its zip ends too early')
    return taken
  }

  async #skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      left -= (await this.#exactly(Math.min(left, takenAtOnce))).length
    }
  }
}

const takenAtOnce = 65_536

/** Where the next record begins that one would go on with; -1 where none does. */
function nextRecord(bytes: Buffer): number {
  for (let at = bytes.indexOf('PK', 0, 'latin1'); at !== -1; at = bytes.indexOf('PK', at + 1, 'latin1')) {
    if (bytes.length < at + 4) return -1
    const signature = bytes.readUInt32LE(at)
    if (signature === ZIP_CENTRAL || signature === ZIP_END || signature === ZIP64_END) return at
    if (signature === ZIP_LOCAL && isLikelyZipLocal(bytes.subarray(at + 4))) return at
  }
  return -1
}
