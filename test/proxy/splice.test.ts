/** Two sockets joined, over loopback: half-close, backpressure, the byte limit to the byte, silence, resets. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type SpliceCounts, type SpliceOutcome, splice } from '../../src/proxy/splice.ts'
import { connectPair, readToEnd } from './sockets.ts'

interface Spliced {
  /** The client's own end. */
  readonly client: Socket
  /** The site's own end. */
  readonly site: Socket
  readonly inner: readonly [Socket, Socket]
  readonly counts: SpliceCounts
  readonly end: Promise<SpliceOutcome>
}

async function join(options: { idleTimeoutMs?: number; upBytesMax?: number } = {}): Promise<Spliced> {
  const [left, right] = await Promise.all([connectPair(), connectPair()])
  const counts = { up: 0, down: 0 }
  const { idleTimeoutMs = 10_000, upBytesMax = Number.POSITIVE_INFINITY } = options
  const admitUp = (count: number): boolean => counts.up + count <= upBytesMax
  const { ended: end } = splice(left.inner, right.inner, counts, { idleTimeoutMs, admitUp })
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
    const { ended: end } = splice(left.inner, right.inner, counts, { idleTimeoutMs: 10_000, admitUp: null })
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
    const { ended: end } = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, admitUp: null })
    expect(await end).toBe('broken')
    expect([left.inner.destroyed, right.inner.destroyed]).toEqual([true, true])
  })

  it('that comes while it begins is an end, too', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    left.inner.destroy()
    right.inner.destroy()
    const { ended: end } = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, admitUp: null })
    expect(await end).toBe('broken')
  })

  it('is not an end that was read before it began', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    left.outer.end()
    left.inner.resume()
    await once(left.inner, 'end')
    const { ended: end } = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, admitUp: null })
    expect(await readToEnd(right.outer)).toHaveLength(0)
    right.outer.end('answer')
    expect((await readToEnd(left.outer)).toString()).toBe('answer')
    expect(await end).toBe('closed')
  })
})

describe('what waits for an answer', () => {
  it('goes on in order once it is admitted, and its end behind it', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    const counts = { up: 0, down: 0 }
    const asked: number[] = []
    const admitUp = async (count: number): Promise<boolean> => {
      asked.push(count)
      await new Promise((resolve) => setImmediate(resolve))
      return true
    }
    const { ended } = splice(left.inner, right.inner, counts, { idleTimeoutMs: 10_000, admitUp })
    left.outer.end(bytes(300_000))
    expect((await readToEnd(right.outer)).equals(bytes(300_000))).toBe(true)
    right.outer.end()
    left.outer.resume()
    expect([await ended, counts.up, asked.reduce((sum, count) => sum + count, 0)]).toEqual(['closed', 300_000, 300_000])
  })

  it.each([
    ['a no', () => Promise.resolve(false)],
    ['a failure', () => Promise.reject(new Error('the store is gone'))],
  ])('is not passed on after %s', async (_name, admitUp) => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    const counts = { up: 0, down: 0 }
    const { ended } = splice(left.inner, right.inner, counts, { idleTimeoutMs: 10_000, admitUp })
    const received = readToEnd(right.outer).catch(() => Buffer.alloc(0))
    left.outer.on('error', () => undefined)
    left.outer.write('secret')
    expect(await ended).toBe('limit')
    expect([counts.up, (await received).length]).toEqual([0, 0])
  })

  it('is cut from outside with the reason that is given', async () => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    const spliced = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, admitUp: null })
    left.outer.on('error', () => undefined)
    right.outer.on('error', () => undefined)
    spliced.cut('denied')
    expect(await spliced.ended).toBe('denied')
  })
})

describe('memory that is read into again and again', () => {
  const CASES = ['at once', 'after a while'] as const

  it.each(CASES)('never mixes what is under way: both ways, a slow reader, admitted %s', async (admitted) => {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    const later = async (): Promise<boolean> => {
      await new Promise((resolve) => setImmediate(resolve))
      return true
    }
    const admitUp = admitted === 'at once' ? () => true : later
    const { ended } = splice(left.inner, right.inner, { up: 0, down: 0 }, { idleTimeoutMs: 10_000, admitUp })
    const [up, down] = [randomBytes(6_000_000), randomBytes(9_000_000)]
    const received = Promise.all([readSlowly(right.outer), readSlowly(left.outer)])
    writeInPieces(left.outer, up)
    writeInPieces(right.outer, down)
    const [atSite, atClient] = await received
    expect([atSite.equals(up), atClient.equals(down)]).toEqual([true, true])
    expect(await ended).toBe('closed')
  })

  /** More than a direction carries before it moves. */
  const BULK = 1_000_000

  it('takes over in the middle: sizes about where it does, ends at any time, forty tunnels at once', async () => {
    const sizeOf = (at: number): number => 200_000 + ((at * 104_729) % 400_000)
    const play = async (at: number): Promise<void> => {
      const [left, right] = await Promise.all([connectPair(), connectPair()])
      const counts = { up: 0, down: 0 }
      const admitUp = (): boolean | Promise<boolean> =>
        at % 3 === 0 ? new Promise((resolve) => setImmediate(() => resolve(true))) : true
      const { ended } = splice(left.inner, right.inner, counts, { idleTimeoutMs: 10_000, admitUp })
      const [up, down] = [randomBytes(sizeOf(at)), randomBytes(sizeOf(at + 40))]
      const received = Promise.all([readSlowly(right.outer), readSlowly(left.outer)])
      writeInPieces(left.outer, up)
      // Of every second tunnel the site begins when the client has ended.
      if (at % 2 === 0) await once(left.outer, 'finish')
      writeInPieces(right.outer, down)
      const [atSite, atClient] = await received
      expect([atSite.equals(up), atClient.equals(down), counts.up, counts.down]).toEqual([
        true,
        true,
        up.length,
        down.length,
      ])
      expect(await ended).toBe('closed')
    }
    await Promise.all(Array.from({ length: 40 }, (_, at) => play(at)))
  })

  it.each(['client', 'site'] as const)('a reset of the %s ends the other side then, too', async (who) => {
    const { client, site, end, counts } = await join()
    client.resume()
    site.resume()
    client.write(randomBytes(BULK))
    site.write(randomBytes(BULK))
    await expect.poll(() => [counts.up, counts.down]).toEqual([BULK, BULK])
    const [one, other] = who === 'client' ? [client, site] : [site, client]
    const rest = readToEnd(other)
    one.resetAndDestroy()
    expect(await end).toBe('broken')
    await rest
  })

  it('the byte limit holds then, too, and what is cut is closed at both ends', async () => {
    const { client, site, end, counts, inner } = await join({ upBytesMax: BULK })
    const received = readToEnd(site)
    client.resume()
    client.write(randomBytes(BULK))
    await expect.poll(() => counts.up).toBe(BULK)
    client.write('x')
    expect(await end).toBe('limit')
    expect((await received).length).toBe(BULK)
    expect(inner.map(({ closed }) => closed)).toEqual([true, true])
  })

  it('silence ends both sides then, too', async () => {
    const { client, site, end } = await join({ idleTimeoutMs: 200 })
    const received = readToEnd(site)
    client.resume()
    client.write(randomBytes(BULK))
    expect(await end).toBe('idle')
    expect((await received).length).toBe(BULK)
  })
})

function writeInPieces(socket: Socket, whole: Buffer): void {
  let at = 0
  for (let size = 1; at < whole.length; size = (size * 7) % 200_003) {
    socket.write(whole.subarray(at, at + size))
    at += size
  }
  socket.end()
}

async function readSlowly(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = []
  // Of itself the loop would end with the whole socket, and with what it has not sent yet.
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    pieces.push(piece)
    if (pieces.length % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return Buffer.concat(pieces)
}

describe('a splice that is followed', () => {
  async function follow(isGood: (piece: Buffer) => boolean) {
    const [left, right] = await Promise.all([connectPair(), connectPair()])
    const counts = { up: 0, down: 0 }
    const options = { idleTimeoutMs: 10_000, admitUp: null, follow: { up: isGood, down: isGood } }
    const { ended } = splice(left.inner, right.inner, counts, options)
    return { client: left.outer, site: right.outer, counts, ended }
  }

  it.each(['up', 'down'] as const)('carries nothing %s that may not go on, and ends', async (way) => {
    const { client, site, counts, ended } = await follow((piece) => !piece.includes('bad'))
    const [from, to] = way === 'up' ? [client, site] : [site, client]
    const heard = readToEnd(to)
    from.write('good')
    await expect.poll(() => counts[way]).toBe(4)
    from.write('bad')
    expect((await heard).toString()).toBe('good')
    expect(await ended).toBe('malformed')
    expect(counts[way]).toBe(4)
  })

  it('goes on when it carries much', async () => {
    const { client, site, ended } = await follow(() => true)
    const much = randomBytes(2 * 1024 * 1024)
    const heard = readToEnd(site)
    client.end(much)
    expect((await heard).equals(much)).toBe(true)
    site.end()
    expect(await ended).toBe('closed')
  })
})
