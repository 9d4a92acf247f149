/** `to.repositories`: where the data lands. "No" at once at a host where no repository of the set can be reached. */
import { nameOf } from '../../net/destination.ts'
import type { Path } from '../../text/yaml.ts'
import type { Compiler, DestinationPart } from '../compiler.ts'
import { listOf } from '../schema-values.ts'
import type { Sight } from '../sight.ts'
import type { Value } from '../value.ts'
import { type Condition, listing, whyUnknown } from './condition.ts'

export function compileRepositories({ input, key, path }: DestinationPart, compiler: Compiler): Condition | null {
  if (input.repositories === undefined) return null
  const names = listOf(input.repositories)
  const ids: number[] = []
  for (const [at, name] of names.entries()) {
    if (!name.includes('/')) ids.push(...compiler.repositorySet(name, [...path, 'repositories', at]))
  }
  const patterns = names.filter((name) => name.includes('/'))
  const placeOf = (at: number): Path => [...path, 'repositories', names.indexOf(patterns[at] ?? '')]
  if (patterns.length > 0) ids.push(compiler.addRepositories(patterns, placeOf))
  const items = names.map((name) => (name.includes('/') ? name : `set ${name}`))
  const value = (sight: Sight): Value => {
    const { state } = sight.subject.repository
    if (state === 'absent' || !ids.some((id) => sight.repositorySets.has(id))) return 'no'
    return state === 'known' ? 'yes' : state
  }
  return {
    key: `${key}.repositories`,
    about: ['repository'],
    places: { by: 'repository-set', keys: ids },
    items,
    value,
    why: (sight) => why(sight, value(sight), items),
  }
}

function why({ subject }: Sight, value: Value, items: readonly string[]): string {
  const { repository } = subject
  if (repository.state === 'known') {
    return `repository ${repository.value} is ${value === 'yes' ? '' : 'not '}in ${listing(items)}`
  }
  if (value !== 'no' || repository.state === 'absent') return whyUnknown('repository', repository.state)
  return `no repository of ${listing(items)} is at ${nameOf(subject.destination)}`
}
