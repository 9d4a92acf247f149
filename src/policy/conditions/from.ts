/** `from`: who the client is, by its address and by the user that it proved to be. Both are known from the start. */
import type { Subject } from '../../flow/subject.ts'
import { type Cidr, contains, parseCidr } from '../../net/address.ts'
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { type About, type Condition, listing } from './condition.ts'

export function compileFrom(rule: RuleInput, position: number, compiler: Compiler): readonly Condition[] {
  const { from } = rule
  if (from === undefined) return []
  const path = ['rules', position, 'from']
  if (typeof from === 'string' || Array.isArray(from)) return [inGroups(listOf(from), path, compiler)]
  const conditions: Condition[] = []
  if (from.groups !== undefined) conditions.push(inGroups(listOf(from.groups), [...path, 'groups'], compiler))
  if (from.networks !== undefined) {
    const networks = from.networks.flatMap((text) => parseCidr(text) ?? [])
    conditions.push(isAmong('from.networks', networks, [], `in ${listing(from.networks)}`))
  }
  if (from.users !== undefined) {
    const users = listOf(from.users)
    conditions.push(isAmong('from.users', [], users, `one of ${listing(users)}`))
  }
  if (conditions.length === 0) compiler.report(path, '`from` says nothing', 'leave it out to mean everyone')
  return conditions
}

function inGroups(names: readonly string[], path: readonly PropertyKey[], compiler: Compiler): Condition {
  const groups = names.flatMap((name, at) => compiler.group(name, [...path, at]) ?? [])
  return compiler.share(`from.groups ${names.join(' ')}`, () => {
    const networks = groups.flatMap((group) => group.networks)
    const users = groups.flatMap((group) => group.users)
    return isAmong('from.groups', networks, users, `in ${names.length === 1 ? 'group' : 'groups'} ${listing(names)}`)
  })
}

/** The client's address is in one of the networks, or its user is one of the users: whoever has no user is none of them. */
function isAmong(key: string, networks: readonly Cidr[], users: readonly string[], what: string): Condition {
  const names: ReadonlySet<string> = new Set(users)
  const about: readonly About[] = [
    ...(networks.length > 0 ? (['client'] as const) : []),
    ...(names.size > 0 ? (['user'] as const) : []),
  ]
  const has = ({ address, user }: Subject['client']): boolean =>
    networks.some((cidr) => contains(cidr, address)) || (user !== null && names.has(user))
  return {
    key,
    about,
    items: [...networks.map(({ text }) => text), ...[...names].map((user) => `user ${user}`)],
    value: ({ subject }) => (has(subject.client) ? 'yes' : 'no'),
    why: ({ subject }) => `${whoIs(subject.client, about)} is ${has(subject.client) ? '' : 'not '}${what}`,
  }
}

function whoIs({ address, user }: Subject['client'], about: readonly About[]): string {
  const named = user === null ? 'a client without a user' : `user ${user}`
  if (!about.includes('user')) return `client ${address.text}`
  if (!about.includes('client')) return named
  return user === null ? `client ${address.text}, without a user,` : `user ${user} at client ${address.text}`
}
