/** `to.networks`: the address that is dialled. Not visible before the name is resolved. */
import { contains, parseCidr } from '../../net/address.ts'
import type { DestinationPart } from '../compiler.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, judge, listing, whyUnknown } from './condition.ts'

export function compileNetworks({ input, key }: DestinationPart): Condition | null {
  if (input.networks === undefined) return null
  const networks = listOf(input.networks).flatMap((text) => parseCidr(text) ?? [])
  const items = networks.map(({ text }) => text)
  return {
    key: `${key}.networks`,
    about: ['address'],
    items,
    value: ({ subject }) => judge(subject.address, (address) => networks.some((cidr) => contains(cidr, address))),
    why: ({ subject: { address } }) => {
      if (address.state !== 'known') return whyUnknown('address', address.state)
      const isIn = networks.some((cidr) => contains(cidr, address.value))
      return `address ${address.value.text} is ${isIn ? '' : 'not '}in ${listing(items)}`
    },
  }
}
