/** `npm run eval:secrets` holds the scanner against the labelled set, and writes docs/secrets.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LabelledText, precision, recall, type Score, scoreOf, textsOf, textsOfLookAlikes } from './evaluation.ts'
import { lookAlikes } from './look-alikes.ts'
import { type Sources, sources } from './packages.ts'
import { renderPage, type Speed } from './page.ts'
import { positives } from './positives.ts'
import { scanned } from './scanned.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const HOLDOUT = join(import.meta.dirname, 'holdout', 'index.ts')

const RECALL_MIN = 0.9
const PRECISION_MIN = 0.8

const real = sources()
for (const sentence of real.absent) tell(`left out: ${sentence}`)
const score = scoreOf(positives(), chained(textsOfLookAlikes(lookAlikes()), textsOf(real)))
report('own set', score)
const holdout = await readHoldout()
const heldOut = holdout === null ? null : scoreOf(holdout, [])
if (heldOut !== null) report('hold-out', heldOut)
const speeds = speedsOf(real)
for (const { what, perSecond } of speeds) tell(`${what}: ${perSecond.toFixed(0)} MB per second of processor time`)
writeFileSync(join(ROOT, 'docs', 'secrets.md'), renderPage({ score, holdout: heldOut, sources: real, speeds }))
const judged = heldOut === null ? [score] : [score, heldOut]
process.exitCode = judged.every((each) => recall(each) >= RECALL_MIN && precision(each) >= PRECISION_MIN) ? 0 : 1

function report(name: string, of: Score): void {
  tell(`${name}: recall ${recall(of).toFixed(4)} (${of.found} of ${of.secrets}), precision ${precision(of).toFixed(4)}`)
  tell(`  ${of.negatives} texts without credentials; ${of.wrong.length} wrong findings`)
  for (const [kind, times] of counted(of.missed)) tell(`  missed ${times} × ${kind}`)
  for (const [what, times] of counted(of.wrong.map(({ rule, where }) => `${rule} in ${where}`)))
    tell(`  wrong ${times} × ${what}`)
}

async function readHoldout(): Promise<readonly LabelledText[] | null> {
  if (!existsSync(HOLDOUT)) return null
  const module = (await import(pathToFileURL(HOLDOUT).href)) as { holdout(): readonly LabelledText[] }
  return module.holdout()
}

function speedsOf(from: Sources): readonly Speed[] {
  const texts = [...textsOf(from, 3)].map(({ text }) => text)
  const bundles = from.packages
    .flatMap(({ files }) => files)
    .filter((file) => /\.min\.js$|bundle.*\.js$|playwright-core.*Bundle/i.test(file))
    .map((file) => readFileSync(file))
  return [measured('source of the packages below', texts), measured('minified bundles', bundles)]
}

function measured(what: string, texts: readonly Buffer[]): Speed {
  const bytes = texts.reduce((sum, { length }) => sum + length, 0)
  const turns = Math.max(1, Math.ceil(40e6 / Math.max(1, bytes)))
  const before = process.cpuUsage()
  for (let turn = 0; turn < turns; turn += 1) for (const text of texts) scanned(text)
  const { user, system } = process.cpuUsage(before)
  return { what, megabytes: bytes / 1e6, perSecond: (bytes * turns) / (user + system) }
}

function counted(list: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const word of list) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].toSorted(([, left], [, right]) => right - left)
}

function* chained<T>(...lists: readonly Iterable<T>[]): Generator<T> {
  for (const list of lists) yield* list
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
