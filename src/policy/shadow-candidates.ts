/** Of many rules the few that one rule could be shadowed by, so that ten thousand rules are not compared each with each. */
import type { CompiledRule } from './compiled.ts'
import type { Condition } from './conditions/condition.ts'
import { parseHostPattern } from './host-pattern.ts'
import { Positions } from './rule-index.ts'

/** A rule can only be shadowed by one whose condition of the same key has all of its items, its first one among them. */
const ANCHORS = ['to.repositories', 'to.hosts', 'to.services', 'to.category']

export class ShadowCandidates {
  readonly #unanchored: number[] = []
  readonly #byItem = new Map<string, number[]>()

  /** Rules come in order; `at` is their position. */
  add(rule: CompiledRule, at: number): void {
    const anchor = anchorsOf(rule)[0]
    if (anchor === undefined) this.#unanchored.push(at)
    for (const item of new Set(anchor?.items)) {
      const key = `${anchor?.key ?? ''} ${item}`
      const positions = this.#byItem.get(key)
      if (positions === undefined) this.#byItem.set(key, [at])
      else positions.push(at)
    }
  }

  /** The positions of all rules added that can shadow this one, and of others. */
  candidatesFor(rule: CompiledRule): Positions {
    const lists = anchorsOf(rule).flatMap((anchor) => itemsAround(anchor).map((item) => `${anchor.key} ${item}`))
    return new Positions([this.#unanchored, ...lists.flatMap((key) => [this.#byItem.get(key) ?? []])])
  }
}

function anchorsOf({ conditions }: CompiledRule): readonly Condition[] {
  const anchors = conditions.filter(({ key, items }) => ANCHORS.includes(key) && items.length > 0)
  return anchors.toSorted((left, right) => ANCHORS.indexOf(left.key) - ANCHORS.indexOf(right.key))
}

/** The first item, and what has it: `*.a.example` has b.a.example, and so has `*.example`. */
function itemsAround({ key, items }: Condition): readonly string[] {
  const [item = ''] = items
  const pattern = key === 'to.hosts' ? parseHostPattern(item) : null
  if (pattern === null) return [item]
  const labels = pattern.host.split('.')
  return [item, ...labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)]
}
