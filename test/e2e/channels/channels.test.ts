/**
 * One rule against writing elsewhere, tried over all the ways past it that are written down, and over a working day: by HTTP/1.1,
 * by HTTP/2, and with the same verdict on both.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { BENIGN } from './benign.ts'
import { CHANNELS } from './channels.ts'
import { take, type Transport, untoldOf, type Ways } from './client.ts'
import type { Untold } from './http2-words.ts'
import { OPEN_CHANNELS, REFUSED_BENIGN } from './open.ts'
import { differencesOf, type Sayings, sayingsOf, type Taken } from './parity.ts'
import { type Channel, chunked, type RequestStep, type Step } from './shape.ts'
import { startWorld, type World } from './world.ts'

const POLICY = readFileSync(join(import.meta.dirname, 'policy.yaml'), 'utf8')
const PORTS = [22, 25, 80, 443, 853, 6379, 8443, 9418]
const TRANSPORTS: readonly Transport[] = ['HTTP/1.1', 'HTTP/2']
const RECORDED_WITHIN_MS = 2_000
const POLL_MS = 2
const EMPTY = createHash('sha256').digest('hex')
const NOTHING: Sayings = new Map()

let world: World
/** Each transport has its own: what an answer by one has told is not known by the other. */
let weirs: Readonly<Record<Transport, TestWeir>>
const through = new Set<string>()
const refused = new Set<string>()
const compared = new Set<string>()
let comparisons = 0
let differing = 0
/** Steps inside of TLS that is not opened, or that were refused before it. */
let unread = 0
let misfits = 0
/** By name of the channel. */
const untold = new Map<string, Untold>()

async function startWeirs(): Promise<Readonly<Record<Transport, TestWeir>>> {
  const start = (http2: 'never' | 'always'): Promise<TestWeir> =>
    startWeir({
      policy: POLICY,
      http2,
      resolve: PORTS.map((port) => `*:${port}:127.0.0.1:${world.port}`),
      upstreamCa: world.ca,
    })
  // The world speaks HTTP/1.1: what comes by HTTP/2 is translated, and could be read in two ways.
  return { 'HTTP/1.1': await start('never'), 'HTTP/2': await start('always') }
}

async function closeWeirs(): Promise<void> {
  await Promise.all(Object.values(weirs ?? {}).map((weir) => weir.close()))
}

beforeAll(async () => {
  world = await startWorld()
  weirs = await startWeirs()
})

afterAll(async () => {
  const reasons = Map.groupBy(untold.values(), (reason) => reason)
  const counted = [...reasons].map(([reason, all]) => `${all.length} ${reason}`).join(', ')
  const rows = [
    `${CHANNELS.length} channels, ${through.size} got through`,
    `${BENIGN.length} benign, ${refused.size} refused`,
    `${compared.size} channels over HTTP/1.1 and HTTP/2, ${differing} differ`,
    `${untold.size} only HTTP/1.1 can say (${counted})`,
    `compared ${comparisons} times, with a length and without; ${unread} steps in no TLS that is opened`,
    `${misfits} steps have no words in HTTP/2 but bytes, which carried nothing out`,
  ]
  process.stdout.write(`${rows.join('; ')}\n`)
  await closeWeirs()
  await world?.close()
})

function waysBy(transport: Transport): Ways {
  const { port, caPem } = weirs[transport]
  return { port, worldPort: world.port, ca: `${caPem}\n${world.ca}` }
}

async function takeAll({ steps }: Channel, transport: Transport): Promise<readonly Taken[]> {
  world.forget()
  const outcomes: Taken[] = []
  const { records } = weirs[transport]
  for (const step of steps) {
    const before = records.length
    const outcome = await take(waysBy(transport), step, transport)
    const own = (): Taken['records'] => records.slice(before).filter((record) => record['source.port'] === outcome.port)
    // What goes through is written down when its answer has ended.
    for (const deadline = Date.now() + RECORDED_WITHIN_MS; own().length === 0 && Date.now() < deadline; ) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    outcomes.push({ ...outcome, records: own() })
  }
  return outcomes
}

/** What of a channel came out of it that must not; empty where all of it was refused. */
function leaksOf({ steps }: Channel, outcomes: readonly Taken[]): readonly string[] {
  const leaks: string[] = []
  for (const [at, { by, status, answer, records }] of outcomes.entries()) {
    const step = steps[at]
    const prelude = step !== undefined && 'prelude' in step
    if (prelude && by !== 'through') throw new Error(`what leads up to it was not answered: ${status} ${answer}`)
    if (prelude) continue
    const recorded = records.map((record) => String(record['event.action']))
    if (by === 'through') leaks.push(`step ${at + 1} was answered with ${status}`)
    // A failure carries nothing out either, and proves nothing.
    else if (!recorded.includes('denied')) throw new Error(`nothing denied it: ${recorded.join()} ${status} ${answer}`)
  }
  return [...leaks, ...world.sightings().map((line) => `carried out: ${line}`)]
}

/** What of a channel HTTP/2 has no words for; null where it can be told by either. */
function untoldIn({ steps }: Channel): Untold | null {
  return steps.map((step) => untoldOf(waysBy('HTTP/2'), step)).find((reason) => reason !== null) ?? null
}

/** By each transport, or where HTTP/2 has no words for it by HTTP/1.1 alone; the same must come of it. */
async function compare(channel: Channel, examine: (taken: readonly Taken[], transport: Transport) => void) {
  const reason = untoldIn(channel)
  const sayings: Sayings[] = []
  for (const transport of reason === null ? TRANSPORTS : TRANSPORTS.slice(0, 1)) {
    const taken = await takeAll(channel, transport)
    examine(taken, transport)
    sayings.push(sayingsOf(taken, world.messages()))
    if (transport === 'HTTP/2') expectSpoken(taken)
  }
  if (reason !== null) {
    untold.set(channel.name, reason)
    return
  }
  compared.add(channel.name)
  comparisons += 1
  const differences = differencesOf(sayings[0] ?? NOTHING, sayings[1] ?? NOTHING)
  if (differences.length > 0) differing += 1
  expect(differences, differences.join('\n')).toEqual([])
}

/** A request that was read came by HTTP/2; of TLS that is not opened nobody knows. */
function expectSpoken(taken: readonly Taken[]): void {
  for (const { agreed, records } of taken) {
    const versions = records.map((record) => record['http.version'])
    if (agreed === 'h2') expect(versions.filter((version) => version !== undefined && version !== '2')).toEqual([])
    else expect(versions, 'it was not spoken by HTTP/2').toEqual([undefined])
    if (agreed !== 'h2') unread += 1
  }
}

/** The same with bodies whose length nobody tells: chunks of HTTP/1.1, and no Content-Length in HTTP/2. */
function unsized(channel: Channel): Channel {
  return { ...channel, steps: channel.steps.map((step) => (isSized(step) ? chunked(step) : step)) }
}

function unsizedOf(channels: readonly Channel[]): readonly (readonly [name: string, channel: Channel])[] {
  return channels.filter(({ steps }) => steps.some(isSized)).map((channel) => [channel.name, unsized(channel)])
}

function isSized(step: Step): step is RequestStep {
  if (!('url' in step) || step.url.startsWith('http:') || (step.body ?? '').length === 0) return false
  return !(step.headers ?? []).some(
    (line) => /^(?:content-length|transfer-encoding)/i.test(line) || line.includes('\n'),
  )
}

describe('nothing is carried out', () => {
  it.each(CHANNELS.map((channel) => [channel.name, channel] as const))('by %s', async (name, channel) => {
    await compare(channel, (taken, transport) => {
      const leaks = leaksOf(channel, taken)
      if (leaks.length > 0) through.add(name)
      if (name in OPEN_CHANNELS) expect(leaks, 'it no longer gets through: take it off the list').not.toEqual([])
      else expect(leaks, transport).toEqual([])
    })
  })
})

describe('what only HTTP/1.1 can say is not carried out', () => {
  const all = CHANNELS.flatMap((channel) =>
    channel.steps.map((step, at) => [`${channel.name}, ${at + 1}`, step] as const),
  )
  it.each(all.filter(([, step]) => isMisfit(step)))(
    'by HTTP/2 that is as near to it as can be: %s',
    async (_, step) => {
      world.forget()
      const { by, agreed } = await take(waysBy('HTTP/2'), step, 'HTTP/2')
      expect([by === 'through', agreed, world.sightings()]).toEqual([false, 'h2', []])
      // What says that nothing follows is sent on as just that, before what follows ends it.
      for (const message of world.messages())
        expect(message).toMatchObject({ line: expect.stringMatching(/^GET /), body: EMPTY })
      misfits += 1
    },
  )
})

/** Has no words in HTTP/2, but bytes. */
function isMisfit(step: Step): boolean {
  const reason = untoldOf({ port: 0, worldPort: 0, ca: '' }, step)
  return reason !== null && reason !== 'in the clear' && reason !== 'bytes that are no request'
}

describe('nothing is carried out without a length', () => {
  beforeAll(async () => {
    // What was announced for ours in the round before would let its upload through.
    await closeWeirs()
    weirs = await startWeirs()
  })

  it.each(unsizedOf(CHANNELS))('by %s', async (name, channel) => {
    await compare(channel, (taken, transport) => {
      if (!(name in OPEN_CHANNELS)) expect(leaksOf(channel, taken), transport).toEqual([])
    })
  })
})

describe('a working day goes on', () => {
  it.each(BENIGN.map((action) => [action.name, action] as const))('with %s', async (name, action) => {
    await compare(action, (taken, transport) => {
      const bad = taken.filter(({ by, status }) => by !== 'through' || status !== 200).map(({ answer }) => answer)
      if (bad.length > 0) refused.add(name)
      if (name in REFUSED_BENIGN) expect(bad, 'it is no longer refused: take it off the list').not.toEqual([])
      else expect([bad, world.requests().length], `${transport}: ${bad.join()}`).toEqual([[], action.steps.length])
    })
  })
})

describe('a working day is judged the same without a length', () => {
  // Some of it is refused then, for only its length told how little it was.
  it.each(unsizedOf(BENIGN))('with %s', (_, action) => compare(action, () => undefined))
})

describe('the lists', () => {
  it('are as long as they must be, and name each thing once', () => {
    const names = [...CHANNELS, ...BENIGN].map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(CHANNELS.length).toBeGreaterThanOrEqual(500)
    expect(BENIGN.length).toBeGreaterThanOrEqual(150)
    expect(unsizedOf(CHANNELS).length).toBeGreaterThanOrEqual(400)
    expect([...CHANNELS, ...BENIGN].filter((each) => untoldIn(each) === null).length).toBeGreaterThanOrEqual(700)
  })

  it('know what is open', () => {
    const known = new Set([...CHANNELS, ...BENIGN].map(({ name }) => name))
    expect([...Object.keys(OPEN_CHANNELS), ...Object.keys(REFUSED_BENIGN)].filter((name) => !known.has(name))).toEqual(
      [],
    )
  })
})
