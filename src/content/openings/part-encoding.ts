/** Undoes the Content-Transfer-Encoding of a part (RFC 2045 section 6). */
import { Base64Decoder } from '../../wire/base64-decoder.ts'
import { QuotedPrintableDecoder } from '../../wire/quoted-printable.ts'
import type { LeafReader } from '../leaf.ts'
import { after } from '../turns.ts'
import type { Nest } from '../wrapping.ts'

export function decodePart(encoding: string | null, leaf: LeafReader, nest: Nest): LeafReader {
  switch (encoding ?? '') {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return leaf
    case 'base64': {
      const decoder = new Base64Decoder()
      return decoded(decoder, leaf, () => {
        if (decoder.brokenAt !== null) nest.tell('a part of it is said to be base64 and is not')
      })
    }
    case 'quoted-printable':
      return decoded(new QuotedPrintableDecoder(), leaf, () => undefined)
    default:
      nest.tell('a part of it has a Content-Transfer-Encoding that is not known')
      return leaf
  }
}

interface Decoder {
  push(piece: Uint8Array): Uint8Array
  end(): Uint8Array
}

function decoded(decoder: Decoder, leaf: LeafReader, settle: () => void): LeafReader {
  const give = (bytes: Uint8Array): void | Promise<void> => (bytes.length > 0 ? leaf.push(bytes) : undefined)
  return {
    push: (piece) => give(decoder.push(piece)),
    end(objectId) {
      const wait = give(decoder.end())
      settle()
      return after(wait, () => leaf.end(objectId))
    },
  }
}
