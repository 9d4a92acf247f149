/** Resolves once, judges each address, and opens a TCP connection to an address that was judged and to no other. */
import { connect, type Socket } from 'node:net'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Verdict } from '../flow/verdict.ts'
import { type Address, contains, rangeOf } from '../net/address.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import type { ParentProxy } from '../settings/parent-proxy.ts'
import { staticAnswer } from '../settings/static-resolution.ts'
import { denyByGuard } from './judge.ts'
import { tunnelThrough } from './parent.ts'
import type { Runtime } from './runtime.ts'

/** An address and the port to dial there: a static answer may name another port than the client did. */
export interface Endpoint {
  readonly address: Address
  readonly port: number
  /** The parent proxy that answers there, where the destination is reached through one. */
  readonly parent: ParentProxy | null
}

/** What the connection will carry: a parent proxy is asked for a tunnel, or for each plain request by its whole URL. */
export type Carries = 'tunnel' | 'plain-http'

export type Dialled =
  | { readonly state: 'open'; readonly socket: Socket; readonly endpoint: Endpoint }
  | { readonly state: 'denied'; readonly verdict: Extract<Verdict, { action: 'deny' }> }

/**
 * Connects to the first address of the destination that the guards and `judgeAddress` let through and that answers.
 * Behind a parent proxy the address is never known: `judgeAddress` is then asked about null. Throws ProxyError where none
 * resolves or none answers.
 */
export async function dial(
  weir: Runtime,
  destination: Destination,
  carries: Carries,
  judgeAddress: (address: Address | null) => Verdict,
): Promise<Dialled> {
  const endpoints = await endpointsOf(weir, destination)
  let denied: Extract<Verdict, { action: 'deny' }> | null = null
  let failure: ProxyError | null = null
  let attempts = 0
  for (const endpoint of endpoints) {
    const verdict = guardAddress(weir, destination, endpoint) ?? judgeAddress(judgedAddress(destination, endpoint))
    if (verdict.action === 'deny') {
      denied = verdict
      continue
    }
    if (attempts++ >= weir.settings.limits.dialAttemptsMax) break
    try {
      return { state: 'open', socket: await dialEndpoint(weir, endpoint, destination, carries), endpoint }
    } catch (error) {
      if (!(error instanceof ProxyError)) throw error
      failure = error
    }
  }
  // An address that answers nothing is the truer reason than one that was refused beside it.
  if (failure !== null) throw failure
  if (denied !== null) return { state: 'denied', verdict: denied }
  throw new ProxyError('upstream-unresolvable', `${nameOf(destination)} has no address`)
}

/** The address that rules and records may know: behind a parent proxy only a literal is. */
export function judgedAddress(destination: Destination, { address, parent }: Endpoint): Address | null {
  return parent === null ? address : destination.literal
}

async function endpointsOf(weir: Runtime, destination: Destination): Promise<readonly Endpoint[]> {
  const { resolve, upstreamProxy } = weir.settings
  const { host, port, literal } = destination
  const written = host === null ? null : staticAnswer(resolve, host, port)
  if (written !== null) return [{ ...written, parent: null }]
  if (upstreamProxy !== undefined) return endpointsOfParent(weir, upstreamProxy)
  if (host === null) return [{ address: literal, port, parent: null }]
  const addresses = await weir.resolver.resolve(host)
  return addresses.map((address) => ({ address, port, parent: null }))
}

async function endpointsOfParent(weir: Runtime, parent: ParentProxy): Promise<readonly Endpoint[]> {
  const { host, port } = parent
  if (typeof host !== 'string') return [{ address: host, port, parent }]
  const written = staticAnswer(weir.settings.resolve, host, port)
  if (written !== null) return [{ ...written, parent }]
  const addresses = await weir.resolver.resolve(host)
  return addresses.map((address) => ({ address, port, parent }))
}

function guardAddress(
  weir: Runtime,
  destination: Destination,
  endpoint: Endpoint,
): ReturnType<typeof denyByGuard> | null {
  if (weir.isOwn(endpoint.address, endpoint.port)) {
    return denyByGuard('address-refused', `${authorityOf(destination)} is this proxy itself`)
  }
  // The parent's own address is the operator's choice; what it reaches by name, it must guard itself.
  const address = judgedAddress(destination, endpoint)
  if (address === null) return null
  const range = rangeOf(address)
  if (range === 'public' || weir.settings.allowPrivate.some((cidr) => contains(cidr, address))) return null
  const where = destination.host === null ? address.text : `${destination.host} (${address.text})`
  return denyByGuard(
    'address-refused',
    `${where} is a ${range} address, which this proxy does not reach unless its operator allows it (--allow-private)`,
  )
}

/** Throws ProxyError `upstream-refused` or `upstream-timeout`; the socket has half-close and no listener of ours left. */
export async function dialEndpoint(
  weir: Runtime,
  endpoint: Endpoint,
  destination: Destination,
  carries: Carries,
): Promise<Socket> {
  const socket = await connectTo(weir, endpoint)
  if (endpoint.parent !== null && carries === 'tunnel') {
    await tunnelThrough(socket, endpoint.parent, destination, weir.settings.limits.dialTimeoutMs)
  }
  return socket
}

function connectTo(weir: Runtime, { address, port }: Endpoint): Promise<Socket> {
  const timeoutMs = weir.settings.limits.dialTimeoutMs
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.text, port, family: address.family, allowHalfOpen: true, noDelay: true })
    weir.sockets.add(socket)
    socket.once('close', () => weir.sockets.delete(socket))
    const fail = (error: ProxyError): void => {
      clearTimeout(timer)
      // What else a dying socket has to say is of no interest, but an unheard error would end the process.
      socket.removeAllListeners('connect').on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(
      () =>
        fail(new ProxyError('upstream-timeout', `no answer from ${address.text} port ${port} within ${timeoutMs} ms`)),
      timeoutMs,
    )
    const onError = (cause: Error): void =>
      fail(
        new ProxyError('upstream-refused', `cannot connect to ${address.text} port ${port}: ${codeOf(cause)}`, cause),
      )
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve(socket)
    })
  })
}

function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    EHOSTUNREACH: 'no route to it',
    ENETUNREACH: 'its network is unreachable',
    ECONNRESET: 'connection reset',
    ETIMEDOUT: 'it did not answer',
  }
  return typeof code === 'string' ? (known[code] ?? code) : 'connection failed'
}
