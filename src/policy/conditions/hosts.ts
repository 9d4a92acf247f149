/** `to.hosts` and `to.lists`: one set of host names. A literal address is in none. */
import { nameOf } from '../../net/destination.ts'
import type { Compiler, DestinationPart } from '../compiler.ts'
import { formatHostPattern, parseHostPattern } from '../host-pattern.ts'
import { listOf } from '../schema-values.ts'
import type { Sight } from '../sight.ts'
import { type Condition, listing } from './condition.ts'

export function compileHosts({ input, key, path }: DestinationPart, compiler: Compiler): Condition | null {
  if (input.hosts === undefined && input.lists === undefined) return null
  const patterns = input.hosts === undefined ? [] : listOf(input.hosts)
  const lists = input.lists === undefined ? [] : listOf(input.lists)
  const ids = lists.flatMap((name, at) => compiler.list(name, [...path, 'lists', at]) ?? [])
  if (patterns.length > 0) ids.push(compiler.hosts.add(patterns.flatMap((text) => parseHostPattern(text) ?? [])))
  const items = [...lists.map((name) => `list ${name}`), ...patterns.map(canonical)]
  const has = ({ hostSets }: Sight): boolean => ids.some((id) => hostSets.has(id))
  return {
    key: `${key}.hosts`,
    about: ['destination'],
    places: { by: 'host-set', keys: ids },
    items,
    value: (sight) => (has(sight) ? 'yes' : 'no'),
    why: (sight) => `host ${nameOf(sight.subject.destination)} is ${has(sight) ? '' : 'not '}among ${listing(items)}`,
  }
}

function canonical(text: string): string {
  const pattern = parseHostPattern(text)
  return pattern === null ? text : formatHostPattern(pattern)
}
