/** Holds a body to its form four ways and the answers equal: whole, byte by byte, with trailing bytes, cut anywhere. */
import { expect } from 'vitest'
import type { BodyCheck } from '../../src/wire/body-check.ts'

/** What is wrong with the body, or null. */
export function checkBody(open: () => BodyCheck, bytes: Uint8Array): string | null {
  const whole = checkPieces(open, [bytes], bytes.length)
  expect(
    checkPieces(
      open,
      [...bytes].map((byte) => Uint8Array.of(byte)),
      bytes.length,
    ),
    'byte by byte',
  ).toBe(whole)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const answer = checkPieces(open, [bytes.slice(0, cut), bytes.slice(cut)], bytes.length)
    expect(answer, `cut at ${cut}`).toBe(whole)
  }
  for (const trailing of [[0], [0x16, 3, 1, 0, 0], [0x30], [0x7d], [0xff, 0xff, 0xff, 0xff, 0xff]]) {
    const longer = Uint8Array.from([...bytes, ...trailing])
    expect(checkPieces(open, [longer], longer.length), 'with trailing bytes').not.toBeNull()
  }
  return whole
}

function checkPieces(open: () => BodyCheck, pieces: readonly Uint8Array[], size: number): string | null {
  const check = open()
  let state = 'more'
  for (const piece of pieces) {
    const answer = check.push(piece)
    if (state === 'bad') expect(answer.state, 'stays bad').toBe('bad')
    state = answer.state
    if (answer.state === 'done') expect(answer.size).toBeLessThanOrEqual(size)
  }
  const fault = check.end()
  if (state === 'bad') expect(fault).not.toBeNull()
  if (state === 'done') expect(fault).toBeNull()
  expect(check.end(), 'asked again').toBe(fault)
  return fault
}
