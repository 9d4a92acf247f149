/** Every condition that a rule can have, cheap and decisive ones first. A new one is a file of this folder and a line here. */
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import type { Condition } from './condition.ts'
import { compileExcept, compileTo } from './destination.ts'
import { compileFrom } from './from.ts'
import { compileHours, compileUntil } from './hours.ts'
import { compileMethods } from './methods.ts'
import { compileOperations } from './operations.ts'
import { compileDeletes, compileRefs } from './refs.ts'

type Compile = (rule: RuleInput, position: number, compiler: Compiler) => Condition | null | readonly Condition[]

const RULE_CONDITIONS: readonly Compile[] = [
  compileFrom,
  compileTo,
  compileExcept,
  compileOperations,
  compileMethods,
  compileRefs,
  compileDeletes,
  compileUntil,
  compileHours,
]

export function compileConditions(rule: RuleInput, position: number, compiler: Compiler): readonly Condition[] {
  return RULE_CONDITIONS.flatMap((compile) => compile(rule, position, compiler) ?? [])
}
