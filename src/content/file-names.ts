/** Writes down the names of files that pieces of an upload have. */
import type { Leaf, LeafWatch } from './leaf.ts'

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

  open({ fileName = null }: Leaf): null {
    if (fileName !== null) this.add(fileName)
    return null
  }

  add(name: string): void {
    if (this.#names.has(name)) return
    this.#isFull ||= this.#names.size >= fileNamesMax || this.#characters + name.length > fileNameCharactersMax
    if (this.#isFull) return
    this.#characters += name.length
    this.#names.add(name)
  }
}
