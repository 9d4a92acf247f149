/** Writes problems as a person reads them, and as `--json` carries them. */
import { printable, renderProblem } from '../text/problem-render.ts'
import { type Problem, sortProblems } from '../text/problem.ts'
import { type Channel, paint, writeLine } from './terminal.ts'

/** One problem after the other in the order of the text; `texts` holds the text of each file that a line can be shown of. */
export function writeProblems(
  channel: Channel,
  problems: readonly Problem[],
  texts: ReadonlyMap<string, string>,
): void {
  for (const problem of sortProblems(problems)) writeLine(channel, render(problem, texts, channel))
}

function render(problem: Problem, texts: ReadonlyMap<string, string>, channel: Channel): string {
  if (!isPlaceless(problem.file)) {
    return renderProblem(problem, texts.get(problem.file) ?? null, { colour: channel.colours })
  }
  const severity = paint(channel, problem.severity === 'error' ? 'red' : 'yellow', problem.severity)
  const first = `${paint(channel, 'bold', printable(problem.file))}: ${severity}: ${printable(problem.message)}`
  return problem.hint === undefined ? first : `${first}\n  ${paint(channel, 'cyan', printable(problem.hint))}`
}

/** A flag or a variable is one word on a command line: a line and column in it would tell nothing. */
function isPlaceless(file: string): boolean {
  return file.startsWith('--') || file.startsWith('WEIR_')
}
