/** What `weir check` says of `tenants`: ways past a header that no header closes, and hosts where it can never be set. */
import { type Catalog, repositoryHostsOf } from '../catalog/catalog.ts'
import type { TenantProvider } from '../catalog/tenant-headers.ts'
import { ABSENT, known, NEVER } from '../flow/fact.ts'
import { FAMILIES } from '../flow/operation.ts'
import type { OperationFact, Subject } from '../flow/subject.ts'
import { type Address, parseAddress } from '../net/address.ts'
import type { Destination } from '../net/destination.ts'
import { type Host, parseHost } from '../net/host.ts'
import { webDestination } from './candidates.ts'
import type { CompiledPolicy, CompiledRule } from './compiled.ts'
import { listing } from './conditions/condition.ts'
import type { Finding } from './finding.ts'
import { inspectionOf, tunnelTo } from './inspection.ts'
import { look } from './sight.ts'
import type { CompiledTenant } from './tenants.ts'
import { type Unsettled, walkRules } from './walk.ts'

export function findTenants(policy: CompiledPolicy): readonly Finding[] {
  return policy.tenants.list.flatMap((tenant) => [
    ...findUnopened(policy, tenant),
    ...findBeyond(policy, tenant),
    ...findSsh(policy, tenant),
  ])
}

/** Clients of a group that are looked at one by one; of a larger one the first. */
const SAMPLES_MAX = 100

/** Hosts of the provider where TLS stays closed by the policy's own word, and every request is denied. */
function findUnopened(policy: CompiledPolicy, { provider }: CompiledTenant): readonly Finding[] {
  const path = ['tenants', provider.id]
  const set = provider.sites.flatMap(({ hosts }) => hosts)
  if (policy.inspection.mode === 'never') {
    const message = `\`${provider.id}\` refuses all TLS to ${listing(set)}: its header is inside, and inspection is never`
    return [{ path, part: 'key', message, hint: 'set inspection to auto' }]
  }
  const bypassed = set.filter((pattern) => inspectionOf(policy, webDestination(hostIn(pattern))) === 'bypass')
  if (bypassed.length === 0) return []
  const message = `\`${provider.id}\` refuses all TLS to ${listing(bypassed)}: its header is inside, and inspection is bypassed there`
  return [{ path, part: 'key', message, hint: 'end the bypass, or narrow `for`' }]
}

/** Hosts that do not heed the header, and to which a rule lets something be written. */
function findBeyond(policy: CompiledPolicy, tenant: CompiledTenant): readonly Finding[] {
  const { id, beyond } = tenant.provider
  const open = beyond.filter((pattern) => {
    const host = hostIn(pattern)
    return WRITTEN.some((operation) => allowing(policy, tenant, writeTo(policy.catalog, host, operation)) !== null)
  })
  if (open.length === 0) return []
  const hosts = open.map((pattern) => (pattern.startsWith('*') ? `"${pattern}"` : pattern)).join(', ')
  return [
    {
      path: ['tenants', id],
      part: 'key',
      message: `the header of \`${id}\` does not count at ${listing(open)}, where anybody's account may be written to`,
      hint: `deny it: to: { hosts: [${hosts}] }, operations: [write, admin, tunnel]`,
    },
  ]
}

/** Rules that allow SSH to the provider: past the header, were it not refused; by the address, past the refusal too. */
function findSsh(policy: CompiledPolicy, tenant: CompiledTenant): readonly Finding[] {
  const { id, shut, sites }: TenantProvider = tenant.provider
  const [main] = sites[0]?.hosts ?? []
  if (shut.length === 0 || main === undefined) return []
  const places = [webDestination(hostIn(main), 22), ...shut.map((host) => webDestination(hostIn(host)))]
  const named = places.flatMap((place) => allowing(policy, tenant, sshTo(place)) ?? [])
  const byAddress = allowing(policy, tenant, sshTo(SOME_ADDRESS))
  return [
    ...[...new Set(named)].flatMap((rule) =>
      ofRule(
        rule,
        `rule ${rule.name ?? ''} allows SSH to ${main}, which \`tenants\` refuses: SSH carries no header`,
        'except these hosts, and use https:// remotes',
      ),
    ),
    ...(byAddress === null
      ? []
      : ofRule(
          byAddress,
          `rule ${byAddress.name ?? ''} allows SSH to addresses, those of \`${id}\` among them: past its header`,
          'name hosts or networks in its `to`',
        )),
  ]
}

function ofRule({ position }: CompiledRule, message: string, hint: string): readonly Finding[] {
  return position === null ? [] : [{ path: ['rules', position, 'name'], message, hint }]
}

/** The first rule that lets a flow through for one whom the tenant is for, if any may; whatever the time. */
function allowing(policy: CompiledPolicy, tenant: CompiledTenant, subject: Subject): CompiledRule | null {
  const isAny = tenant.who === null
  const unsettled: Unsettled = new Set(isAny ? (['client', 'user', 'time'] as const) : (['time'] as const))
  for (const client of isAny ? [subject.client] : samplesOf(tenant)) {
    const walk = walkRules(policy, look(policy, { ...subject, client }), unsettled)
    const found = [...walk.open, walk.terminal].find(({ action }) => action === 'allow')
    if (found !== undefined) return found
  }
  return null
}

function samplesOf({ who }: CompiledTenant): readonly Subject['client'][] {
  const byAddress = (who?.networks ?? []).map(({ network }) => ({ address: network, user: null }))
  const byName = (who?.users ?? []).map((user) => ({ address: NOWHERE, user }))
  return [...byAddress, ...byName].slice(0, SAMPLES_MAX)
}

/** Into a repository of nobody whom a policy would name: what is allowed for one's own is no way out. */
function writeTo(catalog: Catalog, host: Host, operation: (typeof WRITTEN)[number]): Subject {
  const outer = tunnelTo(webDestination(host), 'never')
  if (operation === 'tunnel') return outer
  const [named] = repositoryHostsOf(catalog, host)
  const repository = named === undefined ? ABSENT : known(`${named}/somebody-else/anything`)
  return { ...outer, operation: { state: 'known', operation }, repository, method: known('POST'), ref: ABSENT }
}

function sshTo(destination: Destination): Subject {
  const operation: OperationFact = { state: 'opaque', operation: 'ssh' }
  return { ...tunnelTo(destination, 'never'), operation, repository: NEVER, method: NEVER, ref: NEVER }
}

/** What is written, and a tunnel in which anything may be. */
const WRITTEN = [...FAMILIES.write, ...FAMILIES.admin, 'tunnel'] as const

/** A host that a pattern of the catalogue stands for. */
function hostIn(pattern: string): Host {
  const host = parseHost(pattern.replace(/^\*\./, 'any.'))
  if (host === null) throw new Error(`not a host: ${pattern}`)
  return host
}

const NOWHERE = knownAddress('0.0.0.0')
// Of TEST-NET-3 (RFC 5737): a rule on networks of one's own does not have it.
const SOME_ADDRESS: Destination = { host: null, literal: knownAddress('203.0.113.1'), port: 22 }

function knownAddress(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  return address
}
