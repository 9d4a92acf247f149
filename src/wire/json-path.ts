/** Where in a JSON text its reader is, as a path for people: `variables.additions[0].contents`. */

export const jsonNameCharactersMax = 128
export const jsonPathCharactersMax = 512

interface Level {
  /** Null in an object. */
  index: number | null
  name: string
}

export class JsonPath {
  readonly #levels: Level[] = []

  get depth(): number {
    return this.#levels.length
  }

  get isInObject(): boolean {
    return this.#levels.at(-1)?.index === null
  }

  open(container: 'object' | 'array'): void {
    this.#levels.push({ index: container === 'object' ? null : 0, name: '' })
  }

  close(): void {
    this.#levels.pop()
  }

  name(name: string): void {
    const level = this.#levels.at(-1)
    if (level !== undefined) level.name = name
  }

  next(): void {
    const level = this.#levels.at(-1)
    if (level !== undefined && level.index !== null) level.index += 1
  }

  /** The end of a path that is too long is what says most; no more of it is put together. */
  text(): string {
    let text = ''
    for (let at = this.#levels.length - 1; at >= 0 && text.length <= jsonPathCharactersMax; at--) {
      const level = this.#levels[at]
      if (level === undefined) break
      const isInside = text !== '' && !text.startsWith('[')
      text = `${level.index === null ? level.name : `[${level.index}]`}${isInside ? '.' : ''}${text}`
    }
    return text.length <= jsonPathCharactersMax ? text : `…${text.slice(1 - jsonPathCharactersMax)}`
  }
}
