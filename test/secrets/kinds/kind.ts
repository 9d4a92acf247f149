/** What a kind of credential is to the labelled set. No sample stands in a file: each is put together from parts when it is wanted. */
import { crc32 } from 'node:zlib'
import type { Random } from '../random.ts'

export interface Kind {
  readonly id: string
  /** Where its shape is written down. */
  readonly page: string
  /** Names that people give it, in snake case. */
  readonly names: readonly [string, ...string[]]
  /** Told by its own shape: it may stand anywhere, without a name beside it. */
  readonly isDistinct: boolean
  make(random: Random): Sample
}

export interface Sample {
  readonly secrets: readonly string[]
  /** Lines that the secrets stand in, where they have a shape of their own (a PEM block, a line of a file); null for a bare value. */
  readonly block: string | null
}

/** A value that is told by its own shape. */
export function token(id: string, page: string, names: Kind['names'], make: (random: Random) => string): Kind {
  return { id, page, names, isDistinct: true, make: (random) => ({ secrets: [make(random)], block: null }) }
}

/** A value that only its name tells. */
export function named(id: string, page: string, names: Kind['names'], make: (random: Random) => string): Kind {
  return { ...token(id, page, names, make), isDistinct: false }
}

/** Lines of their own. */
export function block(id: string, page: string, make: (random: Random) => { secrets: string[]; block: string }): Kind {
  return { id, page, names: ['value'], isDistinct: true, make }
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The CRC-32 of a text in six digits of base 62, as GitHub and npm put it at the end of their tokens. */
export function checksum62(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < 6; place += 1) {
    digits = `${BASE62[rest % 62]}${digits}`
    rest = Math.floor(rest / 62)
  }
  return digits
}

export function hexCrc(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
