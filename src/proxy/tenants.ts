/** Puts the provider's tenant headers into a request that goes on, and takes out whatever the client said in their place. */
import type { Flow } from '../flow/flow.ts'
import type { Destination } from '../net/destination.ts'
import { isHeld, tenantPlaceAt, type WithTenants } from '../policy/tenants.ts'

/** `fields` is a flat list of names and values. Ours stand once each, last, whatever the client sent and however often. */
export function withTenantFields(
  policy: WithTenants,
  { client: { address }, user }: Pick<Flow, 'client' | 'user'>,
  destination: Destination,
  fields: string[],
): string[] {
  const place = tenantPlaceAt(policy, destination)
  if (place === null) return fields
  const kept: string[] = []
  for (let at = 0; at < fields.length; at += 2) {
    const [name = '', value = ''] = [fields[at], fields[at + 1]]
    // Gateways before an application fold `_` to `-`, or both to `_`: to them it is the same name.
    if (!place.tenant.stripped.includes(name.toLowerCase().replaceAll('_', '-'))) kept.push(name, value)
  }
  if (isHeld(place.tenant, { address, user })) for (const { name, value } of place.fields) kept.push(name, value)
  return kept
}
