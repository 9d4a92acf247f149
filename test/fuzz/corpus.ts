/** Inputs made of good samples: bytes and characters changed, cut, repeated, put in, and two samples joined. */
import * as fc from 'fast-check'

/** What parsers trip over more often than over others. */
const INTERESTING_BYTES: readonly Uint8Array[] = [
  ...[0x00, 0x01, 0x0a, 0x0d, 0x20, 0x22, 0x2f, 0x3a, 0x5c, 0x7f, 0x80, 0xbf, 0xff].map((byte) => Uint8Array.of(byte)),
  // A byte order mark, an overlong slash, a surrogate in UTF-8, the last code point and the one behind it.
  ...['efbbbf', 'c0af', 'eda080', 'f48fbfbf', 'f4908080', 'ffffffff', '7fffffff', '80000000'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
  ...['0000', '0001', '0002', '0003', '0004', '0005', 'fff0', 'fff1', 'FFFF', '\r\n', '\r\n\r\n', '__proto__'].map(
    (text) => Buffer.from(text),
  ),
]
const INTERESTING_TEXTS: readonly string[] = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\0',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{1f600}',
  'ß',
  'ſ',
  'K',
  '。',
  '：',
  '／',
  '..',
  '*',
  '**',
  '*.',
  '.*',
  '//',
  '%',
  '%2f',
  '%00',
  '%25',
  '@',
  '#',
  '?',
  '\\',
  ':',
  '::',
  '[',
  ']',
  '"',
  "'",
  '0',
  '-1',
  '00',
  '65535',
  '65536',
  '4294967296',
  '9007199254740993',
  '1e9',
  '0x7f',
  '-',
  '&a',
  '*a',
  '<<',
  '!!js',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  '~',
  '{',
  '}',
  '[]',
  '- ',
  ': ',
]

/** No sample grows beyond it. */
const INPUT_MAX = 200_000

/** An input that is edited in the same way, whether it is bytes or text. */
interface Sequence<T> {
  readonly length: (input: T) => number
  readonly slice: (input: T, from: number, to: number) => T
  readonly join: (parts: readonly T[]) => T
  readonly flip: (input: T, at: number, bits: number) => T
}

const BYTES: Sequence<Uint8Array> = {
  length: (bytes) => bytes.length,
  slice: (bytes, from, to) => bytes.subarray(from, to),
  join: (parts) => Uint8Array.from(Buffer.concat(parts)),
  flip: (bytes, at, bits) => bytes.with(at, (bytes[at] ?? 0) ^ (bits & 0xff)),
}

const TEXT: Sequence<string> = {
  length: (text) => text.length,
  slice: (text, from, to) => text.slice(from, to),
  join: (parts) => parts.join(''),
  flip: (text, at, bits) =>
    text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (bits & 0x7f)) + text.slice(at + 1),
}

export function mutatedBytes(
  samples: readonly Uint8Array[],
  words: readonly (string | Uint8Array)[] = [],
): fc.Arbitrary<Uint8Array> {
  const own = words.map((word) => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word))
  const inserted = fc.oneof(fc.constantFrom(...INTERESTING_BYTES, ...own), fc.uint8Array({ maxLength: 5 }))
  return mutated(BYTES, fc.constantFrom(...samples), inserted)
}

export function mutatedText(samples: readonly string[], words: readonly string[] = []): fc.Arbitrary<string> {
  const inserted = fc.oneof(
    fc.constantFrom(...INTERESTING_TEXTS, ...words),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  return mutated(TEXT, fc.constantFrom(...samples), inserted)
}

/** The same with samples that are made anew for each input. */
export function mutatedFrom(made: fc.Arbitrary<Uint8Array>, words: readonly string[] = []): fc.Arbitrary<Uint8Array> {
  const own = words.map((word) => Buffer.from(word, 'latin1'))
  return mutated(BYTES, made, fc.constantFrom(...INTERESTING_BYTES, ...own))
}

export function mutatedTextFrom(made: fc.Arbitrary<string>, words: readonly string[] = []): fc.Arbitrary<string> {
  return mutated(TEXT, made, fc.constantFrom(...INTERESTING_TEXTS, ...words))
}

type Edit<T> = (input: T, other: T) => T

function mutated<T>(sequence: Sequence<T>, made: fc.Arbitrary<T>, inserted: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc
    .tuple(made, made, fc.array(editOf(sequence, inserted), { maxLength: 5 }))
    .map(([sample, other, edits]) =>
      edits.reduce((input, edit) => sequence.slice(edit(input, other), 0, INPUT_MAX), sample),
    )
}

function editOf<T>({ length, slice, join, flip }: Sequence<T>, inserted: fc.Arbitrary<T>): fc.Arbitrary<Edit<T>> {
  const place = fc.nat(100_000)
  const put = (input: T, at: number, cut: number, part: T): T =>
    join([slice(input, 0, at), part, slice(input, at + cut, length(input))])
  const within = (input: T, at: number): number => at % (length(input) + 1)
  const some = fc.nat(24)
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(
        ([at, bits]): Edit<T> =>
          (input) => {
            return length(input) === 0 ? input : flip(input, at % length(input), bits)
          },
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(place, fc.nat(3), inserted).map(
        ([at, cut, part]): Edit<T> =>
          (input) => {
            return put(input, within(input, at), cut, part)
          },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(place, some).map(
        ([at, cut]): Edit<T> =>
          (input) => {
            return put(input, within(input, at), cut, slice(input, 0, 0))
          },
      ),
    },
    {
      weight: 1,
      arbitrary: place.map(
        (at): Edit<T> =>
          (input) =>
            slice(input, 0, within(input, at)),
      ),
    },
    // A stretch said again, once or very often: what is not linear shows here.
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, fc.integer({ min: 1, max: 40 }), fc.oneof(fc.constant(1), fc.constant(1), fc.nat(3_000)))
        .map(
          ([at, size, times]): Edit<T> =>
            (input) => {
              const from = within(input, at)
              const stretch = slice(input, from, from + size)
              return put(input, from, 0, join(Array.from({ length: times }, () => stretch)))
            },
        ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(place, place).map(
        ([at, from]): Edit<T> =>
          (input, other) => {
            return join([slice(input, 0, within(input, at)), slice(other, within(other, from), length(other))])
          },
      ),
    },
  )
}
