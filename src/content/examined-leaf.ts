/** One piece of content on its way through: the watches read it, it is measured, and where it wraps others it is opened. */
import { type Choice, choose, headBytes } from './choice.ts'
import type { Examiner } from './examiner.ts'
import { entropyBytesMin } from './facts.ts'
import type { Leaf, LeafReader } from './leaf.ts'
import type { LeafContext } from './leaf-context.ts'
import { MarkScan, markedTextBytesMin, type MarkedKind } from './marks.ts'
import { LeafNest } from './nest.ts'
import { isRarEncrypted } from './rar-encryption.ts'
import { ByteCounts, textBytesPerControl, Utf8Check } from './text-check.ts'
import { typedBytesMin, typeOfBytes, typeOfText } from './true-type.ts'
import { after, inTurn } from './turns.ts'
import { type Opening, type Way, WrappingFault } from './wrapping.ts'
import { ZipSearch } from './zip-search.ts'

type Wait = void | Promise<void>

interface Opened {
  readonly nest: LeafNest
  readonly opening: Opening
}

export class ExaminedLeaf implements LeafReader {
  readonly #context: LeafContext
  readonly #examiner: Examiner
  readonly #closed: () => void
  #bytes = 0
  #head: Uint8Array = new Uint8Array()
  #choice: Choice | null = null
  #readers: readonly LeafReader[] = []
  #openings: Opened[] = []
  readonly #nests: LeafNest[] = []
  #utf8: Utf8Check | null = null
  #counts: ByteCounts | null = null
  #marks: MarkScan | null = null
  #zip: ZipSearch | null = null

  /** `closed` is called when it needs nothing any more. */
  constructor(examiner: Examiner, context: LeafContext, closed: () => void) {
    this.#examiner = examiner
    this.#context = context
    this.#closed = closed
  }

  push(piece: Uint8Array): Wait {
    this.#bytes += piece.length
    if (this.#choice !== null) return this.#stream(piece)
    const room = headBytes - this.#head.length
    this.#head = Buffer.concat([this.#head, piece.subarray(0, room)])
    if (piece.length < room) return
    return after(this.#begin(false), () => (piece.length > room ? this.#stream(piece.subarray(room)) : undefined))
  }

  end(objectId: string | null): Wait {
    const isWhole = this.#choice === null
    return after(isWhole ? this.#begin(true) : undefined, () => this.#finish(objectId, isWhole))
  }

  close(): void {
    for (const { opening } of this.#openings) opening.close()
    this.#openings = []
    this.#closed()
  }

  /** Pieces that are small and text wait for nothing. */
  #begin(isWhole: boolean): Wait {
    const { contentType, place, size, fileName } = this.#context
    const choice = choose(this.#head, isWhole, contentType, mayBeGraphql(this.#context))
    this.#choice = choice
    if (!choice.hidesText) {
      const declaredType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? null
      const leaf: Leaf = { place, declaredType, size, fileName }
      this.#readers = this.#examiner.watches.flatMap((watch) => watch.open(leaf) ?? [])
    }
    if (choice.fault !== null) this.#examiner.tell(place, choice.fault)
    this.#tellSignature(choice)
    for (const way of choice.ways) this.#open(way)
    if (!isWhole || this.#bytes >= entropyBytesMin) this.#counts = new ByteCounts()
    if (!isWhole && choice.signature?.opens == null) this.#utf8 = new Utf8Check()
    this.#marks = marksOf(choice, this.#head, isWhole)
    // The mark of a zip is no text.
    const mayHoldZip = !isWhole || !choice.isText
    if (mayHoldZip && choice.ways.every(({ archive }) => archive === null)) this.#zip = new ZipSearch()
    return this.#stream(this.#head)
  }

  #stream(piece: Uint8Array): Wait {
    this.#counts?.push(piece)
    this.#utf8?.push(piece)
    this.#marks?.push(piece)
    const wait = after(
      inTurn(this.#readers, (reader) => reader.push(piece)),
      () => inTurn(this.#openings, (opened) => this.#feed(opened, (opening) => opening.push(piece))),
    )
    return this.#zip === null ? wait : after(wait, () => this.#search(piece))
  }

  /** A zip that begins here or began before is opened from there on. */
  #search(piece: Uint8Array): Wait {
    const embedded = this.#zip?.find(piece) ?? null
    if (embedded === null) return
    this.#zip = null
    const opened = this.#open(embedded.way)
    if (opened !== null) return this.#feed(opened, (opening) => opening.push(embedded.bytes))
  }

  #feed(opened: Opened, act: (opening: Opening) => Wait): Wait {
    if (!this.#openings.includes(opened)) return
    const fail = (error: unknown): Wait => {
      this.#openings = this.#openings.filter((other) => other !== opened)
      opened.opening.close()
      if (!(error instanceof WrappingFault)) throw error
      opened.nest.tell(error.message)
      return opened.nest.abandon()
    }
    try {
      return act(opened.opening)?.catch(fail)
    } catch (error) {
      return fail(error)
    }
  }

  #open(way: Way): Opened | null {
    const nest = new LeafNest(this.#examiner, this.#context, way, () => this.#bytes)
    this.#nests.push(nest)
    try {
      nest.begin()
      const opened = { nest, opening: way.open(nest) }
      this.#openings.push(opened)
      return opened
    } catch (error) {
      if (!(error instanceof WrappingFault)) throw error
      nest.tell(error.message)
      nest.refuse()
      return null
    }
  }

  #tellSignature({ signature }: Choice): void {
    if (signature === null) return
    const { place, archiveDepth } = this.#context
    if (signature.encrypted !== null) this.#examiner.tellEncrypted(place, signature.encrypted)
    if (signature.archive === null) return
    this.#examiner.facts.addArchive(signature.archive, archiveDepth + 1)
    this.#examiner.tellUnopened(place, signature.archive, 'it is of a kind that Weir does not open')
    if (signature.archive === 'rar' && isRarEncrypted(this.#head))
      this.#examiner.tellEncrypted(place, 'an encrypted RAR')
  }

  #finish(objectId: string | null, isWhole: boolean): Wait {
    const wait = after(
      inTurn(this.#readers, (reader) => reader.end(objectId)),
      () => inTurn(this.#openings, (opened) => this.#feed(opened, (opening) => opening.end())),
    )
    return after(wait, () => {
      this.close()
      const found = this.#marks?.found ?? null
      if (found !== null) this.#examiner.tellEncrypted(this.#context.place, found)
      return this.#measure(isWhole)
    })
  }

  #measure(isWhole: boolean): Wait {
    const isText = isWhole ? this.#choice?.isText === true : this.#isLongText()
    const signature = this.#choice?.signature ?? null
    const known = this.#innerType ?? signature?.mediaType ?? (isText ? typeOfText(this.#head) : null)
    if (known !== null || this.#head.length < typedBytesMin) {
      this.#add(known, isText)
      return
    }
    return typeOfBytes(this.#head).then((type) => this.#add(type, isText))
  }

  #isLongText(): boolean {
    const controls = this.#counts?.controls ?? 0
    return this.#utf8?.end() === true && controls * textBytesPerControl <= this.#bytes
  }

  /** What kind of file it is, by what is in it. */
  get #innerType(): string | null {
    for (const nest of this.#nests) if (nest.innerType !== null) return nest.innerType
    return null
  }

  #add(type: string | null, isText: boolean): void {
    const { place, contentType, fileName, isGuess } = this.#context
    const isOpened = this.#nests.some((nest) => nest.holdsAll)
    this.#examiner.facts.addPiece({
      place,
      declaredType: contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? null,
      fileName,
      type,
      isText,
      bytes: this.#bytes,
      entropy: isOpened || this.#bytes < entropyBytesMin ? null : (this.#counts?.entropy ?? null),
      isOpened,
      isGuess,
    })
  }
}

function marksOf({ signature, isText }: Choice, head: Uint8Array, isWhole: boolean): MarkScan | null {
  if (isText && signature === null) return isWhole && head.length < markedTextBytesMin ? null : new MarkScan('text')
  const kind = MARKED.get(signature?.mediaType ?? '')
  if (kind !== '7z') return kind === undefined ? null : new MarkScan(kind)
  // Where its last header begins, behind 32 bytes (7zFormat.txt).
  const view = Buffer.from(head.buffer, head.byteOffset, head.length)
  return new MarkScan('7z', view.length < 32 ? 0 : 32 + Number(view.readBigUInt64LE(12)))
}

/** The field in which GraphQL is asked by JSON or by a form, and its own media type. */
function mayBeGraphql({ contentType, place }: LeafContext): boolean {
  return /(?:^|[.\]])query$/.test(place.within.at(-1) ?? '') || /^\s*application\/graphql\b/i.test(contentType ?? '')
}

const MARKED: ReadonlyMap<string, MarkedKind> = new Map<string, MarkedKind>([
  ['application/pdf', 'pdf'],
  ['application/x-cfb', 'cfb'],
  ['application/x-7z-compressed', '7z'],
])
