/** Which tenant headers a flow gets, and what cannot go on because it could get none. */
import { findHost, type HostIndex } from '../catalog/host-pattern.ts'
import type { TenantProvider } from '../catalog/tenant-headers.ts'
import type { Subject } from '../flow/subject.ts'
import type { Denial } from '../flow/verdict.ts'
import { contains } from '../net/address.ts'
import { type Destination, nameOf } from '../net/destination.ts'
import type { Field } from '../wire/fields.ts'
import type { Group } from './compiler.ts'

type Client = Subject['client']

export interface CompiledTenant {
  readonly provider: TenantProvider
  /** Null: everyone. */
  readonly who: Group | null
  /** Names in lower case that no client may say at its hosts. */
  readonly stripped: readonly string[]
}

/**
 * What a host is to a provider.
 * - `set`: requests get the fields.
 * - `shut`: nothing that is said there can carry them.
 * - `near`: they do not count there, but TLS that stays closed could be used to ask for a host where they do.
 */
export interface TenantPlace {
  readonly tenant: CompiledTenant
  readonly kind: 'set' | 'shut' | 'near'
  readonly pattern: string
  readonly fields: readonly Field[]
}

export interface Tenants {
  readonly list: readonly CompiledTenant[]
  readonly places: HostIndex<TenantPlace>
}

export interface WithTenants {
  readonly tenants: Tenants
}

export function tenantPlaceAt({ tenants }: WithTenants, { host }: Destination): TenantPlace | null {
  return host === null || tenants.list.length === 0 ? null : findHost(tenants.places, host)
}

/** Whether the headers of a tenant are for this client. */
export function isHeld({ who }: CompiledTenant, { address, user }: Client): boolean {
  if (who === null) return true
  return who.networks.some((cidr) => contains(cidr, address)) || (user !== null && who.users.includes(user))
}

/** The headers that a request of this client gets there. */
export function tenantFieldsFor(policy: WithTenants, client: Client, destination: Destination): readonly Field[] {
  const place = tenantPlaceAt(policy, destination)
  return place !== null && isHeld(place.tenant, client) ? place.fields : []
}

/** Whether TLS to there is opened for this client, whatever the rules need. Without a client, for any. */
export function tenantOpens(policy: WithTenants, destination: Destination, client?: Client): boolean {
  const place = tenantPlaceAt(policy, destination)
  if (place === null || place.kind === 'shut') return false
  return client === undefined || isHeld(place.tenant, client)
}

/** Whether a client that gave no name, and is in no group's networks, could by its name be one whom the headers there are for. */
export function tenantHangsOnUser(policy: WithTenants, destination: Destination): boolean {
  const who = tenantPlaceAt(policy, destination)?.tenant.who ?? null
  return who !== null && who.users.length > 0
}

/**
 * What keeps a flow that the rules allow from going on as it is: a denial, where it could never carry the headers that it must
 * have; `unopened`, while its TLS is to be opened for them; null where nothing does.
 */
export function tenantObstacle(policy: WithTenants, subject: Subject): Denial | 'unopened' | null {
  const { destination, client, operation } = subject
  const place = tenantPlaceAt(policy, destination)
  if (place === null || !isHeld(place.tenant, client)) return null
  switch (operation.state) {
    case 'known':
    case 'opened':
      return place.kind === 'shut' ? unset(place, destination, 'nothing there carries it') : null
    case 'opaque':
      if (place.kind === 'near') return null
      return unset(place, destination, OPAQUE_WORDS[operation.operation])
    case 'unseen':
      // What is denied here would be so before a rule could say why in its own words.
      return 'unopened'
    case 'tunnel':
      if (operation.inside === 'unseen') return place.kind === 'shut' ? unset(place, destination, CLOSED) : 'unopened'
      return place.kind === 'near' ? null : unset(place, destination, CLOSED)
    default:
      return operation satisfies never
  }
}

const CLOSED = 'TLS that is not opened does not carry it'

const OPAQUE_WORDS = {
  ssh: 'SSH does not carry it: use https:// remotes',
  'unknown-protocol': 'a protocol that Weir does not know does not carry it',
  upgrade: 'another protocol inside HTTP does not carry it',
} as const

function unset({ tenant }: TenantPlace, destination: Destination, why: string): Denial {
  const { provider } = tenant
  const message = `only certain ${provider.title} accounts may be used at ${nameOf(destination)}, by a header, and ${why}`
  return { code: 'tenant-unset', rule: null, message, unseen: [] }
}
