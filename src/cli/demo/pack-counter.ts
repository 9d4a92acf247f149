/** Counts what follows the command section of a push: the pack (gitprotocol-pack, "Reference Update Request and Packfile Transfer"). */

const HEADER_BYTES = 4
const PACK_SIGNATURE = 'PACK'

/** Takes a receive-pack request in pieces of any size; holds four bytes of it. */
export class PackCounter {
  packBytes = 0
  #header = ''
  #skipBytes = 0
  #inPack = false

  add(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length && !this.#inPack) {
      if (this.#skipBytes > 0) {
        const skipped = Math.min(this.#skipBytes, chunk.length - at)
        this.#skipBytes -= skipped
        at += skipped
        continue
      }
      const end = Math.min(chunk.length, at + HEADER_BYTES - this.#header.length)
      this.#header += chunk.toString('latin1', at, end)
      at = end
      if (this.#header.length === HEADER_BYTES) this.#readHeader()
    }
    if (this.#inPack) this.packBytes += chunk.length - at
  }

  // A pkt-line counts its own four bytes in its length; `0000` ends a section and stands alone. After the section of
  // push options, or of the commands where there are none, comes the signature, which is no hexadecimal number.
  #readHeader(): void {
    this.#inPack = this.#header === PACK_SIGNATURE
    if (this.#inPack) this.packBytes = HEADER_BYTES
    else this.#skipBytes = Math.max(0, Number.parseInt(this.#header, 16) - HEADER_BYTES) || 0
    this.#header = ''
  }
}
