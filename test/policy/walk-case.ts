/** Walks one case through the checkpoints, revealing what each reveals, and says where its verdict falls. */
import { ABSENT, known, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import type { OperationFact, RefUpdate, Subject } from '../../src/flow/subject.ts'
import type { Checkpoint, Verdict } from '../../src/flow/verdict.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import { decide } from '../../src/policy/decide.ts'
import { insideOf, inspectionOf } from '../../src/policy/inspection.ts'
import { parseInstant } from '../../src/policy/time.ts'
import { address, destination, NOON, operation } from './subjects.ts'

/** One row of a case file. */
export interface Case {
  readonly name: string
  readonly client: string
  /** HOST or HOST:PORT. */
  readonly to: string
  /** What the name resolves to. */
  readonly address?: string
  /** What the client speaks: tls (where not said), http for a plain request, or `pinned` for TLS that nobody may open. */
  readonly speaks?: 'tls' | 'http' | 'pinned'
  /** What the flow does; without one, it ends as a tunnel. */
  readonly operation?: string
  readonly repository?: string
  readonly method?: string
  readonly ref?: RefUpdate
  /** An instant, 2026-11-24T12:00Z where not said. */
  readonly at?: string
  readonly expect: Expected
}

export interface Expected {
  readonly action: 'allow' | 'deny'
  /** Left out: the default. */
  readonly rule?: string
  readonly checkpoint: Checkpoint
  /** Of a denial, where it is not `rule` or `default`. */
  readonly code?: string
  readonly message?: string
  readonly limits?: readonly number[]
  readonly wouldDeny?: readonly string[]
  readonly opened?: boolean
}

export interface Walked {
  readonly verdict: Exclude<Verdict, { action: 'undecided' }>
  readonly checkpoint: Checkpoint
  readonly opened: boolean
}

export function walkCase(policy: CompiledPolicy, row: Case): Walked {
  let opened = false
  for (const [checkpoint, subject] of stagesOf(policy, row)) {
    if (checkpoint === 'request' && row.speaks !== 'http' && !isOpaque(row)) opened = true
    const verdict = decide(policy, subject)
    if (verdict.action === 'undecided') continue
    // What is inspected whatever the rules say is judged by what is in it.
    const isInspected = checkpoint === 'tls' && subject.operation.state === 'opened' && row.operation !== undefined
    if (verdict.action === 'deny' || !isInspected) return { verdict, checkpoint, opened }
  }
  throw new Error(`${row.name}: no verdict, though everything was seen`)
}

function stagesOf(policy: CompiledPolicy, row: Case): readonly (readonly [Checkpoint, Subject])[] {
  const to = destination(row.to)
  const resolved = to.literal ?? address(row.address ?? '203.0.113.7')
  const start: Subject = {
    client: { address: address(row.client) },
    destination: to,
    address: to.literal === null ? UNSEEN : known(to.literal),
    operation: { state: 'unseen' },
    repository: UNSEEN,
    method: UNSEEN,
    ref: UNSEEN,
    at: row.at === undefined ? NOON : (parseInstant(row.at) ?? Number.NaN),
  }
  if (Number.isNaN(start.at)) throw new Error(`${row.name}: ${row.at ?? ''} is no instant`)
  // The head of a plain request is there from the start.
  const head = row.speaks === 'http' ? withRequest(start, row) : start
  const dialled: Subject = { ...head, address: known(resolved) }
  const stages: (readonly [Checkpoint, Subject])[] = [
    ['connect', head],
    ['dial', dialled],
  ]
  if (row.speaks !== 'http') stages.push(['tls', withFirstBytes(dialled, policy, row)])
  if (row.operation === undefined || isOpaque(row)) return stages
  const request = withRequest(dialled, row)
  const body: Subject = { ...request, ref: row.ref === undefined ? ABSENT : known(row.ref) }
  return [...stages, ['request', request], ['body', body]]
}

function withFirstBytes(subject: Subject, policy: CompiledPolicy, row: Case): Subject {
  if (isOpaque(row)) {
    return { ...subject, operation: operation(row.operation ?? ''), repository: NEVER, method: NEVER, ref: NEVER }
  }
  const inside = row.speaks === 'pinned' ? 'never' : insideOf(policy, subject.destination)
  const isAlways = inspectionOf(policy, subject.destination) === 'always' && inside === 'unseen'
  const fact: OperationFact = isAlways ? { state: 'opened' } : { state: 'tunnel', inside }
  const hidden = inside === 'absent' ? ABSENT : inside === 'never' ? NEVER : UNSEEN
  return { ...subject, operation: fact, repository: hidden, method: hidden, ref: hidden }
}

function withRequest(subject: Subject, row: Case): Subject {
  return {
    ...subject,
    operation: operation(row.operation ?? ''),
    repository: row.repository === undefined ? ABSENT : known(row.repository),
    method: known(row.method ?? 'POST'),
    // The refs of a push stand at the beginning of its body.
    ref: row.operation === 'git-push' ? UNSEEN : ABSENT,
  }
}

function isOpaque(row: Case): boolean {
  return row.operation === 'ssh' || row.operation === 'unknown-protocol'
}
