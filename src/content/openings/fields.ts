/** Opens JSON, forms, multipart bodies and GraphQL: every value that stands in them is content of its own. */
import { type FormFieldEvent, FormFieldReader } from '../../wire/form-fields.ts'
import { type GraphqlStringEvent, GraphqlStringReader } from '../../wire/graphql-strings.ts'
import { type JsonStringEvent, JsonStringReader } from '../../wire/json-strings.ts'
import { type MultipartEvent, MultipartReader } from '../../wire/multipart.ts'
import type { PartHead } from '../../wire/part-head.ts'
import { saysFile } from '../file-names.ts'
import type { LeafReader } from '../leaf.ts'
import { inTurn } from '../turns.ts'
import type { Inner, Nest, Opening } from '../wrapping.ts'
import { decodePart } from './part-encoding.ts'

type Wait = void | Promise<void>

/** A value of JSON or a form that is shorter is looked at where it stands, and not by itself: there may be one in two bytes. */
export const fieldBytesMin = 8

/** `isDeclared`: it is said to be JSON, so that what is none is to be told. */
export function openJson(nest: Nest, isDeclared: boolean): Opening {
  const reader = new JsonStringReader()
  const values = new Values(nest, fieldBytesMin)
  const take = (event: JsonStringEvent): Wait =>
    event.kind === 'begin' ? values.begin(field(event.path), saysFile(event.path)) : values.take(event)
  return {
    push: (piece) => (reader.fault === null ? inTurn(reader.push(piece), take) : undefined),
    end() {
      const wait = inTurn(reader.end(), take)
      if (isDeclared && reader.fault !== null) nest.tell(`as the JSON that it is said to be: ${reader.fault}`)
      if (reader.fault === null && reader.hasValue) {
        nest.tellType('application/json')
        nest.tellWhole()
      }
      return wait
    },
    close() {},
  }
}

export function openForm(nest: Nest): Opening {
  const reader = new FormFieldReader()
  const values = new Values(nest, fieldBytesMin)
  const take = (event: FormFieldEvent): Wait =>
    event.kind === 'begin' ? values.begin(field(event.name)) : values.take(event)
  return {
    push: (piece) => inTurn(reader.push(piece), take),
    end() {
      nest.tellType('application/x-www-form-urlencoded')
      nest.tellWhole()
      return inTurn(reader.end(), take)
    },
    close() {},
  }
}

/** Beside the text, whose quotes hide what is encoded in its strings. */
export function openGraphql(nest: Nest): Opening {
  const reader = new GraphqlStringReader()
  const values = new Values(nest, fieldBytesMin)
  const take = (event: GraphqlStringEvent): Wait =>
    event.kind === 'begin' ? values.begin(field(event.name), saysFile(event.name)) : values.take(event)
  return {
    push: (piece) => inTurn(reader.push(piece), take),
    end() {
      if (reader.isAmbiguous) nest.tell('its GraphQL has other strings to other readers')
      return inTurn(reader.end(), take)
    },
    close() {},
  }
}

/** `type` is its media type, without parameters. */
export function openMultipart(nest: Nest, boundary: string, type: string): Opening {
  const reader = new MultipartReader(boundary)
  const values = new Values(nest, 0)
  let count = 0
  const begin = (part: PartHead | 'preamble' | 'epilogue'): void => {
    if (typeof part === 'string') {
      values.begin(field(part === 'preamble' ? 'bytes before the parts' : 'bytes behind the parts'))
      return
    }
    count += 1
    const step = part.fileName ?? part.name ?? `part ${count}`
    const inner = { step, fileName: part.fileName, contentType: part.contentType, size: null }
    values.beginThrough(inner, (leaf) => decodePart(part.encoding, leaf, nest))
  }
  const take = (event: MultipartEvent): Wait => (event.kind === 'begin' ? begin(event.part) : values.take(event))
  return {
    push: (piece) => (reader.fault === null ? inTurn(reader.push(piece), take) : undefined),
    end() {
      const wait = inTurn(reader.end(), take)
      if (reader.fault !== null) nest.tell(`as parts: ${reader.fault}`)
      nest.tellType(type)
      if (reader.fault === null) nest.tellWhole()
      return wait
    },
    close() {},
  }
}

function field(name: string): Inner {
  return { step: name === '' ? 'value' : name, fileName: null, contentType: null, size: null }
}

/** The value that is being read. */
class Values {
  readonly #nest: Nest
  readonly #bytesMin: number
  #leaf: LeafReader | null = null
  /** Of a value that is not yet long enough to be told. */
  #inner: Inner | null = null
  #held: Uint8Array = new Uint8Array()

  constructor(nest: Nest, bytesMin: number) {
    this.#nest = nest
    this.#bytesMin = bytesMin
  }

  /** `isWanted`: however short it is. */
  begin(inner: Inner, isWanted = false): void {
    if (this.#bytesMin === 0 || isWanted) this.#leaf = this.#nest.open(inner)
    else [this.#inner, this.#held] = [inner, NOTHING]
  }

  beginThrough(inner: Inner, through: (leaf: LeafReader) => LeafReader): void {
    this.#leaf = through(this.#nest.open(inner))
  }

  take(event: { readonly kind: 'end' } | { readonly kind: 'piece'; readonly bytes: Uint8Array }): Wait {
    if (event.kind === 'piece') return this.#push(event.bytes)
    const leaf = this.#leaf
    ;[this.#leaf, this.#inner] = [null, null]
    return leaf?.end(null)
  }

  #push(bytes: Uint8Array): Wait {
    if (this.#inner === null) return this.#leaf?.push(bytes)
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    if (all.length < this.#bytesMin) {
      this.#held = Uint8Array.from(all)
      return
    }
    this.#leaf = this.#nest.open(this.#inner)
    this.#inner = null
    return this.#leaf.push(all)
  }
}

const NOTHING = new Uint8Array()
