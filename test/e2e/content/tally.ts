/** Counts what became of marked and harmless files, channel by condition, and prints it at the end of a test file. */

export class Tally {
  readonly #what: string
  readonly #channels = new Set<string>()
  readonly #conditions = new Set<string>()
  #denied = 0
  #benign = 0
  readonly through: string[] = []
  readonly stopped: string[] = []

  constructor(what: string) {
    this.#what = what
  }

  count(channel: string, condition: string, kind: 'marked' | 'harmless', isThrough: boolean): void {
    this.#channels.add(channel)
    this.#conditions.add(condition)
    if (kind === 'marked') {
      if (isThrough) this.through.push(`${condition} by ${channel}`)
      else this.#denied += 1
    } else if (isThrough) this.#benign += 1
    else this.stopped.push(`${condition} by ${channel}`)
  }

  print(): void {
    const [channels, conditions] = [this.#channels.size, this.#conditions.size]
    const counts = `${this.#denied} denied, ${this.#benign} benign, ${this.through.length} got through`
    process.stdout.write(`${this.#what}: ${channels} channels × ${conditions} conditions: ${counts}\n`)
  }
}
