/** 200 MB that may go, and 1 GB that may not: `node test/soak/big-push.ts` plays more of them. */
import { describe, expect, it } from 'vitest'
import { playBigPushes } from './big-push.ts'

const MB = 1_000_000
const MIB = 1024 * 1024
const TIMEOUT_MS = 300_000

describe('a huge push', { timeout: TIMEOUT_MS }, () => {
  it('of 200 MB lands, held until its size is known to be within the limit', async () => {
    const [held] = await playBigPushes([{ kind: 'held', sizeBytes: 200 * MB }], 'suite-held', () => undefined)
    expect(held).toMatchObject({ code: 0, landed: true, rule: 'push-up-to-2-GB' })
    expect(held?.packBytes).toBeGreaterThan(200 * MB)
    expect(held?.upstreamBodyBytes).toBeGreaterThan(200 * MB)
    expect(held?.spoolFilesMost).toBe(1)
    expect(held?.spoolFiles).toEqual([])
  })

  it('of 1 GB is refused at 50 MB: nothing of it leaves, and nothing of it stays', async () => {
    const [limited] = await playBigPushes(
      [{ kind: 'limited', sizeBytes: 1_000 * MB }],
      'suite-limited',
      () => undefined,
    )
    expect(limited).toMatchObject({ code: 1, landed: false, packBytes: 0, upstreamBodyBytes: 0 })
    expect(limited?.output).toContain('! [remote rejected] main -> main (weir: refused by rule push-up-to-50-MB)')
    expect(limited?.output).toContain('remote: weir: this upload is larger than the limit of 50 MB for one request')
    expect(limited?.growthBytes).toBeLessThan(64 * MIB)
    expect(limited?.spoolFilesMost).toBe(1)
    expect(limited?.spoolFiles).toEqual([])
  })
})
