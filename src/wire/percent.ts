/** Undoes percent-encoding byte by byte; a percent sign that begins no escape stands for itself, as the URL standard has it. */
import type { TextBytes } from './text-bytes.ts'

export class PercentDecoder {
  readonly #text: TextBytes
  readonly #plusIsSpace: boolean
  #escape = ''

  constructor(text: TextBytes, plusIsSpace: boolean) {
    this.#text = text
    this.#plusIsSpace = plusIsSpace
  }

  /** Adds at most three bytes. */
  accept(byte: number): void {
    if (byte === 0x25 || this.#escape !== '') this.#continue(byte)
    else this.#text.byte(byte === 0x2b && this.#plusIsSpace ? 0x20 : byte)
  }

  end(): void {
    for (const character of this.#escape) this.#text.byte(character.charCodeAt(0))
    this.#escape = ''
  }

  #continue(byte: number): void {
    const begun = this.#escape + String.fromCharCode(byte)
    if (/^%[0-9a-f]?$/i.test(begun)) this.#escape = begun
    else if (/^%[0-9a-f]{2}$/i.test(begun)) {
      this.#text.byte(Number.parseInt(begun.slice(1), 16))
      this.#escape = ''
    } else {
      this.end()
      this.accept(byte)
    }
  }
}
