/** The lines of a fetch request, one by one, in each of the forms that they have. */

import type { FetchBudget } from './fetch-budget.ts'
import { bad, done, MORE, type Parse } from './parse.ts'

/** Done where the request ends; `size` is where the line does. */
export interface FetchLines {
  /** Whether the body may end behind the last line, though it need not. */
  readonly mayEnd: boolean
  accept(line: string, size: number): Parse<null>
  /** A packet without a payload. */
  mark(kind: 'flush' | 'delim', size: number): Parse<null>
}

/** Holds the value of a line to what it may be: answers what is wrong, or null. */
type Rule = (budget: FetchBudget, value: string) => string | null

const id: Rule = (budget, value) => budget.id(value)
const refPrefix: Rule = (budget, value) => budget.refPrefix(value)
const refName: Rule = (budget, value) => budget.refName(value)
const text: Rule = (budget, value) => budget.text(value)

/** A line that stands once; without a rule it has no value. */
function once(name: string, rule?: Rule): Rule {
  return (budget, value) => budget.once(name) ?? (rule === undefined ? null : rule(budget, value))
}

const word: Rule = (budget, value) => budget.word(value)
const number: Rule = (budget, value) => budget.number(value)

/** Lines that cut the history off, in all versions. */
const DEPTH: Readonly<Record<string, Rule>> = {
  'shallow ': id,
  'deepen ': once('deepen', number),
  'deepen-since ': once('deepen-since', number),
  'deepen-not ': refPrefix,
  'filter ': once('filter', word),
}

const FLAGS = [
  'thin-pack',
  'no-progress',
  'include-tag',
  'ofs-delta',
  'deepen-relative',
  'sideband-all',
  'wait-for-done',
]

/** What each command of version 2 takes (gitprotocol-v2). A name that ends in a space has a value behind it. */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  'ls-refs': { ...flags('peel', 'symrefs', 'unborn'), 'ref-prefix ': refPrefix },
  fetch: {
    ...DEPTH,
    ...flags('done', ...FLAGS),
    'want ': id,
    'have ': id,
    'want-ref ': refName,
    'packfile-uris ': once('packfile-uris', word),
  },
  'object-info': { ...flags('size'), 'oid ': id },
  'bundle-uri': {},
}

const CAPABILITIES: Readonly<Record<string, Rule>> = {
  'agent=': once('agent', word),
  'object-format=': once('object-format', (budget, value) => budget.objectFormat(value)),
  'session-id=': once('session-id', word),
  'promisor-remote=': once('promisor-remote', word),
  'server-option=': text,
}

/** Versions 0 and 1: wants, flush, haves, and `done` or a flush (gitprotocol-pack, "Packfile Negotiation"). */
export class FetchLinesV0 implements FetchLines {
  mayEnd = false
  readonly #budget: FetchBudget
  #stage: 'first' | 'wants' | 'haves' = 'first'

  constructor(budget: FetchBudget) {
    this.#budget = budget
  }

  accept(line: string, size: number): Parse<null> {
    this.mayEnd = false
    if (this.#stage === 'wants') return apply(WANTS, this.#budget, line)
    if (this.#stage === 'haves') return line === 'done' ? done(null, size) : apply(HAVES, this.#budget, line)
    this.#stage = 'wants'
    return resume(this.#firstWant(line))
  }

  mark(kind: 'flush' | 'delim', size: number): Parse<null> {
    if (kind === 'delim') return bad('a delimiter in a fetch request of version 0')
    if (this.#stage === 'haves') return done(null, size)
    this.#stage = 'haves'
    // Who wants to know first where a shallow history would be cut off stops here, and asks again.
    this.mayEnd = true
    return MORE
  }

  #firstWant(line: string): string | null {
    const [want = '', object = '', ...capabilities] = line.split(' ')
    if (want !== 'want') return 'a fetch request that begins with no want'
    const announced = capabilities.find((capability) => capability.startsWith('object-format='))
    const format = announced === undefined ? null : this.#budget.objectFormat(announced.slice('object-format='.length))
    return format ?? this.#budget.id(object) ?? this.#words(capabilities)
  }

  // Their names are not checked: what a later git says is as good as any agent's name, and is counted like it.
  #words(words: readonly string[]): string | null {
    for (const one of words) {
      const fault = one === '' ? this.#budget.text(' ') : this.#budget.word(one)
      if (fault !== null) return fault
    }
    return null
  }
}

/** Version 2: a command, capabilities, a delimiter, arguments, flush (gitprotocol-v2, "Command Request"). */
export class FetchLinesV2 implements FetchLines {
  readonly mayEnd = false
  readonly #budget: FetchBudget
  #rules: Readonly<Record<string, Rule>> | null = null
  #stage: 'command' | 'capabilities' | 'arguments' = 'command'

  constructor(budget: FetchBudget) {
    this.#budget = budget
  }

  accept(line: string): Parse<null> {
    if (this.#stage === 'capabilities') return apply(CAPABILITIES, this.#budget, line)
    if (this.#stage === 'arguments') return apply(this.#rules ?? {}, this.#budget, line)
    const command = line.slice('command='.length)
    if (!Object.hasOwn(ARGUMENTS, command)) return bad('an unknown command in a fetch request')
    this.#rules = ARGUMENTS[command] ?? null
    this.#stage = 'capabilities'
    return MORE
  }

  mark(kind: 'flush' | 'delim', size: number): Parse<null> {
    if (kind === 'flush') return done(null, size)
    if (this.#stage === 'arguments') return bad('a second delimiter in a fetch request')
    this.#stage = 'arguments'
    return MORE
  }
}

/** What `git archive --remote` asks with: its arguments, and flush (git-upload-archive). */
export class ArchiveLines implements FetchLines {
  readonly mayEnd = false
  readonly #budget: FetchBudget

  constructor(budget: FetchBudget) {
    this.#budget = budget
  }

  accept(line: string): Parse<null> {
    return apply(ARCHIVE, this.#budget, line)
  }

  mark(kind: 'flush' | 'delim', size: number): Parse<null> {
    return kind === 'flush' ? done(null, size) : bad('a delimiter in a request for an archive')
  }
}

const WANTS: Readonly<Record<string, Rule>> = { ...DEPTH, 'want ': id }
const HAVES: Readonly<Record<string, Rule>> = { 'have ': id }
const ARCHIVE: Readonly<Record<string, Rule>> = { 'argument ': text }

function flags(...names: readonly string[]): Record<string, Rule> {
  return Object.fromEntries(names.map((name) => [name, once(name)]))
}

/** Holds a line to the rule of its name: all of the line, or what stands up to and with the first space or `=`. */
function apply(rules: Readonly<Record<string, Rule>>, budget: FetchBudget, line: string): Parse<null> {
  const end = line.search(/[ =]/) + 1
  const name = end === 0 ? line : line.slice(0, end)
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
  return resume(rule === undefined ? 'an unknown line in a fetch request' : rule(budget, line.slice(name.length)))
}

function resume(fault: string | null): Parse<null> {
  return fault === null ? MORE : bad(fault)
}
