/** The entries of a tree: mode, name and id of each (git's `tree.h`; gitformat-index names the modes). */

export type EntryKind = 'file' | 'tree' | 'symlink' | 'submodule'

const NUL = 0
const SPACE = 0x20
const SLASH = 0x2f
const ZERO = 0x30
const MODE_DIGITS_MAX = 7
const KIND_BITS = 0o170000
const KINDS: ReadonlyMap<number, EntryKind> = new Map<number, EntryKind>([
  [0o040000, 'tree'],
  [0o120000, 'symlink'],
  [0o160000, 'submodule'],
])

/** Goes from entry to entry without making anything of them. One is used again for every tree. */
export class TreeEntries {
  kind: EntryKind = 'file'
  mode = 0
  /** Of the name, in the bytes of the tree. */
  nameAt = 0
  nameEnd = 0
  idAt = 0
  /** What keeps the rest of the tree from being read, or null. */
  fault: string | null = null
  /** A name or a mode that git does not write: what reads it may take it for something else. */
  isOdd = false
  readonly #idBytes: number
  #bytes: Uint8Array = new Uint8Array()
  #at = 0

  constructor(idBytes: number) {
    this.#idBytes = idBytes
  }

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#at = 0
    this.fault = null
  }

  /** False where there are no more. */
  next(): boolean {
    if (this.#at === this.#bytes.length) return false
    this.fault = this.#read()
    return this.fault === null
  }

  #read(): string | null {
    const bytes = this.#bytes
    let at = this.#at
    let mode = 0
    const isPadded = bytes[at] === ZERO
    for (let byte = bytes[at]; byte !== SPACE; byte = bytes[++at]) {
      if (byte === undefined || byte < ZERO || byte > ZERO + 7 || at - this.#at === MODE_DIGITS_MAX) {
        return 'a tree with a mode that is no number'
      }
      mode = mode * 8 + byte - ZERO
    }
    if (at === this.#at) return 'a tree with an entry without a mode'
    this.nameAt = at + 1
    this.nameEnd = bytes.indexOf(NUL, this.nameAt)
    if (this.nameEnd === -1) return 'a tree with a name that does not end'
    if (this.nameEnd === this.nameAt) return 'a tree with an entry without a name'
    this.idAt = this.nameEnd + 1
    this.#at = this.idAt + this.#idBytes
    if (this.#at > bytes.length) return 'a tree with an id that does not end'
    this.mode = mode
    this.kind = KINDS.get(mode & KIND_BITS) ?? 'file'
    this.isOdd = isPadded || this.#hasOddName()
    return null
  }

  #hasOddName(): boolean {
    const { nameAt, nameEnd } = this
    const bytes = this.#bytes
    if (bytes[nameAt] === DOT) {
      const length = nameEnd - nameAt
      if (length === 1 || (length === 2 && bytes[nameAt + 1] === DOT)) return true
      if (length === GIT.length && GIT.every((byte, at) => ((bytes[nameAt + at] ?? 0) | CASE) === byte)) return true
    }
    const slash = bytes.indexOf(SLASH, nameAt)
    return slash !== -1 && slash < nameEnd
  }
}

const DOT = 0x2e
/** Of ASCII letters; a dot has the bit already. */
const CASE = 0x20
/** `.git` */
const GIT = [0x2e, 0x67, 0x69, 0x74]
