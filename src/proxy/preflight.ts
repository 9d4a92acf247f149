/** A browser's question ahead of a script's request to another origin (Fetch standard, "CORS-preflight request"). */
import { classifyAnnounced } from '../catalog/classify.ts'
import { pathFact } from '../catalog/path.ts'
import { UNSEEN } from '../flow/fact.ts'
import type { Flow } from '../flow/flow.ts'
import { contentFacts, NO_HOP } from '../flow/subject.ts'
import { nameOf } from '../net/destination.ts'
import { decided, subjectsOfRequest } from './judge.ts'
import type { Preflight } from './refusals/form.ts'
import { otherReadings, partOfHead } from './readings.ts'
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
  const readings = announced.flatMap((classification) => [partOfHead(classification), ...otherReadings(classification)])
  const facts = {
    method,
    path: pathFact(asked.target),
    size: UNSEEN,
    sentBytes: UNSEEN,
    content: contentFacts(UNSEEN),
    hop: NO_HOP,
  }
  const refused = readings.every((part) => {
    const subjects = subjectsOfRequest(weir, flow, asked.destination, flow.address, facts, [part])
    return decided(weir, subjects).action === 'deny'
  })
  return refused ? { method, headers: field('access-control-request-headers') } : null
}
