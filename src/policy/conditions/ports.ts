/** `to.ports`; and the web's ports, which an allow rule that names hosts means when it names no ports. */
import type { Compiler, DestinationPart } from '../compiler.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, listing } from './condition.ts'

export const WEB_PORTS: readonly number[] = [80, 443]

export function compilePorts({ input, key, impliesWebPorts }: DestinationPart, compiler: Compiler): Condition | null {
  const namesHosts = input.hosts !== undefined || input.lists !== undefined
  const ports = input.ports === undefined ? (impliesWebPorts && namesHosts ? WEB_PORTS : null) : listOf(input.ports)
  if (ports === null) return null
  return compiler.share(`${key}.ports ${ports.join(' ')}`, () => portsAmong(key, ports))
}

function portsAmong(key: DestinationPart['key'], ports: readonly number[]): Condition {
  const items = ports.map(String)
  return {
    key: `${key}.ports`,
    about: ['destination'],
    places: { by: 'port', keys: ports },
    items,
    value: ({ subject }) => (ports.includes(subject.destination.port) ? 'yes' : 'no'),
    why: ({ subject }) => {
      const isIn = ports.includes(subject.destination.port)
      return `port ${subject.destination.port} is ${isIn ? '' : 'not '}one of ${listing(items)}`
    },
  }
}
