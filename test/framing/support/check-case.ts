/** What must hold of every case: the wire, the origin, the record and the client's answers tell of the same messages. */
import { expect } from 'vitest'
import { MARKER_MESSAGE, type Message, type RequestCase } from '../corpus/case.ts'
import { brief, type Outcome, runCase, type Way } from './run-case.ts'
import type { Stage } from './stage.ts'
import { readResponses } from './strict-reader.ts'

/** Plays a case on all ways at once; fails where any of them does. */
export async function checkCase({ weir, ways }: Stage, each: RequestCase): Promise<void> {
  const expected: readonly Message[] = each.marker ? [...each.messages, MARKER_MESSAGE] : each.messages
  const check = async (way: Way): Promise<void> => {
    const outcome = await runCase(weir, way, each, Math.max(1, expected.length))
    checkOutcome(way, each, expected, outcome)
  }
  const checks = await Promise.allSettled(ways.map(check))
  // All of them have ended: a way that is still busy would be taken for one of the next case.
  for (const settled of checks) if (settled.status === 'rejected') throw settled.reason
}

function checkOutcome(way: Way, each: RequestCase, expected: readonly Message[], outcome: Outcome): void {
  const { name } = way.origin
  const label = `${each.name} at ${name}`
  const wanted = expected.map(brief)
  expect(outcome.wire.map(brief), `${label}: on the wire`).toEqual(wanted)
  if (each.shy[name] === undefined) expect(outcome.origin.map(brief), `${label}: the origin`).toEqual(wanted)
  else expect(wanted, `${label}: the shy origin`).toEqual(expect.arrayContaining(outcome.origin.map(brief)))
  expect(outcome.recorded, `${label}: the record`).toEqual(expected.map(recordOf))
  if (!each.begun) expect(outcome.rest, `${label}: a beginning`).toBe('')
  expect(outcome.denied, `${label}: denied once at the most`).toBeLessThanOrEqual(1)
  if (each.messages.length === 0) {
    expect(outcome.denied + outcome.failed, `${label}: denied or failed`).toBeGreaterThan(0)
  }
  if (!each.begun && each.shy[name] === undefined) checkAnswers(expected, outcome, label)
}

/** One answer to each message that was served, in order; behind them, at the most, one refusal of what was not. */
function checkAnswers(expected: readonly Message[], { answer }: Outcome, label: string): void {
  const methods = expected.map(({ method }) => method)
  const statuses = readResponses(answer, methods).map(({ status }) => status)
  const refusals = statuses.filter((status) => status >= 400)
  expect(statuses.length - refusals.length, `${label}: answers (${statuses.join(', ')})`).toBe(expected.length)
  expect(refusals.length, `${label}: refusals`).toBeLessThanOrEqual(1)
  if (expected.length === 0) expect(refusals, `${label}: the refusal`).toHaveLength(1)
}

function recordOf({ method, target, body }: Message): object {
  const [path, query] = target.split('?')
  return { method, target: query === undefined ? path : target, bodyBytes: body.length }
}
