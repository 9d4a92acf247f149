/**
 * `npm run guards`: takes each guard out of a copy of the source, and sees that its test fails. Exit status 1 where one does
 * not. Arguments are parts of what a guard keeps out, or of its file: only those are taken out.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Mutant } from './mutant.ts'
import { MUTANTS } from './mutants.ts'

const COPIED = ['src', 'test', 'policies', 'schema', 'docs', 'package.json', 'tsconfig.json', 'vitest.config.ts']
const RUN_TIMEOUT_MS = 180_000

const root = resolve(import.meta.dirname, '../..')
const wanted = process.argv.slice(2)
const mutants = MUTANTS.filter(
  ({ guard, file }) => wanted.length === 0 || wanted.some((part) => guard.includes(part) || file.includes(part)),
)
/** Tests that pass as long as nothing is taken out. */
const passing = new Set<string>()
const copy = mkdtempSync(join(tmpdir(), 'weir-guards-'))
let survivors = 0
try {
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const mutant of mutants) survivors += report(mutant, judge(mutant))
} finally {
  rmSync(copy, { recursive: true, force: true })
}
process.stdout.write(`${mutants.length - survivors} guards proven, ${survivors} not\n`)
process.exitCode = survivors === 0 && mutants.length > 0 ? 0 : 1

type Outcome = 'killed' | 'survived' | 'fails anyway' | 'not found'

function judge(mutant: Mutant): Outcome {
  const path = join(copy, mutant.file)
  const source = readFileSync(path, 'utf8')
  if (source.split(mutant.find).length !== 2) return 'not found'
  const key = `${mutant.test} ${mutant.named}`
  if (!passing.has(key) && !passes(mutant)) return 'fails anyway'
  passing.add(key)
  try {
    writeFileSync(
      path,
      source.replace(mutant.find, () => mutant.replace),
    )
    return passes(mutant) ? 'survived' : 'killed'
  } finally {
    writeFileSync(path, source)
  }
}

function passes({ test, named }: Mutant): boolean {
  const words = [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', test, '--reporter=json', '--outputFile=out.json']
  const run = spawnSync(process.execPath, named === '' ? words : [...words, '-t', named], {
    cwd: copy,
    timeout: RUN_TIMEOUT_MS,
    stdio: 'ignore',
  })
  const result: unknown = JSON.parse(readFileSync(join(copy, 'out.json'), 'utf8'))
  rmSync(join(copy, 'out.json'))
  const ran = typeof result === 'object' && result !== null && 'numPassedTests' in result ? result.numPassedTests : 0
  // A pattern that names no test would pass whatever is removed.
  return run.status === 0 && Number(ran) > 0
}

function report({ guard, file }: Mutant, outcome: Outcome): 0 | 1 {
  process.stdout.write(`${outcome.padEnd(12)} ${guard} (${file})\n`)
  return outcome === 'killed' ? 0 : 1
}
