/** `to` and `except`: a destination by several keys, all of which must hold. */
import type { Compiler, DestinationPart } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import type { Sight } from '../sight.ts'
import { all, not, type Value } from '../value.ts'
import { compileCategory, compileServices } from './category.ts'
import type { Condition } from './condition.ts'
import { compileHosts } from './hosts.ts'
import { compileNetworks } from './networks.ts'
import { compilePorts } from './ports.ts'
import { compileRepositories } from './repositories.ts'

/** Every key of a destination. A new one is a file of this folder and a line here. */
const DESTINATION_KEYS: readonly ((part: DestinationPart, compiler: Compiler) => Condition | null)[] = [
  compileCategory,
  compileServices,
  compileHosts,
  compilePorts,
  compileNetworks,
  compileRepositories,
]

export function compileTo(rule: RuleInput, position: number, compiler: Compiler): readonly Condition[] {
  if (rule.to === undefined) return []
  const impliesWebPorts = rule.action === 'allow'
  return compileKeys({ key: 'to', input: rule.to, path: ['rules', position, 'to'], impliesWebPorts }, compiler)
}

/** The exception as one condition: "no" where all its keys hold. */
export function compileExcept(rule: RuleInput, position: number, compiler: Compiler): Condition | null {
  if (rule.except === undefined) return null
  const path = ['rules', position, 'except']
  const parts = compileKeys({ key: 'except', input: rule.except, path, impliesWebPorts: false }, compiler)
  const excepted = (sight: Sight): Value => all(parts.map((part) => part.value(sight)))
  return {
    key: 'except',
    about: [...new Set(parts.flatMap(({ about }) => about))],
    items: parts.map(({ key, items }) => `${key}: ${[...items].sort().join(', ')}`),
    value: (sight) => not(excepted(sight)),
    why: (sight) => {
      const value = excepted(sight)
      // One part that does not hold is reason enough; otherwise all of them are.
      const shown = parts.filter((part) => value !== 'no' || part.value(sight) === 'no')
      return shown.map((part) => part.why(sight)).join(', and ')
    },
  }
}

function compileKeys(part: DestinationPart, compiler: Compiler): readonly Condition[] {
  const conditions = DESTINATION_KEYS.flatMap((compile) => compile(part, compiler) ?? [])
  if (conditions.length === 0)
    compiler.report(part.path, `\`${part.key}\` says nothing`, 'leave it out, or name a destination')
  return conditions
}
