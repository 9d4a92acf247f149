/** Decodes quoted-printable as it streams by (RFC 2045 section 6.7). What is no escape stands for itself. */

export class QuotedPrintableDecoder {
  /** An escape that is not whole yet: `=`, `=A`, `=\r`. */
  #escape = ''

  push(piece: Uint8Array): Uint8Array {
    const decoded = Buffer.allocUnsafe(piece.length + this.#escape.length)
    let length = 0
    for (const byte of piece) {
      if (this.#escape === '') {
        if (byte === 0x3d) this.#escape = '='
        else decoded[length++] = byte
        continue
      }
      this.#escape += String.fromCharCode(byte)
      if (/^=(?:[0-9a-f]|\r)$/i.test(this.#escape)) continue
      if (/^=[0-9a-f]{2}$/i.test(this.#escape)) decoded[length++] = Number.parseInt(this.#escape.slice(1), 16)
      else if (!/^=\r?\n$/.test(this.#escape)) length += decoded.write(this.#escape, length, 'latin1')
      this.#escape = ''
    }
    return decoded.subarray(0, length)
  }

  end(): Uint8Array {
    const rest = Buffer.from(this.#escape, 'latin1')
    this.#escape = ''
    return rest
  }
}
