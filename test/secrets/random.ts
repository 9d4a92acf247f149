/** Chance with a seed, so that the labelled set is the same each time: xorshift by Marsaglia, and the alphabets of credentials. */

export const DIGITS = '0123456789'
export const LOWER = 'abcdefghijklmnopqrstuvwxyz'
export const UPPER = LOWER.toUpperCase()
export const HEX = `${DIGITS}abcdef`
export const ALNUM = DIGITS + UPPER + LOWER
export const LOWER_ALNUM = DIGITS + LOWER
export const UPPER_ALNUM = DIGITS + UPPER
export const BASE32 = `${UPPER}234567`
export const BASE64 = `${ALNUM}+/`
export const BASE64URL = `${ALNUM}-_`
/** Of Bech32: no 1, b, i, o (BIP 173). */
export const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

export interface Random {
  /** From 0 up to and without `below`. */
  int(below: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  text(alphabet: string, length: number): string
  /** `length` between both ends, both included. */
  between(alphabet: string, min: number, max: number): string
  bytes(length: number): Buffer
}

export function createRandom(seed: number): Random {
  let state = seed === 0 ? 0x9e3779b9 : seed >>> 0
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  // The first words of a small seed are small.
  for (let turn = 0; turn < 8; turn += 1) next()
  const random: Random = {
    int: (below) => next() % below,
    pick: (list) => list[next() % list.length] ?? list[0],
    text: (alphabet, length) => Array.from({ length }, () => alphabet[next() % alphabet.length]).join(''),
    between: (alphabet, min, max) => random.text(alphabet, min + (next() % (max - min + 1))),
    bytes: (length) => Buffer.from(Array.from({ length }, () => next() & 0xff)),
  }
  return random
}

/** A seed of its own for each name, so that a new kind changes no sample of another one. */
export function seedOf(name: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

export function uuid(random: Random): string {
  const hex = random.text(HEX, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
