/**
 * Asks an upstream for another protocol by http-proxy's `ws`, and takes from it the handshake alone: this file alone knows that
 * package. What it would send, write and join of its own, all of that is put right or undone here.
 */
import type { Agent as HttpAgent, ClientRequest, IncomingMessage } from 'node:http'
import { Agent } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import util from 'node:util'
import { ProxyError } from '../flow/proxy-error.ts'
import { nameOf, type Destination } from '../net/destination.ts'
import { fieldsOf } from '../wire/fields.ts'
import { INTERIM_ANSWERS_MAX } from './forward.ts'
import { toProxyError } from './upstreams.ts'

export interface UpgradeRequest {
  readonly destination: Destination
  /** Origin-form, as sent. */
  readonly path: string
  /** Names and values in turn, without what belongs to one connection. */
  readonly fields: readonly string[]
  /** The protocol, as the Upgrade field names it. */
  readonly protocol: 'websocket'
}

export type UpgradeAnswer =
  /** 101: `socket` is the one that was given, paused, with what came behind the head put back. */
  | { readonly state: 'switched'; readonly rawHeaders: readonly string[]; readonly socket: Socket }
  /** Any other status: an answer like any, to be read. */
  | { readonly state: 'answered'; readonly message: IncomingMessage }

export interface UpgradeOptions {
  readonly timeoutMs: number
  readonly headBytesMax: number
  /** Aborts with a ProxyError as its reason, once the client is gone. */
  readonly signal: AbortSignal
}

/** `socket` leads to the judged address and, for https, is verified TLS. Rejects with a ProxyError. */
export async function askUpgrade(
  socket: Socket,
  request: UpgradeRequest,
  { timeoutMs, headBytesMax, signal }: UpgradeOptions,
): Promise<UpgradeAnswer> {
  const { createProxyServer } = await loadHttpProxy()
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>()
  const stub = new Stub().on('error', () => undefined)
  const proxy = createProxyServer({})
  let asked: ClientRequest | null = null
  proxy.on('proxyReqWs', (outgoing) => {
    asked = outgoing
    // It joins slashes and takes paths apart, so that another path than the judged one would be asked for.
    outgoing.path = request.path
    writeFields(outgoing, request)
  })
  proxy.ws(
    standIn(request),
    stub,
    Buffer.alloc(0),
    {
      target: { protocol: 'http:', host: nameOf(request.destination), port: request.destination.port },
      agent: agentOver(socket),
      toProxy: true,
      // What it lays its own options over: the only way to bound the head, and to hold the parser strict whatever Node's flags say.
      ssl: { maxHeaderSize: headBytesMax, insecureHTTPParser: false },
    },
    (error) => reject(toProxyError(error)),
  )
  const outgoing = taken(asked)
  const giveUp = (reason: ProxyError): void => void outgoing.destroy(reason)
  const onAbort = (): void => giveUp(toProxyError(signal.reason))
  const timer = setTimeout(
    () => giveUp(new ProxyError('upstream-timeout', 'the site did not answer in time')),
    timeoutMs,
  )
  signal.addEventListener('abort', onAbort)
  // One that is a tunnel through a parent proxy was paused, and a parser that listens does not ask it to go on.
  outgoing.once('socket', () => socket.resume())
  let interim = 0
  outgoing.on('information', () => {
    if (++interim > INTERIM_ANSWERS_MAX)
      giveUp(new ProxyError('upstream-broken', 'the site sent interim answers without end'))
  })
  // These run behind its own listeners, which have written to the stub and joined it to the upstream by now.
  outgoing.once('upgrade', (message: IncomingMessage, upgraded: Socket) => {
    upgraded.unpipe(stub)
    stub.unpipe(upgraded)
    upgraded.on('error', () => upgraded.destroy())
    resolve({ state: 'switched', rawHeaders: message.rawHeaders, socket: upgraded })
  })
  outgoing.once('response', (message: IncomingMessage) => {
    message.unpipe(stub)
    resolve({ state: 'answered', message })
  })
  outgoing.once('close', () =>
    reject(new ProxyError('upstream-broken', 'the site closed the connection without an answer')),
  )
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    stub.destroy()
  }
}

type HttpProxy = typeof import('http-proxy')
let loading: Promise<HttpProxy> | null = null

function loadHttpProxy(): Promise<HttpProxy> {
  loading ??= importQuietly()
  return loading
}

/** It takes `util._extend` once, as it is loaded, and Node warns of each use of that (DEP0060). */
async function importQuietly(): Promise<HttpProxy> {
  const own = Reflect.get(util, '_extend')
  Reflect.set(util, '_extend', Object.assign)
  try {
    return (await import('http-proxy')).default
  } finally {
    Reflect.set(util, '_extend', own)
  }
}

/** In place of the client's socket: whatever is written to it goes nowhere, and nothing ever comes from it. */
class Stub extends Duplex {
  setTimeout(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  override _read(): void {
    // Nothing is ever there.
  }

  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done()
  }
}

/** All that it reads of a request. The fields of the real one are given by `writeFields`. */
function standIn({ path, protocol }: UpgradeRequest): IncomingMessage {
  return {
    method: 'GET',
    url: path,
    headers: { connection: 'Upgrade', upgrade: protocol },
  } as unknown as IncomingMessage
}

/** Names and case as they came; of what comes several times, each stays a field of its own. */
function writeFields(outgoing: ClientRequest, { fields, protocol }: UpgradeRequest): void {
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name)
  const values = new Map<string, { readonly name: string; readonly values: string[] }>()
  const all = [...fieldsOf(fields), { name: 'Connection', value: 'Upgrade' }, { name: 'Upgrade', value: protocol }]
  for (const { name, value } of all) {
    const key = name.toLowerCase()
    const known = values.get(key)
    if (known === undefined) values.set(key, { name, values: [value] })
    else known.values.push(value)
  }
  for (const field of values.values()) outgoing.setHeader(field.name, field.values)
}

/** Gives the connection at hand, once: nothing is looked up, and nothing else is dialled. */
function agentOver(socket: Socket): HttpAgent {
  const agent = new Agent({ keepAlive: false })
  agent.createConnection = () => socket
  return agent
}

function taken(asked: ClientRequest | null): ClientRequest {
  if (asked === null) throw new ProxyError('weir-fault', 'this proxy could not ask for the upgrade')
  return asked
}
