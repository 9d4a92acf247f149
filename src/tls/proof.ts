/** Proof that an address serves a name: Weir has itself seen there, under that SNI, a valid certificate for the name. */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { LRUCache } from 'lru-cache'
import { ProxyError } from '../flow/proxy-error.ts'
import type { Address } from '../net/address.ts'
import { authorityOf, type Destination, nameOf } from '../net/destination.ts'
import { peerCertificate } from './peer-certificate.ts'
import type { Trust } from './trust.ts'
import { openUpstream } from './upstream.ts'

export interface ProofsOptions {
  /** The trust of the moment: a reload makes every earlier proof void. */
  readonly trust: () => Trust
  /** Connects to the judged address, through a parent proxy to the destination; rejects with a ProxyError. */
  readonly dial: (address: Address, port: number, destination: Destination) => Promise<Socket>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly proofsMax?: number
  readonly pendingMax?: number
  readonly proofLifetimeMs?: number
  readonly failureLifetimeMs?: number
  /** For dialling and the handshake together. */
  readonly timeoutMs?: number
}

export interface Proofs {
  /**
   * Resolves where `address` has a valid certificate for the destination's name; `port` is where it was dialled, if that
   * is not the destination's own. Rejects with a ProxyError.
   */
  prove(destination: Destination, address: Address, port?: number): Promise<void>
  /** How many outcomes are kept, good and bad. */
  readonly size: number
}

const PROOFS_MAX = 20_000
const PENDING_MAX = 500
const PROOF_LIFETIME_MS = 3_600_000
const FAILURE_LIFETIME_MS = 5_000
const TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 1_000

/** What was found out, and null for a good certificate. */
type Outcome = { readonly failure: ProxyError | null }

export function createProofs(options: ProofsOptions): Proofs {
  const { now, pendingMax = PENDING_MAX, failureLifetimeMs = FAILURE_LIFETIME_MS } = options
  const outcomes = new LRUCache<string, Outcome>({
    max: options.proofsMax ?? PROOFS_MAX,
    ttlResolution: 0,
    perf: { now },
  })
  const pending = new Map<string, Promise<void>>()

  async function run(key: string, probe: Probe): Promise<void> {
    try {
      const notAfter = await probeCertificate(probe, options)
      const ttl = Math.min(options.proofLifetimeMs ?? PROOF_LIFETIME_MS, notAfter - now())
      if (ttl >= 1) outcomes.set(key, { failure: null }, { ttl })
    } catch (error) {
      const failure = asProxyError(error, probe.destination)
      // A storm of clients must not become a storm on a site that has just refused.
      outcomes.set(key, { failure }, { ttl: failureLifetimeMs })
      throw failure
    } finally {
      pending.delete(key)
    }
  }

  return {
    async prove(destination, address, port = destination.port) {
      const trust = options.trust()
      const key = [authorityOf(destination), address.text, port, trust.generation].join(' ')
      const kept = outcomes.get(key)
      if (kept !== undefined) {
        if (kept.failure !== null) throw kept.failure
        return
      }
      const running = pending.get(key)
      if (running !== undefined) return running
      if (pending.size >= pendingMax) {
        throw new ProxyError('weir-limit', `Too many certificates are being checked at once; try again.`)
      }
      const proof = run(key, { destination, address, port, trust })
      pending.set(key, proof)
      return proof
    },
    get size() {
      return outcomes.size
    },
  }
}

interface Probe {
  readonly destination: Destination
  readonly address: Address
  readonly port: number
  readonly trust: Trust
}

/** The end of the certificate's validity, in milliseconds since the epoch. */
async function probeCertificate(probe: Probe, options: ProofsOptions): Promise<number> {
  const { timeoutMs = TIMEOUT_MS, now } = options
  const startedAt = now()
  const socket = await dialInTime(probe, options.dial, timeoutMs)
  const leftMs = Math.max(1, timeoutMs - (now() - startedAt))
  // Without sessions: a resumed handshake shows no certificate, it only remembers one. And without a certificate of Weir's own:
  // the tunnel that is spliced is the client's, and who Weir is does not belong into it.
  const secure = await openUpstream(socket, probe.destination, probe.trust, null, { timeoutMs: leftMs })
  const notAfter = peerCertificate(secure)?.validToDate.getTime() ?? 0
  close(secure)
  return notAfter
}

/** A dial that comes too late is closed again: the deadline holds whatever the dialler does. */
function dialInTime(probe: Probe, dial: ProofsOptions['dial'], timeoutMs: number): Promise<Socket> {
  const dialling = dial(probe.address, probe.port, probe.destination)
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  let late = false
  const timer = setTimeout(() => {
    late = true
    reject(new ProxyError('upstream-timeout', `${authorityOf(probe.destination)} did not answer in time.`))
  }, timeoutMs)
  dialling.then(
    (socket) => {
      clearTimeout(timer)
      if (late) socket.destroy()
      else resolve(socket)
    },
    (error: unknown) => {
      clearTimeout(timer)
      reject(error)
    },
  )
  return promise
}

/** Says goodbye, and waits for an answer no longer than a moment, whatever the peer still sends. */
function close(secure: TLSSocket): void {
  const timer = setTimeout(() => secure.destroy(), CLOSE_TIMEOUT_MS)
  secure.once('close', () => clearTimeout(timer))
  secure.resume()
  secure.end()
}

function asProxyError(error: unknown, destination: Destination): ProxyError {
  if (error instanceof ProxyError) return error
  return new ProxyError('weir-fault', `The certificate of ${nameOf(destination)} could not be checked.`, error)
}
