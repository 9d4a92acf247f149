/** A report in the XML that JUnit made common: a suite for each policy, a test case for each thing that holds or does not. */
import { type Check, remarksOf, type Suite, textOf } from './suite.ts'

export function toJunit(suites: readonly Suite[]): string {
  const totals = countsOf(suites.flatMap(({ checks }) => checks))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'weir', ...totals })}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ].join('\n')
}

function suiteLines(suite: Suite): readonly string[] {
  const { name, checks, notes } = suite
  const said = remarksOf([{ name, checks: [], notes }]).map((remark) => {
    const { file, line, column } = remark.problem
    return `${file}:${line}:${column}: ${textOf(remark)}`
  })
  return [
    `  <testsuite${attributes({ name, ...countsOf(checks) })}>`,
    ...checks.flatMap(checkLines),
    ...(said.length === 0 ? [] : [`    <system-out>${escapeXml(said.join('\n'))}</system-out>`]),
    '  </testsuite>',
  ]
}

function checkLines({ name, file, line, remark }: Check): readonly string[] {
  const open = `    <testcase${attributes({ name, classname: file, file, ...(line === null ? {} : { line }) })}`
  if (remark === null) return [`${open}/>`]
  const { problem, kind } = remark
  const text = `${problem.file}:${problem.line}:${problem.column}: ${textOf(remark)}`
  return [
    `${open}>`,
    `      <failure${attributes({ message: problem.message, type: kind })}>${escapeXml(text)}</failure>`,
    '    </testcase>',
  ]
}

function countsOf(checks: readonly Check[]): { tests: number; failures: number; errors: 0; skipped: 0 } {
  const failures = checks.filter(({ remark }) => remark !== null).length
  return { tests: checks.length, failures, errors: 0, skipped: 0 }
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value)).replace(/[\t\n\r]/g, characterReference)}"`)
    .join('')
}

/** Characters that XML 1.0 cannot hold at all, not even by reference (section 2.2), become one that it can. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, characterReference)
    .replaceAll('\r', '&#13;')
}

function characterReference(character: string): string {
  return `&#${character.charCodeAt(0)};`
}
