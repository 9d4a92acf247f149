/** What the scanner hit, sorted out: of several rules at one place the best, and no more than people read. */
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
  #more = 0
  #slowBytes = 0
  #isCutShort = false

  get all(): readonly SecretFinding[] {
    return this.#list
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
  add(finding: SecretFinding): number {
    return this.#list.push(finding) - 1
  }

  countOnly(): null {
    this.#more += 1
    return null
  }

  replace(number: number, finding: SecretFinding): void {
    this.#list[number] = finding
  }

  spend(bytes: number): boolean {
    if (this.#slowBytes + bytes > SLOW_BYTES_MAX) {
      this.#isCutShort = true
      return false
    }
    this.#slowBytes += bytes
    return true
  }
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
      this.#keep(hit, this.isFull ? this.#upload.countOnly() : this.#upload.add(this.#findingOf(hit, hit.line)))
      return
    }
    if (!isBetter(hit, rival)) return
    if (rival.number !== null) this.#upload.replace(rival.number, this.#findingOf(hit, hit.line || rival.line))
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
