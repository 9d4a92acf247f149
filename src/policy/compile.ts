/** A policy as it is written to one that decides. What cannot mean anything is an error, at its place. */
import { createHash } from 'node:crypto'
import { compileCatalog } from '../catalog/catalog.ts'
import type { PolicyService } from '../catalog/own-service.ts'
import { CONTENT_FACTS } from '../flow/subject.ts'
import type { Limit } from '../flow/verdict.ts'
import { parseSize } from '../text/quantity.ts'
import { hasErrors, type Problem, sortProblems } from '../text/problem.ts'
import type { Path } from '../text/yaml.ts'
import type { CompiledPolicy, CompiledRule, InspectionMode } from './compiled.ts'
import { addHosts, compileNames, type Steps } from './compile-names.ts'
import { compileTenants } from './compile-tenants.ts'
import { Compiler } from './compiler.ts'
import type { About } from './conditions/condition.ts'
import { compileConditions } from './conditions/list.ts'
import { compileOperations } from './conditions/operations.ts'
import { adoptHostIndex, buildHostIndex, type HostIndex } from './host-index.ts'
import { buildRepositoryIndex } from './repository-index.ts'
import { buildRuleIndex } from './rule-index.ts'
import type { LimitInput, RuleInput } from './schema-rule.ts'
import type { PolicySource } from './source.ts'
import type { Action } from './value.ts'

export interface CompileOptions {
  /** Stands over the policy's own `inspection.mode`. */
  readonly inspection?: InspectionMode
  /** What the same compilation made elsewhere, from texts and lists that are not here; the rules come one by one. */
  readonly made?: { readonly hosts: HostIndex; readonly hash: string; readonly rules: Iterable<RuleInput> }
}

/** The rules of a policy, in all its files. */
export const policyRulesMax = 100_000
/** The items of one list in one rule, which is compiled in one step. */
export const ruleItemsMax = 5_000

export interface Compilation {
  /** Null with at least one error. */
  readonly policy: CompiledPolicy | null
  readonly problems: readonly Problem[]
}

/** `listTexts` holds the text of every file of `listFilesOf`. With any error, `policy` is null. */
export function compilePolicy(
  source: PolicySource,
  listTexts: ReadonlyMap<string, string>,
  options: CompileOptions = {},
): Compilation {
  const steps = compileSteps(source, listTexts, options)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same in steps of a millisecond or so, between which the caller may see to other things. */
export function* compileSteps(
  source: PolicySource,
  listTexts: ReadonlyMap<string, string>,
  options: CompileOptions = {},
): Steps<Compilation> {
  const { input } = source
  const { catalog, problems: catalogProblems } = compileCatalog(servicesOf(source))
  const hosts = options.made === undefined ? buildHostIndex() : adoptHostIndex(options.made.hosts)
  const compiler = new Compiler(source, catalog, hosts, buildRepositoryIndex())
  for (const { service, message, hint } of catalogProblems)
    compiler.report(['services', service], message, hint, 'error', 'key')
  yield
  const names = yield* compileNames(input, options.made === undefined ? listTexts : null, compiler)
  compiler.define(names)
  const compiled = yield* compileRules(options.made?.rules ?? input.rules ?? [], input.default ?? 'deny', compiler)
  const inspection = {
    mode: options.inspection ?? input.inspection?.mode ?? 'auto',
    open: yield* addHosts(input.inspection?.open ?? [], compiler),
    bypass: yield* addHosts(input.inspection?.bypass ?? [], compiler),
  }
  const tenants = compileTenants(input.tenants, compiler)
  const problems = sortProblems(compiler.problems)
  if (hasErrors(problems)) return { policy: null, problems }
  const policy: CompiledPolicy = {
    hash: options.made?.hash ?? hashOf(source, listTexts),
    ...compiled,
    namesUsers: compiled.namesUsers || tenants.list.some(({ who }) => who !== null && who.users.length > 0),
    groups: names.groups,
    groupNetworks: [...names.groups.values()].flatMap(({ networks }) => networks),
    inspection,
    tenants,
    catalog,
    hosts: hosts.finish(),
    repositories: compiler.repositories.index,
  }
  return { policy, problems }
}

function servicesOf({ input }: PolicySource): readonly PolicyService[] {
  return Object.entries(input.services ?? {}).map(([id, service]) => ({ id, ...service }))
}

function* compileRules(
  rules: Iterable<RuleInput>,
  byDefault: Action,
  compiler: Compiler,
): Steps<Pick<CompiledPolicy, 'rules' | 'ruleIndex' | 'asks' | 'looksIntoUploads' | 'namesUsers'>> {
  const { index, add } = buildRuleIndex(compiler.repositories.index)
  const compiled: CompiledRule[] = []
  const names = new Set<string>()
  const asks = new Set<About>()
  let looksIntoUploads = false
  for (const rule of rules) {
    const position = compiled.length
    if (position === policyRulesMax) {
      compiler.report(['rules', position], `a policy has at most ${policyRulesMax} rules`)
      break
    }
    if (names.has(rule.name))
      compiler.report(['rules', position, 'name'], `two rules are named \`${rule.name}\``, 'rename one')
    names.add(rule.name)
    const made = compileRule(rule, position, compiler)
    compiled.push(made)
    add(made.conditions)
    for (const { about } of made.conditions) {
      for (const fact of about) asks.add(fact)
      if (made.mode === 'enforce' && about.some(isContent)) looksIntoUploads = true
    }
    yield
  }
  for (const rule of compileDefault(byDefault)) {
    compiled.push(rule)
    add(rule.conditions)
  }
  return { rules: compiled, ruleIndex: index, asks, looksIntoUploads, namesUsers: asks.has('user') }
}

function isContent(about: About): boolean {
  return CONTENT_FACTS.some((fact) => fact === about)
}

function compileRule(rule: RuleInput, position: number, compiler: Compiler): CompiledRule {
  const path: Path = ['rules', position]
  for (const place of findLongLists(rule, path)) {
    const hint = 'give them a name under `lists`, `repositories` or `groups`'
    compiler.report(place, `a list in a rule has at most ${ruleItemsMax} items`, hint)
  }
  if (rule.action === 'deny' && rule.limits !== undefined) {
    compiler.report([...path, 'limits'], 'a deny rule has no limits', 'limit the rule that allows', 'error', 'key')
  }
  if (rule.action === 'allow' && rule.message !== undefined) {
    compiler.report([...path, 'message'], 'an allow rule shows no message', 'remove it', 'warning', 'key')
  }
  return {
    name: rule.name,
    position,
    action: rule.action,
    mode: rule.mode ?? 'enforce',
    message: rule.message ?? null,
    limits: compileLimits(rule.limits ?? [], [...path, 'limits'], compiler),
    conditions: compileConditions(rule, position, compiler),
  }
}

function* findLongLists(value: unknown, path: Path): Iterable<Path> {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value) && value.length > ruleItemsMax) yield path
  else for (const [key, part] of Object.entries(value)) yield* findLongLists(part, [...path, key])
}

function compileLimits(limits: readonly LimitInput[], path: Path, compiler: Compiler): readonly Limit[] {
  const budgets = limits.map((limit) => ('budget' in limit ? limit.budget : null))
  return limits.flatMap((limit, at): readonly Limit[] => {
    if ('sentBytes' in limit)
      return [{ per: 'request', size: parseSize(limit.sentBytes) ?? 0, budget: null, counts: 'sentBytes' }]
    if (!('budget' in limit)) return [{ per: 'request', size: parseSize(limit.size) ?? 0, budget: null }]
    const place = [...path, at, 'budget']
    const budget = compiler.budget(limit.budget, place)
    // Reserved twice, a budget would be half as large as it says.
    if (budget !== null && budgets.indexOf(limit.budget) < at) {
      compiler.report(place, `budget \`${limit.budget}\` stands twice`, 'keep one of them')
    }
    return budget === null ? [] : [budget]
  })
}

/** The default as the last rules. Whatever it says, something denies at the very end: not everything may be allowed by default. */
function compileDefault(action: Action): readonly CompiledRule[] {
  const deny = closing('deny', `what \`default: ${action}\` ${action === 'allow' ? 'never lets through' : 'refuses'}`)
  return action === 'allow' ? [closing('allow', 'what `default: allow` lets through'), deny] : [deny]
}

function closing(action: Action, meaning: string): CompiledRule {
  return {
    name: null,
    position: null,
    action,
    mode: 'enforce',
    message: null,
    limits: [],
    conditions: [compileOperations({ action }, meaning)],
  }
}

function hashOf(source: PolicySource, listTexts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256')
  // Each part with its length in front: two policies must not share a hash because their texts meet elsewhere.
  const add = (text: string): void => void hash.update(`${Buffer.byteLength(text)}\n`).update(text)
  add(String(source.files.length))
  for (const { text } of source.files) add(text)
  // The policy names the files, so that the order of their names is enough to tell their texts apart.
  for (const [, text] of [...listTexts].toSorted(([left], [right]) => (left < right ? -1 : 1))) add(text)
  return hash.digest('hex').slice(0, 16)
}
