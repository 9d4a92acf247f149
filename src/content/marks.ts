/** What tells inside a file that it is encrypted: a word of its format, found as its bytes stream by. */

/** What a file is, as far as it decides which words are looked for. */
export type MarkedKind = 'text' | 'pdf' | 'cfb' | '7z' | 'rar'

interface Mark {
  readonly word: Buffer
  /** In words that stand behind "has": what it means. */
  readonly what: string
  /** What must stand behind the word. */
  readonly behind: RegExp | null
}

/** No word of a text is shorter. */
export const markedTextBytesMin = 16

/** Of what stands behind a word. */
const BEHIND_BYTES = 8

export class MarkScan {
  readonly #marks: readonly Mark[]
  readonly #longest: number
  #tail: Buffer = Buffer.alloc(0)
  #found: string | null = null

  /** `skip`: bytes at the beginning in which words mean nothing. */
  constructor(kind: MarkedKind, skip = 0) {
    this.#marks = MARKS[kind]
    this.#longest = Math.max(0, ...this.#marks.map(({ word }) => word.length)) + BEHIND_BYTES
    this.#skip = skip
  }

  #skip: number

  /** What was found, once. */
  get found(): string | null {
    return this.#found
  }

  push(piece: Uint8Array): void {
    if (this.#found !== null || this.#marks.length === 0) return
    if (this.#skip >= piece.length) {
      this.#skip -= piece.length
      return
    }
    const view = Buffer.from(piece.buffer, piece.byteOffset, piece.length).subarray(this.#skip)
    this.#skip = 0
    this.#search(Buffer.concat([this.#tail, view.subarray(0, this.#longest)]), this.#tail.length)
    this.#search(view, view.length)
    const kept = Math.max(0, view.length - this.#longest)
    this.#tail = view.length >= this.#longest ? Buffer.from(view.subarray(kept)) : this.#joined(view)
  }

  #joined(view: Buffer): Buffer {
    const joined = Buffer.concat([this.#tail, view])
    return joined.subarray(Math.max(0, joined.length - this.#longest))
  }

  /** Words that begin before `before`. */
  #search(bytes: Buffer, before: number): void {
    for (const { word, what, behind } of this.#marks) {
      for (let at = bytes.indexOf(word); at !== -1 && at < before; at = bytes.indexOf(word, at + 1)) {
        const end = at + word.length
        if (behind === null || behind.test(bytes.toString('latin1', end, end + BEHIND_BYTES))) this.#found ??= what
      }
    }
  }
}

function mark(word: string | Buffer, what: string, behind: RegExp | null = null): Mark {
  return { word: typeof word === 'string' ? Buffer.from(word, 'latin1') : word, what, behind }
}

const MARKS: Readonly<Record<MarkedKind, readonly Mark[]>> = {
  text: [
    mark('\n-----BEGIN PGP MESSAGE-----', 'an OpenPGP message', /^\r?\n/),
    mark('\n-----BEGIN AGE ENCRYPTED FILE-----', 'a file of age', /^\r?\n/),
    mark('$ANSIBLE_VAULT;1.', 'an Ansible vault', /^[0-9];AES/),
  ],
  pdf: [mark('/Encrypt', 'an encrypted PDF', /^\s*(?:[0-9]|<<)/)],
  cfb: [mark(Buffer.from('EncryptedPackage', 'utf16le'), 'an encrypted Office file')],
  // Method 06F10701 is AES of 7-Zip; it stands in the header behind all content, unless that is packed.
  '7z': [mark(Buffer.from('06f10701', 'hex'), 'an encrypted 7z')],
  rar: [],
}
