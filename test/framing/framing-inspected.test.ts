/** The framing corpus again, inside of tunnels that Weir opens: the same parser, fed by TLS. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { REQUEST_CASES } from './corpus/requests.ts'
import { checkCase } from './support/check-case.ts'
import { type Stage, startStage } from './support/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await startStage(['raw', 'nginx', 'apache-unsafe'], true)
})
afterAll(async () => {
  await stage?.close()
})

describe('inside an opened tunnel', () => {
  it.each(REQUEST_CASES.filter(({ plainOnly }) => !plainOnly))('$name ($clause)', (each) => checkCase(stage, each))
})
