/** What the scanner hit, sorted out: of several rules at one place the best, and no more than people read. */
import { createHash } from 'node:crypto'
import type { Place, SecretFinding } from '../../flow/content.ts'
import { excerptOf } from './excerpt.ts'
import type { Rank } from './rule.ts'
import type { Hit, HitSink } from './scanner.ts'

export const FINDINGS_MAX = 100
/** Of all content of one upload, by rules that people bring: each byte that one of them looks at. */
export const SLOW_BYTES_MAX = 32 * 1024 * 1024

/** So many findings back, one at the same place is looked for. */
const NEAR_MAX = 64

/** Those of one upload. */
export class Findings {
  readonly #list: SecretFinding[] = []
  /** What stands for the credential of each, to know it again elsewhere. */
  readonly #marks: string[] = []
  #more = 0
  #slowBytes = 0
  #isCutShort = false

  /** Of one credential in a wrapping and in what it wraps, the inner one alone. */
  get all(): readonly SecretFinding[] {
    return this.#list.filter((finding, at) => !this.#list.some((other, of) => this.#isInner(other, of, finding, at)))
  }

  /** At least so many were found besides. */
  get more(): number {
    return this.#more
  }

  get isCutShort(): boolean {
    return this.#isCutShort
  }

  get isFull(): boolean {
    return this.#list.length >= FINDINGS_MAX
  }

  /** Its number, by which a better one may take its place. */
  add(finding: SecretFinding, mark: string): number {
    this.#marks.push(mark)
    return this.#list.push(finding) - 1
  }

  countOnly(): null {
    this.#more += 1
    return null
  }

  replace(number: number, finding: SecretFinding, mark: string): void {
    this.#list[number] = finding
    this.#marks[number] = mark
  }

  spend(bytes: number): boolean {
    if (this.#slowBytes + bytes > SLOW_BYTES_MAX) {
      this.#isCutShort = true
      return false
    }
    this.#slowBytes += bytes
    return true
  }

  #isInner({ rule, place }: SecretFinding, of: number, finding: SecretFinding, at: number): boolean {
    const { within, commit } = finding.place
    const isSame = rule === finding.rule && commit === place.commit && this.#marks[of] === this.#marks[at]
    return isSame && place.within.length > within.length && isAmong(within, place.within)
  }
}

/** Whether the steps stand among the others in their order: an archive may be found through its form, and at once. */
function isAmong(steps: readonly string[], others: readonly string[]): boolean {
  let at = 0
  for (const step of others) if (step === steps[at]) at += 1
  return at === steps.length
}

/** Those of one piece of content, as its scanner tells them. */
export class LeafFindings implements HitSink {
  readonly #upload: Findings
  #place: Place = { commit: null, within: [] }
  /** The last NEAR_MAX. */
  readonly #kept: Kept[] = []

  constructor(upload: Findings) {
    this.#upload = upload
  }

  begin(place: Place): void {
    this.#place = place
    this.#kept.length = 0
  }

  get isFull(): boolean {
    return this.#upload.isFull
  }

  spend(bytes: number): boolean {
    return this.#upload.spend(bytes)
  }

  add(hit: Hit): void {
    const at = this.#kept.findIndex((kept) => isSamePlace(kept, hit))
    const rival = this.#kept[at]
    if (rival === undefined) {
      this.#keep(
        hit,
        this.isFull ? this.#upload.countOnly() : this.#upload.add(this.#findingOf(hit, hit.line), markOf(hit)),
      )
      return
    }
    if (!isBetter(hit, rival)) return
    if (rival.number !== null) {
      this.#upload.replace(rival.number, this.#findingOf(hit, hit.line || rival.line), markOf(hit))
    }
    this.#kept[at] = keptOf(hit, hit.line || rival.line, rival.number)
  }

  #keep(hit: Hit, number: number | null): void {
    if (this.#kept.length === NEAR_MAX) this.#kept.shift()
    this.#kept.push(keptOf(hit, hit.line, number))
  }

  #findingOf({ rule, bytes, at, length }: Hit, line: number): SecretFinding {
    return { rule: rule.id, title: rule.title, place: this.#place, line, excerpt: excerptOf(bytes, at, length) }
  }
}

/** The credential itself is kept nowhere. */
function markOf({ bytes, at, length }: Hit): string {
  return createHash('sha256')
    .update(bytes.subarray(at, at + length))
    .digest('base64')
}

interface Kept {
  /** Null of one that is only counted. */
  readonly number: number | null
  readonly rank: Rank
  readonly line: number
  readonly start: number
  readonly end: number
  readonly innerStart: number
  readonly innerEnd: number
}

function keptOf({ start, end, innerStart, innerEnd, rule }: Hit, line: number, number: number | null): Kept {
  return { start, end, innerStart, innerEnd, line, rank: rule.rank, number }
}

/** Two findings in one run of base64 are two, where they do not overlap within it. */
function isSamePlace(kept: Kept, hit: Hit): boolean {
  if (hit.end <= kept.start || hit.start >= kept.end) return false
  const isInOneRun = kept.start === hit.start && kept.innerStart !== kept.start && hit.innerStart !== hit.start
  return !isInOneRun || (hit.innerEnd > kept.innerStart && hit.innerStart < kept.innerEnd)
}

function isBetter(hit: Hit, kept: Kept): boolean {
  if (hit.rule.rank !== kept.rank) return hit.rule.rank > kept.rank
  return hit.innerEnd - hit.innerStart > kept.innerEnd - kept.innerStart
}
