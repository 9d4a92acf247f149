/** Bytes to lines: however they come, with their numbers, and up to a bound. */
import { describe, expect, it } from 'vitest'
import { splitLines } from '../../src/cli/lines.ts'

async function linesOf(pieces: readonly string[], bytesMax = 100): Promise<readonly [number, string | null][]> {
  async function* chunks() {
    for (const piece of pieces) yield Buffer.from(piece)
  }
  const lines: [number, string | null][] = []
  for await (const { number, bytes } of splitLines(chunks(), bytesMax)) {
    lines.push([number, bytes === null ? null : Buffer.from(bytes).toString()])
  }
  return lines
}

describe('splitLines', () => {
  it.each<[name: string, pieces: readonly string[], lines: readonly [number, string | null][]]>([
    ['nothing', [], []],
    ['an empty piece', [''], []],
    ['one line', ['ab\n'], [[1, 'ab']]],
    [
      'a last line without a break',
      ['a\nb'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'empty lines',
      ['\n\na\n'],
      [
        [1, ''],
        [2, ''],
        [3, 'a'],
      ],
    ],
    ['a carriage return, which stays', ['a\r\n'], [[1, 'a\r']]],
    [
      'lines over pieces',
      ['a', 'b\nc', '', 'd', '\n', 'e'],
      [
        [1, 'ab'],
        [2, 'cd'],
        [3, 'e'],
      ],
    ],
  ])('gives of %s its lines', async (_, pieces, lines) => {
    expect(await linesOf(pieces)).toEqual(lines)
    expect(await linesOf(pieces.join('').split(''))).toEqual(lines)
  })

  it.each([
    ['in one piece', ['1234\n12345\n12\n']],
    ['in several', ['12', '34\n123', '4', '5\n', '12\n']],
  ])('keeps nothing of a line that is too long, %s', async (_, pieces) => {
    expect(await linesOf(pieces, 4)).toEqual([
      [1, '1234'],
      [2, null],
      [3, '12'],
    ])
  })

  it('tells of a last line that is too long', async () => {
    expect(await linesOf(['a\n12345'], 4)).toEqual([
      [1, 'a'],
      [2, null],
    ])
  })
})
