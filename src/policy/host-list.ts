/** A list file: one host pattern a line, `#` begins a comment. */
import type { Problem } from '../text/problem.ts'
import { type HostPattern, parseHostPattern, whyNotHostPattern } from './host-pattern.ts'

export const hostListBytesMax = 64 * 1024 * 1024
const PROBLEMS_MAX = 20

/** Calls `take` with each pattern, line by line: a list of a million hosts never is a million objects at once. */
export function parseHostList(text: string, file: string, take: (pattern: HostPattern) => void): readonly Problem[] {
  const problems: Problem[] = []
  if (Buffer.byteLength(text) > hostListBytesMax) {
    const message = `the file is larger than ${hostListBytesMax / 1024 / 1024} MiB`
    return [{ severity: 'error', message, file, line: 1, column: 1 }]
  }
  let isEmpty = true
  for (const [line, bare] of linesOf(text)) {
    const word = bare.trim()
    if (word === '') continue
    isEmpty = false
    const pattern = parseHostPattern(word)
    if (pattern !== null) {
      take(pattern)
    } else if (problems.length < PROBLEMS_MAX) {
      const column = bare.indexOf(word) + 1
      const fault = whyNotHostPattern(word) ?? { message: `\`${word}\` is not a host name` }
      problems.push({ severity: 'error', file, line, column, endColumn: column + word.length, ...fault })
    }
  }
  if (!isEmpty) return problems
  return [{ severity: 'error', message: 'the list is empty', file, line: 1, column: 1, hint: 'write one host a line' }]
}

/** Each line from 1 with its text, up to a comment; a byte order mark is no text. */
function* linesOf(text: string): Iterable<readonly [line: number, text: string]> {
  let start = text.startsWith('\ufeff') ? 1 : 0
  for (let line = 1; start <= text.length; line++) {
    const end = text.indexOf('\n', start)
    const written = text.slice(start, end === -1 ? text.length : end)
    const comment = written.indexOf('#')
    yield [line, comment === -1 ? written : written.slice(0, comment)]
    if (end === -1) return
    start = end + 1
  }
}
