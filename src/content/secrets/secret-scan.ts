/** Looks for credentials in every piece of content of one upload. */
import type { SecretFinding } from '../../flow/content.ts'
import type { Leaf, LeafReader, LeafWatch } from '../leaf.ts'
import { Findings, LeafFindings } from './findings.ts'
import type { RuleSet } from './rule-set.ts'
import { Scanner } from './scanner.ts'

export interface SecretScan extends LeafWatch {
  /** At most FINDINGS_MAX, in the order of the content. */
  readonly findings: readonly SecretFinding[]
  /** How many there are besides, at least. */
  readonly more: number
  /** Whether rules that people bring were not held against all of it, because they would have cost too much: doubt. */
  readonly isCutShort: boolean
}

/** One for each upload. `rules` are compiled once and serve all of them. */
export function createSecretScan(rules: RuleSet): SecretScan {
  return new Scan(rules)
}

class Scan implements SecretScan {
  readonly #rules: RuleSet
  readonly #findings = new Findings()
  /** Those that no leaf is using: their buffers are worth keeping. */
  readonly #idle: Desk[] = []

  constructor(rules: RuleSet) {
    this.#rules = rules
  }

  get findings(): readonly SecretFinding[] {
    return this.#findings.all
  }

  get more(): number {
    return this.#findings.more
  }

  get isCutShort(): boolean {
    return this.#findings.isCutShort
  }

  open(leaf: Leaf): LeafReader {
    const desk = this.#idle.pop() ?? this.#newDesk()
    desk.findings.begin(leaf.place)
    desk.scanner.begin(leaf.place.within.join('/'))
    return {
      push: (piece) => desk.scanner.push(piece),
      end: () => {
        desk.scanner.end()
        this.#idle.push(desk)
      },
    }
  }

  #newDesk(): Desk {
    const findings = new LeafFindings(this.#findings)
    return { findings, scanner: new Scanner(this.#rules, findings) }
  }
}

interface Desk {
  readonly findings: LeafFindings
  readonly scanner: Scanner
}
