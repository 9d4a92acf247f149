/** Reads rules in the format of gitleaks, and makes rules of Weir of them, with expressions of RE2 that take linear time. */
import { RE2JS, RE2JSException } from 're2js'
import { hasErrors, type Problem, sortProblems } from '../../text/problem.ts'
import { validate } from '../../text/validate.ts'
import type { Path, YamlSource } from '../../text/yaml.ts'
import { type Allowlist, type Candidate, isAllowed, type Regex } from './gitleaks-allowlist.ts'
import { type GitleaksAllowlist, GitleaksFile, type GitleaksRule } from './gitleaks-schema.ts'
import { KEYWORD_CHARACTERS_MIN } from './literals.ts'
import { entropyOf } from './randomness.ts'
import type { Stretch, SweepRule } from './rule.ts'
import { parseToml } from './toml-source.ts'

/** A match may begin so far before a keyword, and end so far behind it. */
const GITLEAKS_BEFORE_BYTES = 256
export const GITLEAKS_AFTER_BYTES = 1024
/** Behind it, where the expression names line breaks. */
const GITLEAKS_BLOCK_BYTES = 4096
const MATCHES_MAX = 200

/** Rules, or null with at least one error. */
export function parseGitleaksRules(
  text: string,
  file: string,
): { rules: readonly SweepRule[] | null; problems: readonly Problem[] } {
  const { source, problems: faults } = parseToml(text, file)
  if (source === null) return { rules: null, problems: faults }
  const { value, problems: misfits } = validate(GitleaksFile, source)
  if (value === null) return { rules: null, problems: misfits }
  const reader = new Reader(source)
  const rules = reader.read(value)
  const problems = sortProblems(reader.problems)
  return { rules: hasErrors(problems) ? null : rules, problems }
}

class Reader {
  readonly problems: Problem[] = []
  readonly #source: YamlSource

  constructor(source: YamlSource) {
    this.#source = source
  }

  read(file: GitleaksFile): readonly SweepRule[] {
    this.#readExtend(file)
    const everywhere = [
      ...(file.allowlist === undefined ? [] : [this.#allowlist(file.allowlist, ['allowlist'])]),
      ...(file.allowlists ?? []).map((list, at) => this.#allowlist(list, ['allowlists', at])),
    ]
    const seen = new Set<string>()
    const rules = (file.rules ?? []).flatMap((rule, at) => {
      if (seen.has(rule.id)) this.#say('error', `there is another rule \`${rule.id}\``, ['rules', at, 'id'])
      seen.add(rule.id)
      return this.#rule(rule, ['rules', at], everywhere) ?? []
    })
    if (rules.length === 0 && this.problems.length === 0) this.#say('error', 'there are no rules', ['rules'])
    return rules
  }

  #readExtend({ extend }: GitleaksFile): void {
    if (extend?.useDefault === true) {
      const hint = 'Weir looks with its own rules besides; remove the line, or bring the rules that you miss'
      this.#say('warning', "gitleaks' own rules are not part of Weir", ['extend', 'useDefault'], hint)
    }
    if (extend?.disabledRules !== undefined) {
      this.#say('warning', 'switches off nothing here: its rules are not part of Weir', ['extend', 'disabledRules'])
    }
    for (const key of ['path', 'url'] as const) {
      if (extend?.[key] === undefined) continue
      this.#say('error', 'rules of another place are not read', ['extend', key], 'put them into this file')
    }
  }

  #rule(rule: GitleaksRule, path: Path, everywhere: readonly Allowlist[]): SweepRule | null {
    if (rule.required !== undefined) {
      this.#say('error', 'a rule that asks for others beside it is not read', [...path, 'required'])
      return null
    }
    if (rule.regex === undefined) {
      this.#say('error', `rule \`${rule.id}\` has no \`regex\``, path, 'files are not judged by their path alone')
      return null
    }
    const keywords = this.#keywords(rule, path)
    const expression = this.#compile(rule.regex, [...path, 'regex'])
    const where = rule.path === undefined ? null : this.#compile(rule.path, [...path, 'path'])
    const own = [
      ...(rule.allowlist === undefined ? [] : [this.#allowlist(rule.allowlist, [...path, 'allowlist'])]),
      ...(rule.allowlists ?? []).map((list, at) => this.#allowlist(list, [...path, 'allowlists', at])),
    ]
    if (keywords === null || expression === null || (rule.path !== undefined && where === null)) return null
    if ((rule.secretGroup ?? 0) > expression.groupCount()) {
      this.#say('error', `the expression has no group ${rule.secretGroup}`, [...path, 'secretGroup'])
      return null
    }
    const allowlists = [...own, ...everywhere.filter(({ rules }) => rules === null || rules.has(rule.id))]
    return sweepRule(rule, expression, keywords, where, allowlists)
  }

  #keywords({ id, keywords }: GitleaksRule, path: Path): readonly string[] | null {
    if (keywords === undefined || keywords.length === 0) {
      const hint = 'add one that stands in every credential that it is to find'
      this.#say('error', `rule \`${id}\` has no keywords and would run over every byte`, path, hint)
      return null
    }
    const folded = keywords.map((word) => word.toLowerCase())
    const wrong = folded.find((word) => word.length < KEYWORD_CHARACTERS_MIN || /[^\x20-\x7e]/.test(word))
    if (wrong === undefined) return folded
    const message = `keyword \`${wrong}\` must be of ${KEYWORD_CHARACTERS_MIN} and more characters of ASCII`
    this.#say('error', message, [...path, 'keywords'])
    return null
  }

  #allowlist(list: GitleaksAllowlist, path: Path): Allowlist {
    if (list.commits !== undefined) {
      this.#say('warning', 'commits excuse nothing: any push could bring them along', [...path, 'commits'])
    }
    const compiled = (key: 'paths' | 'regexes'): readonly Regex[] =>
      (list[key] ?? []).flatMap((regex) => this.#compile(regex, [...path, key]) ?? [])
    const needsAll = /^(?:and|&&)$/i.test(list.condition ?? 'OR')
    return {
      rules: list.targetRules === undefined ? null : new Set(list.targetRules),
      needsAll,
      // What asks for a commit among all is never met.
      isNever: needsAll && list.commits !== undefined,
      paths: compiled('paths'),
      regexes: compiled('regexes'),
      target: list.regexTarget ?? 'secret',
      stopwords: (list.stopwords ?? []).map((word) => word.toLowerCase()).filter((word) => word !== ''),
    }
  }

  #compile(regex: string, path: Path): RE2JS | null {
    try {
      return RE2JS.compile(regex)
    } catch (error) {
      if (!(error instanceof RE2JSException)) throw error
      this.#say('error', error.message.replace(/^error parsing regexp/, 'the expression is not one of RE2'), path)
      return null
    }
  }

  #say(severity: Problem['severity'], message: string, path: Path, hint?: string): void {
    const problem: Problem = { severity, message, file: this.#source.file, ...this.#source.locate(path) }
    this.problems.push(hint === undefined ? problem : { ...problem, hint })
  }
}

function sweepRule(
  rule: GitleaksRule,
  expression: RE2JS,
  keywords: readonly string[],
  where: RE2JS | null,
  allowlists: readonly Allowlist[],
): SweepRule {
  const isBlock = /\\n|\\s\\S|\\S\\s|\(\?[a-zA-Z]*s|PRIVATE/.test(rule.regex ?? '')
  const after = isBlock ? GITLEAKS_BLOCK_BYTES : GITLEAKS_AFTER_BYTES
  let path = ''
  return {
    kind: 'sweep',
    id: rule.id.toLowerCase().replaceAll('_', '-'),
    title: rule.description ?? `what rule ${rule.id} finds`,
    keywords,
    before: GITLEAKS_BEFORE_BYTES,
    after,
    reach: after - GITLEAKS_BEFORE_BYTES,
    rank: 3,
    isSlow: true,
    appliesTo: (candidate) => {
      path = candidate
      return where === null || where.matcher(candidate).find()
    },
    sweep: (text) =>
      matchesOf(text, expression, rule).filter((match) => {
        const secret = text.slice(match.start, match.end)
        if (rule.entropy !== undefined && rule.entropy !== 0 && entropyOf(secret) <= rule.entropy) return false
        return !allowlists.some((list) => isAllowed(list, { ...match, text, path, secret }))
      }),
  }
}

type Match = Stretch & Pick<Candidate, 'matchStart' | 'matchEnd'>

function matchesOf(text: string, expression: RE2JS, rule: GitleaksRule): readonly Match[] {
  const matcher = expression.matcher(text)
  const found: Match[] = []
  while (found.length < MATCHES_MAX && matcher.find()) {
    const group = groupWithSecret(matcher, rule.secretGroup ?? 0)
    const start = matcher.start(group)
    const end = matcher.end(group)
    if (end > start) found.push({ start, end, matchStart: matcher.start(0), matchEnd: matcher.end(0) })
  }
  return found
}

/** Where no group is named, the first that matched something; the whole where there is none. */
function groupWithSecret(matcher: ReturnType<RE2JS['matcher']>, named: number): number {
  if (named !== 0) return named
  for (let group = 1; group <= matcher.groupCount(); group += 1) {
    if (matcher.end(group) > matcher.start(group)) return group
  }
  return 0
}
