/** The first bytes of a tunnel, over loopback: told apart, given back whole, and not waited for too long. */
import { once } from 'node:events'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Peeked, peek, SEGMENTS_MAX } from '../../src/proxy/peek.ts'
import { helloBytesMax } from '../../src/wire/client-hello.ts'
import { alpn, hello, sni } from '../wire/hello.ts'
import { connectPair, type Pair } from './sockets.ts'

const HELLO = Buffer.from(hello({ extensions: [sni('github.com'), alpn('h2', 'http/1.1')] }))
const NOTHING = Buffer.alloc(0)

interface Peeking extends Pair {
  readonly peeked: Promise<Peeked>
}

async function begin(head: Buffer = NOTHING, timeoutMs = 5_000): Promise<Peeking> {
  const pair = await connectPair()
  pair.outer.setNoDelay(true)
  return { ...pair, peeked: peek(pair.inner, head, timeoutMs) }
}

/** What a reader finds in the socket after the peek, as much as is asked for. */
async function readBack({ inner }: Pair, size: number): Promise<Buffer> {
  let all = NOTHING
  inner.on('data', (chunk: Buffer) => {
    all = Buffer.concat([all, chunk])
  })
  inner.resume()
  while (all.length < size) await once(inner, 'data')
  return all
}

async function trickle({ outer }: Pair, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (outer.destroyed) return
    outer.write(piece)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function bySingles(bytes: Buffer): Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte))
}

describe('peek', () => {
  it.each<[string, readonly Buffer[]]>([
    ['in one segment', [HELLO]],
    ['in two, the first of one byte', [HELLO.subarray(0, 1), HELLO.subarray(1)]],
    ['byte by byte', bySingles(HELLO)],
    ['over many records', [Buffer.from(hello({ extensions: [sni('github.com'), alpn('h2', 'http/1.1')] }, 7))]],
  ])('reads a ClientHello %s and gives it back', async (_, pieces) => {
    const peeking = await begin()
    await trickle(peeking, pieces)
    expect(await peeking.peeked).toMatchObject({
      state: 'tls',
      hello: { serverName: 'github.com', alpn: ['h2', 'http/1.1'] },
    })
    expect(peeking.inner.isPaused()).toBe(true)
    const bytes = Buffer.concat(pieces)
    expect(await readBack(peeking, bytes.length)).toEqual(bytes)
  })

  it('takes what came with the CONNECT for the beginning', async () => {
    const whole = await begin(HELLO)
    expect(await whole.peeked).toMatchObject({ state: 'tls' })
    expect(await readBack(whole, HELLO.length)).toEqual(HELLO)
    const half = await begin(HELLO.subarray(0, 9))
    half.outer.write(HELLO.subarray(9))
    expect(await half.peeked).toMatchObject({ state: 'tls' })
    expect(await readBack(half, HELLO.length)).toEqual(HELLO)
  })

  it.each<[string, string, Peeked['state']]>([
    ['ssh', 'SSH-2.0-OpenSSH_10.0\r\n', 'ssh'],
    ['plain HTTP', 'GET / HTTP/1.1\r\n', 'http'],
    ['plain HTTP with all of a request', 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx', 'http'],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\n', 'unknown'],
    ['SMTP', 'EHLO a\r\n', 'unknown'],
    ['git', '0032git-upload-pack /project.git\0host=a\0', 'unknown'],
    ['a TLS alert', '\x16\x02', 'unknown'],
    ['a record that is no ClientHello', '\x16\x03\x01\x00\x04\x02\x00\x00\x00', 'bad'],
  ])('tells %s', async (_, text, state) => {
    const bytes = Buffer.from(text, 'latin1')
    const peeking = await begin()
    peeking.outer.write(bytes)
    expect((await peeking.peeked).state).toBe(state)
    expect(await readBack(peeking, bytes.length)).toEqual(bytes)
  })

  it('reads a request line byte by byte, and gives it back', async () => {
    const bytes = Buffer.from('GET /some/where?a=b HTTP/1.1\r\nHost: a.example\r\n\r\n')
    const peeking = await begin(bytes.subarray(0, 3))
    await trickle(peeking, bySingles(bytes.subarray(3)))
    expect(await peeking.peeked).toEqual({ state: 'http' })
    expect(peeking.inner.isPaused()).toBe(true)
    expect(await readBack(peeking, bytes.length)).toEqual(bytes)
  })

  it('does not wait for the rest of a request line for ever', async () => {
    const peeking = await begin(Buffer.from('GET / HTTP/'), 20)
    expect(await peeking.peeked).toMatchObject({ state: 'bad', fault: expect.stringContaining('in time') })
  })

  it('says that a client said nothing', async () => {
    const peeking = await begin(NOTHING, 20)
    expect(await peeking.peeked).toEqual({ state: 'silent' })
    peeking.outer.write('late')
    expect((await readBack(peeking, 4)).toString()).toBe('late')
  })

  it('does not wait for the rest of a hello for ever', async () => {
    const peeking = await begin(HELLO.subarray(0, 20), 20)
    expect(await peeking.peeked).toMatchObject({ state: 'bad', fault: expect.stringContaining('in time') })
  })

  it('says that a client is gone: ended, closed, or reset', async () => {
    const ending = await begin()
    ending.outer.end()
    expect(await ending.peeked).toEqual({ state: 'gone' })
    const resetting = await begin(HELLO.subarray(0, 20))
    resetting.outer.resetAndDestroy()
    expect(await resetting.peeked).toEqual({ state: 'gone' })
  })

  it('takes a hello that ends in the middle for a bad one, and does not break on it', async () => {
    const peeking = await begin()
    const errors: unknown[] = []
    peeking.inner.on('error', (error) => errors.push(error))
    peeking.outer.end(HELLO.subarray(0, 20))
    expect(await peeking.peeked).toMatchObject({ state: 'bad', fault: expect.stringContaining('ended') })
    await new Promise((resolve) => setImmediate(resolve))
    expect(errors).toEqual([])
  })

  it('leaves no listener behind', async () => {
    const pair = await connectPair()
    const names = ['data', 'end', 'close', 'error'] as const
    const before = names.map((name) => pair.inner.listenerCount(name))
    const peeked = peek(pair.inner, NOTHING, 5_000)
    pair.outer.write('SSH-2.0-a\r\n')
    await peeked
    expect(names.map((name) => pair.inner.listenerCount(name))).toEqual(before)
  })

  it('does not read more than the longest hello', async () => {
    const peeking = await begin()
    // A hello that announces more than it may have.
    peeking.outer.write(Buffer.from('160301400001010000', 'hex'))
    peeking.outer.write(Buffer.alloc(helloBytesMax))
    expect(await peeking.peeked).toMatchObject({ state: 'bad', fault: expect.stringContaining('longer') })
  })

  it('looks at so many pieces and not at one more', async () => {
    const long = Buffer.from(hello({ extensions: [sni('github.com'), [21, Array.from({ length: 4_000 }, () => 0)]] }))
    const pieces = (count: number): Buffer[] => [...bySingles(long.subarray(0, count - 1)), long.subarray(count - 1)]
    const socket = (): { peeked: Promise<Peeked>; emit: (chunk: Buffer) => void } => {
      // The kernel would join pieces as it likes: here each is one.
      const pretend = new Socket()
      return { peeked: peek(pretend, NOTHING, 5_000), emit: (chunk) => void pretend.emit('data', chunk) }
    }
    const at = socket()
    for (const piece of pieces(SEGMENTS_MAX)) at.emit(piece)
    expect(await at.peeked).toMatchObject({ state: 'tls' })
    const past = socket()
    for (const piece of pieces(SEGMENTS_MAX + 1)) past.emit(piece)
    expect(await past.peeked).toMatchObject({ state: 'bad', fault: expect.stringContaining('pieces') })
  })
})

describe('peek at a socket that is closed already', () => {
  it('knows at once that the client is gone', async () => {
    const socket = new Socket()
    socket.destroy()
    await once(socket, 'close')
    expect(await peek(socket, NOTHING, 60_000)).toEqual({ state: 'gone' })
  })
})
