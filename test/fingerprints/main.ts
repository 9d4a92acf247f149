/** `npm run eval:fingerprints`: how well an index of public code knows its own, and how often it is wrong. */
import { parseArgs } from 'node:util'
import { type CodePackage, openSet } from './corpora.ts'
import {
  COMMON_WORDS_MIN,
  type Hit,
  indexCode,
  measureControl,
  measureLookUps,
  measureRecall,
  OWN_BYTES_MIN,
} from './measure.ts'
import { HELD_OUT, type Pair, REPORTED, TUNING } from './sets.ts'

const USAGE = `npm run eval:fingerprints -- [--set reported|held-out|tuning] [--files N] [--seed S]

  --set NAME  which packages: those of the report, others against the same index, or those to tune with (default: reported)
  --files N   files that are looked for again (default: 10000)
  --seed S    which ones, and how they are edited (default: 1)

The packages are kept in the folder for temporary files. Exit status: 0 all targets are met, 1 one is not, 2 wrong usage.
`

const TARGETS = { unchanged: 1, edited: 0.95, third: 0.9, wrong: 1e-4, blobBytes: 64, lookUpMicroseconds: 5 }
const SHOWN_HITS = 40

process.exitCode = main()

function main(): number {
  const { values } = parseArgs({
    options: {
      set: { type: 'string', default: 'reported' },
      files: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  const pair = { reported: REPORTED, tuning: TUNING, 'held-out': HELD_OUT }[values.set]
  const [files, seed] = [Number(values.files), Number(values.seed)]
  if (values.help || pair === undefined || !(files > 0) || !Number.isInteger(seed)) {
    process.stderr.write(USAGE)
    return values.help ? 0 : 2
  }
  return report(values.set, pair, files, seed) ? 0 : 1
}

function report(name: string, pair: Pair, files: number, seed: number): boolean {
  const sides = { index: openSet(pair.index), control: openSet(pair.control) }
  say(
    `Set ${name}, seed ${seed}. Index: ${namesOf(pair.index, sides.index)}. Control: ${namesOf(pair.control, sides.control)}.`,
  )
  const indexed = indexCode(sides.index)
  const { trivial, whole, text } = indexed.counts
  const blobBytes = indexed.bytes / (whole + text)
  say(
    `${whole + text} blobs in the index (${text} known in parts), ${trivial} count for nothing; ${megabytes(indexed.sourceBytes)}`,
  )
  say(`${megabytes(indexed.bytes)}, ${blobBytes.toFixed(1)} bytes a blob`)
  const times = measureLookUps(indexed, seed)
  say(
    `a look-up takes ${times.gramMicroseconds.toFixed(2)} µs for a gram, ${times.objectMicroseconds.toFixed(2)} µs for an id`,
  )
  say(`a scan reads ${times.megabytesPerSecond.toFixed(0)} MB/s`)
  const recall = measureRecall(indexed, files, seed)
  say(`unchanged: ${share(recall.unchanged, recall.files)}`)
  say(`of ${OWN_BYTES_MIN} bytes of their own or more:`)
  say(`  a tenth of the lines edited, renamed, indented anew: ${share(recall.edited, recall.worth)}`)
  say(`  a third pasted into JSON: ${share(recall.third, recall.worth)}`)
  const control = measureControl(indexed, sides.control)
  say(
    `control: ${control.files} files, ${megabytes(control.bytes)}: ${[...control.languages].map(([language, count]) => `${language} ${count}`).join(', ')}`,
  )
  say(
    `  ${control.copies.length} really have text of an indexed file (${COMMON_WORDS_MIN} words or more in runs of ten)`,
  )
  say(
    `  ${control.wrong.length} were taken wrongly: ${((control.wrong.length / control.files) * 10_000).toFixed(2)} of 10,000`,
  )
  for (const hit of control.wrong.slice(0, SHOWN_HITS)) say(`    ${wordsOf(hit)}`)
  const met = [
    recall.unchanged >= TARGETS.unchanged * recall.files,
    recall.edited >= TARGETS.edited * recall.worth,
    recall.third >= TARGETS.third * recall.worth,
    control.wrong.length <= TARGETS.wrong * control.files,
    blobBytes <= TARGETS.blobBytes,
    Math.max(times.gramMicroseconds, times.objectMicroseconds) <= TARGETS.lookUpMicroseconds,
  ]
  say(met.every(Boolean) ? 'All targets are met.' : `Targets met: ${met.map((is) => (is ? 'yes' : 'NO')).join(' ')}`)
  return met.every(Boolean)
}

function namesOf({ debian, npm }: Pair['index'], packages: readonly CodePackage[]): string {
  return `${debian.length} sources of Debian (${debian.join(', ')}), ${packages.length - debian.length} packages of npm (${npm.join(', ')} and what they need)`
}

function wordsOf({ file, indexed, commonWords }: Hit): string {
  return `${commonWords} words: ${tail(file)} has them of ${tail(indexed)}`
}

function tail(file: string): string {
  return file.split('/').slice(-5).join('/')
}

function share(part: number, all: number): string {
  return `${part} of ${all} (${((100 * part) / all).toFixed(2)} %)`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
