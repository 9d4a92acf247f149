/** Whether one rule leaves nothing to another: a sound test on their conditions, which may miss but never accuses wrongly. */
import { contains, parseCidr } from '../net/address.ts'
import type { CompiledRule } from './compiled.ts'
import type { Condition } from './conditions/condition.ts'
import { NAMED_ONLY } from './conditions/operations.ts'
import { parseHostPattern } from './host-pattern.ts'
import { ShadowCandidates } from './shadow-candidates.ts'
import { parseInstant } from './time.ts'

/** A rule that is compared with more than these takes too long; what is missed is a warning less. */
const COMPARED_MAX = 1_000

/** For each rule that is never reached, the first enforcing rule before it that decides everything it could. */
export function findShadows(rules: readonly CompiledRule[]): ReadonlyMap<CompiledRule, CompiledRule> {
  const shadows = new Map<CompiledRule, CompiledRule>()
  const earlier = new ShadowCandidates()
  for (const [at, rule] of rules.entries()) {
    const positions = earlier.candidatesFor(rule)
    for (let compared = 0; compared < COMPARED_MAX; compared++) {
      const other = rules[positions.next()]
      if (other === undefined) break
      if (!covers(other, rule, at, rules)) continue
      shadows.set(rule, other)
      break
    }
    if (rule.mode === 'enforce') earlier.add(rule, at)
  }
  return shadows
}

export function covers(
  earlier: CompiledRule,
  later: CompiledRule,
  laterAt: number,
  rules: readonly CompiledRule[],
): boolean {
  if (!earlier.conditions.every((condition) => isImplied(condition, later.conditions))) return false
  // Where something can never be seen an allow rule falls away and a deny rule does not: there the later one still decides.
  return !(earlier.action === 'allow' && later.action === 'deny' && hidesFrom(earlier, later, rules.slice(laterAt + 1)))
}

/** Whether doubt could make an allow rule step aside for a later deny rule, in a case that the rest would not refuse anyway. */
function hidesFrom(allow: CompiledRule, deny: CompiledRule, rest: readonly CompiledRule[]): boolean {
  const isBlind = allow.conditions.every(
    ({ key, about }) => key === 'operations' || about.every((fact) => isPlain(fact)),
  )
  const hasTunnel = operationsOf(allow).includes('tunnel') && operationsOf(allow).includes('upgrade')
  if (!isBlind || !hasTunnel || NAMED_ONLY.some((operation) => operationsOf(deny).includes(operation))) return true
  // What is left is SSH and unknown protocols: they stay refused unless a rule further down lets them through.
  return rest.some(
    (rule) => rule.action === 'allow' && NAMED_ONLY.some((operation) => operationsOf(rule).includes(operation)),
  )
}

function isPlain(about: string): boolean {
  return about === 'client' || about === 'user' || about === 'destination' || about === 'time'
}

function operationsOf(rule: CompiledRule): readonly string[] {
  return rule.conditions.find(({ key }) => key === 'operations')?.items ?? []
}

/** Whether `condition` holds whenever all of `others` do. */
function isImplied(condition: Condition, others: readonly Condition[]): boolean {
  const within = WITHIN[condition.key] ?? isEqual
  return others.some((other) => other.key === kin(condition.key, other.key) && within(other.items, condition.items))
}

/** Groups, networks and users all name clients. */
function kin(key: string, other: string): string {
  return key.startsWith('from.') && other.startsWith('from.') ? other : key
}

type Within = (inner: readonly string[], outer: readonly string[]) => boolean

const isSubset: Within = (inner, outer) => inner.every((item) => outer.includes(item))

const isEqual: Within = (inner, outer) => inner.length === outer.length && isSubset(inner, outer)

const isInNetworks: Within = (inner, outer) => {
  const blocks = outer.flatMap((text) => parseCidr(text) ?? [])
  return inner.every((text) => {
    const cidr = parseCidr(text)
    return cidr !== null && blocks.some((block) => block.prefix <= cidr.prefix && contains(block, cidr.network))
  })
}

/** A group is a union, so that each of its networks and users has to be among the others. */
const isAmongClients: Within = (inner, outer) =>
  inner.every((item) => outer.includes(item) || (parseCidr(item) !== null && isInNetworks([item], outer)))

const isBelowHosts: Within = (inner, outer) =>
  inner.every((text) => {
    if (outer.includes(text)) return true
    const pattern = parseHostPattern(text)
    return pattern !== null && outer.some((item) => item.startsWith('*.') && pattern.host.endsWith(item.slice(1)))
  })

const isSooner: Within = ([inner = ''], [outer = '']) => (parseInstant(inner) ?? 0) <= (parseInstant(outer) ?? 0)

/** How the items of a key are compared; the keys that are not here must be equal. */
const WITHIN: Readonly<Record<string, Within>> = {
  operations: isSubset,
  until: isSooner,
  'from.groups': isAmongClients,
  'from.networks': isAmongClients,
  'from.users': isAmongClients,
  'to.category': isSubset,
  'to.services': isSubset,
  'to.hosts': isBelowHosts,
  'to.networks': isInNetworks,
  'to.ports': isSubset,
  'to.repositories': isSubset,
  'when.methods': isSubset,
  'when.refs': isSubset,
}
