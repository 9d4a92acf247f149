/** What a request may turn out to be in the light of its body, besides what its head says. */
import type { Classification } from '../catalog/classify.ts'
import { NEVER } from '../flow/fact.ts'
import type { BodyFacts } from './gate.ts'
import { otherOperations, type UploadForm } from './stated-read.ts'

/** A sign-in has a body as large as one can be; without a body it has nothing to prove. */
export function formOf({ operation, body }: Classification, hasContent: boolean): UploadForm {
  return operation === 'sign-in' && body === 'plain' && hasContent ? 'sign-in' : body
}

/** Fields that put another method in the place of the request line's, for servers that heed them. */
const METHOD_FIELDS = ['x-http-method-override', 'x-http-method', 'x-method-override']

/**
 * A request that names a second method: which of them its server heeds nobody knows, and the operation goes by the method. It
 * goes on as it was sent, for many a client says so of itself, and what is allowed to write anything may do so.
 */
export function heedMethodFields(
  classification: Classification,
  method: string,
  field: (name: string) => string | null,
): Classification {
  if (METHOD_FIELDS.every((name) => (field(name) ?? method) === method)) return classification
  return { ...classification, operation: 'unknown-write', repository: NEVER, body: 'plain' }
}

/** What a request may turn out to be that its head calls otherwise. */
export function otherReadings(classification: Classification): readonly Classification[] {
  if (classification.body === 'git-push') return [asProbe(classification)]
  const others = otherOperations(formOf(classification, true))
  return others.map((operation) => ({ ...classification, operation, body: 'plain' as const }))
}

export function inTheLightOf(facts: BodyFacts, classification: Classification): Classification {
  if (facts.kind === 'push') return classification
  return facts.kind === 'probe' ? asProbe(classification) : { ...classification, operation: facts.operation }
}

/** The four bytes that git sends ahead of a chunked push ask for nothing but whether it may: they count as `git-fetch`. */
function asProbe(classification: Classification): Classification {
  return { ...classification, operation: 'git-fetch', body: 'plain' }
}
