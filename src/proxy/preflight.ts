/** A browser's question ahead of a script's request to another origin (Fetch standard, "CORS-preflight request"). */
import { classifyAnnounced } from '../catalog/classify.ts'
import type { Flow } from '../flow/flow.ts'
import { nameOf } from '../net/destination.ts'
import { decided, subjectsOfRequest } from './judge.ts'
import type { Preflight } from './refusals/form.ts'
import { otherReadings } from './readings.ts'
import type { Asked } from './request.ts'
import type { Runtime } from './runtime.ts'

/** Of a refused preflight, what it asks leave for, where the request that it announces would be refused as well. */
export function refusedPreflight(
  weir: Runtime,
  flow: Flow,
  asked: Asked,
  field: (name: string) => string | null,
): Preflight | null {
  const method = field('access-control-request-method')
  if (asked.method !== 'OPTIONS' || method === null) return null
  const host = nameOf(asked.destination)
  const announced = classifyAnnounced(weir.policy.catalog, { host, method, target: asked.target })
  // Its content type and its body are not told yet: only what is refused whatever they are gets leave to hear its refusal.
  const readings = announced.flatMap((classification) => [classification, ...otherReadings(classification)])
  const refused = readings.every((classification) => {
    const refs = classification.body === 'git-push' ? null : []
    const request = { method, classification, refs }
    const subjects = subjectsOfRequest(weir, flow, asked.destination, flow.address, request)
    return decided(weir, subjects).action === 'deny'
  })
  return refused ? { method, headers: field('access-control-request-headers') } : null
}
