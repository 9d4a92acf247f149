/** Reads field blocks with a table of its own (RFC 7541 sections 2 to 4 and 6), and throws where they are wrong. */
import { decodeHuffman } from './hpack-huffman.ts'
import { type Field, STATIC_TABLE } from './hpack-static.ts'

/** What an entry counts beside its name and value (RFC 7541 section 4.1). */
const ENTRY_OVERHEAD_BYTES = 32
const TABLE_BYTES_DEFAULT = 4_096
const INTEGER_OCTETS_MAX = 5

export class HpackDecoder {
  /** As this side has announced it by SETTINGS_HEADER_TABLE_SIZE. */
  tableBytesMax = TABLE_BYTES_DEFAULT
  #tableBytes = TABLE_BYTES_DEFAULT
  /** The newest first. */
  readonly #entries: Field[] = []

  decode(block: Uint8Array): Field[] {
    const cursor = new BlockCursor(block)
    const fields: Field[] = []
    while (!cursor.done) {
      const first = cursor.peek()
      if (first >= 0x80) fields.push(this.#entry(cursor.integer(7)))
      else if (first >= 0x40) fields.push(this.#add(this.#literal(cursor, 6)))
      else if (first >= 0x20) this.#resize(cursor.integer(5), fields.length)
      else fields.push(this.#literal(cursor, 4))
    }
    return fields
  }

  #literal(cursor: BlockCursor, prefixBits: number): Field {
    const index = cursor.integer(prefixBits)
    const name = index === 0 ? cursor.string() : this.#entry(index)[0]
    return [name, cursor.string()]
  }

  #entry(index: number): Field {
    const entry = STATIC_TABLE[index - 1] ?? this.#entries[index - 1 - STATIC_TABLE.length]
    if (entry === undefined) throw new Error(`no entry ${index} in the table`)
    return entry
  }

  #add(field: Field): Field {
    this.#entries.unshift(field)
    this.#evict()
    return field
  }

  #resize(size: number, fieldsBefore: number): void {
    if (fieldsBefore > 0) throw new Error('the table changes its size after a field')
    if (size > this.tableBytesMax) throw new Error(`a table of ${size} bytes, and ${this.tableBytesMax} were announced`)
    this.#tableBytes = size
    this.#evict()
  }

  #evict(): void {
    while (this.#entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > this.#tableBytes) this.#entries.pop()
  }
}

function sizeOf([name, value]: Field): number {
  return name.length + value.length + ENTRY_OVERHEAD_BYTES
}

class BlockCursor {
  readonly #block: Uint8Array
  #at = 0

  constructor(block: Uint8Array) {
    this.#block = block
  }

  get done(): boolean {
    return this.#at >= this.#block.length
  }

  peek(): number {
    const octet = this.#block[this.#at]
    if (octet === undefined) throw new Error('the block ends too early')
    return octet
  }

  integer(prefixBits: number): number {
    const full = 2 ** prefixBits - 1
    let value = this.#next() & full
    if (value < full) return value
    for (let octets = 0; octets < INTEGER_OCTETS_MAX; octets += 1) {
      const octet = this.#next()
      value += (octet & 0x7f) * 0x80 ** octets
      if (octet < 0x80) return value
    }
    throw new Error('an integer without end')
  }

  string(): string {
    const isCoded = this.peek() >= 0x80
    const length = this.integer(7)
    const end = this.#at + length
    if (end > this.#block.length) throw new Error('a string past the end of the block')
    const octets = this.#block.subarray(this.#at, end)
    this.#at = end
    return (isCoded ? decodeHuffman(octets) : Buffer.from(octets)).toString('latin1')
  }

  #next(): number {
    const octet = this.peek()
    this.#at += 1
    return octet
  }
}
