/** Holds the scanner against labelled texts: recall by kind, precision by rule and by kind. */
import type { LookAlike } from './look-alikes.ts'
import { readText, type Sources } from './packages.ts'
import { type Found, scanned } from './scanned.ts'

export interface LabelledText {
  readonly kind: string
  readonly text: string
  /** Each as it stands in the text, or as the text has it in base64. */
  readonly secrets: readonly string[]
}

export interface KindScore {
  readonly kind: string
  found: number
  secrets: number
  /** How often each rule found one. */
  readonly rules: Map<string, number>
}

export interface Wrong {
  readonly where: string
  readonly rule: string
}

export interface Score {
  readonly kinds: readonly KindScore[]
  readonly found: number
  readonly secrets: number
  /** Findings that no label accounts for. */
  readonly wrong: readonly Wrong[]
  /** Texts without any label. */
  readonly negatives: number
  readonly missed: readonly string[]
}

export function scoreOf(
  positives: readonly LabelledText[],
  negatives: Iterable<{ where: string; text: Buffer }>,
): Score {
  const kinds = new Map<string, KindScore>()
  const wrong: Wrong[] = []
  const missed: string[] = []
  let count = 0
  for (const labelled of positives) {
    if (labelled.secrets.length === 0) {
      count += 1
      wrong.push(...scanned(Buffer.from(labelled.text)).map(({ rule }) => ({ where: labelled.kind, rule })))
    } else {
      judge(labelled, kinds, wrong, missed)
    }
  }
  for (const { where, text } of negatives) {
    count += 1
    wrong.push(...scanned(text).map(({ rule }) => ({ where, rule })))
  }
  const scores = [...kinds.values()]
  return {
    kinds: scores,
    found: scores.reduce((sum, { found }) => sum + found, 0),
    secrets: scores.reduce((sum, { secrets }) => sum + secrets, 0),
    wrong,
    negatives: count,
    missed,
  }
}

export function recall({ found, secrets }: Pick<Score, 'found' | 'secrets'>): number {
  return found / secrets
}

export function precision({ found, wrong }: Pick<Score, 'found' | 'wrong'>): number {
  return found / (found + wrong.length)
}

/** The rules that find a kind, weighed by how often they do, and how often each of them is right in the whole set. */
export function kindPrecision(kind: KindScore, score: Score): number | null {
  let right = 0
  let all = 0
  for (const [rule, times] of kind.rules) {
    const rightOfRule = score.kinds.reduce((sum, { rules }) => sum + (rules.get(rule) ?? 0), 0)
    const wrongOfRule = score.wrong.filter((one) => one.rule === rule).length
    right += (times * rightOfRule) / (rightOfRule + wrongOfRule)
    all += times
  }
  return all === 0 ? null : right / all
}

export function* textsOf(sources: Sources, everyFile = 1): Generator<{ where: string; text: Buffer }> {
  for (const { name, files } of sources.packages) {
    for (const [at, file] of files.entries()) {
      if (at % everyFile !== 0) continue
      const text = readText(file)
      if (text !== null) yield { where: `${name}: ${file.slice(file.lastIndexOf('/') + 1)}`, text }
    }
  }
}

export function* textsOfLookAlikes(list: readonly LookAlike[]): Generator<{ where: string; text: Buffer }> {
  for (const { id, text } of list) yield { where: id, text: Buffer.from(text) }
}

function judge(labelled: LabelledText, kinds: Map<string, KindScore>, wrong: Wrong[], missed: string[]): void {
  const { kind, secrets } = labelled
  const text = Buffer.from(labelled.text)
  const findings = scanned(text)
  const score = kinds.get(kind) ?? { kind, found: 0, secrets: 0, rules: new Map<string, number>() }
  kinds.set(kind, score)
  const explained = new Set<Found>()
  for (const secret of secrets) {
    score.secrets += 1
    const hits = findings.filter((found) => placesOf(secret, text).some((place) => overlaps(found, place)))
    for (const hit of hits) explained.add(hit)
    const [best] = hits
    if (best === undefined) {
      missed.push(kind)
      continue
    }
    score.found += 1
    score.rules.set(best.rule, (score.rules.get(best.rule) ?? 0) + 1)
  }
  for (const found of findings) if (!explained.has(found)) wrong.push({ where: kind, rule: found.rule })
}

interface Place {
  readonly start: number
  readonly end: number
}

function overlaps(left: Place, right: Place): boolean {
  return left.start < right.end && left.end > right.start
}

/** Where it stands, as it is or in a run of base64. */
function placesOf(secret: string, text: Buffer): readonly Place[] {
  const places: Place[] = []
  for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1)) {
    places.push({ start: at, end: at + Buffer.byteLength(secret) })
  }
  if (places.length > 0) return places
  for (const run of text.toString('latin1').matchAll(/[A-Za-z0-9+/_-]{8,}(?:\r?\n[ \t]*[A-Za-z0-9+/_-]{4,})*={0,2}/g)) {
    if (Buffer.from(run[0], 'base64').includes(secret))
      places.push({ start: run.index, end: run.index + run[0].length })
  }
  return places
}
