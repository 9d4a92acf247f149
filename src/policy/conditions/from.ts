/** `from`: the client's address is in a group, or in a network. Known from the start. */
import { type Cidr, contains, parseCidr } from '../../net/address.ts'
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import type { Condition } from './condition.ts'
import { listing } from './condition.ts'

export function compileFrom(rule: RuleInput, position: number, compiler: Compiler): readonly Condition[] {
  const { from } = rule
  if (from === undefined) return []
  const path = ['rules', position, 'from']
  if (typeof from === 'string' || Array.isArray(from)) return [inGroups(listOf(from), path, compiler)]
  const conditions: Condition[] = []
  if (from.groups !== undefined) conditions.push(inGroups(listOf(from.groups), [...path, 'groups'], compiler))
  if (from.networks !== undefined) {
    const networks = from.networks.flatMap((text) => parseCidr(text) ?? [])
    conditions.push(clientIn('from.networks', networks, listing(from.networks)))
  }
  if (conditions.length === 0) compiler.report(path, '`from` says nothing', 'leave it out to mean everyone')
  return conditions
}

function inGroups(names: readonly string[], path: readonly PropertyKey[], compiler: Compiler): Condition {
  const networks = names.flatMap((name, at) => compiler.group(name, [...path, at]))
  return clientIn('from.groups', networks, `${names.length === 1 ? 'group' : 'groups'} ${listing(names)}`)
}

function clientIn(key: string, networks: readonly Cidr[], what: string): Condition {
  const isIn = (address: Parameters<typeof contains>[1]): boolean => networks.some((cidr) => contains(cidr, address))
  return {
    key,
    about: ['client'],
    items: networks.map(({ text }) => text),
    value: ({ subject }) => (isIn(subject.client.address) ? 'yes' : 'no'),
    why: ({ subject }) =>
      `client ${subject.client.address.text} is ${isIn(subject.client.address) ? '' : 'not '}in ${what}`,
  }
}
