/** `to.category` and `to.services`: what the catalogue says that the host is. A literal address is no service. */
import { nameOf } from '../../net/destination.ts'
import type { DestinationPart } from '../compiler.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, listing } from './condition.ts'
import type { Compiler } from '../compiler.ts'

export function compileCategory({ input, key }: DestinationPart): Condition | null {
  if (input.category === undefined) return null
  const categories: ReadonlySet<string> = new Set(listOf(input.category))
  return {
    key: `${key}.category`,
    about: ['destination'],
    places: { by: 'category', keys: [...categories] },
    items: [...categories],
    value: ({ service }) => (service !== null && categories.has(service.category) ? 'yes' : 'no'),
    why: ({ service, subject }) => {
      const host = `host ${nameOf(subject.destination)}`
      return service === null ? `${host} is of no known service` : `${host} is in category ${service.category}`
    },
  }
}

export function compileServices({ input, key, path }: DestinationPart, compiler: Compiler): Condition | null {
  if (input.services === undefined) return null
  const names = listOf(input.services)
  for (const [at, name] of names.entries()) compiler.service(name, [...path, 'services', at])
  const ids = new Set(names)
  return {
    key: `${key}.services`,
    about: ['destination'],
    places: { by: 'service', keys: names },
    items: names,
    value: ({ service }) => (service !== null && ids.has(service.id) ? 'yes' : 'no'),
    why: ({ service, subject }) => {
      const host = `host ${nameOf(subject.destination)}`
      if (service === null) return `${host} is of no known service`
      return `${host} is of service ${service.id}${ids.has(service.id) ? '' : `, not ${listing(names)}`}`
    },
  }
}
