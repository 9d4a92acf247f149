/** The forms in which `check` and `test` report to programs, and the flags that choose one. */
import { type Command, Option } from 'commander'
import { readVersion } from '../version.ts'
import { type Channel, writeLine } from '../terminal.ts'
import { toWorkflowCommands } from './github.ts'
import { toJunit } from './junit.ts'
import { toSarif } from './sarif.ts'
import type { Suite } from './suite.ts'

export interface FormatFlags {
  readonly json?: true
  readonly format?: Format
}

const FORMATS = ['text', 'sarif', 'junit', 'github'] as const
type Format = (typeof FORMATS)[number]

export function addFormatOptions(command: Command): void {
  const format = new Option('--format <FORMAT>', 'for a person, a code scanner, a test report, or GitHub Actions')
  command.addOption(new Option('--json', 'print one JSON document').conflicts('format'))
  command.addOption(format.choices(FORMATS).default('text'))
}

/** Whether a person reads along, and problems are told as they come. */
export function isForPerson({ json, format }: FormatFlags): boolean {
  return json !== true && (format ?? 'text') === 'text'
}

/** Writes the whole report for a program; `answer` is what `--json` prints. For a person it writes nothing. */
export function writeReport(out: Channel, flags: FormatFlags, suites: readonly Suite[], answer: object): void {
  const lines = flags.json === true ? [JSON.stringify(answer)] : linesOf(flags.format ?? 'text', suites)
  for (const line of lines) writeLine(out, line)
}

function linesOf(format: Format, suites: readonly Suite[]): readonly string[] {
  switch (format) {
    case 'sarif':
      return [JSON.stringify(toSarif(suites, readVersion()))]
    case 'junit':
      return [toJunit(suites)]
    case 'github':
      return toWorkflowCommands(suites)
    case 'text':
      return []
    default:
      return format satisfies never
  }
}
