/** One rule against writing elsewhere, tried over all the ways past it that are written down, and over a working day. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { BENIGN } from './benign.ts'
import { CHANNELS } from './channels.ts'
import { type Outcome, take, type Ways } from './client.ts'
import { OPEN_CHANNELS, REFUSED_BENIGN } from './open.ts'
import type { Channel } from './shape.ts'
import { startWorld, type World } from './world.ts'

const POLICY = readFileSync(join(import.meta.dirname, 'policy.yaml'), 'utf8')
const PORTS = [22, 25, 80, 443, 853, 6379, 8443, 9418]

let world: World
let weir: TestWeir
let ways: Ways
const through: string[] = []
const refused: string[] = []

beforeAll(async () => {
  world = await startWorld()
  weir = await startWeir({
    policy: POLICY,
    resolve: PORTS.map((port) => `*:${port}:127.0.0.1:${world.port}`),
    upstreamCa: world.ca,
  })
  ways = { port: weir.port, worldPort: world.port, ca: `${weir.caPem}\n${world.ca}` }
})

afterAll(async () => {
  const rows = [
    `${CHANNELS.length} channels, ${through.length} got through`,
    `${BENIGN.length} benign, ${refused.length} refused`,
  ]
  process.stdout.write(`${rows.join('; ')}\n`)
  await weir?.close()
  await world?.close()
})

interface Taken extends Outcome {
  /** What the record calls what came of it, in order. */
  readonly recorded: readonly string[]
}

async function takeAll({ steps }: Channel): Promise<readonly Taken[]> {
  world.forget()
  const outcomes: Taken[] = []
  for (const step of steps) {
    const before = weir.records.length
    const outcome = await take(ways, step)
    const recorded = weir.records.slice(before).map((record) => String(record['event.action']))
    outcomes.push({ ...outcome, recorded })
  }
  return outcomes
}

/** What of a channel came out of it that must not; empty where all of it was refused. */
async function leaksOf(channel: Channel): Promise<readonly string[]> {
  const leaks: string[] = []
  const outcomes = await takeAll(channel)
  for (const [at, { by, status, answer, recorded }] of outcomes.entries()) {
    const step = channel.steps[at]
    const prelude = step !== undefined && 'prelude' in step
    if (prelude && by !== 'through') throw new Error(`what leads up to it was not answered: ${status} ${answer}`)
    if (prelude) continue
    if (by === 'through') leaks.push(`step ${at + 1} was answered with ${status}`)
    // A failure carries nothing out either, and proves nothing.
    else if (!recorded.includes('denied')) throw new Error(`nothing denied it: ${recorded.join()} ${status} ${answer}`)
  }
  return [...leaks, ...world.sightings().map((line) => `carried out: ${line}`)]
}

describe('nothing is carried out', () => {
  it.each(CHANNELS.map((channel) => [channel.name, channel] as const))('by %s', async (name, channel) => {
    const leaks = await leaksOf(channel)
    if (leaks.length > 0) through.push(name)
    if (name in OPEN_CHANNELS) expect(leaks, 'it no longer gets through: take it off the list').not.toEqual([])
    else expect(leaks).toEqual([])
  })
})

describe('a working day goes on', () => {
  it.each(BENIGN.map((action) => [action.name, action] as const))('with %s', async (name, action) => {
    const outcomes = await takeAll(action)
    const bad = outcomes.filter(({ by, status }) => by !== 'through' || status !== 200).map(({ answer }) => answer)
    if (bad.length > 0) refused.push(name)
    if (name in REFUSED_BENIGN) expect(bad, 'it is no longer refused: take it off the list').not.toEqual([])
    else expect([bad, world.requests().length]).toEqual([[], action.steps.length])
  })
})

describe('the lists', () => {
  it('are as long as they must be, and name each thing once', () => {
    const names = [...CHANNELS, ...BENIGN].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(CHANNELS.length).toBeGreaterThanOrEqual(500)
    expect(BENIGN.length).toBeGreaterThanOrEqual(150)
  })

  it('know what is open', () => {
    const known = new Set([...CHANNELS, ...BENIGN].map(({ name }) => name))
    expect([...Object.keys(OPEN_CHANNELS), ...Object.keys(REFUSED_BENIGN)].filter((name) => !known.has(name))).toEqual(
      [],
    )
  })
})
