/** A report as workflow commands of GitHub Actions: an annotation at each place, one line each. */
import { type Remark, remarksOf, type Suite, textOf } from './suite.ts'

export function toWorkflowCommands(suites: readonly Suite[]): readonly string[] {
  return remarksOf(suites).map(commandOf)
}

function commandOf(remark: Remark): string {
  const { file, line, column, endColumn, severity } = remark.problem
  const properties = {
    title: `weir ${remark.kind}`,
    file,
    line,
    ...(endColumn === undefined ? {} : { endLine: line }),
    col: column,
    ...(endColumn === undefined ? {} : { endColumn }),
  }
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
  return `::${severity} ${written.join(',')}::${escapeMessage(textOf(remark))}`
}

/** A line break would end the command, and what follows it could be another one. */
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
