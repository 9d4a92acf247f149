/** Two sockets joined, over loopback: half-close, backpressure, the byte limit to the byte, silence, resets. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type SpliceCounts, type SpliceEnd, splice } from '../../src/proxy/splice.ts'
import { connectPair, readToEnd } from './sockets.ts'

interface Spliced {
  /** The client's own end. */
  readonly client: Socket
  /** The site's own end. */
  readonly site: Socket
  readonly inner: readonly [Socket, Socket]
  readonly counts: SpliceCounts
  readonly end: Promise<SpliceEnd>
}

async function join(options: { idleTimeoutMs?: number; upBytesMax?: number } = {}): Promise<Spliced> {
  const [left, right] = await Promise.all([connectPair(), connectPair()])
  const counts = { up: 0, down: 0 }
  const { idleTimeoutMs = 10_000, upBytesMax = Number.POSITIVE_INFINITY } = options
  const end = splice(left.inner, right.inner, counts, { idleTimeoutMs, upBytesMax })
  return { client: left.outer, site: right.outer, inner: [left.inner, right.inner], counts, end }
}

function bytes(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, at) => (at * 7) & 0xff))
}

describe('splice', () => {
  it('carries bytes both ways and counts them', async () => {
    const { client, site, counts, end } = await join()
    const [toSite, toClient] = [readToEnd(site), readToEnd(client)]
    client.end(bytes(70_000))
    site.end(bytes(90_000))
    expect((await toSite).equals(bytes(70_000))).toBe(true)
    expect((await toClient).equals(bytes(90_000))).toBe(true)
    expect(await end).toBe('closed')
    expect(counts).toEqual({ up: 70_000, down: 90_000 })
  })

  it('lets the site answer after the client has ended', async () => {
    const { client, site, end } = await join()
    client.end('question')
    expect((await readToEnd(site)).toString()).toBe('question')
    site.end('answer')
    expect((await readToEnd(client)).toString()).toBe('answer')
    expect(await end).toBe('closed')
  })

  it('lets the client go on after the site has ended', async () => {
    const { client, site, end } = await join()
    site.end('banner')
    expect((await readToEnd(client)).toString()).toBe('banner')
    client.end('late')
    expect((await readToEnd(site)).toString()).toBe('late')
    expect(await end).toBe('closed')
  })

  it('carries what was put back before it began', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    left.inner.unshift(Buffer.from('peeked '))
    const counts = { up: 0, down: 0 }
    const end = splice(left.inner, right.inner, counts, { idleTimeoutMs: 10_000, upBytesMax: 100 })
    left.outer.end('and more')
    right.outer.end()
    expect((await readToEnd(right.outer)).toString()).toBe('peeked and more')
    expect([await end, counts.up]).toEqual(['closed', 15])
  })

  it('keeps little in memory for a reader that does not read', async () => {
    const { client, site, inner, counts, end } = await join()
    site.pause()
    client.write(Buffer.alloc(20_000_000))
    let before = -1
    while (counts.up !== before) {
      before = counts.up
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    expect(counts.up).toBeLessThan(20_000_000)
    expect(inner[1].writableLength).toBeLessThan(200_000)
    site.resume()
    client.end()
    site.end()
    expect([await end, counts.up]).toEqual(['closed', 20_000_000])
  })
})

describe('the byte limit', () => {
  it('lets through what is at it, and the answer', async () => {
    const { client, site, end } = await join({ upBytesMax: 1_000 })
    client.end(bytes(1_000))
    expect(await readToEnd(site)).toHaveLength(1_000)
    site.end('answer')
    expect((await readToEnd(client)).toString()).toBe('answer')
    expect(await end).toBe('closed')
  })

  it('cuts before the byte past it', async () => {
    const { client, site, counts, end } = await join({ upBytesMax: 1_000 })
    const received = readToEnd(site)
    client.write(bytes(1_000))
    while (counts.up < 1_000) await new Promise((resolve) => setImmediate(resolve))
    client.write('x')
    expect(await end).toBe('limit')
    expect((await received).length).toBeLessThanOrEqual(1_000)
    expect(counts.up).toBe(1_000)
  })

  it('never passes on more, however much comes at once', async () => {
    const { client, site, counts, end } = await join({ upBytesMax: 1_000 })
    const received = readToEnd(site)
    client.write(bytes(500_000))
    expect(await end).toBe('limit')
    expect((await received).length).toBeLessThanOrEqual(1_000)
    expect(counts.up).toBeLessThanOrEqual(1_000)
  })

  it('is none for what comes down', async () => {
    const { client, site, end } = await join({ upBytesMax: 10 })
    const received = readToEnd(client)
    site.end(bytes(5_000))
    client.end()
    expect([(await received).length, await end]).toEqual([5_000, 'closed'])
  })
})

describe('silence', () => {
  it('ends both sides', async () => {
    const { client, site, end } = await join({ idleTimeoutMs: 40 })
    const both = Promise.all([readToEnd(client), readToEnd(site)])
    expect(await end).toBe('idle')
    await both
  })

  it('is not while bytes come, one way or the other', async () => {
    const { client, site, end } = await join({ idleTimeoutMs: 60 })
    client.resume()
    site.resume()
    let over = false
    void end.then(() => {
      over = true
    })
    for (let turn = 0; turn < 10; turn++) {
      ;(turn % 2 === 0 ? client : site).write('.')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(over).toBe(false)
    expect(await end).toBe('idle')
  })
})

describe('a reset', () => {
  it.each(['client', 'site'] as const)('of the %s ends the other side', async (who) => {
    const spliced = await join()
    const [resetting, other] = who === 'client' ? [spliced.client, spliced.site] : [spliced.site, spliced.client]
    const closed = once(other, 'close')
    other.resume()
    resetting.resetAndDestroy()
    expect(await spliced.end).toBe('broken')
    other.end()
    await closed
  })

  it.each([0, 1] as const)('that came before it began is an end all the same (%i)', async (which) => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    const gone = which === 0 ? left.inner : right.inner
    gone.destroy()
    await once(gone, 'close')
    const end = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, upBytesMax: 1 })
    expect(await end).toBe('broken')
    expect([left.inner.destroyed, right.inner.destroyed]).toEqual([true, true])
  })

  it('that comes while it begins is an end, too', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    left.inner.destroy()
    right.inner.destroy()
    const end = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, upBytesMax: 1 })
    expect(await end).toBe('broken')
  })

  it('is not an end that was read before it began', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    left.outer.end()
    left.inner.resume()
    await once(left.inner, 'end')
    const end = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, upBytesMax: 1 })
    expect(await readToEnd(right.outer)).toHaveLength(0)
    right.outer.end('answer')
    expect((await readToEnd(left.outer)).toString()).toBe('answer')
    expect(await end).toBe('closed')
  })
})
