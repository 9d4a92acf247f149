/** Attempts to open TLS towards an upstream on loopback, and what must hold after each that fails. */
import type { Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { expect } from 'vitest'
import { ProxyError } from '../../src/flow/proxy-error.ts'
import type { ClientIdentity } from '../../src/tls/client-certificates.ts'
import type { Sessions } from '../../src/tls/sessions.ts'
import { createTrust, type Trust } from '../../src/tls/trust.ts'
import { openUpstream } from '../../src/tls/upstream.ts'
import { createTestCa } from './pki.ts'
import { destinationOf, dial, runningTimers } from './servers.ts'

/** The authority that `trust` has besides the defaults. */
export const ca = createTestCa({ name: 'Known Root' })
export const trust = trusting(ca.certificatePem)
export const TIMEOUT_MS = 5_000

export function trusting(...pems: string[]): Trust {
  return createTrust({ extraPem: pems.map((text, at) => ({ file: `${at}.pem`, text })) })
}

export interface Attempt {
  readonly trust?: Trust
  readonly sessions?: Sessions | null
  readonly timeoutMs?: number
  readonly alpn?: readonly string[]
  readonly identity?: ClientIdentity
}

export async function open(port: number, authority = 'github.com:443', attempt: Attempt = {}): Promise<TLSSocket> {
  const { timeoutMs = TIMEOUT_MS, alpn } = attempt
  return openUpstream(await dial(port), destinationOf(authority), attempt.trust ?? trust, attempt.sessions ?? null, {
    timeoutMs,
    alpn,
    identity: attempt.identity,
  })
}

/** The error of an attempt that must fail, and that must leave nothing behind. */
export async function refusal(port: number, authority = 'github.com:443', attempt: Attempt = {}): Promise<ProxyError> {
  const socket = await dial(port)
  const timers = runningTimers()
  const { timeoutMs = TIMEOUT_MS, alpn } = attempt
  const error: unknown = await openUpstream(
    socket,
    destinationOf(authority),
    attempt.trust ?? trust,
    attempt.sessions ?? null,
    { timeoutMs, alpn, identity: attempt.identity },
  ).then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(socket.destroyed).toBe(true)
  expect(runningTimers()).toBeLessThanOrEqual(timers)
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
  expect(listenersOf(socket)).toEqual(await listenersOfNode(port))
  if (!(error instanceof ProxyError)) throw new Error(`not a ProxyError: ${String(error)}`)
  return error
}

function listenersOf(socket: Socket): Record<string, number> {
  // How many listeners for `close` are left depends on which of the two sockets Node closes first.
  const names = socket.eventNames().filter((name) => name !== 'close')
  return Object.fromEntries(names.map((name) => [String(name), socket.listenerCount(name)]))
}

/** The listeners that Node itself leaves on a socket whose TLS was destroyed. */
async function listenersOfNode(port: number): Promise<Record<string, number>> {
  const socket = await dial(port)
  connect({ socket }).destroy()
  await new Promise((resolve) => socket.once('close', resolve))
  return listenersOf(socket)
}

export async function exchange(socket: TLSSocket, text: string): Promise<string> {
  socket.write(text)
  return new Promise((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())))
}
