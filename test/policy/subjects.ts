/** Subjects for tests, from the words of a case. */
import { ABSENT, type Fact, known, NEVER, UNSEEN } from '../../src/flow/fact.ts'
import { isOperation } from '../../src/flow/operation.ts'
import {
  insideFacts,
  type InsideFacts,
  NO_HOP,
  type OperationFact,
  type RefUpdate,
  type SecondHop,
  type Subject,
} from '../../src/flow/subject.ts'
import { type Address, parseAddress } from '../../src/net/address.ts'
import { type Destination, parseAuthority } from '../../src/net/destination.ts'

export const NOON = Date.UTC(2026, 10, 24, 12)

export function address(text: string): Address {
  const parsed = parseAddress(text)
  if (parsed === null) throw new Error(`not an address: ${text}`)
  return parsed
}

export function destination(text: string): Destination {
  const parsed = parseAuthority(text, 443)
  if (parsed === null) throw new Error(`not an authority: ${text}`)
  return parsed
}

export function operation(name: string): OperationFact {
  if (!isOperation(name)) throw new Error(`not an operation: ${name}`)
  if (name === 'tunnel') return { state: 'tunnel', inside: 'unseen' }
  if (name === 'ssh' || name === 'unknown-protocol' || name === 'upgrade') return { state: 'opaque', operation: name }
  return { state: 'known', operation: name }
}

/** A fact by its state, or known with a value. */
function fact<T>(value: T | 'absent' | 'unseen' | 'never'): Fact<T> {
  if (value === 'absent') return ABSENT
  if (value === 'unseen') return UNSEEN
  return value === 'never' ? NEVER : known(value)
}

export interface Words {
  readonly client?: string
  readonly user?: string
  readonly to?: string
  readonly address?: string
  readonly operation?: string | OperationFact
  readonly repository?: string
  readonly method?: string
  readonly ref?: RefUpdate | 'absent' | 'unseen' | 'never'
  readonly at?: number
  readonly inside?: Partial<InsideFacts>
  readonly hop?: SecondHop
}

/** What is not said is `absent`; the operation is then a read. Facts may be the names of their states. */
export function subject(words: Words): Subject {
  const to = destination(words.to ?? 'other.example:443')
  const resolved = words.address ?? '203.0.113.7'
  const isState = resolved === 'absent' || resolved === 'unseen' || resolved === 'never'
  return {
    client: { address: address(words.client ?? '10.20.0.1'), user: words.user ?? null },
    destination: to,
    address: to.literal === null ? fact<Address>(isState ? resolved : address(resolved)) : known(to.literal),
    operation: typeof words.operation === 'object' ? words.operation : operation(words.operation ?? 'web-read'),
    ...insideFacts(ABSENT),
    repository: fact<string>(words.repository ?? 'absent'),
    method: fact<string>(words.method ?? 'absent'),
    ref: fact<RefUpdate>(words.ref ?? 'absent'),
    ...words.inside,
    hop: words.hop ?? NO_HOP,
    at: words.at ?? NOON,
  }
}
