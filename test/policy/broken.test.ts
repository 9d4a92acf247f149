/** Broken policies, each with the exact text that a person reads about it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { renderProblem } from '../../src/text/problem-render.ts'
import { problemsOf } from './load.ts'

interface Broken {
  readonly name: string
  readonly policy?: string
  /** Instead of one policy, the files of a folder: name and text. */
  readonly files?: Readonly<Record<string, string>>
  /** All problems as `weir check` shows them. */
  readonly problems: string
}

const LISTS = new Map([
  ['bad.txt', 'good.example\n  # a comment\nhttps://x.example/ # why\n*.ok.example\na.*.example\n'],
  ['empty.txt', '# nothing\n'],
])

const cases = parse(readFileSync(join(import.meta.dirname, 'broken.yaml'), 'utf8')) as readonly Broken[]

describe('a broken policy', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { policy = '', files = {}, problems }) => {
    const folder = Object.entries(files).map(([file, text]) => ({ file, text }))
    const texts = new Map([['policy.yaml', policy], ...Object.entries(files), ...LISTS])
    const found = problemsOf(folder.length === 0 ? policy : folder, LISTS)
    const shown = found.map((problem) => {
      return renderProblem(problem, texts.get(problem.file) ?? null, { colour: false })
    })
    expect(`${shown.join('\n')}\n`).toBe(problems)
    expect(found.length).toBeGreaterThan(0)
  })

  it('is of 170 kinds', () => {
    expect(cases.length).toBeGreaterThanOrEqual(170)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })
})
