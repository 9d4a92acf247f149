/** A policy as it is written to one that decides. What cannot mean anything is an error, at its place. */
import { createHash } from 'node:crypto'
import { compileCatalog, type ServiceInstance } from '../catalog/catalog.ts'
import { parseCidr } from '../net/address.ts'
import type { Limit } from '../flow/verdict.ts'
import { parseSize } from '../text/quantity.ts'
import { hasErrors, type Problem, sortProblems } from '../text/problem.ts'
import type { Path } from '../text/yaml.ts'
import type { CompiledPolicy, CompiledRule, InspectionMode } from './compiled.ts'
import { Compiler, type Names } from './compiler.ts'
import { compileConditions } from './conditions/list.ts'
import { compileOperations } from './conditions/operations.ts'
import { buildHostIndex } from './host-index.ts'
import { parseHostList } from './host-list.ts'
import { type HostPattern, parseHostPattern } from './host-pattern.ts'
import { buildRepositoryIndex } from './repository-index.ts'
import type { LimitInput, RuleInput } from './schema-rule.ts'
import type { PolicySource } from './source.ts'
import type { Action } from './value.ts'

export interface CompileOptions {
  /** Stands over the policy's own `inspection.mode`. */
  readonly inspection?: InspectionMode
}

/** `listTexts` holds the text of every file of `listFilesOf`. With any error, `policy` is null. */
export function compilePolicy(
  source: PolicySource,
  listTexts: ReadonlyMap<string, string>,
  options: CompileOptions = {},
): { policy: CompiledPolicy | null; problems: readonly Problem[] } {
  const { input } = source
  const { catalog, problems: catalogProblems } = compileCatalog(instancesOf(source))
  const compiler = new Compiler(source, catalog, buildHostIndex(), buildRepositoryIndex())
  for (const { service, message } of catalogProblems)
    compiler.report(['services', service], message, undefined, 'error', 'key')
  compiler.define(compileNames(source, listTexts, compiler))
  const written = (input.rules ?? []).map((rule, position) => compileRule(rule, position, compiler))
  reportTwins(input.rules ?? [], compiler)
  const inspection = {
    mode: options.inspection ?? input.inspection?.mode ?? 'auto',
    open: compiler.hosts.add(patternsOf(input.inspection?.open ?? [])),
    bypass: compiler.hosts.add(patternsOf(input.inspection?.bypass ?? [])),
  }
  const problems = sortProblems(compiler.problems)
  if (hasErrors(problems)) return { policy: null, problems }
  const policy: CompiledPolicy = {
    hash: hashOf(source, listTexts),
    rules: [...written, ...compileDefault(input.default ?? 'deny')],
    inspection,
    catalog,
    hosts: compiler.hosts.index,
    repositories: compiler.repositories.index,
  }
  return { policy, problems }
}

function instancesOf({ input }: PolicySource): readonly ServiceInstance[] {
  return Object.entries(input.services ?? {}).map(([id, { kind, hosts }]) => ({ id, kind, hosts }))
}

function compileNames(source: PolicySource, listTexts: ReadonlyMap<string, string>, compiler: Compiler): Names {
  const { groups = {}, lists = {}, repositories = {}, budgets = {} } = source.input
  const compileList = (name: string, list: (typeof lists)[string]): number => {
    if (Array.isArray(list)) return compiler.hosts.add(patternsOf(list))
    if ('hosts' in list) return compiler.hosts.add(patternsOf(list.hosts))
    const text = listTexts.get(list.file)
    if (text === undefined) {
      compiler.report(['lists', name, 'file'], `\`${list.file}\` cannot be read`, 'name a file beside the policy')
      return compiler.hosts.add([])
    }
    const { patterns, problems } = parseHostList(text, list.file)
    compiler.problems.push(...problems)
    return compiler.hosts.add(patterns)
  }
  return {
    groups: mapNames(groups, (_name, { networks }) => networks.flatMap((text) => parseCidr(text) ?? [])),
    lists: mapNames(lists, compileList),
    repositories: mapNames(repositories, (name, patterns) =>
      compiler.addRepositories(patterns, (at) => ['repositories', name, at]),
    ),
    budgets: mapNames(budgets, (_name, { size }) => parseSize(size) ?? 0),
  }
}

function mapNames<T, R>(record: Readonly<Record<string, T>>, compile: (name: string, value: T) => R): Map<string, R> {
  return new Map(Object.entries(record).map(([name, value]) => [name, compile(name, value)]))
}

function compileRule(rule: RuleInput, position: number, compiler: Compiler): CompiledRule {
  const path: Path = ['rules', position]
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
    limits: (rule.limits ?? []).flatMap((limit, at) => compileLimit(limit, [...path, 'limits', at], compiler) ?? []),
    conditions: compileConditions(rule, position, compiler),
  }
}

function compileLimit(limit: LimitInput, path: Path, compiler: Compiler): Limit | null {
  if (!('budget' in limit)) return { per: 'request', size: parseSize(limit.size) ?? 0, budget: null }
  const size = compiler.budget(limit.budget, [...path, 'budget'])
  return size === null ? null : { per: 'request', size, budget: limit.budget }
}

/** The default as the last rules. Whatever it says, something denies at the very end: not everything may be allowed by default. */
function compileDefault(action: Action): readonly CompiledRule[] {
  return action === 'allow' ? [closing('allow'), closing('deny')] : [closing('deny')]
}

function closing(action: Action): CompiledRule {
  return {
    name: null,
    position: null,
    action,
    mode: 'enforce',
    message: null,
    limits: [],
    conditions: [compileOperations({ action })],
  }
}

function reportTwins(rules: readonly RuleInput[], compiler: Compiler): void {
  const seen = new Set<string>()
  for (const [position, { name }] of rules.entries()) {
    if (seen.has(name)) compiler.report(['rules', position, 'name'], `two rules are named \`${name}\``, 'rename one')
    seen.add(name)
  }
}

function patternsOf(texts: readonly string[]): readonly HostPattern[] {
  return texts.flatMap((text) => parseHostPattern(text) ?? [])
}

function hashOf(source: PolicySource, listTexts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256')
  // Each part with its length in front: two policies must not share a hash because their texts meet elsewhere.
  const add = (text: string): void => void hash.update(`${Buffer.byteLength(text)}\n`).update(text)
  add(source.text)
  // The policy names the files, so that the order of their names is enough to tell their texts apart.
  for (const [, text] of [...listTexts].toSorted(([left], [right]) => (left < right ? -1 : 1))) add(text)
  return hash.digest('hex').slice(0, 16)
}
