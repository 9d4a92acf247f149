import { describe, expect, it } from 'vitest'
import type { Parse } from '../../src/wire/parse.ts'
import type { PktLine } from '../../src/wire/pkt-line.ts'
import { PktLineReader } from '../../src/wire/pkt-line-reader.ts'
import { bytesOf, feedReader } from './feed.ts'

/** Takes eight bytes at most, and answers with the packets where these are full. */
function feed(text: string): Parse<string[]> {
  return feedReader(() => {
    const seen: string[] = []
    const reader = new PktLineReader<string[]>(
      { what: 'it', bytesMax: 8, lineBytesMax: 7 },
      (line: PktLine, size: number): Parse<string[]> => {
        seen.push(line.kind === 'data' ? Buffer.from(line.payload).toString('latin1') : line.kind)
        return size === 8 ? { state: 'done', value: seen, size } : { state: 'more' }
      },
    )
    return (chunk) => reader.push(chunk)
  }, bytesOf(text))
}

describe('a reader of pkt-lines', () => {
  it.each([
    ['two without a payload', '00000001', ['flush', 'delim']],
    ['an empty line', '00040000', ['', 'flush']],
  ])('takes as many bytes as it may: %s', (_, text, seen) => {
    expect(feed(text)).toEqual({ state: 'done', value: seen, size: 8 })
  })

  // Such a packet is whole as soon as its length is known, so that the limit has to be looked at first.
  it.each([
    ['a flush', '0005a0000'],
    ['an empty line', '0005a0004'],
    ['a line that is longer', '00000005a'],
  ])('takes no more, and does not hand on what goes beyond: %s', (_, text) => {
    expect(feed(text)).toEqual({ state: 'bad', fault: 'it is longer than 8 bytes' })
  })

  it('takes no line that is too long', () => {
    expect(feed('0008abcd')).toEqual({ state: 'bad', fault: 'a line of it is longer than 7 bytes' })
  })
})
