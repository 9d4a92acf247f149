import { describe, expect, it } from 'vitest'
import { type Problem, sortProblems } from '../../src/text/problem.ts'
import { printedCharactersMax, renderProblem } from '../../src/text/problem-render.ts'

const problem: Problem = {
  severity: 'error',
  message: 'bad word',
  file: 'p.yaml',
  line: 2,
  column: 4,
  endColumn: 7,
  hint: 'try another',
}
const plain = { colour: false }

describe('renderProblem', () => {
  it('shows place, message, line, caret and hint', () => {
    expect(renderProblem(problem, 'first\nan odd line\nlast', plain)).toBe(
      ['p.yaml:2:4: error: bad word', '  an odd line', '     ^^^', '  try another'].join('\n'),
    )
  })

  it.each([
    ['no text', null],
    ['a line that is not there', 'one line'],
    ['an empty line', 'one\n\nthree'],
  ])('shows no line for %s', (_, text) => {
    expect(renderProblem(problem, text, plain)).toBe('p.yaml:2:4: error: bad word\n  try another')
  })

  it('repeats tabs under the line, and drops the carriage return', () => {
    expect(renderProblem(problem, 'a\r\n\t\tx bad\r\n', plain).split('\n').slice(1, 3)).toEqual([
      '  \t\tx bad',
      '  \t\t ^^^',
    ])
  })

  it('keeps the caret within the line', () => {
    const long: Problem = { ...problem, column: 3, endColumn: 90 }
    expect(renderProblem(long, 'a\nbcde', plain).split('\n')[2]).toBe('    ^^')
    expect(renderProblem({ ...problem, column: 90 }, 'a\nbcde', plain).split('\n')[2]).toBe('      ^')
  })

  it('shows 120 characters of a long line, around the fault', () => {
    expect(showAt(120, 100)[1]).toHaveLength(122)
    expect(showAt(120, 100)[2]).toHaveLength(102)
    expect(showAt(100_000, 5_000)[1]).toHaveLength(122)
    expect(showAt(100_000, 5_000)[2]).toBe(`  ${' '.repeat(40)}^`)
  })

  it('cuts a sentence that repeats too much of the text', () => {
    const messageOf = (size: number): string => {
      return renderProblem({ ...problem, message: 'x'.repeat(size) }, null, plain)
        .split(': ')
        .slice(2)
        .join('')
    }
    expect(messageOf(printedCharactersMax).split('\n')[0]).toBe('x'.repeat(printedCharactersMax))
    expect(messageOf(printedCharactersMax + 1).split('\n')[0]).toBe(`${'x'.repeat(printedCharactersMax)}…`)
  })

  it('writes no control characters of the text', () => {
    const evil: Problem = { ...problem, message: 'unknown \u001b[2J', file: 'a\u0007', hint: 'or\u202e?' }
    const text = renderProblem(evil, 'a\n\u001b[31mred', plain)
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u)
  })

  it('colours on request alone', () => {
    const coloured = renderProblem(problem, 'a\nan odd line', { colour: true })
    expect(coloured).toContain('\u001b[31merror\u001b[0m')
    const bare = coloured.split('\u001b[').map((part, at) => (at === 0 ? part : part.slice(part.indexOf('m') + 1)))
    expect(bare.join('')).toBe(renderProblem(problem, 'a\nan odd line', plain))
    expect(renderProblem({ ...problem, severity: 'warning' }, null, { colour: true })).toContain('\u001b[33mwarning')
  })
})

describe('sortProblems', () => {
  it('goes from top to bottom, file by file', () => {
    const sorted = sortProblems([
      problemAt('b', 2, 1),
      problemAt('a', 1, 5),
      problemAt('b', 1, 9),
      problemAt('a', 1, 2),
    ])
    expect(sorted.map(({ file, line, column }) => `${file}${line}:${column}`)).toEqual(['b1:9', 'b2:1', 'a1:2', 'a1:5'])
  })
})

function showAt(length: number, column: number): readonly string[] {
  return renderProblem({ ...problem, line: 1, column, endColumn: column + 1 }, 'x'.repeat(length), plain).split('\n')
}

function problemAt(file: string, line: number, column: number): Problem {
  return { ...problem, file, line, column }
}
