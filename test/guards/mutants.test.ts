/** That every guard is where its change says, and its test, too: `npm run guards` takes long, and is not run for each edit. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'

const textOf = (file: string): string => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')

describe('a guard', () => {
  it.each(MUTANTS)('$guard', ({ file, find, replace, test }) => {
    expect(textOf(file).split(find)).toHaveLength(2)
    expect(replace).not.toBe(find)
    expect(textOf(test)).toContain('describe(')
  })

  it('is named once', () => {
    const names = MUTANTS.map(({ guard }) => guard)
    expect(new Set(names).size).toBe(names.length)
  })
})
