/** Writes down the names of files that pieces of an upload have. */
import type { Leaf, LeafReader, LeafWatch } from './leaf.ts'

/** A field in which APIs name a file: `variables.input.fileChanges.additions[0].path`, `file_path`. */
const NAME_FIELD = /(?:^|[.\]])(?:path|file_?path|file_?name)$/i
/** A field of a file whose name is the key: `files.NAME.content` of a gist, `_attachments.NAME.data` of npm. */
const KEY_OF_FILE = /(?:^|\.)(?:files|_attachments)\.(.+)\.(?:content|data)$/
export const namedBytesMax = 4_096

/** Whether a field of this path names a file, or is named after one. */
export function saysFile(path: string): boolean {
  return NAME_FIELD.test(path) || KEY_OF_FILE.test(path)
}

/** Names, and characters of all of them together. */
export const fileNamesMax = 100_000
export const fileNameCharactersMax = 8 * 1024 * 1024

export class FileNames implements LeafWatch {
  readonly #names = new Set<string>()
  #characters = 0
  #isFull = false

  /** In the order in which they came, each once. */
  get all(): readonly string[] {
    return [...this.#names]
  }

  /** There were more. */
  get isFull(): boolean {
    return this.#isFull
  }

  open({ fileName = null, place }: Leaf): LeafReader | null {
    if (fileName !== null) this.add(fileName)
    const field = place.within.at(-1) ?? ''
    const key = KEY_OF_FILE.exec(field)?.[1]
    if (key !== undefined) this.add(key)
    return NAME_FIELD.test(field) ? new NameReader((name) => this.add(name)) : null
  }

  add(name: string): void {
    if (this.#names.has(name)) return
    this.#isFull ||= this.#names.size >= fileNamesMax || this.#characters + name.length > fileNameCharactersMax
    if (this.#isFull) return
    this.#characters += name.length
    this.#names.add(name)
  }
}

/** Reads a value that is the name of a file: one line, from the root. */
class NameReader implements LeafReader {
  readonly #tell: (name: string) => void
  #bytes = Buffer.alloc(0)

  constructor(tell: (name: string) => void) {
    this.#tell = tell
  }

  push(piece: Uint8Array): void {
    if (this.#bytes.length > namedBytesMax) return
    this.#bytes = Buffer.concat([this.#bytes, piece.subarray(0, namedBytesMax + 1 - this.#bytes.length)])
  }

  end(): void {
    const name = this.#bytes.toString().replace(/^\/+/, '')
    if (name !== '' && this.#bytes.length <= namedBytesMax && !name.includes('\n')) this.#tell(name)
  }
}
