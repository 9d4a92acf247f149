/** What a command of Weir says about a bad file: once, in plain words, and never so much that nobody reads it. */
import { expect } from 'vitest'
import type { Outcome } from '../cli/weir-command.ts'
import { expectClear } from './stage.ts'

const SAID_CHARACTERS_MAX = 10_000

/** The command ends with this status, and what it says matches. */
export function expectSaid(
  { status, out, err }: Outcome,
  wanted: { readonly status: 1 | 2; readonly said: RegExp },
): void {
  const said = `${out}${err}`
  expect(said).toMatch(wanted.said)
  expect(status, said).toBe(wanted.status)
  expect(said, 'control characters').not.toMatch(/[^\P{Cc}\n\t]/u)
  expect(said.length).toBeLessThanOrEqual(SAID_CHARACTERS_MAX)
  expectClear(said)
}
