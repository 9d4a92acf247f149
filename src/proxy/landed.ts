/** Where parts land that name only a number or a node id: by what answers told before. */
import type { Service } from '../catalog/catalog.ts'
import type { Part } from '../catalog/part.ts'
import type { InnerOperation } from '../catalog/service-entry.ts'
import { known } from '../flow/fact.ts'
import type { Flow } from '../flow/flow.ts'
import { clientKeyOf } from './judge.ts'
import type { Runtime } from './runtime.ts'

/** Parts that name only by number or node id where they land, with what answers told of these; a part for each repository. */
export function resolveParts(
  { repositories, policy, now }: Runtime,
  flow: Flow,
  service: Service | null,
  parts: readonly Part[],
): readonly Part[] {
  const asksVisibility = policy.asks.has('visibility')
  if (service === null || parts.every((part) => isSettled(part, asksVisibility))) return parts
  const client = clientKeyOf(flow)
  const landed = parts.flatMap((part): readonly Part[] => {
    if (part.repository.state !== 'never' || part.ids.length === 0) return [part]
    const found = part.ids.map((id) => repositories.repositoryOf(client, service.id, id, now()))
    const named = found.filter((repository) => repository !== null)
    // One that nobody knows may be anywhere.
    if (named.length < found.length) return [part]
    return [...new Set(named)].map((value) => ({ ...part, repository: { state: 'known' as const, value } }))
  })
  if (!asksVisibility) return landed
  return landed.map((part) => {
    if (part.repository.state !== 'known' || part.visibility.state !== 'never' || opens(part)) return part
    const visibility = repositories.visibilityOf(part.repository.value, now())
    return visibility === null ? part : { ...part, visibility: known(visibility) }
  })
}

/** What it was before is not what it will be. */
function opens({ operation }: Part): boolean {
  return operation === null || CHANGES_VISIBILITY.includes(operation)
}

const CHANGES_VISIBILITY: readonly InnerOperation[] = [
  'repo-create',
  'repo-fork',
  'repo-transfer',
  'repo-visibility',
  'unknown-write',
]

function isSettled({ repository, ids, visibility }: Part, asksVisibility: boolean): boolean {
  return (repository.state !== 'never' || ids.length === 0) && (!asksVisibility || visibility.state !== 'never')
}
