/** Scans a text and says where the findings stand, for those who know where the secrets are. */
import { compileRules } from '../../src/content/secrets/rule-set.ts'
import { OWN_RULES } from '../../src/content/secrets/rules/all.ts'
import { type Hit, Scanner } from '../../src/content/secrets/scanner.ts'

export interface Found {
  readonly rule: string
  readonly rank: number
  readonly start: number
  readonly end: number
}

const found: Found[] = []
const scanner = new Scanner(compileRules(OWN_RULES), {
  isFull: false,
  spend: () => true,
  add: ({ rule, start, end }: Hit) => found.push({ rule: rule.id, rank: rule.rank, start, end }),
})

/** Of findings at one place the best alone, as in an upload. */
export function scanned(text: Buffer): readonly Found[] {
  found.length = 0
  scanner.begin('')
  scanner.push(text)
  scanner.end()
  const kept: Found[] = []
  for (const one of found.toSorted((left, right) => right.rank - left.rank)) {
    if (!kept.some((other) => one.start < other.end && one.end > other.start)) kept.push(one)
  }
  return kept
}
