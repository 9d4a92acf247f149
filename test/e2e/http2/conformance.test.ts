/** HTTP/2 as RFC 9113 and RFC 7541 have it, case by case, against each target. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Case, Outcome } from './case.ts'
import { CASES } from './cases.ts'
import { SETTING } from './frames.ts'
import { startNodeTarget } from './node-target.ts'
import { observe } from './observe.ts'
import { Talk } from './talk.ts'
import type { Target } from './target.ts'
import { startWeirTarget } from './weir-target.ts'

const STARTERS = { 'node:http2': startNodeTarget, Weir: startWeirTarget }
/** Weir joins once it speaks HTTP/2. */
const TARGETS: readonly (keyof typeof STARTERS)[] = ['node:http2', 'Weir']

const CASES_MIN = 120
const SUITE_MS_MAX = 30_000
const SLOWEST_SHOWN = 5
const TABLE_BYTES_MIN = 4_096

it(`the suite has at least ${CASES_MIN} cases, each of its own name`, () => {
  const names = new Set(CASES.map(({ name }) => name))
  expect(names.size).toBe(CASES.length)
  expect(CASES.length).toBeGreaterThanOrEqual(CASES_MIN)
})

describe.each(TARGETS)('%s', (targetName) => {
  let target: Target
  const costs: { readonly name: string; readonly ms: number }[] = []
  beforeAll(async () => {
    target = await STARTERS[targetName]()
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
    if (each.unopened !== true) {
      await talk.client.open()
      // Below it, each first block of a case would have to say so (RFC 7541 section 4.2).
      expect(talk.client.announced.get(SETTING.headerTableSize) ?? TABLE_BYTES_MIN).toBeGreaterThanOrEqual(
        TABLE_BYTES_MIN,
      )
    }
    await each.act(talk)
    const outcome = await observe(talk, each.stream)
    expect(rightFor(each, target), talk.client.show()).toContain(outcome)
  } finally {
    talk.client.destroy()
  }
}

function rightFor({ right, nodeDiffers }: Case, target: Target): readonly Outcome[] {
  if (nodeDiffers === undefined) return right
  if (target.isPlainNode) return [nodeDiffers.outcome]
  return nodeDiffers.hidden === true ? [...right, nodeDiffers.outcome] : right
}
