/** Holds the directory of a zip to the headers that stand in front of its members: a reader goes by one or by the other. */
import { hash } from 'node:crypto'
import type { ZipEntry } from '../../wire/zip-records.ts'

export class ZipDirectory {
  /** By where their header stands, what it says. The examination bounds how many there are. */
  readonly #locals = new Map<number, string>()
  readonly #before: number
  /** What is to be taken off the places that the directory names, once that is known. */
  #shift: number | null = null

  /** `before`: bytes that stand in front of the archive; its directory may count them or not. */
  constructor(before: number) {
    this.#before = before
  }

  addLocal(at: number, entry: ZipEntry, name: Uint8Array): void {
    this.#locals.set(at, digestOf(entry, name))
  }

  /** What is wrong with it, in words. */
  addCentral(entry: ZipEntry, name: Uint8Array): string | null {
    const digest = digestOf(entry, name)
    this.#shift ??= this.#locals.get(entry.localAt) === digest ? 0 : this.#before
    const at = entry.localAt - this.#shift
    const local = this.#locals.get(at)
    this.#locals.delete(at)
    if (local === undefined) return 'its zip has a directory that names a member which is not there, or twice'
    return local === digest ? null : 'its zip has a directory that says something else of a member than its header'
  }

  end(): string | null {
    return this.#locals.size === 0 ? null : 'its zip has members that its directory does not name'
  }
}

/** A digest, since names may be long. */
function digestOf({ method, compressedSize, size }: ZipEntry, name: Uint8Array): string {
  const said = Buffer.concat([Buffer.from(`${method} ${compressedSize} ${size} `), name])
  return hash('sha256', said, 'base64').slice(0, DIGEST_CHARACTERS)
}

const DIGEST_CHARACTERS = 20
