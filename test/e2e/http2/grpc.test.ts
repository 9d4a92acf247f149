/** The real gRPC client and server of Node, with a Weir between them that opens their TLS (gRPC over HTTP/2). */
import {
  type ClientDuplexStream,
  Metadata,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeir, type TestWeir } from '../support/weir.ts'
import {
  connectGrpc,
  type GrpcClient,
  type GrpcOrigin,
  heardOf,
  HOST,
  SERVICE,
  startGrpcOrigin,
} from './grpc-service.ts'

const POLICY = `
version: 1
default: allow
inspection: { mode: always }
`
const REFUSING = `
version: 1
default: allow
rules:
  - name: no-uploads
    to: { hosts: [${HOST}] }
    when: { paths: ["/${SERVICE}/*"] }
    action: deny
    message: 100 % of it stays here.
`

/** What the server sees. */
const seen = { open: 0, most: 0, cancelled: 0 }

function track(call: { once(event: 'cancelled', listener: () => void): unknown }): () => void {
  seen.open += 1
  seen.most = Math.max(seen.most, seen.open)
  let isOpen = true
  const over = (): void => {
    if (isOpen) seen.open -= 1
    isOpen = false
  }
  call.once('cancelled', () => {
    seen.cancelled += 1
    over()
  })
  return over
}

/** `x-say` comes back ahead of the messages and behind them. */
function fieldsFrom(metadata: Metadata): Metadata {
  const fields = new Metadata()
  for (const value of metadata.get('x-say')) fields.add('x-said', value)
  for (const value of metadata.get('x-say-bin')) fields.add('x-said-bin', value)
  return fields
}

const service: UntypedServiceImplementation = {
  unary(call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
    const over = track(call)
    const [what = '', argument = ''] = call.request.subarray(0, 20).toString().split(':')
    if (what === 'never') return
    over()
    if (what === 'error') {
      answer({ code: Number(argument), details: 'so it is: 50 %, “really”', metadata: fieldsFrom(call.metadata) })
      return
    }
    call.sendMetadata(fieldsFrom(call.metadata))
    answer(null, call.request, fieldsFrom(call.metadata))
  },
  collect(call: ServerReadableStream<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
    const over = track(call)
    const messages: Buffer[] = []
    call.on('data', (message: Buffer) => {
      messages.push(message)
      if (message.toString() === 'enough') answer({ code: status.RESOURCE_EXHAUSTED, details: 'that is enough' })
    })
    call.on('error', () => undefined)
    call.on('end', () => {
      over()
      answer(null, Buffer.concat(messages))
    })
  },
  list(call: ServerWritableStream<Buffer, Buffer>) {
    const over = track(call)
    const [count = '0', length = '1'] = call.request.toString().split('x')
    for (let at = 0; at < Number(count); at += 1) call.write(Buffer.alloc(Number(length), String(at % 10)))
    if (length === '1') return
    over()
    call.end()
  },
  talk(call: ServerDuplexStream<Buffer, Buffer>) {
    const over = track(call)
    call.on('error', () => undefined)
    call.on('data', (message: Buffer) => {
      const [what, argument = ''] = message.subarray(0, 20).toString().split(':')
      if (what === 'stop') {
        over()
        call.emit('error', { code: Number(argument), details: 'stopped' })
      } else call.write(message)
    })
    call.on('end', () => {
      over()
      call.write(Buffer.from('the last word'))
      call.end()
    })
  },
}

let origin: GrpcOrigin
let weir: TestWeir
let client: GrpcClient

beforeAll(async () => {
  origin = await startGrpcOrigin(service)
  weir = await startWeir({ policy: POLICY, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
  client = connectGrpc(weir)
})

afterAll(async () => {
  client?.close()
  await weir?.close()
  origin?.close()
})

/** The next message of a call. */
function next(call: ClientDuplexStream<Buffer, Buffer>): Promise<string> {
  return new Promise((resolve) => call.once('data', (message: Buffer) => resolve(message.toString())))
}

describe('a call', () => {
  it('with one message each way', async () => {
    const answer = await client.unary(Buffer.from('hello'))
    expect(answer).toMatchObject({ code: status.OK, messages: [Buffer.from('hello')] })
    const record = await weir.record((line) => line['url.path'] === `/${SERVICE}/Unary`)
    expect(record).toMatchObject({ 'http.version': '2', 'http.request.method': 'POST', 'weir.verdict': 'allow' })
  })

  it('with many messages of the client', async () => {
    const messages = Array.from({ length: 1_000 }, (_, at) => Buffer.from(`${at},`))
    const answer = await client.collect(messages)
    expect(answer).toMatchObject({ code: status.OK, messages: [Buffer.concat(messages)] })
  })

  it('with many messages of the server', async () => {
    const answer = await heardOf(client.list(Buffer.from('1000x100')))
    expect(answer.code).toBe(status.OK)
    expect(answer.messages.length).toBe(1_000)
    expect(answer.messages.every((message, at) => message.equals(Buffer.alloc(100, String(at % 10))))).toBe(true)
  })

  it('of both, in turns, and ends in order', async () => {
    const call = client.talk()
    const whole = heardOf(call)
    for (const word of ['one', 'two', 'three']) {
      const heard = next(call)
      call.write(Buffer.from(word))
      expect(await heard).toBe(word)
    }
    call.end()
    const { code, messages } = await whole
    expect([code, messages.map(String)]).toEqual([status.OK, ['one', 'two', 'three', 'the last word']])
  })

  it('with an empty message', async () => {
    expect((await client.unary(Buffer.alloc(0))).messages).toEqual([Buffer.alloc(0)])
  })

  it.each([1_000_000, 32_000_000])('with a message of %i bytes', async (length) => {
    const message = Buffer.alloc(length, 'm')
    const [answer] = (await client.unary(message)).messages
    expect(answer?.equals(message)).toBe(true)
  })

  it('with metadata and trailers of both kinds, each as often as it stands', async () => {
    const metadata = new Metadata()
    for (const value of ['a', 'b']) metadata.add('x-say', value)
    metadata.add('x-say-bin', Buffer.from([0, 255, 1]))
    const answer = await client.unary(Buffer.from('x'), { metadata })
    for (const fields of [answer.metadata, answer.trailers]) {
      expect(fields?.get('x-said').join()).toMatch(/^a, ?b$|^a,b$/)
      expect(fields?.get('x-said-bin')).toEqual([Buffer.from([0, 255, 1])])
    }
  })

  it.each([status.INVALID_ARGUMENT, status.NOT_FOUND, status.UNAUTHENTICATED, status.UNAVAILABLE, status.INTERNAL])(
    'that fails with status %i',
    async (code) => {
      const metadata = new Metadata()
      metadata.add('x-say', 'why')
      const answer = await client.unary(Buffer.from(`error:${code}`), { metadata })
      expect(answer).toMatchObject({ code, details: 'so it is: 50 %, “really”', messages: [] })
      expect(answer.trailers.get('x-said')).toEqual(['why'])
    },
  )
})

describe('a call that ends early', () => {
  /** Nothing of it is left in Weir or at the server. */
  const expectQuiet = async (): Promise<void> => {
    await expect.poll(() => seen.open, { timeout: 2_000 }).toBe(0)
    const after = await client.unary(Buffer.from('after'))
    expect(after.code).toBe(status.OK)
  }

  it('by its deadline', async () => {
    const begun = performance.now()
    const answer = await client.unary(Buffer.from('never'), { deadlineMs: 300 })
    expect(answer.code).toBe(status.DEADLINE_EXCEEDED)
    expect(performance.now() - begun).toBeLessThan(5_000)
    await expectQuiet()
  })

  it('by its client, while the server sends', async () => {
    const cancelled = seen.cancelled
    const call = client.list(Buffer.from('10x1'))
    const whole = heardOf(call)
    await new Promise((resolve) => call.once('data', resolve))
    call.cancel()
    expect((await whole).code).toBe(status.CANCELLED)
    await expect.poll(() => seen.cancelled - cancelled, { timeout: 2_000 }).toBe(1)
    const record = await weir.record((line) => line['error.code'] === 'client-aborted' && hasPath(line, 'List'))
    expect(record['weir.verdict']).toBe('allow')
    await expectQuiet()
  })

  it('by its client, while it sends itself', async () => {
    const cancelled = seen.cancelled
    const call = client.talk()
    const whole = heardOf(call)
    const heard = next(call)
    call.write(Buffer.from('half'))
    await heard
    call.cancel()
    expect((await whole).code).toBe(status.CANCELLED)
    await expect.poll(() => seen.cancelled - cancelled, { timeout: 2_000 }).toBe(1)
    await expectQuiet()
  })

  it('by its client’s connection', async () => {
    const cancelled = seen.cancelled
    const other = connectGrpc(weir)
    const calls = Array.from({ length: 20 }, () => other.talk())
    const all = Promise.all(calls.map((call) => heardOf(call)))
    for (const call of calls) call.write(Buffer.from('on'))
    await expect.poll(() => seen.open).toBe(20)
    for (const call of calls) call.cancel()
    other.close()
    expect(new Set((await all).map(({ code }) => code))).toEqual(new Set([status.CANCELLED]))
    await expect.poll(() => seen.cancelled - cancelled, { timeout: 2_000 }).toBe(20)
    await expectQuiet()
  })

  it('by its server, with an error, while the client goes on sending', async () => {
    const call = client.talk()
    const whole = heardOf(call)
    call.write(Buffer.from('go on'))
    call.write(Buffer.from(`stop:${status.FAILED_PRECONDITION}`))
    const answer = await whole
    expect([answer.code, answer.details, answer.messages.map(String)]).toEqual([9, 'stopped', ['go on']])
    await expectQuiet()
  })

  it('by its server, in the middle of an upload', async () => {
    const messages = Array.from({ length: 200 }, () => Buffer.alloc(50_000, 'u'))
    const answer = await client.collect([...messages.slice(0, 3), Buffer.from('enough'), ...messages])
    expect([answer.code, answer.details]).toEqual([status.RESOURCE_EXHAUSTED, 'that is enough'])
    await expect.poll(() => weir.status().openTunnels).toBeLessThanOrEqual(1)
  })
})

function hasPath(record: Readonly<Record<string, unknown>>, name: string): boolean {
  return record['url.path'] === `/${SERVICE}/${name}`
}

describe('many calls at once', () => {
  /** Opens so many streams, has each answer once while all are open, and ends them. */
  const playStreams = async (through: GrpcClient, count: number): Promise<ReadonlySet<string>> => {
    const calls = Array.from({ length: count }, () => through.talk())
    const all = calls.map((call) => heardOf(call))
    const firsts = calls.map((call) => next(call))
    for (const [at, call] of calls.entries()) call.write(Buffer.from(`call ${at}`))
    await Promise.all(firsts)
    for (const call of calls) call.end()
    const heard = await Promise.all(all)
    return new Set(
      heard.map(({ code, messages }, at) => `${code} ${String(messages[0]) === `call ${at}`} ${messages.length}`),
    )
  }

  it('are 1,000 streams on one connection where the limit is so high', async () => {
    const wide = await startWeir({
      policy: POLICY,
      limits: { http2StreamsMax: 1_000 },
      resolve: [`${HOST}:443:127.0.0.1:${origin.port}`],
    })
    const other = connectGrpc(wide)
    seen.most = 0
    const begun = performance.now()
    expect(await playStreams(other, 1_000)).toEqual(new Set(['0 true 2']))
    console.info(`1,000 streams in ${Math.round(performance.now() - begun)} ms, ${seen.most} at once at the server`)
    expect(seen.most).toBe(1_000)
    const faults = wide.records.filter((record) => record['event.outcome'] !== 'success')
    expect(faults).toEqual([])
    expect(wide.records.filter((record) => hasPath(record, 'Talk')).length).toBe(1_000)
    other.close()
    await expect.poll(() => wide.status()).toMatchObject({ openTunnels: 0, sockets: 0 })
    await wide.close()
  })

  // The client heeds SETTINGS_MAX_CONCURRENT_STREAMS: what is more waits in it, and none is refused.
  it('wait in the client past the limit of 100', async () => {
    seen.most = 0
    const calls = Array.from({ length: 150 }, () => client.talk())
    const all = calls.map((call) => heardOf(call))
    for (const call of calls) call.write(Buffer.from('x'))
    await expect.poll(() => seen.open).toBe(100)
    for (const call of calls) call.end()
    expect(new Set((await Promise.all(all)).map(({ code }) => code))).toEqual(new Set([status.OK]))
    expect(seen.most).toBe(100)
  })

  it('go over to another connection where the first has had as many as it may have', async () => {
    const narrow = await startWeir({
      policy: POLICY,
      limits: { requestsPerConnectionMax: 50 },
      resolve: [`${HOST}:443:127.0.0.1:${origin.port}`],
    })
    const other = connectGrpc(narrow)
    const codes = new Set<number>()
    const worker = async (): Promise<void> => {
      for (let at = 0; at < 40; at += 1) codes.add((await other.unary(Buffer.from('x'))).code)
    }
    await Promise.all(Array.from({ length: 10 }, worker))
    expect(codes).toEqual(new Set([status.OK]))
    other.close()
    await narrow.close()
  })
})

describe('a refusal', () => {
  let refusing: TestWeir
  let refused: GrpcClient

  beforeAll(async () => {
    refusing = await startWeir({ policy: REFUSING, resolve: [`${HOST}:443:127.0.0.1:${origin.port}`] })
    refused = connectGrpc(refusing)
  })

  afterAll(async () => {
    refused?.close()
    await refusing?.close()
  })

  const expectRefusal = ({ code, details }: { readonly code: number; readonly details: string }): void => {
    expect(code).toBe(status.PERMISSION_DENIED)
    expect(details).toMatch(/^weir: 100 % of it stays here\. \(event \w{13}\)$/)
  }

  it('of a call with one message', async () => {
    expectRefusal(await refused.unary(Buffer.from('hello')))
    expect(seen.open).toBe(0)
  })

  it('of a stream of the server', async () => {
    expectRefusal(await heardOf(refused.list(Buffer.from('10x1'))))
  })

  it('of an upload', async () => {
    expectRefusal(await refused.collect(Array.from({ length: 100 }, () => Buffer.alloc(10_000))))
  })

  it('of a stream both ways whose client waits for an answer, at once', async () => {
    const begun = performance.now()
    const call = refused.talk()
    const whole = heardOf(call)
    call.write(Buffer.from('are you there?'))
    expectRefusal(await whole)
    expect(performance.now() - begun).toBeLessThan(5_000)
  })
})
