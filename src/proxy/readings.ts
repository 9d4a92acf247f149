/** What a request does, part by part, by its head, and then in the light of its body. */
import type { Classification } from '../catalog/classification.ts'
import { isCiFile } from '../catalog/ci-files.ts'
import { type Part, partOf, toldOf } from '../catalog/part.ts'
import { known, NEVER } from '../flow/fact.ts'
import type { BodyFacts } from './gate.ts'
import { isToldByBody, otherOperations, type UploadForm } from './stated-read.ts'

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
  return { ...classification, operation: 'unknown-write', ...NOTHING_TOLD }
}

const NOTHING_TOLD = { repository: NEVER, ids: [], file: null, body: 'plain', announces: null } as const

/** What the head tells. Where only the body tells what is done, it is not known yet. */
export function partOfHead({ operation, repository, ids, file, body }: Classification): Part {
  const told = isToldByBody(body) ? null : operation
  return partOf(told, repository, { ids, ...(file === null ? {} : { ciFiles: known(isCiFile(file)) }) })
}

/** What a request may turn out to be that its head calls otherwise. */
export function otherReadings(classification: Classification): readonly Part[] {
  const { repository, ids, body } = classification
  if (body === 'git-push') return [asProbe(classification)]
  return otherOperations(formOf(classification, true)).map((operation) => partOf(operation, repository, { ids }))
}

/** What the body tells. */
export function partsInTheLightOf(facts: BodyFacts, classification: Classification): readonly Part[] {
  const head = partOfHead(classification)
  switch (facts.kind) {
    case 'push':
      return facts.refs.length === 0 ? [head] : facts.refs.map((ref) => ({ ...head, ref: known(ref) }))
    case 'probe':
      return [asProbe(classification)]
    case 'told':
      return facts.parts.map((told) => toldOf(head, told))
    default:
      return facts satisfies never
  }
}

/** The four bytes that git sends ahead of a chunked push ask for nothing but whether it may: they count as `git-fetch`. */
function asProbe({ repository, ids }: Classification): Part {
  return partOf('git-fetch', repository, { ids })
}
