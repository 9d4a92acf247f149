/** One request as the policy sees it: what its head tells, then its body, and the verdicts on both. */
import { serviceWithId } from '../catalog/catalog.ts'
import type { Classification } from '../catalog/classification.ts'
import { classify } from '../catalog/classify.ts'
import type { Part, Told } from '../catalog/part.ts'
import { pathFact } from '../catalog/path.ts'
import type { Announced } from '../flow/bindings.ts'
import { known, UNSEEN } from '../flow/fact.ts'
import type { Flow } from '../flow/flow.ts'
import { contentFacts, NO_HOP, type Subject } from '../flow/subject.ts'
import { NOTHING_IN_IT } from '../flow/unlooked.ts'
import type { Verdict } from '../flow/verdict.ts'
import type { Address } from '../net/address.ts'
import { nameOf } from '../net/destination.ts'
import type { Amounts, BodyFacts } from './gate.ts'
import { contentAmong } from './upload-scan.ts'
import { clientKeyOf, decided, judge, subjectOfUpgrade, subjectsOfRequest } from './judge.ts'
import { heedMethodFields, otherReadings, partOfHead, partsInTheLightOf } from './readings.ts'
import type { Asked } from './request.ts'
import type { Runtime } from './runtime.ts'
import { resolveParts } from './landed.ts'

/** Of a request line, two spaces, `HTTP/1.1` and the end of it; of a field, `: ` and its end stand for two parts. */
const LINE_BYTES = 12
const FIELD_PART_BYTES = 2

export class RequestCase {
  readonly asked: Asked
  readonly classification: Classification
  /** How much an announced upload address is good for; null for every other request. */
  readonly announcedBytesMax: number | null
  /** What the body says that it does, once it is read. */
  told: readonly Told[] = []
  readonly #weir: Runtime
  readonly #flow: Flow
  readonly #hop: Announced | null
  readonly #head: readonly Part[]
  readonly #amounts: Amounts
  readonly #rawHeaders: readonly string[]
  #headBytes: number | null = null
  /** The last verdict on facts that are all known from the head: asked again about the same, it is the same. */
  #judged: { readonly address: Address | null; readonly verdict: Verdict } | null = null

  /** `field` answers the value of a field by its name in lower case, null where there is none. */
  constructor(
    weir: Runtime,
    flow: Flow,
    asked: Asked,
    rawHeaders: readonly string[],
    field: (name: string) => string | null,
  ) {
    this.#weir = weir
    this.#flow = flow
    this.asked = asked
    // What was announced is an address to upload to, and not another protocol there.
    this.#hop = asked.upgrade === null ? hopOf(weir, flow, asked) : null
    const stated = this.#hop === null ? null : classificationOfHop(weir, this.#hop)
    this.classification = heedMethodFields(stated ?? this.#classify(field('content-type')), asked.method, field)
    this.announcedBytesMax = stated === null ? null : (this.#hop?.bytesMax ?? null)
    this.#head = resolveParts(weir, flow, this.classification.service, [partOfHead(this.classification)])
    this.#rawHeaders = rawHeaders
    this.#amounts = this.#amountsOfHead()
    flow.service = this.classification.service?.id ?? null
    this.#note(this.#head)
  }

  /** Bytes of the request line and the fields, as the client sent them. */
  get headBytes(): number {
    this.#headBytes ??= headBytesOf(this.asked, this.#rawHeaders)
    return this.#headBytes
  }

  /** Whether it sends an object of LFS: a batch, and what has an object checked, are uploads of LFS as well, by POST. */
  get carriesLfsObject(): boolean {
    if (this.classification.operation !== 'lfs-upload') return false
    return this.#hop === null ? this.asked.method === 'PUT' : this.#hop.methods.includes('PUT')
  }

  /** What the head tells, before an address may be known. */
  subject(address: Address | null): Subject {
    const [first] = this.#subjects(address, this.#head, this.#amounts)
    if (first === undefined) throw new Error('a request has at least one part')
    return first
  }

  /**
   * The verdict on what the head alone tells. A push is not told from a probe by its head, nor a stated read from another
   * request, so only what denies every reading denies it here: a name that may not be reached at all is neither resolved nor
   * dialled.
   */
  judgeHead(checkpoint: 'request' | 'dial', address: Address | null): Verdict {
    let verdict = this.#judge(checkpoint, address, this.#head, this.#amounts)
    for (const other of otherReadings(this.classification)) {
      if (verdict.action !== 'deny') break
      const parts = resolveParts(this.#weir, this.#flow, this.classification.service, [other])
      const otherwise = this.#judge(checkpoint, address, parts, this.#amounts)
      if (otherwise.action !== 'deny') verdict = otherwise
    }
    return verdict
  }

  /** The verdict in the light of the body; `facts` is null for one that has nothing to tell but how long it is. */
  judgeBody(facts: BodyFacts | null, amounts: Amounts, address: Address | null): Verdict {
    this.#flow.refs = facts?.kind === 'push' ? facts.refs : []
    if (facts === null) {
      const wasLookedInto =
        this.asked.hasContent && Object.values(amounts.content).some(({ state }) => state !== 'unseen')
      return this.#judge(wasLookedInto ? 'body' : 'request', address, this.#head, amounts)
    }
    if (facts.kind === 'told') this.told = facts.parts
    const { service } = this.classification
    const parts = resolveParts(this.#weir, this.#flow, service, partsInTheLightOf(facts, this.classification))
    const verdict = this.#judge('body', address, parts, amounts)
    this.#note(this.#decisive(address, parts, amounts, verdict))
    return verdict
  }

  #classify(contentType: string | null): Classification {
    return classify(this.#weir.policy.catalog, { host: nameOf(this.asked.destination), ...this.asked, contentType })
  }

  #judge(
    checkpoint: 'request' | 'dial' | 'body',
    address: Address | null,
    parts: readonly Part[],
    amounts: Amounts,
  ): Verdict {
    const last = this.#judged
    const { asks } = this.#weir.policy
    const isSettled =
      parts === this.#head && !asks.has('size') && !asks.has('sentBytes') && contentAmong(asks).length === 0
    if (isSettled && last !== null && last.address === address) {
      this.#flow.verdict = last.verdict
      this.#flow.checkpoint = checkpoint
      return last.verdict
    }
    const verdict = judge(this.#weir, this.#flow, checkpoint, this.#subjects(address, parts, amounts))
    if (isSettled) this.#judged = { address, verdict }
    return verdict
  }

  /** Before the body is read: what its framing tells. Line and fields are measured only where somebody asks. */
  #amountsOfHead(): Amounts {
    const { framing, hasContent } = this.asked
    const size = hasContent ? UNSEEN : known(0)
    const content = hasContent ? contentFacts(UNSEEN) : NOTHING_IN_IT
    if (!this.#weir.policy.asks.has('sentBytes')) return { size, sentBytes: UNSEEN, content }
    const sent = this.headBytes + (framing.kind === 'length' ? framing.length : 0)
    return { size, sentBytes: framing.kind === 'chunked' ? { state: 'atLeast', value: sent } : known(sent), content }
  }

  #subjects(address: Address | null, parts: readonly Part[], amounts: Amounts): readonly Subject[] {
    const { method, target, destination, upgrade } = this.asked
    if (upgrade !== null) return [subjectOfUpgrade(this.#weir, this.#flow, this.asked, address)]
    const path = this.#weir.policy.asks.has('path') ? pathFact(target) : UNSEEN
    const hop = this.#hop === null ? NO_HOP : ({ state: 'known', service: this.#hop.service } as const)
    return subjectsOfRequest(this.#weir, this.#flow, destination, address, { method, path, hop, ...amounts }, parts)
  }

  /** Where several things are done, the one that is denied is what the record is about. */
  #decisive(address: Address | null, parts: readonly Part[], amounts: Amounts, verdict: Verdict): readonly Part[] {
    if (parts.length < 2 || verdict.action !== 'deny') return parts
    return parts.filter((part) => {
      return decided(this.#weir, this.#subjects(address, [part], amounts)).action === 'deny'
    })
  }

  #note([first]: readonly Part[]): void {
    if (this.asked.upgrade !== null) {
      this.#flow.operation = 'upgrade'
      return
    }
    this.#flow.operation = first?.operation ?? this.classification.operation
    this.#flow.repository = first?.repository.state === 'known' ? first.repository.value : null
  }
}

function hopOf({ bindings, now }: Runtime, flow: Flow, { destination, method, target }: Asked): Announced | null {
  return bindings.take(clientKeyOf(flow), destination, method, target, now())
}

/** Null where a reload took the service away that announced it. */
function classificationOfHop(
  { policy }: Runtime,
  { service: id, operation, repository }: Announced,
): Classification | null {
  const service = serviceWithId(policy.catalog, id)
  if (service === null) return null
  return { service, operation, repository, ids: [], file: null, body: 'plain', route: null, announces: null }
}

function headBytesOf({ method, target }: Asked, rawHeaders: readonly string[]): number {
  let bytes = method.length + target.length + LINE_BYTES
  for (const part of rawHeaders) bytes += part.length + FIELD_PART_BYTES
  return bytes
}
