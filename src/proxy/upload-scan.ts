/** The look into one upload beside its way through the gate: begun when somebody asks, and fed with what the body decodes to. */
import type { Scan, ScanForm, Scanners } from '../flow/scan.ts'
import { UNSEEN } from '../flow/fact.ts'
import { CONTENT_FACTS, type ContentFactName, type ContentFacts, contentFacts, type FactName } from '../flow/subject.ts'
import { doubted, NOTHING_IN_IT, unlooked } from '../flow/unlooked.ts'
import type { PushRequest } from '../wire/push-request.ts'
import type { About } from '../policy/conditions/condition.ts'

export interface ScanOptions {
  /** Null where nobody looks into anything. */
  readonly scanners: Scanners | null
  readonly client: string
  /** A request without a body has nothing in it. */
  readonly hasContent: boolean
  /** The facts that the policy asks for at all. */
  readonly wants: readonly ContentFactName[]
  /** Asked when the first bytes are there; of a push its head is known by then. */
  readonly form: (push: PushRequest | null) => ScanForm
}

export class UploadScan {
  /** What is known of the content: everything at once, at the end. */
  content: ContentFacts = contentFacts(UNSEEN)
  readonly #options: ScanOptions
  #scan: Scan | null = null
  #isOver = false

  constructor(options: ScanOptions) {
    this.#options = options
    if (!options.hasContent) this.#know(NOTHING_IN_IT)
    else if (options.wants.length > 0 && options.scanners === null)
      this.#know(unlooked('nothing here looks into uploads'))
  }

  /** Whether what comes has to be fed. */
  get isWanted(): boolean {
    return this.#options.wants.length > 0 && !this.#isOver
  }

  /** Resolves when more may come. An upload that goes by waits for no turn: `isPassing`. */
  async feed(pieces: readonly Uint8Array[], push: PushRequest | null, isPassing: boolean): Promise<void> {
    if (!this.isWanted || pieces.length === 0) return
    const scan = this.#begun(push)
    if (isPassing && scan?.isWaiting === true) {
      this.giveUp('the scanners are busy')
      return
    }
    for (const piece of pieces) await scan?.feed(piece)
  }

  /** The body has ended. */
  async finish(push: PushRequest | null): Promise<void> {
    if (!this.isWanted) return
    this.#know((await this.#begun(push)?.finish()) ?? unlooked('nobody looked'))
  }

  /** For a body that nobody can read. */
  giveUp(why: string): void {
    this.close()
    this.#know(unlooked(why))
  }

  /** Something beside what was looked at went unseen. */
  doubt(why: string): void {
    this.content = doubted(this.content, why)
  }

  /** Nobody asks any more. */
  close(): void {
    this.#isOver = true
    this.#scan?.close()
    this.#scan = null
  }

  #begun(push: PushRequest | null): Scan | null {
    const { scanners, client, wants, form } = this.#options
    this.#scan ??= scanners?.open({ client, wants, form: form(push) }) ?? null
    return this.#scan
  }

  #know(content: ContentFacts): void {
    this.content = content
    this.#isOver = true
    this.#scan = null
  }
}

export function contentAmong(facts: Iterable<About | FactName>): readonly ContentFactName[] {
  const asked = new Set(facts)
  return CONTENT_FACTS.filter((fact) => asked.has(fact))
}
