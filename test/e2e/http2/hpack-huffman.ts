/** The Huffman code of HPACK (RFC 7541 section 5.2 and appendix B). */

/** The length in bits of each symbol's code, as a digit of base 36; EOS comes last. The code is canonical: its lengths give it. */
const LENGTHS = [
  'dnsssssssoussussssssssusssssssss',
  '6aacd68baa8b8666555666666678f6ca',
  'd67777777777777777777777878djde6',
  'f56565666577666567655677777fbeds',
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnno',
  'mlkmmnnlnmmolmnnllmlnmnnkmmmnmmn',
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrr',
  'koklmllnmmppooqnqrqqrrrrrsrrrrrq',
  'u',
].join('')

export const EOS = 256
const PADDING_BITS_MAX = 7

/** Codes as text of 0 and 1: slow, and plain to read. */
const CODES = codesOf(Array.from(LENGTHS, (digit) => Number.parseInt(digit, 36)))
const SYMBOLS = new Map(CODES.map((code, symbol) => [code, symbol]))
const CODE_BITS_MAX = 30

/** `tail` is what follows the last code; without it, ones fill the last octet. */
export function encodeHuffman(content: Uint8Array | string, tail?: string): Buffer {
  return encodeSymbols([...Buffer.from(content)], tail)
}

export function encodeSymbols(symbols: readonly number[], tail?: string): Buffer {
  const bits = symbols.map((symbol) => CODES[symbol]).join('') + (tail ?? '')
  const octets = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? []
  return Buffer.from(octets.map((octet) => Number.parseInt(octet, 2)))
}

export function decodeHuffman(coded: Uint8Array): Buffer {
  const bits = [...coded].map((octet) => octet.toString(2).padStart(8, '0')).join('')
  const content: number[] = []
  let code = ''
  for (const bit of bits) {
    code += bit
    const symbol = SYMBOLS.get(code)
    if (symbol === EOS) throw new Error('EOS in a Huffman string')
    if (symbol !== undefined) content.push(symbol)
    if (symbol !== undefined) code = ''
    else if (code.length >= CODE_BITS_MAX) throw new Error('no such Huffman code')
  }
  if (code.length > PADDING_BITS_MAX || code.includes('0')) throw new Error(`Huffman padding of ${code}`)
  return Buffer.from(content)
}

function codesOf(lengths: readonly number[]): string[] {
  const codes: string[] = []
  const order = lengths.map((_, symbol) => symbol)
  order.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  let code = 0
  let bits = 0
  for (const symbol of order) {
    const length = lengths[symbol] ?? 0
    code *= 2 ** (length - bits)
    bits = length
    codes[symbol] = code.toString(2).padStart(bits, '0')
    code += 1
  }
  return codes
}
