/** HTTP/2 as RFC 9113 and RFC 7541 have it, case by case, against each target. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Case } from './case.ts'
import { CASES } from './cases.ts'
import { startNodeTarget } from './node-target.ts'
import { observe } from './observe.ts'
import { Talk } from './talk.ts'
import type { Target } from './target.ts'

/** Weir's own, `['Weir', startWeirTarget]` of weir-target.ts, joins once it speaks HTTP/2. */
const TARGETS = [['node:http2', startNodeTarget]] as const

const CASES_MIN = 120
const SUITE_MS_MAX = 30_000
const SLOWEST_SHOWN = 5

it(`the suite has at least ${CASES_MIN} cases, each of its own name`, () => {
  const names = new Set(CASES.map(({ name }) => name))
  expect(names.size).toBe(CASES.length)
  expect(CASES.length).toBeGreaterThanOrEqual(CASES_MIN)
})

describe.each(TARGETS)('%s', (_, startTarget) => {
  let target: Target
  const costs: { readonly name: string; readonly ms: number }[] = []
  beforeAll(async () => {
    target = await startTarget()
  })
  afterAll(() => target?.close())

  it.each(CASES)('$name ($clause)', async (each) => {
    const begun = performance.now()
    await run(each, target)
    costs.push({ name: each.name, ms: performance.now() - begun })
  })

  it(`cost less than ${SUITE_MS_MAX} ms in all`, () => {
    const total = costs.reduce((sum, { ms }) => sum + ms, 0)
    const slowest = costs.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST_SHOWN)
    const shown = slowest.map(({ name, ms }) => `${Math.round(ms)} ms ${name}`).join('; ')
    console.info(`${costs.length} cases in ${Math.round(total)} ms; ${shown}`)
    expect(total).toBeLessThan(SUITE_MS_MAX)
  })
})

async function run(each: Case, target: Target): Promise<void> {
  const talk = await Talk.start(target)
  try {
    if (each.unopened !== true) await talk.client.open()
    await each.act(talk)
    const outcome = await observe(talk, each.stream)
    const right = target.isPlainNode && each.nodeDiffers !== undefined ? [each.nodeDiffers.outcome] : each.right
    expect(right, talk.client.show()).toContain(outcome)
  } finally {
    talk.client.destroy()
  }
}
