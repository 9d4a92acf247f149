/** The upload gate: nothing passes before an allow, what passes is the body whole, and a denial leaves nothing behind. */
import assert from 'node:assert'
import { setImmediate } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Ledger } from '../../src/flow/ledger.ts'
import type { Limit, Verdict, WindowLimit } from '../../src/flow/verdict.ts'
import { type Amounts, drain, type Gated, gate, type BodyFacts, linger, type Upload } from '../../src/proxy/gate.ts'
import { UploadScan } from '../../src/proxy/upload-scan.ts'
import { UploadMeter } from '../../src/proxy/upload-meter.ts'
import { A, command, packets, ZERO } from '../wire/push.ts'
import { type BodyOptions, cut, makeBody } from './body.ts'
import { openFilesIn } from './descriptors.ts'
import { PACK, PUSH, REF } from './pushes.ts'
import { makeFlow, makeWorld, type World, type WorldOptions } from './world.ts'

const PROBE = packets(null)
const DELETE = packets(command(A, ZERO, REF, 'report-status'), null)
const BODY = Buffer.concat([PUSH, PACK])

function allow(...sizes: readonly number[]): Verdict {
  const limits = sizes.map((size): Limit => ({ per: 'request', size, budget: null }))
  return { action: 'allow', rule: 'ours', limits, wouldDeny: [] }
}

const DENY: Verdict = {
  action: 'deny',
  denial: { code: 'rule', rule: 'none', message: 'no', unseen: [] },
  wouldDeny: [],
}

/** What the head of every upload here says. */
const HEAD_BYTES = 100
const HEAD = {
  stated: 'git-push',
  headBytes: () => HEAD_BYTES,
  announcedBytesMax: null,
  get scan() {
    return new UploadScan({
      scanners: null,
      client: '',
      hasContent: true,
      wants: [],
      form: () => assert.fail('nobody looks'),
    })
  },
} as const

interface Case {
  readonly chunks: readonly Uint8Array[]
  readonly body?: Upload['body']
  readonly coding?: string | null
  readonly length?: number | null
  readonly verdict?: Verdict | ((push: BodyFacts | null, amounts: Amounts) => Verdict)
  readonly options?: BodyOptions
  readonly world?: WorldOptions
  readonly ledger?: Ledger
  readonly announcedBytesMax?: number
}

interface Passed {
  readonly world: World
  readonly flow: ReturnType<typeof makeFlow>
  readonly asked: (BodyFacts | null)[]
  readonly amounts: Omit<Amounts, 'content'>[]
  readonly gated: Gated
  readonly reader: ReturnType<typeof makeBody>
}

async function pass(given: Case): Promise<Passed> {
  const world = { ...makeWorld(given.world), ledger: given.ledger ?? null }
  const flow = makeFlow()
  const reader = makeBody(given.chunks, given.options)
  const asked: (BodyFacts | null)[] = []
  const amounts: Omit<Amounts, 'content'>[] = []
  const { length = null, verdict = allow() } = given
  const gated = await gate(world, flow, {
    reader,
    framing: length === null ? { kind: 'chunked' } : { kind: 'length', length },
    coding: given.coding ?? null,
    body: given.body ?? 'git-push',
    ...HEAD,
    announcedBytesMax: given.announcedBytesMax ?? null,
    judge(push, known) {
      asked.push(push)
      const { content: _, ...counted } = known
      amounts.push(counted)
      return typeof verdict === 'function' ? verdict(push, known) : verdict
    },
  })
  return { world, flow, asked, amounts, gated, reader }
}

/** The code of the denial, or the bytes that went out; and that nothing is held any more. */
async function outcome({ gated, world }: Passed): Promise<string | Buffer> {
  let result: string | Buffer
  if (gated.state === 'deny') {
    result = gated.verdict.denial.code
  } else {
    const pieces: Buffer[] = []
    for await (const piece of gated.body) pieces.push(Buffer.from(piece))
    await gated.close()
    result = Buffer.concat(pieces)
  }
  expect([world.quota.bytes, world.quota.memoryBytes, openFilesIn(world.quota.directory)]).toEqual([0, 0, []])
  return result
}

describe('a push', () => {
  it('that is allowed goes on whole, judged by its refs, once', async () => {
    const passed = await pass({ chunks: [BODY] })
    expect(await outcome(passed)).toEqual(BODY)
    expect(passed.asked).toEqual([{ kind: 'push', refs: [{ name: REF, kind: 'update' }] }])
    expect(passed.flow).toMatchObject({ uploadSize: PACK.length, upstreamBodyBytes: BODY.length })
  })

  it('is let go as soon as its pack header is there, without waiting for its end', async () => {
    const passed = await pass({ chunks: [PUSH, PACK.subarray(0, 12)], options: { end: 'never' } })
    expect(passed.gated.state).toBe('send')
    // What was seen of it is no size of it.
    expect(passed.flow.uploadSize).toBeNull()
    if (passed.gated.state === 'send') await passed.gated.close()
  })

  it('waits for its pack header, for a push without one is no push', async () => {
    expect(await outcome(await pass({ chunks: [PUSH, PACK.subarray(0, 11)] }))).toBe('malformed')
  })

  it('that is denied leaves nothing, and the rest of it to be drained', async () => {
    const passed = await pass({ chunks: [PUSH, PACK], verdict: DENY })
    expect(await outcome(passed)).toBe('rule')
    expect(passed.gated).toMatchObject({ push: { kind: 'push', updates: [{ ref: REF }] } })
    expect(passed.flow).toMatchObject({ uploadSize: 0, upstreamBodyBytes: 0 })
    expect(await passed.reader.next()).toEqual(PACK)
  })

  it.each<[string, readonly Uint8Array[]]>([
    ['a probe with data behind', [PROBE, PACK]],
    ['a probe with a push behind, in one chunk', [Buffer.concat([PROBE, BODY])]],
    ['only deletions with a byte behind', [DELETE, Buffer.of(0)]],
    ['refs without a pack', [PUSH]],
    ['the middle of the list of refs', [PUSH.subarray(0, 60)]],
    ['a wrong pack header', [PUSH, Buffer.from('PACKED......')]],
    ['no pkt-line', [Buffer.from('{"a":1}')]],
    ['nothing', []],
  ])('that is %s is malformed', async (_, chunks) => {
    expect(await outcome(await pass({ chunks }))).toBe('malformed')
  })

  it('that is a probe is judged as one, and only once it has ended', async () => {
    const passed = await pass({ chunks: [PROBE] })
    expect(await outcome(passed)).toEqual(PROBE)
    expect(passed.asked).toEqual([{ kind: 'probe' }])
    const late = await pass({ chunks: [PROBE, Buffer.of(0x30)], verdict: DENY })
    expect([await outcome(late), late.asked]).toEqual(['malformed', []])
  })

  it('that only deletes goes on once it has ended', async () => {
    expect(await outcome(await pass({ chunks: [DELETE] }))).toEqual(DELETE)
  })

  it.each([
    ['chunked', null],
    ['of a known length', BODY.length],
  ])('%s is held to the limit on its pack: at it, and one byte past it', async (_, length) => {
    const at = await pass({ chunks: [PUSH, PACK], length, verdict: allow(PACK.length) })
    expect(await outcome(at)).toEqual(BODY)
    const past = await pass({ chunks: [PUSH, PACK], length, verdict: allow(PACK.length - 1) })
    expect(await outcome(past)).toBe('limit')
    expect(past.gated).toMatchObject({ verdict: { denial: { rule: 'ours' } } })
  })

  it('chunked with a limit is not let go before its end', async () => {
    const chunks = [PUSH, PACK.subarray(0, 50), PACK.subarray(50)]
    const passed = await pass({ chunks, verdict: allow(PACK.length), options: { end: 'abort' } }).catch(
      (error) => error,
    )
    expect(passed).toMatchObject({ code: 'client-aborted' })
  })

  it('under gzip is measured as it is without: at the limit, and one byte past it', async () => {
    const coded = gzipSync(BODY)
    const verdicts = [allow(PACK.length), allow(PACK.length - 1)]
    const [at, past] = await Promise.all(verdicts.map((verdict) => pass({ chunks: [coded], coding: 'gzip', verdict })))
    if (at === undefined || past === undefined) throw new Error('two were asked for')
    expect(await outcome(at)).toEqual(coded)
    expect(at.flow.uploadSize).toBe(PACK.length)
    expect(await outcome(past)).toBe('limit')
  })

  it('under a coding that is broken, or not known, or goes on behind its end, is not let go', async () => {
    expect(await outcome(await pass({ chunks: [BODY], coding: 'gzip' }))).toBe('malformed')
    expect(
      await outcome(await pass({ chunks: [gzipSync(BODY).subarray(0, -1)], coding: 'gzip', verdict: allow(1e9) })),
    ).toBe('malformed')
    expect(
      await outcome(await pass({ chunks: [gzipSync(BODY), Buffer.of(0)], coding: 'gzip', verdict: allow(1e9) })),
    ).toBe('malformed')
    expect(await outcome(await pass({ chunks: [BODY], coding: 'compress' }))).toBe('doubt')
    expect(await outcome(await pass({ chunks: [BODY], coding: '__proto__' }))).toBe('doubt')
  })

  it('under gzip and without a limit is measured on for the record, as long as it can be read', async () => {
    const rest = Buffer.alloc(100_000, 1)
    const coded = gzipSync(Buffer.concat([BODY, rest]), { level: 0 })
    const whole = await pass({ chunks: cut(coded, [500]), coding: 'gzip' })
    expect(await outcome(whole)).toEqual(coded)
    expect(whole.flow.uploadSize).toBe(PACK.length + rest.length)
    const broken = await pass({ chunks: [coded.subarray(0, 500), coded.subarray(500, -9)], coding: 'gzip' })
    expect(await outcome(broken)).toEqual(coded.subarray(0, -9))
    expect(broken.flow.uploadSize).toBeNull()
  })

  it('under gzip is measured before its gate is closed, by whoever answers at its last byte', async () => {
    const coded = gzipSync(BODY)
    const { gated, flow, reader } = await pass({ chunks: [coded], coding: 'gzip' })
    if (gated.state !== 'send') throw new Error('it is not sent')
    expect((await gated.body.next()).value).toEqual(coded)
    const end = gated.body.next()
    // Its end is known then, and not yet what was in it.
    while (!reader.ended) await setImmediate()
    await gated.close()
    expect(flow.uploadSize).toBe(PACK.length)
    expect((await end).done).toBe(true)
  })

  it('whose verdict stays undecided is denied', async () => {
    const passed = await pass({ chunks: [BODY], verdict: { action: 'undecided', rule: null, needs: ['operation'] } })
    expect(await outcome(passed)).toBe('fault')
  })

  it('whose verdict throws leaves nothing', async () => {
    const world = makeWorld()
    const thrown = gate(world, makeFlow(), {
      reader: makeBody([BODY]),
      framing: { kind: 'chunked' },
      coding: null,
      body: 'git-push',
      ...HEAD,
      judge: () => {
        throw new Error('a defect')
      },
    })
    await expect(thrown).rejects.toThrow('a defect')
    expect(world.quota.memoryBytes).toBe(0)
  })

  it('whose client goes away in the middle leaves nothing', async () => {
    const limits = { heldMemoryBytesMax: 10 }
    const world = makeWorld({ limits })
    const upload: Upload = {
      reader: makeBody([PUSH, PACK.subarray(0, 50)], { end: 'abort' }),
      framing: { kind: 'chunked' },
      coding: null,
      body: 'git-push',
      ...HEAD,
      judge: () => allow(1e9),
    }
    await expect(gate(world, makeFlow(), upload)).rejects.toMatchObject({ code: 'client-aborted' })
    expect([world.quota.bytes, world.quota.memoryBytes, openFilesIn(world.quota.directory)]).toEqual([0, 0, []])
  })

  it('whose client falls silent ends in time', async () => {
    const options = { end: 'never', idleTimeoutMs: 20 } as const
    await expect(pass({ chunks: [PUSH], options })).rejects.toMatchObject({ code: 'client-timeout' })
  })
})

describe('a plain body', () => {
  it('without a limit is let go before a byte of it is read', async () => {
    const passed = await pass({ chunks: [Buffer.from('abc')], body: 'plain' })
    expect(passed.reader.bytesRead).toBe(0)
    expect(await outcome(passed)).toEqual(Buffer.from('abc'))
    expect(passed).toMatchObject({ asked: [null], flow: { uploadSize: 3, upstreamBodyBytes: 3 } })
  })

  it('is denied before a byte of it is read', async () => {
    const passed = await pass({ chunks: [Buffer.from('abc')], body: 'plain', verdict: DENY })
    expect([await outcome(passed), passed.reader.bytesRead]).toEqual(['rule', 0])
  })

  it('of a known length is compared with its limit before a byte of it is read', async () => {
    const given = { chunks: [Buffer.alloc(100)], body: 'plain', length: 100 } as const
    const at = await pass({ ...given, verdict: allow(100) })
    expect([at.gated.state, at.reader.bytesRead]).toEqual(['send', 0])
    expect(await outcome(at)).toHaveLength(100)
    const past = await pass({ ...given, verdict: allow(99) })
    expect([await outcome(past), past.reader.bytesRead]).toEqual(['limit', 0])
  })

  it('chunked is held to its limit: at it, and one byte past it', async () => {
    const chunks = [Buffer.alloc(60), Buffer.alloc(40)]
    expect(await outcome(await pass({ chunks, body: 'plain', verdict: allow(100) }))).toHaveLength(100)
    expect(await outcome(await pass({ chunks, body: 'plain', verdict: allow(99) }))).toBe('limit')
  })

  it('is held to the strictest of several limits', async () => {
    const chunks = [Buffer.alloc(100)]
    expect(await outcome(await pass({ chunks, body: 'plain', verdict: allow(1_000, 99, 500) }))).toBe('limit')
  })

  it('under a coding is measured as decoded, a known length or not', async () => {
    const coded = gzipSync(Buffer.alloc(10_000))
    for (const length of [null, coded.length]) {
      const given = { chunks: [coded], body: 'plain', coding: 'gzip', length } as const
      expect(await outcome(await pass({ ...given, verdict: allow(10_000) }))).toEqual(coded)
      expect(await outcome(await pass({ ...given, verdict: allow(9_999) }))).toBe('limit')
    }
  })

  it('under an unknown coding is doubt where there is a limit, and goes on where there is none', async () => {
    const given = { chunks: [Buffer.from('abc')], body: 'plain', coding: 'compress' } as const
    const doubted = await pass({ ...given, verdict: allow(1e9) })
    expect(await outcome(doubted)).toBe('doubt')
    expect(doubted.gated).toMatchObject({ verdict: { denial: { message: expect.stringContaining('(compress)') } } })
    expect(await outcome(await pass(given))).toEqual(Buffer.from('abc'))
  })

  it('is held up to what may be held, and denied one byte past it', async () => {
    const limits = { heldBytesMax: 100, heldMemoryBytesMax: 10 }
    const given = { body: 'plain', verdict: allow(1e9), world: { limits } } as const
    expect(await outcome(await pass({ ...given, chunks: [Buffer.alloc(60), Buffer.alloc(40)] }))).toHaveLength(100)
    expect(await outcome(await pass({ ...given, chunks: [Buffer.alloc(60), Buffer.alloc(41)] }))).toBe('holding-limit')
  })

  it('that is sent but never read is let go of all the same', async () => {
    const world = { limits: { heldMemoryBytesMax: 1 } }
    const passed = await pass({ chunks: [Buffer.alloc(100)], body: 'plain', verdict: allow(100), world })
    if (passed.gated.state !== 'send') throw new Error('it is allowed')
    expect(openFilesIn(passed.world.quota.directory)).toHaveLength(1)
    await passed.gated.close()
    expect([passed.world.quota.bytes, openFilesIn(passed.world.quota.directory)]).toEqual([0, []])
    await expect(passed.gated.body.next()).rejects.toThrow('ended')
  })

  it('names its limit in the unit a person would', async () => {
    const messages: string[] = []
    for (const size of [1, 1_000, 1_500_000, 2e9]) {
      const { gated } = await pass({ chunks: [], body: 'plain', length: 3e9, verdict: allow(size) })
      if (gated.state === 'deny') messages.push(gated.verdict.denial.message)
    }
    expect(messages.map((message) => /of (.*) for/.exec(message)?.[1])).toEqual(['1 B', '1 kB', '1.5 MB', '2 GB'])
  })
})

describe('a body with a file in base64', () => {
  const file = Buffer.alloc(3_000, 'weir')
  const json = Buffer.from(JSON.stringify({ message: 'm', content: file.toString('base64') }))
  const size = file.length + JSON.stringify({ message: 'm', content: '' }).length
  const body = { base64: 'content' } as const

  it.each([
    ['chunked', null, null],
    ['of a known length', json.length, null],
    ['under gzip', null, 'gzip'],
  ])('%s is held to the size of the file: at the limit, and one byte past it', async (_, length, coding) => {
    const sent = coding === null ? json : gzipSync(json)
    const given = { chunks: cut(sent, [7, 1_500]), body, length, coding }
    const at = await pass({ ...given, verdict: allow(size) })
    expect(await outcome(at)).toEqual(sent)
    expect(at.flow.uploadSize).toBe(size)
    expect(await outcome(await pass({ ...given, verdict: allow(size - 1) }))).toBe('limit')
  })

  it('goes on at once where there is no limit, and is measured as it goes by', async () => {
    const passed = await pass({ chunks: [json], body })
    expect(passed.reader.bytesRead).toBe(0)
    expect(await outcome(passed)).toEqual(json)
    expect(passed.flow.uploadSize).toBe(size)
  })

  it('discounts nothing where it is not that JSON', async () => {
    const odd = Buffer.from(`${json.toString()}!`)
    expect(await outcome(await pass({ chunks: [odd], body, verdict: allow(size + 1) }))).toBe('limit')
  })
})

describe('an address that was announced for so much', () => {
  const given = { chunks: [Buffer.alloc(60), Buffer.alloc(40)], body: 'plain' } as const

  it.each([null, 100])('takes that much and not a byte more, with a Content-Length of %s', async (length) => {
    expect(await outcome(await pass({ ...given, length, announcedBytesMax: 100 }))).toHaveLength(100)
    const passed = await pass({ ...given, length, announcedBytesMax: 99 })
    expect(await outcome(passed)).toBe('limit')
    expect(passed.gated).toMatchObject({
      verdict: {
        denial: { rule: null, message: 'this upload is larger than the 99 B that its address was announced for' },
      },
    })
  })

  it('knows a declared length at once, and waits for the end of all other', async () => {
    const declared = await pass({ ...given, length: 100, announcedBytesMax: 100 })
    expect(declared.reader.bytesRead).toBe(0)
    await outcome(declared)
    const chunked = await pass({ ...given, announcedBytesMax: 100 })
    expect(chunked.reader.bytesRead).toBe(100)
    await outcome(chunked)
  })

  it('takes nothing that cannot be counted', async () => {
    expect(await outcome(await pass({ ...given, coding: 'x-unknown', announcedBytesMax: 1e9 }))).toBe('doubt')
  })
})

describe('how much goes out', () => {
  const asking = (...keys: readonly string[]): WorldOptions => ({
    policy: `version: 1\ndefault: allow\nrules: [${keys.map((key) => `{ name: ${key}, when: { ${key}: { over: 1 MB } }, action: deny }`).join()}]\n`,
  })
  const UNDECIDED: Verdict = { action: 'undecided', rule: 'r', needs: ['size'] }
  const WHOLE = { size: { state: 'known', value: 100 }, sentBytes: { state: 'known', value: 200 } }
  const given = { chunks: [Buffer.alloc(60), Buffer.alloc(40)], body: 'plain' } as const

  it.each(['size', 'sentBytes'])('is told as it comes, where a rule asks for %s', async (key) => {
    const verdict = (_: BodyFacts | null, { size }: Amounts): Verdict => (size.state === 'known' ? allow() : UNDECIDED)
    const passed = await pass({ ...given, verdict, world: asking(key) })
    expect(await outcome(passed)).toHaveLength(100)
    expect(passed.amounts).toEqual([
      { size: { state: 'atLeast', value: 0 }, sentBytes: { state: 'atLeast', value: 100 } },
      { size: { state: 'atLeast', value: 60 }, sentBytes: { state: 'atLeast', value: 160 } },
      { size: { state: 'atLeast', value: 100 }, sentBytes: { state: 'atLeast', value: 200 } },
      WHOLE,
    ])
  })

  it('is known of a declared length before a byte came', async () => {
    const passed = await pass({ ...given, length: 100, world: asking('size', 'sentBytes') })
    await outcome(passed)
    expect([passed.amounts, passed.reader.bytesRead]).toEqual([[WHOLE], 100])
  })

  it('is never known of a payload that cannot be counted', async () => {
    const passed = await pass({ ...given, length: 100, coding: 'x-unknown', world: asking('size') })
    await outcome(passed)
    expect(passed.amounts).toEqual([{ ...WHOLE, size: { state: 'never' } }])
  })

  it('is not measured where nobody asks', async () => {
    const passed = await pass({ ...given, length: 100 })
    await outcome(passed)
    expect(passed.amounts).toEqual([{ size: { state: 'unseen' }, sentBytes: { state: 'unseen' } }])
  })

  it('decides in the middle of a body that is large enough', async () => {
    const verdict = (_: BodyFacts | null, { size }: Amounts): Verdict =>
      'value' in size && size.value >= 60 ? DENY : UNDECIDED
    const passed = await pass({ ...given, verdict, world: asking('size') })
    expect([await outcome(passed), passed.reader.bytesRead]).toEqual(['rule', 60])
  })

  it('in all may be limited although the payload cannot be counted', async () => {
    const limit: Limit = { per: 'request', size: 200, budget: null, counts: 'sentBytes' }
    const within: Verdict = { action: 'allow', rule: 'ours', limits: [limit], wouldDeny: [] }
    expect(await outcome(await pass({ ...given, coding: 'x-unknown', verdict: within }))).toHaveLength(100)
  })
})

describe('a budget', () => {
  const WINDOW: WindowLimit = { per: 'user', windowMs: 1_000, size: 50, budget: 'daily' }
  const each = (size: number): Limit => ({ per: 'request', size, budget: null })
  const within = (...limits: readonly Limit[]): Verdict => ({ action: 'allow', rule: 'ours', limits, wouldDeny: [] })

  /** A ledger that has so many bytes left, and writes down what it is asked for. */
  function ledgerWith(left: number) {
    const seen = { opened: 0, reserved: [] as number[], settled: [] as number[] }
    const ledger: Ledger = {
      open() {
        seen.opened++
        return {
          extend(bytes) {
            seen.reserved.push(bytes)
            const sum = seen.reserved.reduce((total, one) => total + one, 0)
            return sum <= left ? { state: 'reserved' } : { state: 'exceeded', budget: 'daily', left }
          },
          settle: (bytes) => void seen.settled.push(bytes),
        }
      },
      uses: () => [],
    }
    return { ledger, seen }
  }

  it('that nothing keeps is a denial', async () => {
    const passed = await pass({ chunks: [Buffer.from('abc')], body: 'plain', verdict: within(WINDOW) })
    expect(await outcome(passed)).toBe('ledger-unwritable')
  })

  it('takes each byte that comes once, under one verdict', async () => {
    const { ledger, seen } = ledgerWith(100)
    const chunks = [Buffer.alloc(60), Buffer.alloc(40)]
    const passed = await pass({ chunks, body: 'plain', verdict: within(WINDOW), ledger })
    expect(await outcome(passed)).toHaveLength(100)
    expect(passed.asked).toEqual([null])
    expect(seen).toEqual({ opened: 1, reserved: [60, 40], settled: [100] })
  })

  it('is asked for a known length at once, and has it back where it is too much', async () => {
    const { ledger, seen } = ledgerWith(99)
    const given = { chunks: [Buffer.alloc(100)], body: 'plain', length: 100, ledger } as const
    const passed = await pass({ ...given, verdict: within(WINDOW) })
    expect([await outcome(passed), passed.reader.bytesRead]).toEqual(['budget', 0])
    expect(passed.gated).toMatchObject({ verdict: { denial: { rule: 'ours' } } })
    expect(seen).toEqual({ opened: 1, reserved: [100], settled: [0] })
  })

  it('that is passed on the way ends the upload, and has back what came before', async () => {
    const { ledger, seen } = ledgerWith(99)
    const chunks = [Buffer.alloc(60), Buffer.alloc(40)]
    expect(await outcome(await pass({ chunks, body: 'plain', verdict: within(WINDOW), ledger }))).toBe('budget')
    expect(seen).toEqual({ opened: 1, reserved: [60, 40], settled: [0] })
  })

  it('of all that goes out counts line and fields as well, of a read too, and keeps what was sent', async () => {
    const sent: WindowLimit = { ...WINDOW, counts: 'sentBytes' }
    const { ledger, seen } = ledgerWith(200)
    const read = await pass({ chunks: [], body: 'plain', verdict: within(sent), ledger })
    expect(await outcome(read)).toHaveLength(0)
    expect(seen).toEqual({ opened: 1, reserved: [HEAD_BYTES], settled: [HEAD_BYTES] })
    const more = ledgerWith(139)
    const given = { chunks: [Buffer.alloc(40)], body: 'plain', length: 40 } as const
    expect(await outcome(await pass({ ...given, verdict: within(sent), ledger: more.ledger }))).toBe('budget')
    expect(more.seen).toEqual({ opened: 1, reserved: [140], settled: [0] })
  })

  it('of payload and one of all that goes out are each held to what they count', async () => {
    const both = within(WINDOW, { ...WINDOW, budget: 'all', counts: 'sentBytes' })
    const { ledger, seen } = ledgerWith(1_000)
    const given = { chunks: [Buffer.alloc(40)], body: 'plain', length: 40 } as const
    expect(await outcome(await pass({ ...given, verdict: both, ledger }))).toHaveLength(40)
    expect(seen).toEqual({ opened: 2, reserved: [40, 140], settled: [40, 140] })
  })

  it.each<readonly [number, string | number]>([
    [140, 40],
    [139, 'limit'],
  ])('of one request, %i bytes in all', async (size, expected) => {
    const limit: Limit = { per: 'request', size, budget: null, counts: 'sentBytes' }
    const given = { chunks: [Buffer.alloc(40)], body: 'plain', verdict: within(limit) } as const
    for (const length of [40, null]) {
      const out = await outcome(await pass({ ...given, length }))
      expect(typeof out === 'string' ? out : out.length).toBe(expected)
    }
  })

  it('beside a limit on each request does not lift it', async () => {
    const { ledger } = ledgerWith(1e9)
    const given = { chunks: [Buffer.alloc(100)], body: 'plain', ledger } as const
    expect(await outcome(await pass({ ...given, verdict: within(WINDOW, each(100)) }))).toHaveLength(100)
    expect(await outcome(await pass({ ...given, verdict: within(WINDOW, each(99)) }))).toBe('limit')
  })

  const coded = gzipSync(BODY)
  it.each<[string, Pick<Case, 'coding' | 'length'>, readonly Uint8Array[], number, number]>([
    ['of which nothing was sent', {}, [BODY], 0, 0],
    ['of which half the refs were sent', {}, [PUSH.subarray(0, 60), Buffer.concat([PUSH.subarray(60), PACK])], 1, 0],
    ['of which the refs and a part of the pack were sent', {}, cut(BODY, [PUSH.length + 30]), 1, 30],
    ['that was sent whole', {}, cut(BODY, [PUSH.length + 30]), 3, PACK.length],
    ['of a known length that was sent in part', { length: BODY.length }, cut(BODY, [PUSH.length + 30]), 1, 30],
    ['under gzip of which nothing was sent', { coding: 'gzip' }, cut(coded, [50]), 0, 0],
    ['under gzip that was sent in part, which counts whole', { coding: 'gzip' }, cut(coded, [50]), 1, PACK.length],
  ])('is used by a push %s', async (_, given, chunks, pieces, used) => {
    const { ledger, seen } = ledgerWith(PACK.length)
    const heldMemoryBytesMax = chunks[0]?.length ?? 0
    const verdict = within(WINDOW)
    const { gated } = await pass({ ...given, chunks, verdict, ledger, world: { limits: { heldMemoryBytesMax } } })
    if (gated.state !== 'send') throw new Error('it is allowed')
    for (let piece = 0; piece < pieces; piece++) await gated.body.next()
    await gated.close()
    expect(seen.settled).toEqual([used])
  })
})

describe('a decoder', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['sent', allow()],
    ['denied', DENY],
  ])('is let go of when its upload was %s', async (_, verdict) => {
    const close = vi.spyOn(UploadMeter.prototype, 'close')
    await outcome(await pass({ chunks: [gzipSync(BODY)], coding: 'gzip', verdict }))
    expect(close).toHaveBeenCalledTimes(1)
  })
})

describe('whatever the cutting', () => {
  it('the verdict is the same, and so are the bytes', async () => {
    const bodies = [
      BODY,
      Buffer.from(PROBE),
      Buffer.concat([PROBE, PACK]),
      Buffer.from(DELETE),
      Buffer.concat([DELETE, PACK]),
      Buffer.from(PUSH),
    ]
    const verdicts = [allow(), allow(PACK.length), allow(PACK.length - 1), DENY]
    const world = { limits: { heldMemoryBytesMax: 64 } }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bodies),
        fc.constantFrom(...verdicts),
        fc.constantFrom<'git-push' | 'plain'>('git-push', 'plain'),
        fc.constantFrom(null, 'gzip'),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (content, verdict, body, coding, edges) => {
          // A push is malformed or not as a whole, so that a denial by rule may come first or last: here it is never a mix.
          const bytes = coding === null ? content : gzipSync(content)
          const whole = await outcome(await pass({ chunks: [bytes], body, coding, verdict, world }))
          const pieces = await outcome(await pass({ chunks: cut(bytes, edges), body, coding, verdict, world }))
          if (typeof whole === 'string') expect(typeof pieces).toBe('string')
          else expect(pieces).toEqual(whole)
          if (verdict.action === 'allow') expect(pieces).toEqual(whole)
        },
      ),
      { seed: 71, numRuns: 150 },
    )
  })
})

describe('a read that its body disproves', () => {
  const whyOf = async (given: Case): Promise<string | null> => {
    const { gated } = await pass({ body: 'git-fetch', ...given })
    if (gated.state === 'deny') return gated.verdict.denial.message
    await gated.close()
    return null
  }

  it('is judged as what it may be, and its denial says why', async () => {
    const passed = await pass({ chunks: [Buffer.from('data')], body: 'git-fetch', verdict: DENY })
    expect(passed.asked).toEqual([{ kind: 'told', parts: [{ operation: 'unknown-write' }] }])
    expect(await whyOf({ chunks: [Buffer.from('data')], verdict: DENY })).toBe(
      'no (its body is no fetch: a pkt-line length is not hexadecimal)',
    )
  })

  it('goes on where that is allowed', async () => {
    expect(await whyOf({ chunks: [Buffer.from('data')] })).toBeNull()
  })

  it('is not what is denied as the read that it is', async () => {
    expect(await whyOf({ chunks: [packets(`want ${A}`, null, 'done')], verdict: DENY })).toBe('no')
  })
})

describe('drain', () => {
  const chunks = (): Buffer[] => [Buffer.alloc(60), Buffer.alloc(40)]

  it('reads away up to its limit, and says so when there is more', async () => {
    expect(await drain(makeBody(chunks()), 100)).toBe(true)
    expect(await drain(makeBody(chunks()), 99)).toBe(false)
    expect(await drain(makeBody([]), 0)).toBe(true)
  })

  it('does not read for ever', async () => {
    const endless = makeBody(Array.from({ length: 1_000 }, () => Buffer.alloc(100)))
    expect(await drain(endless, 1_000)).toBe(false)
    expect(endless.bytesRead).toBeLessThan(70_000)
  })
})

describe('linger', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Whether it has ended so far, as time goes by. */
  function lingering(reader: ReturnType<typeof makeBody>): (ms: number) => Promise<boolean> {
    let over = false
    void linger(reader).then(() => {
      over = true
    })
    return async (ms) => {
      await vi.advanceTimersByTimeAsync(ms)
      return over
    }
  }

  it('reads away all that comes, and leaves no timer', async () => {
    const reader = makeBody([Buffer.alloc(60), Buffer.alloc(40)])
    await linger(reader)
    expect([reader.ended, reader.bytesRead, vi.getTimerCount()]).toEqual([true, 100, 0])
  })

  it('ends well when the client goes', async () => {
    await expect(linger(makeBody([Buffer.alloc(60)], { end: 'abort' }))).resolves.toBeUndefined()
  })

  it('hides no defect', async () => {
    const reader = makeBody([])
    vi.spyOn(reader, 'next').mockRejectedValue(new Error('a defect'))
    await expect(linger(reader)).rejects.toThrow('a defect')
  })

  it('waits two seconds for a client that is silent', async () => {
    const isOver = lingering(makeBody([], { end: 'never' }))
    expect([await isOver(1_999), await isOver(1)]).toEqual([false, true])
  })

  it('waits thirty seconds for a client that sends on', async () => {
    const reader = makeBody([])
    const slow = (): Promise<Buffer> => new Promise((resolve) => setTimeout(() => resolve(Buffer.of(0)), 1_500))
    vi.spyOn(reader, 'next').mockImplementation(slow)
    const isOver = lingering(reader)
    expect([await isOver(29_999), await isOver(1)]).toEqual([false, true])
  })
})
