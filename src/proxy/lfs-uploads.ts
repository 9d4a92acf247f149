/** Counts the objects of LFS that went out ahead of a push, and tells of them where that push is then denied. */
import type { Flow } from '../flow/flow.ts'
import { clientKeyOf } from './judge.ts'
import type { RequestCase } from './request-case.ts'
import type { Runtime } from './runtime.ts'

/** Of a push that is denied: what of it is at the store already, since git-lfs sends its objects first. */
export function tellLfsUploads({ lfsUploads, now }: Runtime, flow: Flow): void {
  if (flow.operation !== 'git-push' || flow.repository === null) return
  flow.lfs = lfsUploads.sentBy(clientKeyOf(flow), flow.repository, now())
}

/** Behind a request that was let through and answered. */
export function noteLfsUploads({ lfsUploads, now }: Runtime, flow: Flow, request: RequestCase): void {
  const { repository, status, verdict } = flow
  if (repository === null || verdict?.action !== 'allow' || flow.failure !== null) return
  if (status === null || status < 200 || status > 299) return
  // A probe is no push: its refs are none.
  if (flow.operation === 'git-push' && flow.refs.length > 0) lfsUploads.settle(clientKeyOf(flow), repository)
  if (!request.carriesLfsObject) return
  lfsUploads.note(clientKeyOf(flow), repository, flow.uploadSize ?? flow.upstreamBodyBytes, now())
}
