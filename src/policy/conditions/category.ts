/** `to.category` and `to.services`: what the catalogue says that the host is, or who announced it. A literal address is no service. */
import type { Service } from '../../catalog/catalog.ts'
import { nameOf } from '../../net/destination.ts'
import type { DestinationPart } from '../compiler.ts'
import { listOf } from '../schema-values.ts'
import type { Sight } from '../sight.ts'
import type { Value } from '../value.ts'
import { type Condition, listing } from './condition.ts'
import type { Compiler } from '../compiler.ts'

export function compileCategory({ input, key }: DestinationPart): Condition | null {
  if (input.category === undefined) return null
  const categories: ReadonlySet<string> = new Set(listOf(input.category))
  return {
    key: `${key}.category`,
    about: ['destination', 'hop'],
    places: { by: 'category', keys: [...categories] },
    items: [...categories],
    value: (sight) => judgeService(sight, ({ category }) => categories.has(category)),
    why: (sight) => whyService(sight, ({ category }) => `in category ${category}`),
  }
}

export function compileServices({ input, key, path }: DestinationPart, compiler: Compiler): Condition | null {
  if (input.services === undefined) return null
  const names = listOf(input.services)
  for (const [at, name] of names.entries()) compiler.service(name, [...path, 'services', at])
  const ids = new Set(names)
  return {
    key: `${key}.services`,
    about: ['destination', 'hop'],
    places: { by: 'service', keys: names },
    items: names,
    value: (sight) => judgeService(sight, ({ id }) => ids.has(id)),
    why: (sight) => whyService(sight, ({ id }) => `of service ${id}${ids.has(id) ? '' : `, not ${listing(names)}`}`),
  }
}

/** Where some address at the host was announced to this client, its request may be of the announcer's, or not. */
function judgeService({ service, announcers }: Sight, test: (service: Service) => boolean): Value {
  const own = service !== null && test(service)
  if (announcers.some((announcer) => test(announcer) !== own)) return 'unseen'
  return own ? 'yes' : 'no'
}

function whyService({ service, announcers, subject }: Sight, words: (service: Service) => string): string {
  const host = `host ${nameOf(subject.destination)}`
  const what = service === null ? `${host} is of no known service` : `${host} is ${words(service)}`
  if (subject.hop.state === 'known') return `an upload address at ${what}, which announced it`
  const [announcer] = announcers
  return announcer === undefined ? what : `${what}, but an upload of ${announcer.id} may go there`
}
