import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith } from './weir-command.ts'

const TALLY = resolve('.ci/tally.mjs')

interface Suite {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
}

const test = (status: string, fullName = 'a test') => ({ fullName, status })
const suite = (...tests: Suite['assertionResults'][number][]): Suite => ({
  name: 'a.test.ts',
  status: 'passed',
  assertionResults: tests,
})
const BROKEN: Suite = { name: 'broken.test.ts', status: 'failed', assertionResults: [] }

function tally(suites: readonly Suite[] | null, options: { success?: boolean; exit?: number; shared?: boolean } = {}) {
  const folder = join(folderWith(), 'project')
  mkdirSync(folder)
  if (options.shared === true) mkdirSync(join(folder, '..', 'shared'))
  const file = join(folder, 'result.json')
  if (suites !== null) writeFileSync(file, JSON.stringify({ success: options.success ?? true, testResults: suites }))
  const { status, stdout } = spawnSync(process.execPath, [TALLY, file, String(options.exit ?? 0)], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, last: stdout.trimEnd().split('\n').at(-1) }
}

describe('the tally of the gate', () => {
  const shared = test('skipped', 'the corpus (wants ../shared)')

  it.each<[name: string, run: () => ReturnType<typeof tally>, status: number, last: string]>([
    ['all passed', () => tally([suite(test('passed'), test('passed'))]), 0, '2 passed, 0 failed'],
    [
      'one failed',
      () => tally([suite(test('passed'), test('failed'))], { success: false, exit: 1 }),
      1,
      '1 passed, 1 failed',
    ],
    ['one skipped', () => tally([suite(test('passed'), test('skipped'))]), 1, '1 passed, 1 failed'],
    ['one put off', () => tally([suite(test('passed'), test('todo'))]), 1, '1 passed, 1 failed'],
    ['skipped for want of ../shared', () => tally([suite(test('passed'), shared)]), 0, '1 passed, 0 failed'],
    [
      'the same though it is there',
      () => tally([suite(test('passed'), shared)], { shared: true }),
      1,
      '1 passed, 1 failed',
    ],
    [
      'a file that does not load',
      () => tally([suite(test('passed')), BROKEN], { success: false, exit: 1 }),
      1,
      '1 passed, 1 failed',
    ],
    ['an error outside of tests', () => tally([suite(test('passed'))], { exit: 1 }), 1, '1 passed, 1 failed'],
    ['no success', () => tally([suite(test('passed'))], { success: false }), 1, '1 passed, 1 failed'],
    ['no tests at all', () => tally([]), 1, '0 passed, 1 failed'],
    ['no result', () => tally(null), 1, '0 passed, 1 failed'],
  ])('%s', (_, run, status, last) => {
    expect(run()).toEqual({ status, last })
  })
})
