/** What is in an upload, added up over all its pieces: the facts that conditions ask for. */
import type { Place } from '../flow/content.ts'
import { keeps, kindOfName, kindOfType } from './declared-kind.ts'

/** Of each list of places. What is left out is counted. */
export const toldPlacesMax = 64
export const typesMax = 256

/** Fewer bytes say nothing about how random they are. */
export const entropyBytesMin = 1_024

export interface PayloadFacts {
  /** Bytes of the upload itself. */
  readonly bytes: number
  /** Bytes of all innermost pieces, after every wrapping. */
  readonly innerBytes: number
  /** Innermost pieces. */
  readonly pieces: number
  /** Media types of what was found anywhere, wrappings included, by their bytes; in order of appearance. */
  readonly types: readonly string[]
  /** There were more of them than are kept. */
  readonly moreTypes: boolean
  readonly entropy: Entropy | null
  readonly archive: ArchiveFacts | null
  readonly encrypted: Told<EncryptedPiece>
  readonly mismatches: Told<Mismatch>
}

/** Of innermost pieces of 1 KiB and more, in bits for each byte. */
export interface Entropy {
  readonly highest: number
  readonly highestAt: Place
  /** Mean by size. */
  readonly mean: number
  /** The highest of those whose bytes tell no type, as those of encrypted files do not. */
  readonly highestUntyped: number | null
}

export interface ArchiveFacts {
  /** `zip`, `tar`, `gzip`, `7z` and so on. */
  readonly kinds: readonly string[]
  /** How deep archives lie in one another: 1 for an archive with no other one in it. */
  readonly depth: number
  readonly members: number
  readonly unopened: Told<UnopenedArchive>
}

export interface UnopenedArchive {
  readonly kind: string
  readonly place: Place
  readonly why: string
}

export interface EncryptedPiece {
  readonly what: string
  readonly place: Place
}

export interface Mismatch {
  readonly place: Place
  /** The media type or the name that promises something else. */
  readonly declared: string
  readonly found: string
}

/** The first of them, and how many more there are. */
export interface Told<T> {
  readonly first: readonly T[]
  readonly more: number
}

export interface SeenPiece {
  readonly place: Place
  readonly declaredType: string | null
  readonly fileName: string | null
  /** Null where the bytes do not tell. */
  readonly type: string | null
  readonly isText: boolean
  readonly bytes: number
  /** Null where it was opened, or has too few bytes. */
  readonly entropy: number | null
  /** Whether what is inside is told by itself. */
  readonly isOpened: boolean
  /** It may stand here by chance alone, as what a text decodes to that looks like base64. */
  readonly isGuess: boolean
}

export class FactCounts {
  readonly #types = new Set<string>()
  readonly #kinds = new Set<string>()
  readonly #unopened = new FirstOf<UnopenedArchive>()
  readonly #encrypted = new FirstOf<EncryptedPiece>()
  readonly #mismatches = new FirstOf<Mismatch>()
  #moreTypes = false
  #innerBytes = 0
  #pieces = 0
  #depth = 0
  #members = 0
  #highest: { readonly bits: number; readonly place: Place } | null = null
  #highestUntyped: number | null = null
  #weighted = 0
  #weightedBytes = 0

  countMember(): number {
    this.#members += 1
    return this.#members
  }

  addArchive(kind: string, depth: number): void {
    this.#kinds.add(kind)
    this.#depth = Math.max(this.#depth, depth)
  }

  addUnopened(unopened: UnopenedArchive): void {
    this.#unopened.add(unopened)
  }

  addEncrypted(piece: EncryptedPiece): void {
    this.#encrypted.add(piece)
  }

  addType(type: string): void {
    if (this.#types.size < typesMax) this.#types.add(type)
    else if (!this.#types.has(type)) this.#moreTypes = true
  }

  addPiece(piece: SeenPiece): void {
    const isNoise = piece.isGuess && piece.type === null && !piece.isText && piece.bytes < entropyBytesMin
    if (!isNoise) this.addType(piece.type ?? UNKNOWN_TYPE)
    if (!piece.isOpened) {
      this.#innerBytes += piece.bytes
      this.#pieces += 1
    }
    if (piece.entropy !== null) this.#addEntropy(piece, piece.entropy)
    this.#addMismatch(piece)
  }

  facts(bytes: number): PayloadFacts {
    const hasArchive = this.#kinds.size > 0
    const highest = this.#highest
    return {
      bytes,
      innerBytes: this.#innerBytes,
      pieces: this.#pieces,
      types: [...this.#types],
      moreTypes: this.#moreTypes,
      entropy:
        highest === null
          ? null
          : {
              highest: highest.bits,
              highestAt: highest.place,
              mean: this.#weighted / this.#weightedBytes,
              highestUntyped: this.#highestUntyped,
            },
      archive: hasArchive
        ? { kinds: [...this.#kinds], depth: this.#depth, members: this.#members, unopened: this.#unopened.told }
        : null,
      encrypted: this.#encrypted.told,
      mismatches: this.#mismatches.told,
    }
  }

  #addEntropy({ place, type, isText, bytes }: SeenPiece, bits: number): void {
    if (this.#highest === null || bits > this.#highest.bits) this.#highest = { bits, place }
    if (type === null && !isText) this.#highestUntyped = Math.max(this.#highestUntyped ?? 0, bits)
    this.#weighted += bits * bytes
    this.#weightedBytes += bytes
  }

  #addMismatch({ place, declaredType, fileName, type, isText, bytes }: SeenPiece): void {
    if (bytes === 0) return
    const real = isText ? 'text' : type === null ? null : kindOfType(type)
    const byType = declaredType === null ? null : kindOfType(declaredType)
    const byName = fileName === null ? null : kindOfName(fileName)
    const broken = byType !== null && !keeps(byType, real) ? declaredType : null
    const declared = broken ?? (byName !== null && !keeps(byName, real) ? fileName : null)
    if (declared !== null) this.#mismatches.add({ place, declared, found: type ?? UNKNOWN_TYPE })
  }
}

/** What the bytes of nothing known are called. */
const UNKNOWN_TYPE = 'application/octet-stream'

export class FirstOf<T> {
  readonly #first: T[] = []
  #more = 0

  add(one: T): void {
    if (this.#first.length < toldPlacesMax) this.#first.push(one)
    else this.#more += 1
  }

  get told(): Told<T> {
    return { first: [...this.#first], more: this.#more }
  }
}
