/** Asks the policy about a flow at a checkpoint and writes down what it said; whatever goes wrong here is a denial. */
import type { Part } from '../catalog/part.ts'
import { pathFact } from '../catalog/path.ts'
import { ABSENT, type Amount, type Fact, known, NEVER, UNSEEN } from '../flow/fact.ts'
import type { Flow } from '../flow/flow.ts'
import { familyOf } from '../flow/operation.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import {
  type ContentFacts,
  type Inside,
  insideFacts,
  NO_HOP,
  type OperationFact,
  type SecondHop,
  type Subject,
} from '../flow/subject.ts'
import type { Checkpoint, DenialCode, Verdict } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { decideParts } from '../policy/decide.ts'
import { isReachedByParent } from '../settings/parent-proxy.ts'
import type { Runtime } from './runtime.ts'

export type DenyVerdict = Extract<Verdict, { action: 'deny' }>

/** Judges every part of a flow at a checkpoint, and keeps verdict and checkpoint in the flow. */
export function judge(weir: Runtime, flow: Flow, checkpoint: Checkpoint, subjects: readonly Subject[]): Verdict {
  const verdict = decided(weir, subjects)
  flow.verdict = verdict
  flow.checkpoint = checkpoint
  return verdict
}

/** A denial by a guard that stands above every rule. */
export function denyByGuard(code: DenialCode, message: string): DenyVerdict {
  return { action: 'deny', denial: { code, rule: null, message, unseen: [] }, wouldDeny: [] }
}

/** Writes down why a flow failed; what is no ProxyError is a defect of Weir. */
export function noteFailure(flow: Flow, error: unknown, recorded: boolean): ProxyError {
  const failure = error instanceof ProxyError ? error : new ProxyError('weir-fault', 'this proxy failed', error)
  flow.failure = { code: failure.code, message: failure.message }
  // A flow that failed was not denied: one of several addresses may have been, before another gave no answer.
  if (!recorded && flow.verdict?.action === 'deny') flow.verdict = null
  return failure
}

/** The verdict on parts of a flow, which is not written down; a decision that throws is a denial. */
export function decided(weir: Runtime, subjects: readonly Subject[]): Verdict {
  let verdict: Verdict
  try {
    verdict = decideParts(weir.policy, subjects)
  } catch (cause) {
    // A decision that throws is a defect of Weir; the flow dies closed, and the record carries the reason.
    return denyByGuard('fault', `this proxy failed to decide (${cause instanceof Error ? cause.message : 'unknown'})`)
  }
  if (verdict.action === 'allow' && !weir.sink.writable && !subjects.every(isProvenRead)) {
    return denyByGuard(
      'record-unwritable',
      'this proxy cannot write its record, and lets only reads through until it can',
    )
  }
  return verdict
}

function isProvenRead(subject: Subject): boolean {
  // A read that is a POST carries what its client wrote, and is a read by its client's word alone.
  const asks = subject.method.state === 'known' && (subject.method.value === 'GET' || subject.method.value === 'HEAD')
  return asks && subject.operation.state === 'known' && familyOf(subject.operation.operation) === 'read'
}

/** Before a byte of the client's is seen: the CONNECT line alone. */
export function subjectAtConnect(weir: Runtime, flow: Flow, destination: Destination): Subject {
  return outer(weir, flow, destination, null, { state: 'unseen' }, UNSEEN)
}

/** `address` is null behind a parent proxy, where it is never known. */
export function subjectAtDial(weir: Runtime, flow: Flow, destination: Destination, address: Address | null): Subject {
  return outer(weir, flow, destination, address, { state: 'unseen' }, UNSEEN)
}

/** Unopened TLS, with what may still be hoped for of its inside. */
export function subjectAtTls(
  weir: Runtime,
  flow: Flow,
  destination: Destination,
  address: Address | null,
  inside: Inside | 'opened',
): Subject {
  const operation: OperationFact = inside === 'opened' ? { state: 'opened' } : { state: 'tunnel', inside }
  return outer(weir, flow, destination, address, operation, inside === 'opened' ? UNSEEN : { state: inside })
}

export function subjectOfOpaque(
  weir: Runtime,
  flow: Flow,
  destination: Destination,
  address: Address | null,
  operation: 'ssh' | 'unknown-protocol',
): Subject {
  return outer(weir, flow, destination, address, { state: 'opaque', operation }, NEVER)
}

/** A request that becomes another protocol: its line is read, and nothing of what is said behind it ever will be. */
export function subjectOfUpgrade(
  weir: Runtime,
  flow: Flow,
  {
    destination,
    method,
    target,
  }: { readonly destination: Destination; readonly method: string; readonly target: string },
  address: Address | null,
): Subject {
  const outside = outer(weir, flow, destination, address, { state: 'opaque', operation: 'upgrade' }, NEVER)
  return { ...outside, method: known(method), path: pathFact(target) }
}

function outer(
  weir: Runtime,
  flow: Flow,
  destination: Destination,
  address: Address | null,
  operation: OperationFact,
  inner: Fact<never>,
): Subject {
  return {
    client: { address: flow.client.address, user: flow.user },
    destination,
    address: addressFact(weir, destination, address),
    operation,
    ...insideFacts(inner),
    hop: hopTo(weir, flow, destination, inner),
    at: weir.now(),
  }
}

/** Announcements are for the client that heard them: its user, and its address. */
export function clientKeyOf({ client, user }: Flow): string {
  return `${client.address.text} ${user ?? ''}`
}

/** While no request is read, one to an address that was announced to this client is still possible. */
function hopTo(weir: Runtime, flow: Flow, destination: Destination, { state }: Fact<never>): SecondHop {
  return state === 'unseen' ? weir.bindings.possibleAt(clientKeyOf(flow), destination, weir.now()) : NO_HOP
}

/** What is known of a request besides its parts. */
export interface RequestFacts {
  readonly method: string
  /** Decoded; `never` where it can be read in more than one way. */
  readonly path: Fact<string>
  readonly size: Amount
  readonly sentBytes: Amount
  readonly content: ContentFacts
  readonly hop: SecondHop
}

/** One request: one subject for each of its parts. */
export function subjectsOfRequest(
  weir: Runtime,
  flow: Flow,
  destination: Destination,
  address: Address | null,
  { method, path, size, sentBytes, content, hop }: RequestFacts,
  parts: readonly Part[],
): readonly Subject[] {
  return parts.map(({ operation, repository, ref, visibility, ciFiles }) => ({
    client: { address: flow.client.address, user: flow.user },
    destination,
    address: addressFact(weir, destination, address),
    operation: operation === null ? { state: 'opened' } : { state: 'known', operation },
    repository,
    method: known(method),
    path,
    ref,
    visibility,
    ciFiles,
    size,
    sentBytes,
    ...content,
    // Only a push carries a pack.
    pack: operation === 'git-push' || operation === null ? content.pack : ABSENT,
    hop,
    at: weir.now(),
  }))
}

function addressFact(weir: Runtime, destination: Destination, address: Address | null): Fact<Address> {
  if (address !== null) return known(address)
  if (destination.host === null) return known(destination.literal)
  return isReachedByParent(weir.settings, destination) ? NEVER : UNSEEN
}
