/** Every condition that a rule can have, cheap and decisive ones first. A new one is a file of this folder and a line here. */
import type { Compiler } from '../compiler.ts'
import type { RuleInput } from '../schema-rule.ts'
import type { Condition } from './condition.ts'
import { compileSentBytes, compileSize } from './amounts.ts'
import { compileExcept, compileTo } from './destination.ts'
import { compileFrom } from './from.ts'
import { compileHours, compileUntil } from './hours.ts'
import { compileMethods } from './methods.ts'
import { compileAuthors, compileLargestBlob, compileNewRoot, compileObjects } from './pack.ts'
import { compileOperations } from './operations.ts'
import { compilePaths } from './paths.ts'
import { compileArchive, compileEncrypted, compileEntropy, compileFiles, compileTypes } from './payload.ts'
import { compileDeletes, compileRefs } from './refs.ts'
import { compileCiFiles, compileVisibility } from './repository-facts.ts'
import { compileOwnSource, compileSecrets } from './secrets.ts'

type Compile = (rule: RuleInput, position: number, compiler: Compiler) => Condition | null | readonly Condition[]

const RULE_CONDITIONS: readonly Compile[] = [
  compileFrom,
  compileTo,
  compileExcept,
  (rule, _position, compiler) =>
    compiler.share(`operations ${JSON.stringify([rule.action, rule.operations])}`, () => compileOperations(rule)),
  shared('methods', ({ when }) => when?.methods, compileMethods),
  compilePaths,
  compileRefs,
  shared('deletes', ({ when }) => when?.deletes, compileDeletes),
  shared('visibility', ({ when }) => when?.visibility, compileVisibility),
  shared('ciFiles', ({ when }) => when?.ciFiles, compileCiFiles),
  shared('size', ({ when }) => when?.size, compileSize),
  shared('sentBytes', ({ when }) => when?.sentBytes, compileSentBytes),
  shared('newRoot', ({ when }) => when?.newRoot, compileNewRoot),
  shared('largestBlob', ({ when }) => when?.largestBlob, compileLargestBlob),
  shared('objects', ({ when }) => when?.objects, compileObjects),
  shared('authors', ({ when }) => when?.authors, compileAuthors),
  shared('types', ({ when }) => when?.types, compileTypes),
  shared('encrypted', ({ when }) => when?.encrypted, compileEncrypted),
  shared('archive', ({ when }) => when?.archive, compileArchive),
  shared('entropy', ({ when }) => when?.entropy, compileEntropy),
  compileFiles,
  shared('secrets', ({ when }) => when?.secrets, compileSecrets),
  compileOwnSource,
  shared('until', ({ until }) => until, compileUntil),
  shared('hours', ({ hours }) => hours, compileHours),
]

export function compileConditions(rule: RuleInput, position: number, compiler: Compiler): readonly Condition[] {
  return RULE_CONDITIONS.flatMap((compile) => compile(rule, position, compiler) ?? [])
}

/** Of a condition that looks at nothing in a rule but what `asked` picks, rules that ask alike have one and the same. */
function shared(
  key: string,
  asked: (rule: RuleInput) => unknown,
  compile: (rule: RuleInput) => Condition | null,
): Compile {
  return (rule, _position, compiler) => {
    const picked = asked(rule)
    return picked === undefined ? null : compiler.share(`${key} ${JSON.stringify(picked)}`, () => compile(rule))
  }
}
