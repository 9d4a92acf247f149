/** What a fetch request may say in words of its client's own, counted over all its lines: words are a way to carry data out. */

import { isObjectId } from './object-id.ts'
import { isRefName, isRefPrefix } from './ref-name.ts'

/** Agent, session, capabilities, server options, filter: git of its own accord sends some 300 bytes. */
export const fetchTextBytesMax = 4 * 1024
/** Names of refs and beginnings of names: of each name on its command line git sends six forms. */
export const fetchNameBytesMax = 64 * 1024

/** Each of its methods answers what is wrong, or null. */
export class FetchBudget {
  #textBytes = 0
  #nameBytes = 0
  #idDigits: number | null = null
  readonly #said = new Set<string>()

  text(text: string): string | null {
    this.#textBytes += Buffer.byteLength(text)
    return this.#textBytes <= fetchTextBytesMax
      ? null
      : `more than ${fetchTextBytesMax} bytes of text in a fetch request`
  }

  /** One word in visible ASCII. */
  word(text: string): string | null {
    return WORD.test(text) ? this.text(text) : 'a word of the fetch request with other than visible ASCII'
  }

  refPrefix(text: string): string | null {
    return isRefPrefix(text) ? this.#name(text) : 'not the name of a ref, nor the beginning of one'
  }

  refName(text: string): string | null {
    return text === 'HEAD' || isRefName(text) ? this.#name(text) : 'not the name of a ref'
  }

  /** All ids of a request are of one length: that of the announced object format, where one is announced. */
  id(text: string): string | null {
    if (!isObjectId(text)) return 'not an object id'
    return this.#digits(text.length)
  }

  objectFormat(name: string): string | null {
    if (name !== 'sha1' && name !== 'sha256') return 'an unknown object format'
    return this.#digits(name === 'sha1' ? 40 : 64)
  }

  /** What git says once: said again and again, it would be one more alphabet. */
  once(name: string): string | null {
    if (this.#said.has(name)) return `${name} twice in a fetch request`
    this.#said.add(name)
    return null
  }

  number(text: string): string | null {
    return NUMBER.test(text) ? null : 'not a number'
  }

  #digits(digits: number): string | null {
    this.#idDigits ??= digits
    return digits === this.#idDigits ? null : 'object ids of two formats in a fetch request'
  }

  #name(text: string): string | null {
    this.#nameBytes += Buffer.byteLength(text)
    return this.#nameBytes <= fetchNameBytesMax
      ? null
      : `more than ${fetchNameBytesMax} bytes of names in a fetch request`
  }
}

const WORD = /^[\x21-\x7e]+$/
// A depth, or seconds since 1970; without a zero in front, where one more way to write the same would hide.
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/
