/** Feeds bytes to a parser in pieces, from a buffer that is overwritten behind each: what a parser keeps it must have copied. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { BodyCheck } from '../../src/wire/body-check.ts'
import type { Parse } from '../../src/wire/parse.ts'

/** Sizes of pieces, taken in turn. */
export type Sizes = readonly number[]

export const sizes: fc.Arbitrary<Sizes> = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 }),
)

export function feedPieces(bytes: Uint8Array, pieces: Sizes, take: (piece: Uint8Array) => void): void {
  const reused = new Uint8Array(Math.max(...pieces))
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = reused.subarray(0, Math.min(pieces[turn % pieces.length] ?? 1, bytes.length - at))
    piece.set(bytes.subarray(at, at + piece.length))
    take(piece)
    piece.fill(0xa5)
    at += piece.length
  }
}

interface PrefixParser<T> {
  readonly parse: (bytes: Uint8Array) => Parse<T>
  /** Past so many bytes there is an answer; infinite where the parser sets itself no limit. */
  readonly bytesMax: number
}

/** A parser that is given all bytes so far. `junk` comes behind them. */
export function checkPrefixParser<T>(
  { parse, bytesMax }: PrefixParser<T>,
  input: Uint8Array,
  cut: number,
  junk: Uint8Array,
): Parse<T> {
  // Of Node's buffers and of plain arrays, views would be of two kinds.
  const bytes = Uint8Array.from(input)
  const whole = parse(bytes)
  checkAnswer(whole, bytes.length)
  // In the middle of other bytes, a view that reads beyond its end would see other ones each time.
  for (const around of [0x00, 0xff]) {
    const larger = new Uint8Array(bytes.length + 64).fill(around)
    larger.set(bytes, 32)
    assert.deepEqual(parse(larger.subarray(32, 32 + bytes.length)), whole, 'read beyond its bytes')
    assert(Buffer.from(larger.subarray(32, 32 + bytes.length)).equals(bytes), 'changed its bytes')
  }
  const early = parse(bytes.slice(0, cut % (bytes.length + 1)))
  if (early.state !== 'more') assert.deepEqual(early, whole, 'another answer to fewer bytes')
  if (whole.state !== 'more')
    assert.deepEqual(parse(Uint8Array.from([...bytes, ...junk])), whole, 'another answer to more')
  if (whole.state === 'more' && Number.isFinite(bytesMax)) {
    const longest = Buffer.concat([bytes, junk, Buffer.alloc(bytesMax, junk[0] ?? 0)]).subarray(0, bytesMax + 1)
    assert.notEqual(parse(longest).state, 'more', `wants more than ${bytesMax} bytes`)
  }
  return whole
}

/** A reader that is given piece after piece answers as one that is given all at once, and stays with its answer. */
export function checkReader<T>(
  open: () => { push(piece: Uint8Array): Parse<T> },
  bytes: Uint8Array,
  pieces: Sizes,
): Parse<T> {
  const whole = open().push(bytes)
  checkAnswer(whole, bytes.length)
  const reader = open()
  let answer = reader.push(new Uint8Array())
  feedPieces(bytes, pieces, (piece) => {
    const before = answer
    answer = reader.push(piece)
    if (before.state !== 'more') assert.deepEqual(answer, before, 'took back its answer')
  })
  assert.deepEqual(answer, whole, 'another answer in pieces')
  return whole
}

/** What is wrong with a body, or null. `bytesMax` is the limit of the whole. */
export function checkBodyCheck(
  open: () => BodyCheck,
  bytes: Uint8Array,
  pieces: Sizes,
  bytesMax: number,
): string | null {
  const [whole, inPieces] = [open(), open()]
  const answer = whole.push(bytes)
  checkAnswer(answer, bytes.length)
  let isBad = false
  feedPieces(bytes, pieces, (piece) => {
    const { state } = inPieces.push(piece)
    if (isBad) assert.equal(state, 'bad', 'took back that it is bad')
    isBad = state === 'bad'
  })
  const fault = whole.end()
  assert.equal(inPieces.end(), fault, 'another fault in pieces')
  if (answer.state === 'bad') assert.notEqual(fault, null)
  if (answer.state === 'done') assert.equal(fault, null)
  if (bytes.length > bytesMax) assert.notEqual(fault, null, `takes more than ${bytesMax} bytes`)
  return fault
}

function checkAnswer(answer: Parse<unknown>, bytes: number): void {
  assert(['done', 'more', 'bad'].includes(answer.state))
  if (answer.state === 'done') assert(answer.size >= 0 && answer.size <= bytes, 'a size beyond its bytes')
  if (answer.state === 'bad') checkSentence(answer.fault)
}

/** A fault is for people: one line, not empty, not long, and no control characters of a stranger in it. */
export function checkSentence(text: string): void {
  assert(text.length > 0 && text.length <= 2_000, `a fault of ${text.length} characters`)
  assert(!/\p{Cc}/u.test(text), `control characters in a fault: ${JSON.stringify(text)}`)
}
