/** Names that a policy defines and no rule uses: most often a rule that was meant to, and does not. */
import type { PolicyInput } from './schema.ts'
import type { DestinationInput, RuleInput } from './schema-rule.ts'
import { listOf } from './schema-values.ts'
import type { Finding } from './finding.ts'

export function findUnused(input: PolicyInput): readonly Finding[] {
  const rules = input.rules ?? []
  const destinations = rules.flatMap(({ to, except }) => [to, except].filter((part) => part !== undefined))
  const used: Readonly<Record<Section, ReadonlySet<string>>> = {
    groups: new Set([...rules.flatMap((rule) => groupsOf(rule)), ...tenantGroupsOf(input)]),
    lists: new Set(namesIn(destinations, 'lists')),
    repositories: new Set(namesIn(destinations, 'repositories')),
    budgets: new Set(
      rules.flatMap(({ limits = [] }) => limits.flatMap((limit) => ('budget' in limit ? limit.budget : []))),
    ),
  }
  return SECTIONS.flatMap(([section, what]) =>
    Object.keys(input[section] ?? {})
      .filter((name) => !used[section].has(name))
      .map((name) => ({
        path: [section, name],
        part: 'key' as const,
        message: `no rule uses the ${what} \`${name}\``,
        hint: 'use it in a rule, or remove it',
      })),
  )
}

type Section = 'groups' | 'lists' | 'repositories' | 'budgets'

const SECTIONS: readonly (readonly [Section, string])[] = [
  ['groups', 'group'],
  ['lists', 'list'],
  ['repositories', 'set'],
  ['budgets', 'budget'],
]

function groupsOf({ from }: RuleInput): readonly string[] {
  if (from === undefined) return []
  if (typeof from === 'string' || Array.isArray(from)) return listOf(from)
  return from.groups === undefined ? [] : listOf(from.groups)
}

function tenantGroupsOf({ tenants = {} }: PolicyInput): readonly string[] {
  return Object.values(tenants).flatMap((tenant) => {
    const names = tenant?.['for']
    return names === undefined ? [] : listOf(names)
  })
}

function namesIn(parts: readonly DestinationInput[], key: 'lists' | 'repositories'): readonly string[] {
  return parts.flatMap((part) => {
    const names = part[key]
    return names === undefined ? [] : listOf(names)
  })
}
