/**
 * `npm run mutants`: changes the guard files in every small way that Stryker knows, and sees that a unit test notices. Exit
 * status 1 where a change survives that `survivors.yaml` does not explain. Arguments are parts of file names: only those are
 * looked at.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import { GUARD_FILES, type GuardFile } from './guards.ts'
import { readExplanations, type Survivor } from './survivors.ts'

type Mutants = Awaited<ReturnType<Stryker['runMutationTest']>>

const WORK = 'test-results/mutants'
/** So much of what stands in front of a change tells what it is: the call that a text is given to. */
const BEFORE_CHARACTERS = 80
const SHOWN_CHARACTERS_MAX = 100

interface Tally {
  noticed: number
  survived: number
}

const root = resolve(import.meta.dirname, '../..')
const wanted = process.argv.slice(2)
const explanations = readExplanations()
const looked = new Set<string>()
const unexplained: Survivor[] = []
const tallies = new Map<string, Tally>()

for (const guard of GUARD_FILES) {
  if (wanted.length > 0 && !wanted.some((part) => guard.file.includes(part))) continue
  looked.add(guard.file)
  judge(guard, await mutate(guard))
}
report()

function mutate({ file, tests }: GuardFile): Promise<Mutants> {
  process.env['WEIR_MUTANTS_TESTS'] = tests.join(',')
  const folder = join(WORK, file.replaceAll('/', '-'))
  return new Stryker({
    mutate: [file],
    tempDirName: join(folder, 'work'),
    jsonReporter: { fileName: join(folder, 'report.json') },
  }).runMutationTest()
}

function judge({ file }: GuardFile, mutants: Mutants): void {
  const source = readFileSync(join(root, file), 'utf8')
  const lines = source.split('\n')
  const tally = { noticed: 0, survived: 0 }
  tallies.set(file, tally)
  for (const { location, mutatorName, replacement = '', status } of mutants) {
    if (status === 'Killed' || status === 'Timeout') tally.noticed++
    if (status !== 'Survived' && status !== 'NoCoverage') continue
    tally.survived++
    const offset = (place: { line: number; column: number }): number =>
      lines.slice(0, place.line - 1).reduce((sum, each) => sum + each.length + 1, place.column - 1)
    const [start, end] = [offset(location.start), offset(location.end)]
    const survivor = {
      file,
      line: location.start.line,
      before: inOneLine(source.slice(0, start)).slice(-BEFORE_CHARACTERS),
      mutator: mutatorName,
      change: `${shown(source.slice(start, end))} => ${shown(replacement)}`,
    }
    if (!explanations.explain(survivor)) unexplained.push(survivor)
  }
}

function shown(text: string): string {
  const line = inOneLine(text).trim()
  return line.length <= SHOWN_CHARACTERS_MAX ? line : `${line.slice(0, SHOWN_CHARACTERS_MAX)}…`
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}

function report(): void {
  for (const { file, line, change } of unexplained) process.stdout.write(`${file}:${line}  ${change}\n`)
  let [noticed, survived] = [0, 0]
  for (const [file, tally] of tallies) {
    noticed += tally.noticed
    survived += tally.survived
    const score = ((100 * tally.noticed) / (tally.noticed + tally.survived)).toFixed(1)
    process.stdout.write(`${score.padStart(5)} %  ${tally.noticed} noticed, ${tally.survived} not  ${file}\n`)
  }
  const stale = explanations.stale(looked)
  for (const each of stale) process.stdout.write(`explained, and does not survive: ${each}\n`)
  process.stdout.write(
    `${noticed} changes noticed, ${survived} not, ${unexplained.length} of these unexplained, ${stale.length} explanations stale\n`,
  )
  process.exitCode = unexplained.length === 0 && stale.length === 0 && looked.size > 0 ? 0 : 1
}
