/** What the commits and tags of a pack say: who made them, whether history begins in it, and their messages as leaves. */
import { parseCommit, parseTag, type Person } from '../wire/pack/object-head.ts'
import type { LeafWatch } from './leaf.ts'
import { offerWhole } from './leaf-offer.ts'
import type { FactLimits } from './pack-facts.ts'
import { after } from './turns.ts'

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
    // Names go out as well; of each person once.
    const names = people.flatMap((person) => (this.#note(person) ? `${person.name} <${person.email}>` : []))
    return after(
      after(this.#offer(id, `${type} message`, message), () => this.#offer(id, `${type} header`, extra)),
      () => this.#offer(id, `people of the ${type}`, Buffer.from(names.join('\n'))),
    )
  }

  #offer(id: string, step: string, content: Uint8Array): void | Promise<void> {
    if (content.length === 0) return
    const leaf = { place: { commit: id, within: [step] }, declaredType: null, size: content.length }
    return offerWhole(this.#watches, leaf, content, null)
  }

  /** False for one that is known already. */
  #note(person: Person): boolean {
    const { peopleMax, personBytesMax } = this.#limits
    const key = `${person.name}\0${person.email}`
    if (this.#people.has(key)) return false
    if (this.#people.size === peopleMax || key.length > personBytesMax) this.#hasMore = true
    else this.#people.set(key, person)
    return true
  }
}
