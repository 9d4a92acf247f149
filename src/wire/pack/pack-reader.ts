/** Reads a git pack as its bytes come, in bounded memory: every object with its type, content and id (gitformat-pack). */
import assert from 'node:assert/strict'
import { createHash, type Hash } from 'node:crypto'
import { packHeaderBytes, parsePackHeader } from '../pack-header.ts'
import { bad, done, type Parse } from '../parse.ts'
import { drive, type Step } from './drive.ts'
import { PACK_LIMITS, type PackLimits } from './limits.ts'
import type { ObjectTable } from './object-table.ts'
import { idBytesOf, type ObjectFormat } from './object-types.ts'
import { PackEntries } from './pack-entries.ts'
import { PackFault } from './pack-fault.ts'
import type { PackSink, PackSummary } from './pack-sink.ts'
import type { PackStore } from './pack-store.ts'

export interface PackReaderOptions {
  readonly objectFormat: ObjectFormat
  readonly store: PackStore
  readonly sink: PackSink
  readonly limits?: PackLimits
}

/** Memory is taken when the header has come, and given back with `close`. */
export function createPackReader(options: PackReaderOptions): PackReader {
  return new PackReader(options)
}

type Phase = 'header' | 'entries' | 'checksum' | 'over'

export class PackReader {
  /** What is wrong, for people; null while nothing is. It stays, and no more is taken. */
  fault: string | null = null
  readonly #options: PackReaderOptions
  readonly #limits: PackLimits
  readonly #idBytes: number
  readonly #hash: Hash
  #phase: Phase = 'header'
  /** The header, and then the checksum, as far as they came. */
  readonly #held: Buffer
  #heldBytes = 0
  #entries: PackEntries | null = null
  #chunk: Uint8Array = NOTHING
  #at = 0
  /** Of the pack, before the chunk. */
  #bytes = 0
  #isBusy = false

  constructor(options: PackReaderOptions) {
    this.#options = options
    this.#limits = options.limits ?? PACK_LIMITS
    this.#idBytes = idBytesOf(options.objectFormat)
    this.#held = Buffer.alloc(Math.max(packHeaderBytes, this.#idBytes))
    this.#hash = createHash(options.objectFormat)
  }

  /** Takes the next bytes, which must stay as they are until the promise is kept, where there is one. Look at `fault` then. */
  push(chunk: Uint8Array): void | Promise<void> {
    if (this.fault !== null || chunk.length === 0) return
    this.#options.store.append(chunk)
    this.#chunk = chunk
    this.#at = 0
    if (this.#phase === 'entries') this.#entries?.feed(chunk, 0, this.#bytes)
    return this.#run(() => this.#step())
  }

  /** No more bytes come: builds the deltas that are left, and says what the pack was. */
  finish(): Parse<PackSummary> | Promise<Parse<PackSummary>> {
    if (this.#phase !== 'over') this.fault ??= 'ends too early'
    const entries = this.#entries
    if (this.fault !== null || entries === null) return this.#answer()
    const waiting = this.#run(() => entries.stepPending())
    return waiting === undefined ? this.#answer() : waiting.then(() => this.#answer())
  }

  /** Every object, when the pack is over. */
  get table(): ObjectTable {
    assert(this.#entries !== null)
    return this.#entries.table
  }

  /** The content of an object once more, as a view until the next call; null where a limit stands before it. When the pack is over. */
  read(index: number): Uint8Array | null {
    assert(this.#phase === 'over' && this.#entries !== null && !this.#isBusy)
    try {
      return this.#entries.read(index)
    } catch (error) {
      if (error instanceof PackFault) return null
      throw error
    }
  }

  /** Lets go of memory outside of JavaScript's. Nothing may be asked afterwards. */
  close(): void {
    this.#entries?.close()
  }

  #answer(): Parse<PackSummary> {
    if (this.fault !== null || this.#entries === null) return bad(this.fault ?? 'ends too early')
    return done(this.#entries.summary(), this.#bytes)
  }

  /** Makes a value of a fault, wherever it is thrown. */
  #run(step: () => Step): void | Promise<void> {
    assert(!this.#isBusy)
    this.#isBusy = true
    try {
      const waiting = drive(step)
      if (waiting !== undefined) return waiting.catch((error) => this.#fail(error)).finally(() => this.#rest())
    } catch (error) {
      this.#fail(error)
    }
    this.#rest()
  }

  #rest(): void {
    this.#isBusy = false
    this.#bytes += this.#chunk.length
    this.#chunk = NOTHING
  }

  #fail(error: unknown): void {
    if (!(error instanceof PackFault)) throw error
    this.fault = error.message
  }

  #step(): Step {
    if (this.#at === this.#chunk.length && this.#phase !== 'entries') return false
    switch (this.#phase) {
      case 'header':
        return this.#stepHeader()
      case 'entries':
        return this.#stepEntries()
      case 'checksum':
        return this.#stepChecksum()
      default:
        throw new PackFault('has bytes behind its checksum')
    }
  }

  #stepHeader(): Step {
    this.#hold(packHeaderBytes)
    const header = parsePackHeader(this.#held.subarray(0, this.#heldBytes))
    if (header.state === 'bad') throw new PackFault(header.fault)
    if (header.state === 'more') return true
    const { objects } = header.value
    const { objectsMax } = this.#limits
    if (objects > objectsMax) throw new PackFault(`has ${objects} objects, more than ${objectsMax}`)
    this.#hash.update(this.#held.subarray(0, packHeaderBytes))
    this.#heldBytes = 0
    const { objectFormat, sink, store } = this.#options
    this.#entries = new PackEntries({ objects, objectFormat, limits: this.#limits, sink, store })
    this.#entries.feed(this.#chunk, this.#at, this.#bytes)
    this.#phase = 'entries'
    return true
  }

  #stepEntries(): Step {
    const entries = this.#entries
    assert(entries !== null)
    const step = entries.step()
    if (step !== false) return step
    this.#hash.update(this.#chunk.subarray(this.#at, entries.at))
    this.#at = entries.at
    if (!entries.isOver) return false
    this.#phase = 'checksum'
    return true
  }

  #stepChecksum(): Step {
    this.#hold(this.#idBytes)
    if (this.#heldBytes < this.#idBytes) return true
    if (!this.#hash.digest().equals(this.#held.subarray(0, this.#idBytes)))
      throw new PackFault('is not what its checksum says')
    this.#phase = 'over'
    return true
  }

  #hold(wanted: number): void {
    const bytes = Math.min(wanted - this.#heldBytes, this.#chunk.length - this.#at)
    this.#held.set(this.#chunk.subarray(this.#at, this.#at + bytes), this.#heldBytes)
    this.#heldBytes += bytes
    this.#at += bytes
  }
}

const NOTHING = new Uint8Array()
