/** Whether TLS towards a destination is opened, and for which rule. */
import { ABSENT, type Fact, NEVER, UNSEEN } from '../flow/fact.ts'
import { type Inside, insideFacts, NO_HOP, type SecondHop, type Subject } from '../flow/subject.ts'
import { type Address, parseAddress } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import type { CompiledPolicy, CompiledRule, InspectionMode } from './compiled.ts'
import type { About } from './conditions/condition.ts'
import { WEB_PORTS } from './conditions/ports.ts'
import { openThatMatter, untilApart } from './decide.ts'
import { setsOfHost } from './host-index.ts'
import { look } from './sight.ts'
import { tenantOpens } from './tenants.ts'
import { factsOf, type Unsettled, walkRules } from './walk.ts'

/** `bypass` is the admin's word that the inside does not matter there, and stands over everything; `never` over `open`. */
export function inspectionOf(policy: CompiledPolicy, destination: Destination): InspectionMode | 'bypass' {
  const { mode, open, bypass } = policy.inspection
  const sets = destination.host === null ? null : setsOfHost(policy.hosts, destination.host)
  if (sets?.has(bypass) === true && WEB_PORTS.includes(destination.port)) return 'bypass'
  return mode === 'auto' && sets?.has(open) === true ? 'always' : mode
}

/** What conditions on the inside of unopened TLS can hope for there. */
export function insideOf(policy: CompiledPolicy, destination: Destination): Inside {
  const inspection = inspectionOf(policy, destination)
  return inspection === 'bypass' ? 'absent' : inspection === 'never' ? 'never' : 'unseen'
}

/**
 * The first enforcing rule whose answer at this destination depends on what is inside TLS; null where none does, or where
 * TLS is never opened. Without a client, any client and any user is meant; without `at`, any time.
 */
export function inspectionNeeds(
  policy: CompiledPolicy,
  destination: Destination,
  client?: Subject['client'],
  at?: number,
  hop?: SecondHop,
): string | null {
  if (insideOf(policy, destination) !== 'unseen') return null
  const unsettled = new Set<About>([
    ...(client === undefined ? (['client', 'user'] as const) : []),
    ...(at === undefined ? (['time'] as const) : []),
  ])
  return needsOf(policy, tunnelTo(destination, 'unseen', client ?? ANYONE, at ?? 0, hop), unsettled)
}

/** Whether TLS there is opened for tenant headers, although no rule needs it. Without a client, for any. */
export function isOpenedForTenants(
  policy: CompiledPolicy,
  destination: Destination,
  client?: Subject['client'],
): boolean {
  return insideOf(policy, destination) === 'unseen' && tenantOpens(policy, destination, client)
}

/** The subject of unopened TLS to a destination whose address is not known yet. */
export function tunnelTo(
  destination: Destination,
  inside: Inside,
  client: Subject['client'] = ANYONE,
  at = 0,
  hop: SecondHop = NO_HOP,
): Subject {
  const hidden: Fact<never> = inside === 'unseen' ? UNSEEN : inside === 'never' ? NEVER : ABSENT
  return {
    client,
    destination,
    address: destination.literal === null ? UNSEEN : { state: 'known', value: destination.literal },
    operation: { state: 'tunnel', inside },
    ...insideFacts(hidden),
    hop,
    at,
  }
}

// Stands where the client is unsettled: no condition ever looks at it.
const ANYONE: Subject['client'] = { address: knownAddress('0.0.0.0'), user: null }

function needsOf(policy: CompiledPolicy, subject: Subject, unsettled: Unsettled): string | null {
  const sight = look(policy, subject)
  const looksInside = (rule: CompiledRule): boolean => factsOf(rule, sight, 'unseen').some((fact) => fact !== 'address')
  const walk = walkRules(policy, sight, unsettled, untilApart(looksInside))
  return openThatMatter(walk).find(looksInside)?.name ?? null
}

function knownAddress(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  return address
}
