/** The names that a policy gives to things, compiled one by one: groups, lists, sets of repositories, budgets. */
import type { Limit } from '../flow/verdict.ts'
import { type Cidr, parseCidr } from '../net/address.ts'
import { parseDuration } from '../text/duration.ts'
import { parseSize } from '../text/quantity.ts'
import type { Compiler, Group, Names } from './compiler.ts'
import { parseHostList } from './host-list.ts'
import { parseHostPattern } from './host-pattern.ts'
import type { BudgetInput, GroupInput, PolicyInput } from './schema.ts'

/** Work in steps of a millisecond or so, with a result at the end. */
export type Steps<T> = Generator<void, T>

// So many patterns are compiled in one step.
const STEP_PATTERNS = 100

/** Without `listTexts`, what is in list files is in the index already. */
export function* compileNames(
  { groups = {}, lists = {}, repositories = {}, budgets = {} }: PolicyInput,
  listTexts: ReadonlyMap<string, string> | null,
  compiler: Compiler,
): Steps<Names> {
  return {
    groups: yield* mapNames(groups, compileGroup),
    lists: yield* mapNames(lists, (name, list) => {
      if (Array.isArray(list)) return addHosts(list, compiler)
      return 'hosts' in list ? addHosts(list.hosts, compiler) : addListFile(name, list.file, listTexts, compiler)
    }),
    repositories: yield* mapNames(repositories, (name, patterns) => addRepositories(name, patterns, compiler)),
    budgets: new Map(Object.entries(budgets).map(([name, budget]) => [name, compileBudget(name, budget)])),
  }
}

export function* addHosts(texts: readonly string[], compiler: Compiler): Steps<number> {
  const { id, put } = compiler.hosts.begin()
  for (const [at, text] of texts.entries()) {
    const pattern = parseHostPattern(text)
    if (pattern !== null) put(pattern)
    if (at % STEP_PATTERNS === STEP_PATTERNS - 1) yield
  }
  return id
}

function* mapNames<T, R>(
  record: Readonly<Record<string, T>>,
  compile: (name: string, value: T) => Steps<R>,
): Steps<Map<string, R>> {
  const compiled = new Map<string, R>()
  for (const [name, value] of Object.entries(record)) {
    compiled.set(name, yield* compile(name, value))
    yield
  }
  return compiled
}

function* compileGroup(_name: string, { networks = [], users = [] }: GroupInput): Steps<Group> {
  const cidrs: Cidr[] = []
  for (const [at, text] of networks.entries()) {
    const cidr = parseCidr(text)
    if (cidr !== null) cidrs.push(cidr)
    if (at % STEP_PATTERNS === STEP_PATTERNS - 1) yield
  }
  return { networks: cidrs, users }
}

function compileBudget(budget: string, { per, window, size: payload, sentBytes }: BudgetInput): Limit {
  const size = parseSize(payload ?? sentBytes ?? 0) ?? 0
  const counts = sentBytes === undefined ? {} : ({ counts: 'sentBytes' } as const)
  if (per === 'request') return { per, size, budget, ...counts }
  return { per, windowMs: parseDuration(window ?? '') ?? 0, size, budget, ...counts }
}

function* addListFile(
  name: string,
  file: string,
  listTexts: ReadonlyMap<string, string> | null,
  compiler: Compiler,
): Steps<number> {
  const { id, put } = compiler.hosts.begin()
  const text = listTexts?.get(file)
  if (text !== undefined) compiler.problems.push(...parseHostList(text, file, put))
  else if (listTexts !== null)
    compiler.report(['lists', name, 'file'], `\`${file}\` cannot be read`, 'name a file beside the policy')
  yield
  return id
}

function* addRepositories(name: string, texts: readonly string[], compiler: Compiler): Steps<number> {
  const { id, put } = compiler.repositories.begin()
  for (const [at, text] of texts.entries()) {
    const pattern = compiler.repositoryPattern(text, ['repositories', name, at])
    if (pattern !== null) put(pattern)
    if (at % STEP_PATTERNS === STEP_PATTERNS - 1) yield
  }
  return id
}
