/** Runs an incremental parser four ways and holds the answers equal: whole, byte by byte, with trailing bytes, cut anywhere. */
import { expect } from 'vitest'
import type { Parse } from '../../src/wire/parse.ts'

/** A parser over all bytes so far, or over the next chunk. */
export type Feed<T> = (bytes: Uint8Array) => Parse<T>

/** Feeds a parser that is given all bytes received so far, and answers what it says of the whole. */
export function feedPrefixes<T>(parse: Feed<T>, bytes: Uint8Array): Parse<T> {
  return feedReader(() => {
    let seen: Uint8Array = new Uint8Array()
    return (chunk) => {
      // A copy of exactly these bytes: a parser that reads past them cannot find the right ones by luck.
      seen = Uint8Array.from([...seen, ...chunk])
      return parse(seen)
    }
  }, bytes)
}

/** Feeds a parser that is given chunk after chunk. */
export function feedReader<T>(open: () => Feed<T>, bytes: Uint8Array): Parse<T> {
  const whole = open()(bytes)
  const bySingles = open()
  let soFar: Parse<T> = { state: 'more' }
  for (let at = 0; at < bytes.length && soFar.state === 'more'; at++) soFar = bySingles(bytes.slice(at, at + 1))
  expect(soFar, 'byte by byte').toEqual(whole)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const parser = open()
    const first = parser(bytes.slice(0, cut))
    const answer = first.state === 'more' ? parser(bytes.slice(cut)) : first
    expect(answer, `cut at ${cut}`).toEqual(whole)
  }
  if (whole.state !== 'more') {
    for (const trailing of [[0], [0x16, 3, 1, 0, 0], [0x30, 0x30, 0x30, 0x30], [0xff, 0xff, 0xff, 0xff, 0xff]]) {
      expect(open()(Uint8Array.from([...bytes, ...trailing])), 'with trailing bytes').toEqual(whole)
    }
  }
  return whole
}

export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
