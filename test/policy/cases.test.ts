/** Who, what, where, and the verdict: the tables of cases, each walked from CONNECT to where its verdict falls. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CaseSource, coverageOf, judgeCases, readCases } from '../../src/policy/case-file.ts'
import type { CaseInput } from '../../src/policy/case-schema.ts'
import { loadFile } from './load.ts'

const own = join(import.meta.dirname, 'cases')
const shipped = join(import.meta.dirname, '../../policies')

const files = [own, shipped, join(shipped, 'examples')]
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => (path.startsWith(own) ? path.endsWith('.yaml') : path.endsWith('.test.yaml')))

describe.each(files)('%s', (path) => {
  const source = strictly(readSource(path))
  const { inspection } = source.input
  const { policy, problems } = loadFile(policyOf(path, source), inspection === undefined ? {} : { inspection })
  const results = judgeCases(policy, source)

  it('has a policy without a problem', () => {
    expect(problems).toEqual([])
  })

  it.each(results.map((result) => [result.row.name, result] as const))('%s', (_, { row, mismatches }) => {
    const { expect: _expected, ...asked } = row
    expect(mismatches, JSON.stringify(asked)).toEqual([])
  })

  if (path.startsWith(shipped)) {
    it('shows every rule at work', () => {
      expect(coverageOf(policy, results).uncovered).toEqual([])
    })
  }
})

describe('the tables', () => {
  it('have their 260 rows', () => {
    const rows = files.reduce((sum, path) => sum + readSource(path).input.cases.length, 0)
    expect(rows).toBeGreaterThanOrEqual(260)
  })
})

function readSource(path: string): CaseSource {
  const { source, problems } = readCases(readFileSync(path, 'utf8'), path)
  if (source === null) throw new Error(JSON.stringify(problems, null, 2))
  return source
}

function policyOf(path: string, { input: { policy } }: CaseSource): string {
  return policy === undefined ? path.replace(/\.test\.yaml$/, '.yaml') : join(dirname(path), policy)
}

/** A row here says nothing of a rule or a code that is the usual one: it is held to it all the same. */
function strictly(source: CaseSource): CaseSource {
  return { ...source, input: { ...source.input, cases: source.input.cases.map((row) => strict(row)) } }
}

function strict(row: CaseInput): CaseInput {
  const { rule = null, code = rule === null ? 'default' : 'rule', ...rest } = row.expect
  return { ...row, expect: rest.action === 'deny' ? { rule, code, ...rest } : { rule, ...rest } }
}
