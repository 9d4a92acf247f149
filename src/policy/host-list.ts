/** A list file: one host pattern a line, `#` begins a comment. */
import type { Problem } from '../text/problem.ts'
import { type HostPattern, parseHostPattern, whyNotHostPattern } from './host-pattern.ts'

export const hostListBytesMax = 64 * 1024 * 1024
const PROBLEMS_MAX = 20

export function parseHostList(
  text: string,
  file: string,
): { patterns: readonly HostPattern[]; problems: readonly Problem[] } {
  const patterns: HostPattern[] = []
  const problems: Problem[] = []
  if (Buffer.byteLength(text) > hostListBytesMax) {
    const message = `the file is larger than ${hostListBytesMax / 1024 / 1024} MiB`
    return { patterns, problems: [{ severity: 'error', message, file, line: 1, column: 1 }] }
  }
  for (const [at, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    const bare = line.replace(/#.*/, '')
    const word = bare.trim()
    if (word === '') continue
    const pattern = parseHostPattern(word)
    if (pattern !== null) {
      patterns.push(pattern)
    } else if (problems.length < PROBLEMS_MAX) {
      const column = bare.indexOf(word) + 1
      const fault = whyNotHostPattern(word) ?? { message: `\`${word}\` is not a host name` }
      problems.push({ severity: 'error', file, line: at + 1, column, endColumn: column + word.length, ...fault })
    }
  }
  if (patterns.length === 0 && problems.length === 0) {
    const problem = { severity: 'error', message: 'the list is empty', file, line: 1, column: 1 } as const
    return { patterns, problems: [{ ...problem, hint: 'write one host a line' }] }
  }
  return { patterns, problems }
}
