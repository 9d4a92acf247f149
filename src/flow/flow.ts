/** One flow: a request, or an opaque tunnel. A plain object, made where the connection is accepted and passed as an argument. */
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import type { LfsSent } from './bindings.ts'
import type { Operation } from './operation.ts'
import type { ProxyErrorCode } from './proxy-error.ts'
import type { ContentFacts, RefUpdate, Repository } from './subject.ts'
import type { Checkpoint, Verdict } from './verdict.ts'

export interface FlowRequest {
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** Origin-form: path and query as sent. */
  readonly target: string
  readonly httpVersion: string
  readonly userAgent: string | null
}

export interface Flow {
  /** The event id, shown in every refusal and in the record. */
  readonly id: string
  readonly kind: 'request' | 'tunnel'
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly client: { readonly address: Address; readonly port: number }
  /** The user that the client proved to be; null where it gave no credentials. */
  user: string | null
  destination: Destination | null
  /** The address that was dialled. */
  address: Address | null
  request: FlowRequest | null
  tls: { readonly serverName: string | null; readonly alpn: readonly string[] } | null
  service: string | null
  operation: Operation | null
  repository: Repository | null
  refs: readonly RefUpdate[]
  /** Of a push that was denied: the objects of LFS that this client had sent to the repository ahead of it. */
  lfs: LfsSent | null
  /** What a look into the upload found, where one was asked for. */
  content: ContentFacts | null
  verdict: Verdict | null
  checkpoint: Checkpoint | null
  /** The rule that made Weir open the TLS of this flow. */
  openedFor: string | null
  /** Bytes of the client's side: wire bytes for a tunnel, bodies for a request. */
  bytesUp: number
  bytesDown: number
  /** Logical upload in bytes, where it was counted. */
  uploadSize: number | null
  /** Body bytes of this request that were written upstream. */
  upstreamBodyBytes: number
  /** The status that the client saw. */
  status: number | null
  failure: { readonly code: ProxyErrorCode; readonly message: string } | null
}

export function createFlow(
  seed: Pick<Flow, 'id' | 'kind' | 'startedAt' | 'client'> & Partial<Pick<Flow, 'destination' | 'request' | 'tls'>>,
): Flow {
  return {
    user: null,
    destination: null,
    address: null,
    request: null,
    tls: null,
    service: null,
    operation: null,
    repository: null,
    refs: [],
    lfs: null,
    content: null,
    verdict: null,
    checkpoint: null,
    openedFor: null,
    bytesUp: 0,
    bytesDown: 0,
    uploadSize: null,
    upstreamBodyBytes: 0,
    status: null,
    failure: null,
    ...seed,
  }
}
