/** The meter of an upload: where a push begins and ends, how large its payload is, and what cannot be one. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BodyForm } from '../../src/catalog/classification.ts'
import type { UploadForm } from '../../src/proxy/stated-read.ts'
import { UploadMeter } from '../../src/proxy/upload-meter.ts'
import { A, B, command, packets, ZERO } from '../wire/push.ts'
import { cut } from './body.ts'
import { PACK, PUSH } from './pushes.ts'

interface Measured {
  readonly fault: string | null
  readonly payload: number
  readonly preambleBytes: number
  readonly preambleKnown: boolean
  readonly kind: string | null
}

async function measure(
  chunks: readonly Uint8Array[],
  options: { body?: BodyForm; coding?: string | null; finish?: boolean } = {},
): Promise<Measured> {
  const { body = 'git-push', coding = null, finish = true } = options
  const meter = new UploadMeter(body, coding)
  for (const chunk of chunks) await meter.feed(chunk)
  if (finish) await meter.finish()
  meter.close()
  const { fault, payload, preambleBytes, preambleKnown, push } = meter
  return { fault, payload, preambleBytes, preambleKnown, kind: push?.kind ?? null }
}

const DELETE = packets(command(A, ZERO, 'refs/heads/old', 'report-status'), null)
const PROBE = packets(null)

/** A gzip whose head has a comment (RFC 1952 section 2.3.1). */
function commented(text: Uint8Array | string, commentBytes: number): Buffer {
  const plain = gzipSync(text)
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = 0x10
  return Buffer.concat([head, Buffer.alloc(commentBytes, 'c'), Buffer.from([0]), plain.subarray(10)])
}

describe('a plain body', () => {
  it('is all payload, and has nothing to be known before it', async () => {
    expect(await measure([Buffer.from('abc'), Buffer.from('de')], { body: 'plain', finish: false })).toEqual({
      fault: null,
      payload: 5,
      preambleBytes: 0,
      preambleKnown: true,
      kind: null,
    })
  })

  it('is measured after its coding', async () => {
    const text = Buffer.alloc(10_000, 'weir')
    expect(await measure([gzipSync(text)], { body: 'plain', coding: 'gzip' })).toMatchObject({
      fault: null,
      payload: 10_000,
    })
  })

  it.each([
    ['that is broken', [Buffer.from('not gzip')], 'its Content-Encoding is broken'],
    ['with bytes behind its end', [gzipSync('a'), Buffer.from('\0hidden')], 'its Content-Encoding is broken'],
    ['that ends too early', [gzipSync('a').subarray(0, 12)], 'its Content-Encoding ends too early'],
    ['of nothing', [], 'its Content-Encoding ends too early'],
  ])('has a fault in a coding %s', async (_, chunks, fault) => {
    expect(await measure(chunks, { body: 'plain', coding: 'gzip' })).toMatchObject({ fault })
  })

  it.each(['gzip, gzip', 'compress', '__proto__'])('cannot be read under %s', async (coding) => {
    const meter = new UploadMeter('plain', coding)
    expect([meter.readable, meter.asSent]).toEqual([false, false])
    await meter.feed(Buffer.from('abc'))
    await meter.finish()
    expect([meter.payload, meter.fault]).toEqual([0, null])
  })
})

describe('a push', () => {
  it.each<[string, readonly Uint8Array[], Partial<Measured>]>([
    [
      'whole',
      [PUSH, PACK],
      { kind: 'push', fault: null, payload: PACK.length, preambleBytes: PUSH.length, preambleKnown: true },
    ],
    ['in one chunk', [Buffer.concat([PUSH, PACK])], { fault: null, payload: PACK.length, preambleBytes: PUSH.length }],
    ['that only deletes', [DELETE], { kind: 'push', fault: null, payload: 0, preambleKnown: true }],
    [
      'that only deletes, with bytes behind',
      [DELETE, Buffer.of(0)],
      { fault: 'it carries data behind a push that only deletes' },
    ],
    [
      'that only deletes, with a pack behind',
      [Buffer.concat([DELETE, PACK])],
      { fault: 'it carries data behind a push that only deletes' },
    ],
    ['a probe', [PROBE], { kind: 'probe', fault: null, payload: 0, preambleKnown: true }],
    ['a probe in bytes', [...PROBE].map((byte) => Buffer.of(byte)), { kind: 'probe', fault: null }],
    ['a probe with a byte behind', [PROBE, Buffer.of(0x30)], { fault: 'it carries data but names no ref' }],
    ['a probe with a pack behind', [Buffer.concat([PROBE, PACK])], { fault: 'it carries data but names no ref' }],
    ['a probe with a push behind', [PROBE, PUSH, PACK], { fault: 'it carries data but names no ref' }],
    ['nothing', [], { fault: 'it ends before its list of refs does' }],
    ['half a probe', [PROBE.subarray(0, 2)], { fault: 'it ends before its list of refs does' }],
    ['the middle of the refs', [PUSH.subarray(0, PUSH.length - 10)], { fault: 'it ends before its list of refs does' }],
    ['without its flush', [PUSH.subarray(0, PUSH.length - 4)], { fault: 'it ends before its list of refs does' }],
    ['without its pack', [PUSH], { fault: 'it names refs but carries no pack' }],
    ['half a pack header', [PUSH, PACK.subarray(0, 11)], { fault: 'it names refs but carries no pack' }],
    ['just a pack header', [PUSH, PACK.subarray(0, 12)], { fault: null, payload: 12 }],
    ['no pack', [PUSH, Buffer.from('PACKAGE')], { fault: 'not a pack' }],
    [
      'a pack of version 4',
      [PUSH, Buffer.from('PACK\0\0\0\x04\0\0\0\0', 'latin1')],
      { fault: 'not a pack of version 2 or 3' },
    ],
    ['not a pkt-line', [Buffer.from('GIF89a')], { fault: 'a pkt-line length is not hexadecimal' }],
  ])('%s', async (_, chunks, expected) => {
    expect(await measure(chunks)).toMatchObject(expected)
  })

  it('is not known before its pack header is whole', async () => {
    const meter = new UploadMeter('git-push', null)
    await meter.feed(PUSH)
    expect([meter.push?.kind, meter.preambleKnown]).toEqual(['push', false])
    await meter.feed(PACK.subarray(0, 11))
    expect(meter.preambleKnown).toBe(false)
    await meter.feed(PACK.subarray(11))
    expect([meter.preambleKnown, meter.payload]).toEqual([true, PACK.length])
    meter.close()
  })

  it('under gzip is measured as it is without', async () => {
    const body = Buffer.concat([PUSH, PACK])
    expect(await measure([gzipSync(body)], { coding: 'gzip' })).toEqual(await measure([body]))
  })

  it('is measured alike however it is cut, gzip or not, and faults alike', async () => {
    const bodies = [
      Buffer.concat([PUSH, PACK]),
      Buffer.concat([PROBE]),
      Buffer.concat([PROBE, PACK]),
      Buffer.concat([DELETE]),
      Buffer.concat([DELETE, PACK]),
      Buffer.concat([PUSH, Buffer.from('KCAP............')]),
      Buffer.concat([packets(command(A, B, 'refs/heads/a'), command(ZERO, B, 'refs/tags/b'), null), PACK]),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...bodies),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (body, coded, edges) => {
          const bytes = coded ? gzipSync(body) : body
          const coding = coded ? 'gzip' : null
          // How much is counted behind a fault depends on the cut, and nobody asks.
          const { fault, kind, preambleKnown, payload } = await measure([bytes], { coding })
          const expected = fault === null ? { fault, kind, preambleKnown, payload } : { fault }
          expect(await measure(cut(bytes, edges), { coding })).toMatchObject(expected)
        },
      ),
      { seed: 61, numRuns: 150 },
    )
  })
})

describe('a body of JSON with a file in base64', () => {
  const body = { base64: 'content' } as const
  const file = Buffer.alloc(3_000, 'weir')
  const json = (content: string): Buffer => Buffer.from(JSON.stringify({ message: 'm', content }))
  const around = json('').length

  it('is as large as the file and what stands around it, however it is cut', async () => {
    const bytes = json(file.toString('base64'))
    const everywhere = Array.from({ length: bytes.length }, (_, at) => at)
    for (const edges of [[], [1], [7, 1_000], everywhere]) {
      expect((await measure(cut(bytes, edges), { body })).payload).toBe(3_000 + around)
    }
  })

  it('is measured as it goes by, so that a limit is noticed before the end', async () => {
    const bytes = json(file.toString('base64')).subarray(0, 2_000)
    const { payload } = await measure([bytes], { body, finish: false })
    expect(payload).toBeGreaterThan(1_400)
    expect(payload).toBeLessThan(1_600)
  })

  it('discounts nothing where it is not that JSON', async () => {
    const text = json('*** not base64 ***')
    expect((await measure([text], { body })).payload).toBe(text.length)
    expect((await measure([Buffer.alloc(500, 'x')], { body })).payload).toBe(500)
  })

  it('is never told by its Content-Length', () => {
    expect(new UploadMeter(body, null).asSent).toBe(false)
    expect(new UploadMeter('plain', null).asSent).toBe(true)
  })
})

describe('a coding that hides bytes', () => {
  it('is as large as what decodes to nothing, too', async () => {
    const { payload } = await measure([commented(Buffer.from('hi'), 3_000_000)], { body: 'plain', coding: 'gzip' })
    expect(payload).toBeGreaterThan(2_999_900)
  })

  it('is no probe', async () => {
    expect(await measure([commented(PROBE, 3_000_000)], { coding: 'gzip' })).toMatchObject({
      fault: 'it names no ref and is more than `0000`',
    })
    expect(await measure([gzipSync(PROBE)], { coding: 'gzip' })).toMatchObject({
      fault: 'it names no ref and is more than `0000`',
    })
    expect(await measure([PROBE])).toMatchObject({ fault: null, kind: 'probe' })
  })

  it('counts nothing more of an honest body that does not compress', async () => {
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * at * 2_654_435_761) >>> 13))
    expect(await measure([gzipSync(noise)], { body: 'plain', coding: 'gzip' })).toMatchObject({ payload: 200_000 })
  })

  it.each(['br', 'deflate', 'zstd'])('is not read around a push: %s', (coding) => {
    expect(new UploadMeter('git-push', coding).readable).toBe(false)
    expect(new UploadMeter('plain', coding).readable).toBe(true)
  })
})

describe('bytes that a coding carries and that decode to nothing', () => {
  // What a coding may add at the most: 64 bytes, and one more for each 1,024 bytes that are begun.
  it.each([
    ['a short body', 'a=b', 64 + 1],
    ['a body of one piece', 'x'.repeat(1_024), 64 + 1],
    ['a body of one piece and a byte', 'x'.repeat(1_025), 64 + 2],
    ['no body', '', 64],
  ])('count past what a coding needs: %s', async (_, text, allowed) => {
    const bare = gzipSync(text).length
    // The NUL that ends a comment is a byte as well.
    const room = text.length + allowed - bare - 1
    for (const [comment, hidden] of [
      [room, 0],
      [room + 1, 1],
      [room + 100, 100],
    ] as const) {
      const { payload } = await measure([commented(text, comment)], { body: 'plain', coding: 'gzip' })
      expect(payload, `${comment}`).toBe(text.length + hidden)
    }
  })

  it('make a write of what says that it reads or signs in', async () => {
    const stated = async (comment: number, body: UploadForm, text: string): Promise<string | null> => {
      const meter = new UploadMeter(body, 'gzip')
      await meter.feed(commented(text, comment))
      expect(meter.told).toBeNull()
      await meter.finish()
      return meter.told?.[0]?.operation ?? null
    }
    const want = packets(`want ${A}\n`, null, 'done\n').toString()
    const locks = '{"ref":{"name":"refs/heads/main"}}'
    expect(await stated(10, 'git-fetch', want)).toBe('git-fetch')
    expect(await stated(1_000, 'git-fetch', want)).toBe('unknown-write')
    expect(await stated(10, 'lfs-locks', locks)).toBe('lock-check')
    expect(await stated(1_000, 'lfs-locks', locks)).toBe('unknown-write')
    expect(await stated(10, 'sign-in', 'a=b')).toBe('sign-in')
    expect(await stated(1_000, 'sign-in', 'a=b')).toBe('unknown-write')
  })
})

describe('what a body states', () => {
  async function fed(body: UploadForm, coding: string | null, chunk: string): Promise<UploadMeter> {
    const meter = new UploadMeter(body, coding)
    await meter.feed(Buffer.from(chunk))
    await meter.finish()
    return meter
  }

  async function statedOf(body: UploadForm, coding: string | null, chunk: string): Promise<string | null> {
    return (await fed(body, coding, chunk)).told?.[0]?.operation ?? null
  }

  it('is told with what is wrong with it, where something is', async () => {
    expect((await fed('git-fetch', null, 'data')).statedFault).toBe(
      'its body is no fetch: a pkt-line length is not hexadecimal',
    )
    expect((await fed('sign-in', null, 'a=b')).statedFault).toBeNull()
    expect((await fed('plain', null, 'abc')).statedFault).toBeNull()
  })

  it('is nothing where it has nothing to prove', async () => {
    expect(await statedOf('plain', null, 'abc')).toBeNull()
    expect(await statedOf({ base64: 'content' }, null, '{}')).toBeNull()
  })

  it('is the read at its end, or the write that it turned out to be', async () => {
    expect(await statedOf('sign-in', null, 'a=b')).toBe('sign-in')
    expect(await statedOf('git-fetch', null, 'abc')).toBe('unknown-write')
  })

  it('is a write where its coding is not known, before a byte is read', () => {
    expect(new UploadMeter('sign-in', 'compress').told).toMatchObject([{ operation: 'unknown-write' }])
    expect(new UploadMeter('sign-in', null).told).toBeNull()
    expect(new UploadMeter('plain', 'compress').told).toBeNull()
  })

  it('that says more than its address does what the address says as well, and where it says nothing what nobody knows', async () => {
    const partsOf = async (...stated: [] | ['settings-write']): Promise<readonly string[]> => {
      const meter = new UploadMeter({ fields: { private: 'repo-visibility' }, isJson: true }, null, ...stated)
      await meter.feed(Buffer.from('{"private":true,"name":"x"}'))
      await meter.finish()
      return meter.told?.map(({ operation }) => operation) ?? []
    }
    expect(await partsOf('settings-write')).toEqual(['settings-write', 'repo-visibility'])
    expect(await partsOf()).toEqual(['unknown-write', 'repo-visibility'])
  })
})
