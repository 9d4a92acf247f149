/** The framing corpus: whatever bytes come in, Weir, its record and the origin agree on the messages, or nothing gets through. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ORIGIN_NAMES } from './corpus/case.ts'
import { REQUEST_CASES } from './corpus/requests.ts'
import { checkCase } from './support/check-case.ts'
import { type Stage, startStage } from './support/stage.ts'

const CASES_MIN = 300

let stage: Stage
beforeAll(async () => {
  stage = await startStage(ORIGIN_NAMES, false)
})
afterAll(async () => {
  await stage?.close()
})

describe('the corpus of requests', () => {
  it(`has at least ${CASES_MIN} cases, each of its own name`, () => {
    const names = new Set(REQUEST_CASES.map(({ name }) => name))
    expect(names.size).toBe(REQUEST_CASES.length)
    expect(REQUEST_CASES.length).toBeGreaterThanOrEqual(CASES_MIN)
    const forbidden = REQUEST_CASES.filter((each) => each.forbidden).length
    console.info(`${REQUEST_CASES.length} requests, ${forbidden} of them forbidden, at ${ORIGIN_NAMES.length} origins`)
  })

  it.each(REQUEST_CASES)('$name ($clause)', (each) => checkCase(stage, each))
})
