/** One client connection that carries HTTP: the plain one to the proxy, or the inside of a tunnel that is read. */
import type { ProxyError } from '../flow/proxy-error.ts'
import type { Checkpoint } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import type { DenyVerdict } from './judge.ts'
import type { Upstreams } from './upstreams.ts'

export interface Connection {
  readonly client: { readonly address: Address; readonly port: number }
  readonly upstreams: Upstreams
  /** Null for a plain connection, whose requests name their destinations themselves. */
  readonly tunnel: OpenedTunnel | null
  /** Once true, nothing more that comes on it is taken for a request: it ends with the answers that are owed. */
  concluded: boolean
  /** Whether a request was read on it, or refused as none: each has a line of its own in the record. */
  heard: boolean
}

export interface OpenedTunnel {
  readonly destination: Destination
  /** Null where HTTP is spoken in the clear, and nothing had to be opened. */
  readonly tls: { readonly serverName: string | null; readonly alpn: readonly string[] } | null
  /** The rule that made Weir open it; null where the settings or the policy's inspection did. */
  readonly openedFor: string | null
  /** Whom the client proved to be at its CONNECT. */
  readonly user: string | null
  /** The address that was dialled; null where none was, for a tunnel that is opened to explain its denial. */
  readonly address: Address | null
  /** Why nothing may pass: each request in the tunnel hears it in its own words. */
  readonly closed:
    | { readonly state: 'denied'; readonly verdict: DenyVerdict; readonly checkpoint: Checkpoint }
    | { readonly state: 'failed'; readonly error: ProxyError }
    | null
}
