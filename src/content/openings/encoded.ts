/** Opens what is encoded as text: base64, data: URLs (RFC 2397), CMS in PEM, and UTF-16. */
import { Base64Decoder } from '../../wire/base64-decoder.ts'
import { PercentDecoder } from '../../wire/percent.ts'
import { TextBytes } from '../../wire/text-bytes.ts'
import type { LeafReader } from '../leaf.ts'
import { after } from '../turns.ts'
import type { Inner, Nest, Opening } from '../wrapping.ts'

type Wait = void | Promise<void>

/**
 * A text that is base64 from its beginning. `isSure`: what it decodes to makes sense, and nobody else reads the text, so that
 * text behind the base64 is content of its own.
 */
export function openBase64(nest: Nest, isSure: boolean): Opening {
  const decoder = new Base64Decoder()
  const inner = nest.open(innerOf('base64', null))
  let behind: LeafReader | null = null
  let pushed = 0
  const give = (bytes: Uint8Array): Wait => (bytes.length > 0 ? inner.push(bytes) : undefined)
  const goOn = (rest: Uint8Array): Wait => {
    if (!isSure || rest.length === 0) return
    if (behind === null) nest.tell('its base64 breaks off')
    behind ??= nest.open(innerOf('text behind the base64', null))
    return behind.push(rest)
  }
  return {
    push(piece) {
      const decoded = decoder.push(piece)
      const at = decoder.brokenAt === null ? piece.length : Math.max(0, decoder.brokenAt - pushed)
      pushed += piece.length
      return after(give(decoded), () => goOn(piece.subarray(at)))
    },
    end() {
      const last = decoder.end()
      if (decoder.brokenAt === null || isSure) nest.tellWhole()
      return after(
        after(give(last), () => inner.end(null)),
        () => behind?.end(null),
      )
    },
    close() {},
  }
}

/** A `data:` URL without base64, from behind its comma: `skip` bytes are in front of that. */
export function openDataUrl(nest: Nest, skip: number, contentType: string): Opening {
  const text = new TextBytes()
  const percent = new PercentDecoder(text, false)
  const inner = nest.open(innerOf('data: URL', contentType === '' ? null : contentType))
  let left = skip
  function* decoded(piece: Uint8Array): Generator<Uint8Array> {
    for (const byte of piece) {
      if (left > 0) left -= 1
      else percent.accept(byte)
      if (text.isFull) yield text.take()
    }
    yield text.take()
  }
  return {
    async push(piece) {
      for (const bytes of decoded(piece)) await inner.push(bytes)
    },
    async end() {
      percent.end()
      await inner.push(text.take())
      nest.tellWhole()
      await inner.end(null)
    },
    close() {},
  }
}

/** What is marked as base64 within a text: `data:` URLs, and CMS messages in PEM. */
export function openMarked(nest: Nest): Opening {
  return new Marked(nest)
}

/** Before a comma, and at the beginning of a line. */
const MARKS: readonly Buffer[] = [';base64,', '-----BEGIN PKCS7-----', '-----BEGIN CMS-----'].map((mark) =>
  Buffer.from(mark),
)
const MARK_BYTES_MAX = Math.max(...MARKS.map((mark) => mark.length))

class Marked implements Opening {
  readonly #nest: Nest
  #tail: Uint8Array = new Uint8Array()
  #run: { readonly decoder: Base64Decoder; leaf: LeafReader | null; pushed: number } | null = null

  constructor(nest: Nest) {
    this.#nest = nest
  }

  push(piece: Uint8Array): Wait {
    if (this.#run === null && this.#tail.length === 0 && firstMark(piece) === null) {
      this.#keep(piece)
      return
    }
    const bytes = Buffer.concat([this.#tail, piece])
    this.#tail = new Uint8Array()
    return this.#take(bytes)
  }

  async end(): Promise<void> {
    await this.#endRun()
  }

  close(): void {}

  async #take(bytes: Buffer): Promise<void> {
    for (let rest = bytes; rest.length > 0; ) {
      if (this.#run === null) {
        const mark = firstMark(rest)
        if (mark === null) {
          this.#keep(rest)
          return
        }
        rest = rest.subarray(mark)
        this.#run = { decoder: new Base64Decoder(), leaf: null, pushed: 0 }
      }
      const run = this.#run
      await this.#give(run.decoder.push(rest))
      if (run.decoder.brokenAt === null) {
        run.pushed += rest.length
        return
      }
      rest = rest.subarray(run.decoder.brokenAt - run.pushed)
      await this.#endRun()
    }
  }

  #keep(bytes: Uint8Array): void {
    this.#tail = Uint8Array.from(bytes.subarray(Math.max(0, bytes.length - MARK_BYTES_MAX + 1)))
  }

  async #give(decoded: Uint8Array): Promise<void> {
    if (this.#run === null || decoded.length === 0) return
    this.#run.leaf ??= this.#nest.open(innerOf('embedded base64', null))
    await this.#run.leaf.push(decoded)
  }

  async #endRun(): Promise<void> {
    if (this.#run === null) return
    await this.#give(this.#run.decoder.end())
    await this.#run.leaf?.end(null)
    this.#run = null
  }
}

/** Whether anything in a text is marked as base64. */
export function hasMark(text: Uint8Array): boolean {
  return firstMark(text) !== null
}

/** Where the first mark ends. */
function firstMark(bytes: Uint8Array): number | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let first: number | null = null
  for (const mark of MARKS) {
    const at = view.indexOf(mark)
    if (at !== -1 && (first === null || at + mark.length < first)) first = at + mark.length
  }
  return first
}

export function openUtf16(nest: Nest, encoding: 'utf-16le' | 'utf-16be'): Opening {
  const decoder = new TextDecoder(encoding)
  const inner = nest.open(innerOf('UTF-16', null))
  const give = (text: string): Wait => (text === '' ? undefined : inner.push(Buffer.from(text)))
  return {
    push: (piece) => give(decoder.decode(piece, { stream: true })),
    end() {
      nest.tellWhole()
      return after(give(decoder.decode()), () => inner.end(null))
    },
    close() {},
  }
}

function innerOf(step: string, contentType: string | null): Inner {
  return { step, fileName: null, contentType, size: null }
}
