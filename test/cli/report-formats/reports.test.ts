/** Each report read back by what would read it: SARIF by its schema's rules, JUnit by an XML parser, GitHub by its unescaping. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { toWorkflowCommands } from '../../../src/cli/report-formats/github.ts'
import { toJunit } from '../../../src/cli/report-formats/junit.ts'
import { toSarif } from '../../../src/cli/report-formats/sarif.ts'
import type { Check, Remark, Suite } from '../../../src/cli/report-formats/suite.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { xpath } from './xmllint.ts'

/** Everything that one of the formats could trip over. */
const NASTY = `100% <a href="x">'&amp;]]>\u0000\u001b[31m\ufffe\ud800 \u{1f600} é,:\r\n::error::forged`

function remark(problem: Partial<Problem>, details?: readonly string[]): Remark {
  const whole: Problem = { severity: 'error', message: 'it is wrong', file: 'a.yaml', line: 3, column: 5, ...problem }
  return { kind: 'case', problem: whole, ...(details === undefined ? {} : { details }) }
}

function failing(found: Remark): Check {
  return { name: found.problem.message, file: found.problem.file, line: found.problem.line, remark: found }
}

function suite(checks: readonly Check[], notes: readonly Remark[] = []): Suite {
  return { name: 'policies/a.yaml', checks, notes }
}

const GOOD: Check = { name: 'a good one', file: 'a.test.yaml', line: 7, remark: null }

interface Sarif {
  readonly version: string
  readonly $schema: string
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } }
    readonly columnKind: string
    readonly results: readonly SarifResult[]
  }[]
}

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string }
      readonly region: { readonly startLine: number; readonly startColumn: number; readonly endColumn?: number }
    }
  }[]
}

/** Through JSON, as a reader has it. */
function sarifOf(suites: readonly Suite[]): { sarif: Sarif; results: readonly SarifResult[] } {
  const sarif = JSON.parse(JSON.stringify(toSarif(suites, '1.2.3'))) as Sarif
  return { sarif, results: sarif.runs[0]?.results ?? [] }
}

describe('SARIF 2.1.0', () => {
  it('has what the schema requires of a log, a run and a tool', () => {
    const { sarif } = sarifOf([])
    expect(sarif.version).toBe('2.1.0')
    expect(sarif.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/)
    expect(sarif.runs).toHaveLength(1)
    const [run] = sarif.runs
    expect(run?.tool.driver).toMatchObject({ name: 'weir', semanticVersion: '1.2.3' })
    expect(run?.columnKind).toBe('utf16CodeUnits')
    expect(run?.results).toEqual([])
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? []
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has a result for what fails and for what is only noted, and none for what holds', () => {
    const noted: Remark = { ...remark({ severity: 'warning', message: 'noted' }), kind: 'coverage' }
    const { results, sarif } = sarifOf([suite([GOOD, failing(remark({ endColumn: 9 }))], [noted])])
    expect(results).toEqual([
      {
        ruleId: 'case',
        ruleIndex: expect.any(Number),
        level: 'error',
        message: { text: 'it is wrong' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'a.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 5, endColumn: 9 },
            },
          },
        ],
      },
      expect.objectContaining({ ruleId: 'coverage', level: 'warning', message: { text: 'noted' } }),
    ])
    // Section 3.27.6: the index is that of the rule with the id.
    const rules = sarif.runs[0]?.tool.driver.rules ?? []
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex]?.id).toBe(ruleId)
  })

  it('has the hint and the details in the message', () => {
    const { results } = sarifOf([suite([failing(remark({ hint: 'mend it' }, ['for one reason']))])])
    expect(results[0]?.message.text).toBe('it is wrong\nmend it\nfor one reason')
  })

  it.each([
    ['a/b c#d%e.yaml', 'a/b%20c%23d%25e.yaml', '%SRCROOT%'],
    ['./a.yaml', 'a.yaml', '%SRCROOT%'],
    [resolve('a b.yaml'), pathToFileURL(resolve('a b.yaml')).href, undefined],
  ])('names the file %s by a URI', (file, uri, base) => {
    const location = sarifOf([suite([failing(remark({ file }))])]).results[0]?.locations[0]?.physicalLocation
    expect(location?.artifactLocation).toEqual(base === undefined ? { uri } : { uri, uriBaseId: base })
    expect(() => new URL(uri, 'https://base.example/')).not.toThrow()
  })
})

describe('JUnit XML', () => {
  it('is well-formed and tells what holds from what does not', () => {
    const xml = toJunit([
      suite([GOOD, failing(remark({ hint: 'mend it' }, ['for one reason']))], [remark({ message: 'noted' })]),
    ])
    expect(xpath(xml, 'string(/testsuites/@tests)')).toBe('2')
    expect(xpath(xml, 'string(/testsuites/@failures)')).toBe('1')
    expect(xpath(xml, 'string(//testsuite/@name)')).toBe('policies/a.yaml')
    expect(xpath(xml, 'count(//testcase)')).toBe('2')
    expect(xpath(xml, 'count(//testcase[@name="a good one" and @file="a.test.yaml" and @line="7"]/*)')).toBe('0')
    expect(xpath(xml, 'string(//failure/@message)')).toBe('it is wrong')
    expect(xpath(xml, 'string(//failure)')).toBe('a.yaml:3:5: it is wrong\nmend it\nfor one reason')
    expect(xpath(xml, 'string(//system-out)')).toBe('a.yaml:3:5: noted')
  })

  it('adds up over suites', () => {
    const xml = toJunit([suite([GOOD]), suite([failing(remark({})), GOOD])])
    expect(xpath(xml, 'string(/testsuites/@tests)')).toBe('3')
    expect(xpath(xml, 'string(//testsuite[2]/@failures)')).toBe('1')
  })

  it('is well-formed without a suite', () => {
    expect(xpath(toJunit([]), 'count(/testsuites/*)')).toBe('0')
  })

  it('holds any text, but what XML cannot, as it is', () => {
    const xml = toJunit([suite([failing(remark({ message: NASTY, file: NASTY }))], [remark({ message: NASTY })])])
    const kept = NASTY.toWellFormed().replaceAll(/\p{Cc}|\ufffe/gu, (found) =>
      /[\t\n\r]/.test(found) ? found : '\ufffd',
    )
    expect(xpath(xml, 'string(//failure/@message)')).toBe(kept)
    expect(xpath(xml, 'string(//testcase/@name)')).toBe(kept)
    expect(xpath(xml, 'string(//system-out)')).toBe(`a.yaml:3:5: ${kept}`)
    expect(xpath(xml, 'count(//*)')).toBe('5')
  })
})

/** As the runner reads a command: the name, properties, and the message. */
function readCommand(line: string): { name: string; properties: Record<string, string>; message: string } {
  const match = /^::(\w+) (.*?)::(.*)$/.exec(line)
  if (match === null) throw new Error(`no command: ${line}`)
  const [, name = '', written = '', message = ''] = match
  const unescapeMessage = (text: string): string =>
    text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
  const properties = written.split(',').map((property) => {
    const [key = '', value = ''] = property.split('=', 2)
    return [key, unescapeMessage(value.replaceAll('%3A', ':').replaceAll('%2C', ','))]
  })
  return { name, properties: Object.fromEntries(properties), message: unescapeMessage(message) }
}

describe('GitHub workflow commands', () => {
  it('are one line each, with the place of the annotation', () => {
    const warning = remark({ severity: 'warning', message: 'noted', hint: 'mend it' })
    const lines = toWorkflowCommands([suite([GOOD, failing(remark({ endColumn: 9 }))], [warning])])
    expect(lines).toEqual([
      '::error title=weir case,file=a.yaml,line=3,endLine=3,col=5,endColumn=9::it is wrong',
      '::warning title=weir case,file=a.yaml,line=3,col=5::noted%0Amend it',
    ])
  })

  it('are none where everything holds', () => {
    expect(toWorkflowCommands([suite([GOOD])])).toEqual([])
  })

  it('escape what would end a message, a property or a command', () => {
    const [line = ''] = toWorkflowCommands([suite([failing(remark({ message: NASTY, file: 'a:b,c%\n.yaml' }))])])
    expect(line).not.toMatch(/[\r\n]/)
    expect(line).toContain('file=a%3Ab%2Cc%25%0A.yaml,')
    const { name, properties, message } = readCommand(line)
    expect([name, properties['file'], message]).toEqual(['error', 'a:b,c%\n.yaml', NASTY])
  })
})
