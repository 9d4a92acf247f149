/** A policy's `tenants`, compiled into what each host gets. */
import { parseHostPattern } from '../catalog/host-pattern.ts'
import {
  TENANT_PROVIDERS,
  tenantFieldNames,
  type TenantProvider,
  type TenantSite,
  tenantValueOf,
} from '../catalog/tenant-headers.ts'
import type { Compiler, Group } from './compiler.ts'
import type { TenantsInput } from './schema-tenants.ts'
import { listOf } from './schema-values.ts'
import type { CompiledTenant, TenantPlace, Tenants } from './tenants.ts'

type Input = NonNullable<TenantsInput[string]>

export function compileTenants(input: TenantsInput | undefined, compiler: Compiler): Tenants {
  const list: CompiledTenant[] = []
  const exact = new Map<string, TenantPlace>()
  const below = new Map<string, TenantPlace>()
  for (const provider of TENANT_PROVIDERS) {
    const values = input?.[provider.id]
    if (values === undefined) continue
    const tenant = { provider, who: whoOf(values, provider.id, compiler), stripped: tenantFieldNames(provider) }
    list.push(tenant)
    for (const place of placesOf(tenant, values)) {
      const pattern = parseHostPattern(place.pattern)
      if (pattern === null) throw new Error(`no host pattern: ${place.pattern}`)
      ;(pattern.wildcard ? below : exact).set(pattern.name, place)
    }
  }
  return { list, places: { exact, below } }
}

/** Null: everyone. A group that does not exist is an error, and nobody. */
function whoOf(values: Input, id: string, compiler: Compiler): Group | null {
  const names = values['for']
  if (names === undefined) return null
  const path = ['tenants', id, 'for']
  const isOne = typeof names === 'string'
  const groups = listOf(names).flatMap((name, at) => compiler.group(name, isOne ? path : [...path, at]) ?? [])
  return { networks: groups.flatMap(({ networks }) => networks), users: groups.flatMap(({ users }) => users) }
}

function placesOf(tenant: CompiledTenant, values: Input): readonly TenantPlace[] {
  const { sites, shut, near }: TenantProvider = tenant.provider
  const set = sites.flatMap((site) => {
    const fields = fieldsOf(site, values)
    return site.hosts.map((pattern): TenantPlace => ({ tenant, kind: 'set', pattern, fields }))
  })
  const bare = (kind: 'shut' | 'near') => (pattern: string) => ({ tenant, kind, pattern, fields: [] })
  return [...set, ...shut.map(bare('shut')), ...near.map(bare('near'))]
}

function fieldsOf({ fields }: TenantSite, values: Input): TenantPlace['fields'] {
  const valuesOf = (key: string): readonly string[] => {
    const value = values[key]
    return value === undefined ? [] : listOf(value)
  }
  return fields.map((field) => ({ name: field.name, value: tenantValueOf(field, valuesOf) }))
}
