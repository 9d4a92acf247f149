/** The most common case: the frames of one request on stream 1, and the answer there. */
import type { Case, Outcome } from './case.ts'
import type { Talk } from './talk.ts'

export function asking(
  name: string,
  clause: string,
  right: readonly Outcome[],
  frames: (talk: Talk) => readonly Buffer[],
  more: Partial<Case> = {},
): Case {
  return { name, clause, right, stream: 1, act: (talk) => talk.send(...frames(talk)), ...more }
}
