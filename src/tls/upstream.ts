/** TLS towards an upstream over a connected socket: nothing comes back that was not verified (RFC 8446, RFC 9525). */
import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { ProxyError } from '../flow/proxy-error.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import { chainFault, nameFault } from './certificate-fault.ts'
import type { ClientIdentity } from './client-certificates.ts'
import { peerCertificate } from './peer-certificate.ts'
import { type Sessions, sessionKey, type VerifiedSession } from './sessions.ts'
import type { Trust } from './trust.ts'
import { handshakeFault } from './upstream-fault.ts'

export interface UpstreamOptions {
  /** For the whole handshake. */
  readonly timeoutMs: number
  readonly alpn?: readonly string[] | undefined
  /** Shown to an upstream that asks for a certificate. */
  readonly identity?: ClientIdentity | null | undefined
}

/**
 * Does the handshake over `socket`, connected to the judged address, and verifies chain and name against `destination`.
 * Rejects with a ProxyError (`upstream-certificate`, `upstream-tls-failed`, `upstream-timeout`), the socket destroyed.
 * `sessions` null neither resumes nor keeps a session. The socket that comes back has an error listener that closes it
 * and keeps a late error from ending the process; its owner adds one of its own, or listens for `close`.
 */
export function openUpstream(
  socket: Socket,
  destination: Destination,
  trust: Trust,
  sessions: Sessions | null,
  options: UpstreamOptions,
): Promise<TLSSocket> {
  const name = authorityOf(destination)
  if (socket.destroyed || socket.remoteAddress === undefined) {
    socket.destroy()
    return Promise.reject(new ProxyError('upstream-tls-failed', `${name} closed the connection before TLS began.`))
  }
  const identity = options.identity ?? null
  const key = sessionKey(destination, socket, trust, identity)
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const offered = sessions?.find(key)
  const secure = connect(connectionOptions(socket, destination, trust, offered?.session, options))
  const timer = setTimeout(() => fail(lateHandshake(name, options.timeoutMs)), options.timeoutMs)
  // Node asks OpenSSL for sessions only if someone listens when the handshake begins.
  if (sessions !== null) secure.on('session', onSession)
  let verified: X509Certificate | null = null
  secure.once('secureConnect', onSecure).once('error', onError).once('close', onClose)
  return promise

  function onSecure(): void {
    const judged = judge(secure, destination, offered)
    if (judged instanceof ProxyError) {
      fail(judged)
      return
    }
    release()
    verified = judged
    // An alert may follow in the very bytes that ended the handshake, before whoever awaits this socket can listen.
    secure.on('error', () => secure.destroy())
    resolve(secure)
  }
  // TLS 1.3 tickets come after the handshake, as long as the connection lives (RFC 8446 section 4.6.1).
  function onSession(session: Buffer): void {
    if (verified !== null) sessions?.store(key, { session, certificate: verified })
  }
  function onError(error: Error): void {
    fail(new ProxyError('upstream-tls-failed', handshakeFault(name, error, identity !== null), error))
  }
  function onClose(): void {
    fail(new ProxyError('upstream-tls-failed', `${name} closed the connection during the TLS handshake.`))
  }
  function fail(error: ProxyError): void {
    release()
    secure.off('session', onSession)
    // A session that the upstream chokes on must not be offered again.
    sessions?.forget(key)
    secure.destroy()
    socket.destroy()
    reject(error)
  }
  function release(): void {
    clearTimeout(timer)
    secure.off('secureConnect', onSecure).off('error', onError).off('close', onClose)
  }
}

function connectionOptions(
  socket: Socket,
  destination: Destination,
  trust: Trust,
  session: Buffer | undefined,
  { alpn, identity }: UpstreamOptions,
): ConnectionOptions {
  return {
    socket,
    secureContext: identity == null ? trust.context : trust.contextWith(identity),
    // Judged in `judge` instead, in one place for full and resumed handshakes, where the certificate can still be quoted.
    // That also leaves NODE_TLS_REJECT_UNAUTHORIZED without effect.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    // RFC 6066 section 3: an address is never sent as server_name.
    ...(destination.host === null ? {} : { servername: destination.host }),
    ...(session === undefined ? {} : { session }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  }
}

/**
 * The certificate that stands for the peer, or what is wrong with it. Node checks no name on a resumed handshake, and shows no
 * certificate there: then it is the one that the session began with.
 */
function judge(
  secure: TLSSocket,
  destination: Destination,
  offered: VerifiedSession | undefined,
): X509Certificate | ProxyError {
  try {
    const certificate = secure.isSessionReused() ? offered?.certificate : peerCertificate(secure)
    const fault = chainFault(secure, destination)
    if (fault !== null) return new ProxyError('upstream-certificate', fault)
    if (certificate == null)
      return new ProxyError('upstream-certificate', `${nameOf(destination)} showed no certificate.`)
    const disagreement = nameFault(certificate, destination)
    return disagreement === null ? certificate : new ProxyError('upstream-certificate', disagreement)
  } catch (cause) {
    // A certificate can be odd enough to make its reading throw, and an event listener that throws ends the process.
    const sentence = `The certificate of ${nameOf(destination)} cannot be read.`
    return new ProxyError('upstream-certificate', sentence, cause)
  }
}

function lateHandshake(name: string, timeoutMs: number): ProxyError {
  return new ProxyError('upstream-timeout', `${name} did not finish the TLS handshake within ${timeoutMs / 1_000} s.`)
}
