/** Rules that need the inside of TLS where it is never opened: inspection is off, or the host is bypassed. */
import { UNSEEN } from '../flow/fact.ts'
import { insideFacts } from '../flow/subject.ts'
import { candidatesOf, keyOf, webDestination } from './candidates.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import { type About, listing } from './conditions/condition.ts'
import type { Finding } from './finding.ts'
import { isEmptySet } from './host-index.ts'
import { inspectionOf, tunnelTo } from './inspection.ts'
import { look, type Sight } from './sight.ts'
import { evaluateRule, factsOf, type Unsettled } from './walk.ts'

export function findHidden(policy: CompiledPolicy): readonly Finding[] {
  const rules = policy.rules.filter(({ mode, position }) => mode === 'enforce' && position !== null)
  const found = policy.inspection.mode === 'never' ? rules.flatMap((rule) => underNever(rule)) : []
  return [...found, ...underBypass(policy, rules)]
}

function underNever(rule: CompiledRule): readonly Finding[] {
  if (rule.position === null || !looksInside(rule)) return []
  const name = rule.name ?? ''
  const message =
    rule.action === 'allow'
      ? `rule ${name} allows nothing over TLS: it needs the inside, and inspection is never`
      : `rule ${name} refuses all TLS that it could be about: it needs the inside, and inspection is never`
  return [
    {
      path: ['rules', rule.position, 'name'],
      message,
      hint: 'set inspection to auto, or name `tunnel` in its operations',
    },
  ]
}

function looksInside(rule: CompiledRule): boolean {
  return rule.conditions.some(({ key, about, items }) => {
    if (key === 'operations')
      return !items.includes('tunnel') && items.some((item) => item !== 'ssh' && item !== 'unknown-protocol')
    return about.some((fact) => isInside(fact))
  })
}

function isInside(about: About): boolean {
  return Object.hasOwn(insideFacts(UNSEEN), about)
}

/** Whoever the client is, and whenever: a rule for some is as blind as a rule for all. */
const ANY: Unsettled = new Set(['client', 'user', 'time'])

function underBypass(policy: CompiledPolicy, rules: readonly CompiledRule[]): readonly Finding[] {
  const hosts = bypassedHosts(policy)
  return rules.flatMap((rule) => {
    if (rule.position === null || rule.action === 'allow') return []
    const blind = hosts.filter(({ open, bypassed }) => {
      const isOpen =
        evaluateRule(rule, open, ANY) === 'unseen' && factsOf(rule, open, 'unseen').some((fact) => fact !== 'address')
      return isOpen && evaluateRule(rule, bypassed, ANY) === 'no'
    })
    if (blind.length === 0) return []
    const where = listing(blind.map(({ pattern }) => pattern))
    const message = `rule ${rule.name ?? ''} sees nothing at ${where}: inspection is bypassed there`
    return {
      path: ['rules', rule.position, 'name'],
      message,
      hint: 'name `tunnel` in its operations, or end the bypass',
    }
  })
}

function bypassedHosts(policy: CompiledPolicy): readonly { pattern: string; open: Sight; bypassed: Sight }[] {
  const seen = new Set<string>()
  if (isEmptySet(policy.hosts, policy.inspection.bypass)) return []
  return candidatesOf(policy).flatMap(({ pattern, host }) => {
    const destination = webDestination(host)
    if (inspectionOf(policy, destination) !== 'bypass') return []
    const open = look(policy, tunnelTo(destination, 'unseen'))
    const key = keyOf(policy, open)
    if (seen.has(key)) return []
    seen.add(key)
    return { pattern, open, bypassed: look(policy, tunnelTo(destination, 'absent')) }
  })
}
