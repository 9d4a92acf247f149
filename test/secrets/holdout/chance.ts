/** Seeded chance of the hold-out set: the same label draws the same values on every machine. */

export class Chance {
  #state: number

  constructor(label: string) {
    this.#state = hash(label)
  }

  /** From 0 up to `end`, without it (mulberry32). */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.below(list.length)]
    if (chosen === undefined) throw new Error('there is nothing to pick from')
    return chosen
  }

  /** In another order. */
  mix<T>(list: readonly T[]): readonly T[] {
    return list
      .map((item) => ({ item, place: this.below(0x40000000) }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ item }) => item)
  }

  some<T>(list: readonly T[], count: number): readonly T[] {
    return this.mix(list).slice(0, count)
  }

  chars(alphabet: string, count: number): string {
    let drawn = ''
    for (let at = 0; at < count; at++) drawn += alphabet.charAt(this.below(alphabet.length))
    return drawn
  }

  bytes(count: number): Buffer {
    const drawn = Buffer.alloc(count)
    for (let at = 0; at < count; at++) drawn[at] = this.below(256)
    return drawn
  }

  times<T>(least: number, most: number, make: (at: number) => T): readonly T[] {
    return Array.from({ length: this.between(least, most) }, (_, at) => make(at))
  }
}

/** FNV-1a over UTF-16 units, mixed once more so that labels that differ in one place draw nothing alike. */
function hash(label: string): number {
  let state = 0x811c9dc5
  for (let at = 0; at < label.length; at++) state = Math.imul(state ^ label.charCodeAt(at), 0x01000193)
  return Math.imul(state ^ (state >>> 16), 0x85ebca6b) >>> 0
}
