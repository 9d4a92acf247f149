/** A gRPC service of Buffers, without a protocol of messages: the real @grpc/grpc-js on either side of a Weir. */
import {
  type CallOptions,
  type Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ClientReadableStream,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import type { SurfaceCall } from '@grpc/grpc-js/build/src/call.js'
import type { TestWeir } from '../support/weir.ts'
import { certificates } from '../support/certificates.ts'

export const HOST = 'www.acme.example'
export const SERVICE = 'acme.Echo'

const same = (bytes: Buffer): Buffer => bytes

function method(name: string, requestStream: boolean, responseStream: boolean) {
  return {
    path: `/${SERVICE}/${name}`,
    requestStream,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  }
}

/** One method of each kind. */
const DEFINITION: ServiceDefinition = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  list: method('List', false, true),
  talk: method('Talk', true, true),
}

export interface GrpcOrigin {
  readonly port: number
  close(): void
}

const MESSAGE_BYTES_MAX = 64 * 1024 * 1024
const STREAMS_MAX = 10_000

export async function startGrpcOrigin(implementation: UntypedServiceImplementation): Promise<GrpcOrigin> {
  const { key, cert } = certificates()
  const server = new Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_concurrent_streams': STREAMS_MAX,
  })
  server.addService(DEFINITION, implementation)
  const keys = [{ private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }]
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, keys), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  return {
    port,
    close: () => server.forceShutdown(),
  }
}

export interface GrpcClient {
  unary(message: Buffer, more?: Asking): Promise<Answer>
  /** Messages of the client, one answer. */
  collect(messages: readonly Buffer[], more?: Asking): Promise<Answer>
  /** One message of the client, a stream of answers. */
  list(message: Buffer, more?: Asking): ClientReadableStream<Buffer>
  talk(more?: Asking): ClientDuplexStream<Buffer, Buffer>
  close(): void
}

export interface Asking {
  readonly metadata?: Metadata
  readonly deadlineMs?: number
}

/** All that a call comes to; an error is no exception. */
export interface Answer {
  readonly code: number
  readonly details: string
  readonly messages: readonly Buffer[]
  /** What came ahead of the messages, and behind them. */
  readonly metadata: Metadata | null
  readonly trailers: Metadata
}

/** By the proxy of the environment, as everybody sets it. */
export function connectGrpc(weir: TestWeir, options: ClientOptions = {}): GrpcClient {
  const Constructor = makeGenericClientConstructor(DEFINITION, SERVICE)
  const before = process.env['grpc_proxy']
  process.env['grpc_proxy'] = weir.proxy
  const client: Client = new Constructor(`${HOST}:443`, credentials.createSsl(Buffer.from(weir.caPem)), {
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    // A connection that another test has.
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  })
  if (before === undefined) delete process.env['grpc_proxy']
  else process.env['grpc_proxy'] = before
  const path = (name: string): string => `/${SERVICE}/${name}`
  return {
    unary: (message, more = {}) =>
      answered((settle) =>
        client.makeUnaryRequest(path('Unary'), same, same, message, metadataOf(more), optionsOf(more), settle),
      ),
    collect: (messages, more = {}) =>
      answered((settle) => {
        const [metadata, timed] = [metadataOf(more), optionsOf(more)]
        const call = client.makeClientStreamRequest(path('Collect'), same, same, metadata, timed, settle)
        for (const message of messages) call.write(message)
        call.end()
        return call
      }),
    list: (message, more = {}) =>
      client.makeServerStreamRequest(path('List'), same, same, message, metadataOf(more), optionsOf(more)),
    talk: (more = {}) => client.makeBidiStreamRequest(path('Talk'), same, same, metadataOf(more), optionsOf(more)),
    close: () => client.close(),
  }
}

/** All of a call whose answers are a stream. */
export function heardOf(call: ClientReadableStream<Buffer>): Promise<Answer> {
  const messages: Buffer[] = []
  let metadata: Metadata | null = null
  call.on('metadata', (fields: Metadata) => {
    metadata = fields
  })
  call.on('data', (message: Buffer) => messages.push(message))
  call.on('error', () => undefined)
  return new Promise((resolve) => {
    call.on('status', ({ code, details, metadata: trailers }) =>
      resolve({ code, details, messages, metadata, trailers }),
    )
  })
}

type Settle = (error: ServiceError | null, message?: Buffer) => void

function answered(begin: (settle: Settle) => SurfaceCall): Promise<Answer> {
  return new Promise((resolve) => {
    const messages: Buffer[] = []
    let metadata: Metadata | null = null
    const call = begin((_error, message) => {
      if (message !== undefined) messages.push(message)
    })
    call.on('metadata', (fields: Metadata) => {
      metadata = fields
    })
    // It comes behind the message.
    call.on('status', ({ code, details, metadata: trailers }) =>
      resolve({ code, details, messages, metadata, trailers }),
    )
  })
}

function metadataOf({ metadata }: Asking): Metadata {
  return metadata ?? new Metadata()
}

function optionsOf({ deadlineMs }: Asking): CallOptions {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs }
}
