/** Which TLS will be opened, and for which rule: found by asking the evaluator itself at every host it can tell apart. */
import type { CompiledPolicy } from './compiled.ts'
import { candidatesOf, keyOf, webDestination } from './candidates.ts'
import { inspectionNeeds, inspectionOf, isOpenedForTenants, tunnelTo } from './inspection.ts'
import { look } from './sight.ts'
import type { Host } from '../net/host.ts'

export interface Opening {
  /** The first rule that needs the inside; null where the inspection settings or `tenants` alone say so. */
  readonly rule: string | null
  readonly reason: 'rule' | 'open' | 'mode' | 'tenants'
  /** `x`, `*.x`, with `:port` where it is not 443; `*` for every host but those in `except`. */
  readonly hosts: readonly string[]
  readonly except: readonly string[]
}

// Rules may name any number of ports; beyond these the answer for 443 has to do.
const PORTS_MAX = 16

export function listOpenings(policy: CompiledPolicy): readonly Opening[] {
  const ports = portsOf(policy)
  const known = new Map<string, string | null>()
  const groups = new Map<string, string[]>()
  const closed: string[] = []
  for (const { pattern, host } of candidatesOf(policy)) {
    const cause = causeAt(policy, host, ports, known)
    if (cause === null) {
      closed.push(pattern)
      continue
    }
    const [kind, port] = cause
    const hosts = groups.get(kind) ?? []
    groups.set(kind, hosts)
    hosts.push(port === 443 || pattern === '*' ? pattern : `${pattern}:${port}`)
  }
  return [...groups].map(([kind, hosts]) => openingOf(kind, hosts, closed))
}

function openingOf(kind: string, hosts: readonly string[], closed: readonly string[]): Opening {
  const [reason, rule] = splitKind(kind)
  // Named beside "every host" a host says nothing; the ones that stay closed do.
  const isEvery = hosts.includes('*')
  return { rule, reason, hosts: isEvery ? ['*'] : hosts, except: isEvery ? closed : [] }
}

function causeAt(
  policy: CompiledPolicy,
  host: Host,
  ports: readonly number[],
  known: Map<string, string | null>,
): readonly [kind: string, port: number] | null {
  for (const port of ports) {
    const destination = webDestination(host, port)
    const key = `${port}|${keyOf(policy, look(policy, tunnelTo(destination, 'unseen')))}`
    const found = known.get(key)
    const kind = found === undefined ? kindAt(policy, host, port) : found
    known.set(key, kind)
    if (kind !== null) return [kind, port]
  }
  return null
}

function kindAt(policy: CompiledPolicy, host: Host, port: number): string | null {
  const destination = webDestination(host, port)
  if (inspectionOf(policy, destination) === 'always') return policy.inspection.mode === 'always' ? 'mode' : 'open'
  const rule = inspectionNeeds(policy, destination)
  if (rule !== null) return `rule ${rule}`
  return isOpenedForTenants(policy, destination) ? 'tenants' : null
}

function splitKind(kind: string): readonly [Opening['reason'], string | null] {
  if (kind === 'mode' || kind === 'open' || kind === 'tenants') return [kind, null]
  return ['rule', kind.slice('rule '.length)]
}

function portsOf(policy: CompiledPolicy): readonly number[] {
  const named = policy.rules.flatMap(({ conditions }) => {
    return conditions.filter(({ key }) => key === 'to.ports').flatMap(({ items }) => items.map(Number))
  })
  return [...new Set([443, ...named])].filter((port) => port !== 80).slice(0, PORTS_MAX)
}
