/** Writes field blocks piece by piece, right or wrong (RFC 7541 sections 5 and 6). Keeps no table: the test knows its indices. */
import { encodeHuffman } from './hpack-huffman.ts'
import type { Field } from './hpack-static.ts'

/** How a literal is to be taken into the table (RFC 7541 section 6.2). */
type Form = 'indexing' | 'plain' | 'never'

interface LiteralOptions {
  readonly form?: Form
  /** Codes name and value by Huffman. */
  readonly huffman?: boolean
}

const FORMS: Readonly<Record<Form, { readonly prefixBits: number; readonly pattern: number }>> = {
  indexing: { prefixBits: 6, pattern: 0x40 },
  plain: { prefixBits: 4, pattern: 0x00 },
  never: { prefixBits: 4, pattern: 0x10 },
}

/** RFC 7541 section 5.1; `pattern` are the bits before the prefix. */
export function integer(value: number, prefixBits: number, pattern = 0): Buffer {
  const full = 2 ** prefixBits - 1
  if (value < full) return Buffer.from([pattern | value])
  const octets = [pattern | full]
  let rest = value - full
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) octets.push((rest % 0x80) | 0x80)
  return Buffer.from([...octets, rest])
}

export function indexed(index: number): Buffer {
  return integer(index, 7, 0x80)
}

/** `name` as a number is an index. Text is latin1: each character one octet. */
export function literal(
  name: string | number,
  value: string,
  { form = 'plain', huffman = false }: LiteralOptions = {},
) {
  const { prefixBits, pattern } = FORMS[form]
  const head = integer(typeof name === 'number' ? name : 0, prefixBits, pattern)
  const named = typeof name === 'number' ? Buffer.alloc(0) : string(name, huffman)
  return Buffer.concat([head, named, string(value, huffman)])
}

export function string(text: string, huffman = false): Buffer {
  const content = Buffer.from(text, 'latin1')
  return huffman ? codedString(encodeHuffman(content)) : Buffer.concat([integer(content.length, 7), content])
}

/** A string that says it is Huffman, and holds these octets (RFC 7541 section 5.2). */
export function codedString(coded: Uint8Array): Buffer {
  return Buffer.concat([integer(coded.length, 7, 0x80), coded])
}

export function sizeUpdate(size: number): Buffer {
  return integer(size, 5, 0x20)
}

/** Literals that enter no table: a block that can stand anywhere. */
export function block(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(([name, value]) => literal(name, value)))
}
