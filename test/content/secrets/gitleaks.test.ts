/** Rules that people bring in the format of gitleaks: what they mean here, and the words about what is wrong with them. */
import { describe, expect, it } from 'vitest'
import { SLOW_BYTES_MAX } from '../../../src/content/secrets/findings.ts'
import { GITLEAKS_AFTER_BYTES, parseGitleaksRules } from '../../../src/content/secrets/gitleaks.ts'
import { GITLEAKS_RULES_MAX } from '../../../src/content/secrets/gitleaks-schema.ts'
import { compileRules } from '../../../src/content/secrets/rule-set.ts'
import { TOML_BYTES_MAX } from '../../../src/content/secrets/toml-source.ts'
import { scanOf } from './upload.ts'

const HEX = '4f9a81c27be03d56'

function problemsOf(text: string): readonly string[] {
  return parseGitleaksRules(text, 'rules.toml').problems.map(({ severity, file, line, column, message, hint }) => {
    return `${severity} ${file}:${line}:${column} ${message}${hint === undefined ? '' : ` (${hint})`}`
  })
}

function found(rules: string, content: string, path = 'src/app.ts'): readonly string[] {
  const parsed = parseGitleaksRules(rules, 'rules.toml')
  expect(parsed.problems.filter(({ severity }) => severity === 'error')).toEqual([])
  const scan = scanOf(
    [{ within: ['repository', path], content: Buffer.from(content) }],
    undefined,
    compileRules(parsed.rules ?? []),
  )
  return scan.findings.map(({ rule, line, excerpt }) => `${rule}:${line} ${excerpt}`)
}

const ACME = `
title = "rules of Acme"

[[rules]]
id = "acme-key"
description = "a key of Acme"
regex = '''\\bacme_([a-f0-9]{16})\\b'''
keywords = ["acme_"]
`

describe('a rule', () => {
  it('finds what its expression says, in the first group', () => {
    expect(found(ACME, `one\nkey: acme_${HEX} # x`)).toEqual(['acme-key:2 key: acme_**** # x'])
  })

  it('takes the group that it names', () => {
    const rules = `[[rules]]\nid = "pair"\nregex = '(acme)_(\\w{16})_(\\w+)'\nsecretGroup = 2\nkeywords = ["acme_"]`
    expect(found(rules, `acme_${HEX}_eu`)).toEqual(['pair:1 acme_****_eu'])
  })

  it('wants more entropy than it names', () => {
    const rules = `${ACME}entropy = 3.5\n`
    expect(found(rules, `acme_${'ab'.repeat(8)}`)).toEqual([])
    expect(found(rules, `acme_${HEX}`)).toHaveLength(1)
  })

  it('looks only into paths that it names', () => {
    const rules = `${ACME}path = '''\\.tf$'''\n`
    expect(found(rules, `acme_${HEX}`, 'main.ts')).toEqual([])
    expect(found(rules, `acme_${HEX}`, 'main.tf')).toHaveLength(1)
  })

  it('finds several, each once', () => {
    const lines = Array.from({ length: 60 }, (_, at) => `acme_${String(at).padStart(4, '0')}${HEX.slice(4)}\n`).join(
      '-'.repeat(80),
    )
    expect(found(ACME, lines)).toHaveLength(60)
  })

  it('folds keywords, and not its expression', () => {
    expect(found(ACME.replace('"acme_"', '"ACME_"'), `acme_${HEX}`)).toHaveLength(1)
    expect(found(ACME, `ACME_${HEX}`)).toEqual([])
  })

  it('reaches so far behind its keyword', () => {
    const rules = (space: number): string =>
      `[[rules]]\nid = "far"\nregex = 'acme( {${space}})key'\nkeywords = ["acme"]`
    const most = GITLEAKS_AFTER_BYTES - 'acmekey'.length
    expect(found(rules(900), `acme${' '.repeat(900)}key`)).toHaveLength(1)
    expect(
      found("[[rules]]\nid = 'far'\nregex = 'acme( +)key'\nkeywords = ['acme']", `acme${' '.repeat(most)}key`),
    ).toHaveLength(1)
    expect(
      found("[[rules]]\nid = 'far'\nregex = 'acme( +)key'\nkeywords = ['acme']", `acme${' '.repeat(most + 1)}key`),
    ).toEqual([])
  })
})

describe('a list of exceptions', () => {
  it.each([
    ['stopwords', `[rules.allowlist]\nstopwords = ["${HEX.slice(0, 6).toUpperCase()}"]`],
    ['an expression on the secret', `[rules.allowlist]\nregexes = ['''^4f9a''']`],
    ['an expression on the match', `[rules.allowlist]\nregexTarget = "match"\nregexes = ['''^acme_4f''']`],
    ['an expression on the line', `[rules.allowlist]\nregexTarget = "line"\nregexes = ['''sample''']`],
    ['a path', `[rules.allowlist]\npaths = ['''src/''']`],
    [
      'two lists of the rule',
      `[[rules.allowlists]]\nstopwords = ["zzz"]\n[[rules.allowlists]]\npaths = ['''\\.ts$''']`,
    ],
    ['a list for all rules', `[allowlist]\npaths = ['''src/''']`],
    ['a list for this rule among all', `[[allowlists]]\ntargetRules = ["acme-key"]\npaths = ['''src/''']`],
    ['all of its parts', `[[rules.allowlists]]\ncondition = "AND"\npaths = ['''src/''']\nstopwords = ["4f9a"]`],
  ])('excuses by %s', (_, list) => {
    expect(found(`${ACME}${list}\n`, `sample acme_${HEX}`)).toEqual([])
  })

  it.each([
    ['another path', `[rules.allowlist]\npaths = ['''^test/''']`],
    ['a list for another rule', `[[allowlists]]\ntargetRules = ["other"]\npaths = ['''src/''']`],
    ['one of the parts of AND', `[[rules.allowlists]]\ncondition = "AND"\npaths = ['''src/''']\nstopwords = ["zzz"]`],
    ['a commit', `[rules.allowlist]\ncommits = ["abc"]`],
    ['a commit and a path', `[[rules.allowlists]]\ncondition = "AND"\ncommits = ["abc"]\npaths = ['''src/''']`],
    ['nothing', '[rules.allowlist]\ndescription = "none"'],
  ])('does not excuse by %s', (_, list) => {
    expect(found(`${ACME}${list}\n`, `sample acme_${HEX}`)).toHaveLength(1)
  })
})

describe('what is wrong is said at its line', () => {
  it.each([
    ['rules = [', 'error rules.toml:1:'],
    ['title = "x"', 'error rules.toml:1:1 there are no rules'],
    [
      ACME.replace('acme_([', 'acme_(?=['),
      'error rules.toml:7:1 the expression is not one of RE2: invalid or unsupported Perl syntax: `(?=`',
    ],
    [
      ACME.replace('acme_([', '\\1acme_(['),
      'error rules.toml:7:1 the expression is not one of RE2: invalid escape sequence',
    ],
    [ACME.replace('{16}', '{1001}'), 'error rules.toml:7:1 the expression is not one of RE2: invalid repeat count'],
    [
      ACME.replace('[a-f0-9]{16}', '(?:(?:a{900}){900}){900}'),
      'error rules.toml:7:1 the expression is not one of RE2: ',
    ],
    [
      ACME.replace('["acme_"]', '[]'),
      'error rules.toml:4:1 rule `acme-key` has no keywords and would run over every byte',
    ],
    [
      ACME.replace('["acme_"]', '["ac"]'),
      'error rules.toml:8:1 keyword `ac` must be of 3 and more characters of ASCII',
    ],
    [ACME.replace('["acme_"]', '["café"]'), 'error rules.toml:8:1 keyword `café` must be of 3'],
    [`${ACME}secretGroup = 2`, 'error rules.toml:9:1 the expression has no group 2'],
    [`${ACME}entropie = 3.0`, 'error rules.toml:9:1 unknown key `entropie` (did you mean `entropy`?)'],
    [`${ACME}entropy = "3"`, 'error rules.toml:9:1 must be a number'],
    [`${ACME}${ACME.replace('title = "rules of Acme"', '')}`, 'error rules.toml:13:1 there is another rule `acme-key`'],
    [ACME.replace(/regex = .*/, 'path = "x"'), 'error rules.toml:4:1 rule `acme-key` has no `regex`'],
    [`${ACME}[[rules.required]]\nid = "x"`, 'error rules.toml:9:1 a rule that asks for others beside it is not read'],
    [
      `[extend]\npath = "other.toml"\n${ACME.replace('title = "rules of Acme"', '')}`,
      'error rules.toml:2:1 rules of another place are not read',
    ],
    [
      `[extend]\nuseDefault = true\n${ACME.replace('title = "rules of Acme"', '')}`,
      "warning rules.toml:2:1 gitleaks' own rules are not part of Weir",
    ],
    [`${ACME}[rules.allowlist]\ncommits = ["abc"]`, 'warning rules.toml:10:1 commits excuse nothing'],
    [`${ACME}[rules.allowlist]\nregexes = ['''(''']`, 'error rules.toml:10:1 the expression is not one of RE2'],
    [
      `description = """\n[[rules]]\n"""\n${ACME.replace('["acme_"]', '[]')}`,
      'error rules.toml:7:1 rule `acme-key` has no keywords',
    ],
    [`${'['.repeat(1)}a]\nb = ${'['.repeat(40)}${']'.repeat(40)}`, 'error rules.toml:'],
    ['__proto__ = 1', 'error rules.toml:'],
  ])('%#', (text, problem) => {
    const problems = problemsOf(text)
    expect(problems.join('\n')).toContain(problem)
    if (problem.startsWith('error')) expect(parseGitleaksRules(text, 'rules.toml').rules).toBeNull()
  })
})

describe('limits', () => {
  it('hold the file', () => {
    const padded = (size: number): string => `${ACME}#${' '.repeat(size - ACME.length - 1)}`
    expect(problemsOf(padded(TOML_BYTES_MAX))).toEqual([])
    expect(problemsOf(padded(TOML_BYTES_MAX + 1))).toEqual(['error rules.toml:1:1 the file is larger than 1 MiB'])
  })

  it('hold the number of rules', () => {
    const rules = (count: number): string =>
      Array.from(
        { length: count },
        (_, at) => `[[rules]]\nid = "r${at}"\nregex = "x"\nkeywords = ["word${at}"]\n`,
      ).join('')
    expect(problemsOf(rules(GITLEAKS_RULES_MAX))).toEqual([])
    expect(problemsOf(rules(GITLEAKS_RULES_MAX + 1))).toHaveLength(1)
  })

  it('hold what they look at in an upload, and tell it', () => {
    const { rules } = parseGitleaksRules("[[rules]]\nid = 'x'\nregex = 'acme=zzz'\nkeywords = ['acme']", 'rules.toml')
    const set = compileRules(rules ?? [])
    // Each keyword is looked at with 256 bytes before it and 1,024 behind, every 256 bytes.
    const content = Buffer.alloc(SLOW_BYTES_MAX / 8, `acme${' '.repeat(252)}`)
    expect(scanOf([{ within: [], content: content.subarray(0, SLOW_BYTES_MAX / 16) }], undefined, set).isCutShort).toBe(
      false,
    )
    expect(
      scanOf(
        [
          { within: [], content },
          { within: [], content },
          { within: [], content },
          { within: [], content },
        ],
        undefined,
        set,
      ).isCutShort,
    ).toBe(true)
  })
})
