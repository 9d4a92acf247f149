/** Problems as a person reads them in a terminal: place and message, the line itself, a caret under the fault, a way out. */
import type { Problem } from './problem.ts'

export interface RenderOptions {
  /** Write ANSI colours. The caller knows whether its output is a terminal. */
  readonly colour: boolean
}

// A policy may hold one very long line; what is shown of it fits a terminal.
const SHOWN_CHARACTERS_MAX = 120
const CONTEXT_CHARACTERS = 40
/** Of one sentence: a word that it repeats may be a whole file without a line break. */
export const printedCharactersMax = 1_000

/** `text` is the file that the problem is in; null shows no line. The answer has several lines and no final line break. */
export function renderProblem(problem: Problem, text: string | null, options: RenderOptions): string {
  const paint = options.colour ? painter : plain
  const place = `${problem.file}:${problem.line}:${problem.column}`
  const severity = paint(problem.severity === 'error' ? 'red' : 'yellow', problem.severity)
  const lines = [`${paint('bold', printable(place))}: ${severity}: ${printable(problem.message)}`]
  const excerpt = text === null ? null : excerptOf(problem, text)
  if (excerpt !== null) lines.push(`  ${excerpt.line}`, `  ${excerpt.indent}${paint('red', excerpt.caret)}`)
  if (problem.hint !== undefined) lines.push(`  ${paint('cyan', printable(problem.hint))}`)
  return lines.join('\n')
}

interface Excerpt {
  readonly line: string
  readonly indent: string
  readonly caret: string
}

function excerptOf(problem: Problem, text: string): Excerpt | null {
  const line = lineOf(text, problem.line)
  if (line === null || line.trim() === '') return null
  const from = line.length <= SHOWN_CHARACTERS_MAX ? 0 : Math.max(0, problem.column - 1 - CONTEXT_CHARACTERS)
  const shown = line.slice(from, from + SHOWN_CHARACTERS_MAX)
  const start = Math.min(problem.column - 1 - from, shown.length)
  const end = Math.min((problem.endColumn ?? problem.column + 1) - 1 - from, Math.max(shown.length, start + 1))
  return {
    line: printable(shown),
    // A tab is as wide as the terminal likes, so the indent repeats it.
    indent: shown.slice(0, start).replace(/[^\t]/g, ' '),
    caret: '^'.repeat(Math.max(1, end - start)),
  }
}

function lineOf(text: string, line: number): string | null {
  let start = 0
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start)
    if (next === -1) return null
    start = next + 1
  }
  const end = text.indexOf('\n', start)
  return text.slice(start, end === -1 ? text.length : end).replace(/\r$/, '')
}

/** The text without what a terminal would act on: a policy from elsewhere must not draw over the report about it. */
export function printable(text: string): string {
  const shown = text.length <= printedCharactersMax ? text : `${text.slice(0, printedCharactersMax)}…`
  return shown.replace(/[^\P{C}\t\u200c\u200d]/gu, '\ufffd')
}

type Style = 'red' | 'yellow' | 'cyan' | 'bold'

const CODES: Readonly<Record<Style, number>> = { bold: 1, red: 31, yellow: 33, cyan: 36 }

function painter(style: Style, text: string): string {
  return `\u001b[${CODES[style]}m${text}\u001b[0m`
}

function plain(_style: Style, text: string): string {
  return text
}
