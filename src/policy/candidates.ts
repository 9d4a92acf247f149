/** The hosts at which a policy can say different things: every name that it or the catalogue has, and any other host. */
import { repositoryHostsOf } from '../catalog/catalog.ts'
import type { Destination } from '../net/destination.ts'
import { type Host, parseHost } from '../net/host.ts'
import type { CompiledPolicy } from './compiled.ts'
import { patternsIn } from './host-index.ts'
import type { Sight } from './sight.ts'
import { tenantPlaceAt } from './tenants.ts'

export interface Candidate {
  /** `x`, `*.x`, or `*` for any other host. */
  readonly pattern: string
  /** A host that the pattern, and no more special one, stands for. */
  readonly host: Host
}

/** Each pattern once, the catalogue's first, any other host last. */
export function candidatesOf(policy: CompiledPolicy): readonly Candidate[] {
  const patterns = new Set<string>(policy.catalog.services.flatMap(({ hosts }) => hosts))
  for (const pattern of patternsIn(policy.hosts)) patterns.add(pattern)
  for (const name of policy.repositories.byHost.keys()) patterns.add(name)
  const { exact, below } = policy.tenants.places
  for (const { pattern } of [...exact.values(), ...below.values()]) patterns.add(pattern)
  return [...patterns, '*'].flatMap((pattern) => candidateOf(pattern, patterns) ?? [])
}

export function webDestination(host: Host, port = 443): Destination {
  return { host, literal: null, port }
}

/** Hosts with the same key get the same answers of every rule, so that of a long list one is asked. */
export function keyOf(policy: CompiledPolicy, sight: Sight): string {
  const host = sight.subject.destination.host
  const hosts = host === null ? [] : repositoryHostsOf(policy.catalog, host)
  const named = hosts.filter((name) => policy.repositories.byHost.has(name))
  return [
    [...sight.hostSets].sort((left, right) => left - right).join(','),
    sight.service?.id ?? '',
    named.join(','),
    tenantPlaceAt(policy, sight.subject.destination)?.pattern ?? '',
  ].join('|')
}

function candidateOf(pattern: string, taken: ReadonlySet<string>): Candidate | null {
  const below = pattern === '*' ? 'invalid' : pattern.startsWith('*.') ? pattern.slice(2) : null
  const host = parseHost(below === null ? pattern : freeNameBelow(below, taken))
  return host === null ? null : { pattern, host }
}

function freeNameBelow(name: string, taken: ReadonlySet<string>): string {
  let label = 'any'
  while (taken.has(`${label}.${name}`) || taken.has(`*.${label}.${name}`)) label += '-any'
  return `${label}.${name}`
}
