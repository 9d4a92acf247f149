/** What the commits and tags of a pack say: who made them, whether history begins in it, and their messages as leaves. */
import { parseCommit, parseTag, type Person } from '../wire/pack/object-head.ts'
import type { LeafWatch } from './leaf.ts'
import { offerWhole } from './leaf-offer.ts'
import type { FactLimits } from './pack-facts.ts'

export class MessageFacts {
  commits = 0
  tags = 0
  rootCommits = 0
  malformed = 0
  readonly #watches: readonly LeafWatch[]
  readonly #limits: FactLimits
  readonly #people = new Map<string, Person>()
  #hasMore = false

  constructor(watches: readonly LeafWatch[], limits: FactLimits) {
    this.#watches = watches
    this.#limits = limits
  }

  people(): { readonly all: readonly Person[]; readonly more: boolean } {
    return { all: [...this.#people.values()], more: this.#hasMore }
  }

  read(type: 'commit' | 'tag', id: string, content: Uint8Array): void | Promise<void> {
    if (type === 'commit') this.commits++
    else this.tags++
    const head = type === 'commit' ? parseCommit(content) : parseTag(content)
    // What cannot be taken apart is looked at whole.
    if (head.state !== 'done') {
      this.malformed++
      return this.#offer(id, type, content)
    }
    const { people, message, extra } = head.value
    if ('parents' in head.value && head.value.parents.length === 0) this.rootCommits++
    for (const person of people) this.#note(person)
    const waiting = this.#offer(id, `${type} message`, message)
    if (extra.length === 0) return waiting
    const rest = extra
    return waiting === undefined
      ? this.#offer(id, `${type} header`, rest)
      : waiting.then(() => this.#offer(id, `${type} header`, rest))
  }

  #offer(id: string, step: string, content: Uint8Array): void | Promise<void> {
    if (content.length === 0) return
    const leaf = { place: { commit: id, within: [step] }, declaredType: null, size: content.length }
    return offerWhole(this.#watches, leaf, content, null)
  }

  #note(person: Person): void {
    const { peopleMax, personBytesMax } = this.#limits
    const key = `${person.name}\0${person.email}`
    if (this.#people.has(key)) return
    if (this.#people.size === peopleMax || key.length > personBytesMax) this.#hasMore = true
    else this.#people.set(key, person)
  }
}
