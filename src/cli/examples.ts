/** Examples at the end of a command's help, each a line to copy and what it is for. */
import type { Command } from 'commander'

export function addExamples(command: Command, examples: readonly (readonly [line: string, purpose: string])[]): void {
  const text = examples.map(([line, purpose]) => `  $ ${line}\n      ${purpose}`).join('\n')
  command.addHelpText('after', `\nExamples:\n${text}`)
}
