/** The ledger against a model: random flows, clocks, failures and crashes; never a byte too many, never a false denial. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BudgetKey, Reservation, ReserveOutcome } from '../../src/flow/ledger.ts'
import { type DurableLedger, startLedger } from '../../src/store/ledger.ts'
import { RETRY_MS } from '../../src/store/lease-writer.ts'
import { SLICES } from '../../src/store/sliding-sum.ts'
import { ManualClock } from './support/manual-clock.ts'
import { MemoryDisk, MemoryStore } from './support/memory-store.ts'

const WINDOW_MS = 600_000
const SLICE_MS = WINDOW_MS / SLICES
const KEYS: readonly BudgetKey[] = [
  { budget: 'daily', key: 'user:ada', windowMs: WINDOW_MS, size: 10_000 },
  { budget: 'daily', key: 'user:grace', windowMs: WINDOW_MS, size: 10_000 },
  { budget: 'service', key: 'github', windowMs: WINDOW_MS, size: 15_000 },
]

interface Flow {
  readonly keys: readonly number[]
  readonly reservation: Reservation
  reservedBytes: number
  sentBytes: number
}

interface Entry {
  readonly key: number
  readonly bytes: number
  readonly endMs: number
}

/** What the ledger is measured by. `least` and `most` differ only by what crashes may have cost. */
class World {
  readonly clock = new ManualClock()
  readonly disk = new MemoryDisk()
  store = new MemoryStore(this.disk)
  ledger: DurableLedger | null = null
  flows: Flow[] = []
  /** Real time goes on whatever the clocks say. */
  realMs = 0
  sends: { readonly key: number; readonly bytes: number; readonly atMs: number }[] = []
  least: Entry[] = []
  most: Entry[] = []
  ledgerMs = 0

  async start(): Promise<void> {
    this.store = new MemoryStore(this.disk)
    this.ledger = await startLedger({ store: this.store, clock: this.clock, leaseBytesMax: 2_000 })
    this.ledgerMs = this.disk.run?.ledgerMs ?? 0
  }

  running(): DurableLedger {
    if (this.ledger === null) throw new Error('the ledger was not started')
    return this.ledger
  }

  async pass(ms: number): Promise<void> {
    this.realMs += ms
    this.ledgerMs += ms
    this.clock.pass(ms)
    await vi.advanceTimersByTimeAsync(Math.min(ms, WINDOW_MS))
  }

  heldBytes(key: number): number {
    return sum(this.flows.filter(({ keys }) => keys.includes(key)).map(({ reservedBytes }) => reservedBytes))
  }

  usedBytes(entries: readonly Entry[], key: number): number {
    const live = entries.filter((entry) => entry.key === key && entry.endMs + WINDOW_MS > this.ledgerMs)
    return sum(live.map(({ bytes }) => bytes)) + this.heldBytes(key)
  }

  entry(key: number, bytes: number): Entry {
    return { key, bytes, endMs: (Math.floor(this.ledgerMs / SLICE_MS) + 1) * SLICE_MS }
  }

  check(): void {
    const uses = this.running().uses(KEYS.length)
    for (const [at, { budget, key, size }] of KEYS.entries()) {
      const windowed = this.sends.filter(({ key: sentTo, atMs }) => sentTo === at && atMs > this.realMs - WINDOW_MS)
      const mayStill = sum(
        this.flows.filter(({ keys }) => keys.includes(at)).map((flow) => flow.reservedBytes - flow.sentBytes),
      )
      expect(sum(windowed.map(({ bytes }) => bytes)) + mayStill).toBeLessThanOrEqual(size)
      const told = uses.find((use) => use.budget === budget && use.key === key)?.usedBytes ?? 0
      expect(told).toBeGreaterThanOrEqual(this.usedBytes(this.least, at))
      expect(told).toBeLessThanOrEqual(this.usedBytes(this.most, at))
    }
  }
}

type Command = fc.AsyncCommand<object, World>

/** Each command draws its own numbers; they are named in a counterexample. */
function command(name: string, run: (world: World) => Promise<void>): Command {
  return {
    check: () => true,
    async run(_, world) {
      await run(world)
      world.check()
    },
    toString: () => name,
  }
}

interface Burst {
  readonly keys: readonly number[]
  readonly bytes: number
}

const burst = fc.array(
  fc.record({
    keys: fc.subarray([0, 1, 2], { minLength: 1 }),
    bytes: fc.oneof(fc.nat(300), fc.nat(4_000)),
  }),
  { minLength: 1, maxLength: 12 },
)

/** Begins flows that all ask at once, and accounts for every answer. */
async function begin(world: World, wanted: readonly Burst[]): Promise<void> {
  const started = wanted.map(({ keys, bytes }) => {
    const reservation = world.running().open(keys.map((key) => KEYS[key] ?? raise()))
    return { keys, bytes, reservation, outcome: reservation.extend(bytes) }
  })
  for (const { keys, bytes, reservation, outcome } of started) {
    const { state } = await outcome
    if (state === 'reserved') world.flows.push({ keys, reservation, reservedBytes: bytes, sentBytes: 0 })
    if (world.store.mood === 'works') expect(state).not.toBe('failed')
  }
}

/** One flow alone: its answer is foretold. */
async function beginOne(world: World, { keys, bytes }: Burst): Promise<void> {
  const asked = keys.map((key) => KEYS[key] ?? raise())
  const wasWritable = world.running().writable
  const fits = (entries: readonly Entry[]): boolean =>
    keys.every((key) => bytes <= (KEYS[key]?.size ?? 0) - world.usedBytes(entries, key))
  const [surely, perhaps] = [fits(world.most), fits(world.least)]
  const reservation = world.running().open(asked)
  const outcome = await reservation.extend(bytes)
  if (outcome.state === 'reserved') world.flows.push({ keys, reservation, reservedBytes: bytes, sentBytes: 0 })
  if (world.store.mood !== 'works') return
  expect(wasWritable).toBe(true)
  if (surely) expect(outcome.state).toBe('reserved')
  if (!perhaps) expect(outcome.state).toBe('exceeded')
  checkLeft(world, outcome, asked, keys)
}

/** A flow asks for more, in as many pieces as it likes. */
async function extend(world: World, which: number, pieces: readonly number[]): Promise<void> {
  const flow = world.flows[which % Math.max(1, world.flows.length)]
  if (flow === undefined) return
  const outcomes = pieces.map((bytes) => [bytes, flow.reservation.extend(bytes)] as const)
  for (const [bytes, outcome] of outcomes) {
    if ((await outcome).state === 'reserved') flow.reservedBytes += bytes
  }
}

/** Many flows one after the other, each of which sends all: they live on one lease as long as it lasts. */
async function churn(world: World, key: number, flows: number, bytes: number): Promise<void> {
  for (let flow = 0; flow < flows; flow++) {
    await beginOne(world, { keys: [key], bytes })
    const last = world.flows.length - 1
    if (world.flows[last]?.reservedBytes !== bytes) continue
    send(world, last, 1)
    settle(world, last)
  }
}

/** A flow ends while the store is at work for others. */
async function settleMeanwhile(world: World, which: number, wanted: readonly Burst[]): Promise<void> {
  const begun = begin(world, wanted)
  await Promise.resolve()
  await Promise.resolve()
  send(world, which, 1)
  settle(world, which)
  await begun
}

function checkLeft(world: World, outcome: ReserveOutcome, asked: readonly BudgetKey[], keys: readonly number[]): void {
  if (outcome.state !== 'exceeded') return
  const bounds = keys
    .filter((_, at) => asked[at]?.budget === outcome.budget)
    .map((key) => [world.usedBytes(world.most, key), world.usedBytes(world.least, key), KEYS[key]?.size ?? 0] as const)
  expect(
    bounds.some(([most, least, size]) => outcome.left >= Math.max(0, size - most) && outcome.left <= size - least),
  ).toBe(true)
}

function send(world: World, which: number, part: number): void {
  const flow = world.flows[which % Math.max(1, world.flows.length)]
  if (flow === undefined) return
  const bytes = Math.floor((flow.reservedBytes - flow.sentBytes) * part)
  flow.sentBytes += bytes
  for (const key of flow.keys) world.sends.push({ key, bytes, atMs: world.realMs })
}

function settle(world: World, which: number): void {
  const [flow] = world.flows.splice(which % Math.max(1, world.flows.length), 1)
  if (flow === undefined) return
  flow.reservation.settle(flow.sentBytes)
  flow.reservation.settle(flow.sentBytes)
  for (const key of flow.keys) {
    world.least.push(world.entry(key, flow.sentBytes))
    world.most.push(world.entry(key, flow.sentBytes))
  }
}

/** The process dies, perhaps with a write on its way; what its flows had sent was sent. */
async function crash(world: World, wanted: readonly Burst[], kept: boolean, restart: (world: World) => void) {
  world.store.mood = kept ? 'waits-late' : 'waits'
  for (const { keys, bytes } of wanted) {
    const reservation = world.running().open(keys.map((key) => KEYS[key] ?? raise()))
    const outcome = reservation.extend(bytes)
    if (!(outcome instanceof Promise) && outcome.state === 'reserved') {
      world.flows.push({ keys, reservation, reservedBytes: bytes, sentBytes: 0 })
    }
  }
  await vi.advanceTimersByTimeAsync(0)
  for (let which = 0; which < world.flows.length; which += 2) send(world, which, 0.5)
  const sent = world.flows.flatMap(({ keys, sentBytes }) => keys.map((key) => world.entry(key, sentBytes)))
  world.least.push(...sent)
  world.flows = []
  // Of the run that died nothing goes on.
  vi.clearAllTimers()
  restart(world)
  await world.start()
  // Where the clock is behind after a reboot, the ledger's time is too, and dates what was sent by that.
  world.least = world.least.map((entry) => ({ ...entry, endMs: Math.min(entry.endMs, world.entry(0, 0).endMs) }))
  const uses = world.running().uses(KEYS.length)
  world.most = KEYS.map(({ budget, key, size }, at) => {
    const used = uses.find((use) => use.budget === budget && use.key === key)?.usedBytes ?? 0
    expect(used).toBeLessThanOrEqual(size)
    return world.entry(at, used)
  })
}

function sameBoot(ms: number): (world: World) => void {
  return ({ clock }) => clock.pass(ms)
}

/** Over a reboot the wall clock is behind the real time, or right. */
function reboot(ms: number, behindMs: number): (world: World) => void {
  return (world) => {
    world.clock.bootId = `boot-${world.realMs}-${ms}`
    world.clock.monotonic = 10
    const { run } = world.disk
    world.clock.wall = (run?.wallMs ?? 0) + (world.ledgerMs - (run?.ledgerMs ?? 0)) + ms - behindMs
  }
}

async function failAndHeal(world: World, mood: 'fails' | 'fails-late', wanted: readonly Burst[], lost: boolean) {
  world.store.mood = mood
  await begin(world, wanted)
  if (lost) {
    world.store.lose('gone')
    expect(await world.running().open(KEYS).extend(1)).toEqual({ state: 'failed' })
  }
  world.store.mood = 'works'
  await vi.advanceTimersByTimeAsync(RETRY_MS)
  // A write that was on its way may be what finds the fault.
  await begin(world, [])
}

const commands: readonly fc.Arbitrary<Command>[] = [
  burst.map((wanted) => command(`begin ${JSON.stringify(wanted)}`, (world) => begin(world, wanted))),
  burst.map(([one]) => command(`begin one ${JSON.stringify(one)}`, (world) => beginOne(world, one ?? raise()))),
  fc
    .tuple(fc.nat(50), fc.array(fc.nat(500), { minLength: 1, maxLength: 8 }))
    .map(([which, pieces]) => command(`extend ${which} ${pieces.join(' ')}`, (world) => extend(world, which, pieces))),
  fc
    .tuple(fc.nat(50), fc.constantFrom(0.1, 0.5, 1))
    .map(([which, part]) => command(`send ${which} ${part}`, async (world) => send(world, which, part))),
  fc.nat(50).map((which) => command(`settle ${which}`, async (world) => settle(world, which))),
  fc.nat(50).map((which) => command(`settle ${which}`, async (world) => settle(world, which))),
  fc
    .tuple(fc.nat(2), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 200 }))
    .map(([key, flows, bytes]) =>
      command(`churn ${key} ${flows} ${bytes}`, (world) => churn(world, key, flows, bytes)),
    ),
  fc
    .tuple(fc.nat(50), burst)
    .map(([which, wanted]) =>
      command(`settle ${which} meanwhile ${JSON.stringify(wanted)}`, (world) => settleMeanwhile(world, which, wanted)),
    ),
  fc
    .oneof(fc.nat(20_000), fc.nat(200_000), fc.nat(900_000))
    .map((ms) => command(`pass ${ms}`, (world) => world.pass(ms))),
  fc.integer({ min: -1e9, max: 1e9 }).map((ms) =>
    command(`step the wall clock by ${ms}`, async ({ clock }) => {
      clock.wall += ms
    }),
  ),
  fc.tuple(burst, fc.boolean(), fc.nat(400_000)).map(([wanted, kept, ms]) =>
    command(`crash ${JSON.stringify(wanted)} ${kept} ${ms}`, (world) =>
      crash(world, wanted, kept, (restarted) => {
        restarted.realMs += ms
        sameBoot(ms)(restarted)
      }),
    ),
  ),
  fc.tuple(burst, fc.boolean(), fc.nat(400_000), fc.nat(900_000)).map(([wanted, kept, ms, behindMs]) =>
    command(`reboot ${JSON.stringify(wanted)} ${kept} ${ms} ${behindMs}`, (world) =>
      crash(world, wanted, kept, (restarted) => {
        restarted.realMs += ms
        reboot(ms, behindMs)(restarted)
      }),
    ),
  ),
  fc
    .tuple(fc.constantFrom('fails', 'fails-late'), burst, fc.boolean())
    .map(([mood, wanted, lost]) =>
      command(`${mood} ${JSON.stringify(wanted)} ${lost}`, (world) => failAndHeal(world, mood, wanted, lost)),
    ),
]

describe('the ledger against its model', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
  afterEach(() => vi.useRealTimers())

  it('never passes a budget by a byte, and denies none while enough is left', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands([...commands], { maxCommands: 60, size: 'max' }), async (run) => {
        vi.clearAllTimers()
        const world = new World()
        await world.start()
        await fc.asyncModelRun(() => ({ model: {}, real: world }), run)
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function raise(): never {
  throw new Error('a number without a budget')
}
