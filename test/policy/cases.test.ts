/** Who, what, where, and the verdict: the table of cases, each walked from CONNECT to where its verdict falls. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { InspectionMode } from '../../src/policy/compiled.ts'
import { loadFile, loadText } from './load.ts'
import { type Case, type Walked, walkCase } from './walk-case.ts'

interface CaseFile {
  /** A file, from the folder of the cases; or the text of a policy. */
  readonly policy: string
  readonly inspection?: InspectionMode
  readonly cases: readonly Case[]
}

const folder = join(import.meta.dirname, 'cases')
const files = readdirSync(folder).map((name) => [name, readCases(join(folder, name))] as const)

describe.each(files)('%s', (_name, { policy: named, inspection, cases }) => {
  const options = inspection === undefined ? {} : { inspection }
  const { policy, problems } = named.includes('\n')
    ? loadText(named, new Map(), options)
    : loadFile(join(folder, named), options)

  it('has a policy without a problem', () => {
    expect(problems).toEqual([])
  })

  it.each(cases.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const { expect: expected, ...asked } = row
    expect(summaryOf(walkCase(policy, row), row), JSON.stringify(asked)).toEqual({ rule: null, ...expected })
  })

  it('names no case twice', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })
})

describe('the table', () => {
  it('has its 150 rows', () => {
    expect(files.reduce((sum, [, { cases }]) => sum + cases.length, 0)).toBeGreaterThanOrEqual(150)
  })
})

/** What the row has an expectation about, as it came out; the action, the rule and the checkpoint always. */
function summaryOf({ verdict, checkpoint, opened }: Walked, { expect: expected }: Case): unknown {
  const denial = verdict.action === 'deny' ? verdict.denial : null
  const code = denial?.code ?? 'none'
  const all = {
    message: denial?.message,
    limits: verdict.action === 'allow' ? verdict.limits.map(({ size }) => size) : undefined,
    wouldDeny: verdict.wouldDeny.map(({ rule }) => rule),
    opened,
  }
  const asked = Object.entries(all).filter(([key]) => Object.hasOwn(expected, key))
  const isUnusual = denial !== null && code !== (denial.rule === null ? 'default' : 'rule')
  return {
    action: verdict.action,
    rule: verdict.action === 'allow' ? verdict.rule : verdict.denial.rule,
    checkpoint,
    ...(isUnusual ? { code } : {}),
    ...Object.fromEntries(asked),
  }
}

function readCases(path: string): CaseFile {
  return parse(readFileSync(path, 'utf8')) as CaseFile
}
