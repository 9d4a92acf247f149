/** One look into one upload for all that is asked of it: a push is taken apart by its pack, what is wrapped is opened, and every piece is searched. */
import { isCiFile } from '../catalog/ci-files.ts'
import type { OwnSource, SecretFinding } from '../flow/content.ts'
import { known, UNSEEN } from '../flow/fact.ts'
import type { ScanForm } from '../flow/scan.ts'
import type { ContentFactName, ContentFacts } from '../flow/subject.ts'
import { NOTHING_IN_IT, unlooked } from '../flow/unlooked.ts'
import type { PackStore } from '../wire/pack/pack-store.ts'
import type { Breathe } from './breathe.ts'
import { createExamination, type Examination, type Examined } from './examination.ts'
import { FileNames } from './file-names.ts'
import type { FingerprintIndex } from './fingerprints/fingerprint-index.ts'
import { type OwnSourceWatch, watchOwnSource } from './fingerprints/own-source.ts'
import type { Leaf, LeafReader, LeafWatch } from './leaf.ts'
import type { PackFacts as PackContents } from './pack-facts.ts'
import { PackScan } from './pack-scan.ts'
import { placeInWords } from './place-words.ts'
import type { RuleSet } from './secrets/rule-set.ts'
import { createSecretScan, type SecretScan } from './secrets/secret-scan.ts'
import { inTurn } from './turns.ts'

export interface LookTools {
  readonly secrets: RuleSet
  /** Null where nothing was indexed. */
  readonly fingerprints: FingerprintIndex | null
  /** Where a pack is kept that has to be read twice. */
  readonly store: () => PackStore & { close(): void }
}

export interface Look {
  /** Takes the next bytes, which must stay as they are until the promise is kept, where there is one. */
  feed(piece: Uint8Array): void | Promise<void>
  finish(): Promise<ContentFacts>
  /** Lets go of everything, at any time. */
  close(): void
}

export interface LookRequest {
  readonly form: ScanForm
  readonly wants: readonly ContentFactName[]
}

export function createLook(request: LookRequest, tools: LookTools, breathe: Breathe): Look {
  const breath: LeafWatch = { open: () => ({ push: breathe, end: () => undefined }) }
  const search = new Search(request.wants, tools, breath)
  const { form } = request
  return form.kind === 'push' ? new PushLook(form, search, tools, breathe) : new BodyLook(form, search)
}

/** Those who read every piece. */
class Search {
  readonly names = new FileNames()
  readonly secrets: SecretScan | null
  readonly ownSource: OwnSourceWatch | null
  readonly watches: readonly LeafWatch[]
  readonly #wants: readonly ContentFactName[]

  constructor(wants: readonly ContentFactName[], { secrets, fingerprints }: LookTools, breath: LeafWatch) {
    this.#wants = wants
    this.secrets = wants.includes('secrets') ? createSecretScan(secrets) : null
    this.ownSource = wants.includes('ownSource') && fingerprints !== null ? watchOwnSource(fingerprints) : null
    const searching = [this.secrets, this.ownSource, breath].filter((watch) => watch !== null)
    this.watches = wants.includes('payload') ? [this.names, ...searching] : searching
  }

  /** Whether the pieces matter to anybody. */
  get opens(): boolean {
    return this.#wants.some((fact) => fact !== 'pack')
  }

  facts({ facts, incomplete }: Examined, pack: PackLook | null): ContentFacts {
    const reasons = [...new Set([...(pack?.incomplete ?? []), ...incomplete])]
    const translate = (finding: SecretFinding): SecretFinding =>
      pack?.contents == null ? finding : { ...finding, place: pack.contents.placeOf(finding.place) }
    return {
      payload: known({
        types: facts.types,
        files: [...(pack?.files ?? []), ...this.names.all],
        encrypted: facts.encrypted.first.map(({ what, place }) => {
          return `${what} at ${placeInWords(pack?.contents?.placeOf(place) ?? place)}`
        }),
        archives: facts.archive?.kinds ?? [],
        entropy: facts.entropy?.highest ?? 0,
        incomplete: this.names.isFull ? [...reasons, 'more files than are kept'] : reasons,
      }),
      secrets:
        this.secrets === null
          ? UNSEEN
          : known({
              findings: this.secrets.findings.map(translate),
              incomplete: this.secrets.isCutShort ? [...reasons, CUT_SHORT] : reasons,
            }),
      ownSource: this.#wants.includes('ownSource')
        ? known({
            source: sourceOf(this.ownSource, facts.innerBytes),
            incomplete: this.ownSource === null ? [NOTHING_INDEXED, ...reasons] : reasons,
          })
        : UNSEEN,
      pack: pack === null ? UNSEEN : pack.facts,
    }
  }
}

/** Of what the pieces come to without their wrappings, each of which was read as well. */
function sourceOf(watch: OwnSourceWatch | null, innerBytes: number): OwnSource {
  const { bytes = 0, repositories = [] } = watch?.found() ?? {}
  return { bytes: Math.min(bytes, innerBytes), ofBytes: innerBytes, repositories }
}

const CUT_SHORT = 'some rules for secrets would have taken too long'
const NOTHING_INDEXED = 'no source of one’s own is indexed'

class BodyLook implements Look {
  readonly #examination: Examination
  readonly #search: Search

  constructor({ contentType, file }: Extract<ScanForm, { kind: 'body' }>, search: Search) {
    this.#search = search
    if (file !== null) search.names.add(file)
    this.#examination = createExamination({ kind: 'body', contentType, size: null }, { watches: search.watches })
  }

  feed(piece: Uint8Array): void | Promise<void> {
    return this.#examination.feed(piece)
  }

  async finish(): Promise<ContentFacts> {
    return this.#search.facts(await this.#examination.finish(), null)
  }

  close(): void {
    this.#examination.close()
  }
}

class PushLook implements Look {
  readonly #texts: readonly string[]
  readonly #hasPack: boolean
  readonly #search: Search
  readonly #examination: Examination
  readonly #store: PackStore & { close(): void }
  readonly #scan: PackScan

  constructor(
    { objectFormat, texts, hasPack }: Extract<ScanForm, { kind: 'push' }>,
    search: Search,
    { store }: LookTools,
    breathe: Breathe,
  ) {
    this.#texts = texts
    this.#hasPack = hasPack
    this.#search = search
    this.#examination = createExamination({ kind: 'leafs' }, { watches: search.watches })
    this.#store = store()
    const watches = search.opens ? [{ open: (leaf: Leaf) => inSlices(this.#examination.openLeaf(leaf)) }] : []
    this.#scan = new PackScan({ objectFormat, store: this.#store, watches, breathe })
  }

  feed(piece: Uint8Array): void | Promise<void> {
    return this.#scan.fault === null ? this.#scan.push(piece) : undefined
  }

  async finish(): Promise<ContentFacts> {
    const look = this.#hasPack ? await this.#finishPack() : NO_PACK
    if (this.#search.opens) await this.#readText('refs and options', this.#texts)
    if (this.#search.secrets !== null && look.contents !== null) {
      await this.#readText('names of files', pathsOf(look.contents))
    }
    const examined = await this.#examination.finish()
    const facts = this.#search.facts(examined, look)
    this.close()
    return facts
  }

  close(): void {
    this.#scan.close()
    this.#examination.close()
    this.#store.close()
  }

  async #finishPack(): Promise<PackLook> {
    const end = await this.#scan.finish()
    return end.state === 'done' ? lookOf(end.value) : brokenPack(this.#scan.fault ?? 'it ends too early')
  }

  /** What the push says in words of its own, each a line. */
  async #readText(name: string, lines: Iterable<string>): Promise<void> {
    const place = { commit: null, within: [name] }
    const leaf = this.#examination.openLeaf({ place, declaredType: 'text/plain', size: null })
    let text = ''
    for (const line of lines) {
      text += `${line}\n`
      if (text.length < TEXT_PIECE_CHARACTERS) continue
      await leaf.push(Buffer.from(text))
      text = ''
    }
    await leaf.push(Buffer.from(text))
    await leaf.end(null)
  }
}

const TEXT_PIECE_CHARACTERS = 16 * 1024

function* pathsOf(contents: PackContents): Generator<string> {
  yield* contents.broughtPaths()
  yield* contents.namedPaths()
}

/** Of a blob that is handed on whole: nobody should wait for all of it. */
const SLICE_BYTES = 64 * 1024

function inSlices(reader: LeafReader): LeafReader {
  return {
    push: (piece) =>
      piece.length <= SLICE_BYTES ? reader.push(piece) : inTurn(slicesOf(piece), (slice) => reader.push(slice)),
    end: (objectId) => reader.end(objectId),
  }
}

function* slicesOf(piece: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES)
}

interface PackLook {
  readonly contents: PackContents | null
  readonly files: readonly string[]
  readonly incomplete: readonly string[]
  readonly facts: ContentFacts['pack']
}

const NO_PACK: PackLook = { contents: null, files: [], incomplete: [], facts: NOTHING_IN_IT.pack }

function brokenPack(fault: string): PackLook {
  const why = `the pack cannot be read: ${fault}`
  return { contents: null, files: [], incomplete: [why], facts: unlooked(why).pack }
}

function lookOf(contents: PackContents): PackLook {
  const { summary, largestBlob, rootCommits, people, incomplete } = contents
  const files = [...contents.broughtPaths()]
  const ciNamed: string[] = []
  for (const path of contents.namedPaths()) if (ciNamed.length < CI_NAMED_MAX && isCiFile(path)) ciNamed.push(path)
  const facts = known({
    objects: summary.objects,
    largestBlob: largestBlob?.bytes ?? 0,
    newRoot: rootCommits > 0,
    authors: [...new Set(people.all.map(({ email }) => email))],
    ciFiles: files.filter(isCiFile),
    ciNamed,
    incomplete: people.more ? [...incomplete, 'more authors than are kept'] : incomplete,
  })
  return { contents, files, incomplete, facts }
}

const CI_NAMED_MAX = 20
