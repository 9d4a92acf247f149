/** What opens one kind of wrapping (an archive, an encoding, a form), and what it tells of what it finds. */
import type { LeafReader } from './leaf.ts'

/** Reads one wrapping as its bytes come. A promise is waited for before the next call. */
export interface Opening {
  push(piece: Uint8Array): void | Promise<void>
  end(): void | Promise<void>
  /** Lets go of memory. Nothing is pushed behind it. */
  close(): void
}

/** One way to open a piece of content. */
export interface Way {
  /** An archive, whose depth counts; null for another wrapping. */
  readonly archive: 'zip' | 'gzip' | 'zstd' | 'tar' | null
  /** What comes out may be noise. */
  readonly isGuess: boolean
  readonly open: (nest: Nest) => Opening
}

/** What is inside a wrapping, as the wrapping tells it. */
export interface Inner {
  /** The step from the wrapping to it, for people. */
  readonly step: string
  /** Its name, where its ending says what it is. */
  readonly fileName: string | null
  /** The whole field that declares its type. */
  readonly contentType: string | null
  readonly size: number | null
}

/** The wrapping as those who open it see it: where they hand in what is inside, and what they could not see. */
export interface Nest {
  /** The name of the wrapping itself, where it has one. */
  readonly fileName: string | null
  open(inner: Inner): LeafReader
  /** Counts a member of an archive; throws a WrappingFault past the limit. */
  countMember(): void
  /** Counts bytes that an archive came to; throws a WrappingFault past a limit. */
  countInflated(bytes: number): void
  /** Takes memory of all that an examination may take, and answers whether there is as much. */
  reserve(bytes: number): boolean
  release(bytes: number): void
  /** What could not be looked at, in words that go on after "could not be looked at: ". */
  tell(why: string): void
  tellEncrypted(what: string, step: string | null): void
  /** A part of it that was recognised and not opened. */
  tellUnopened(kind: string, step: string | null): void
  /** What kind of file it is by what is in it. */
  tellType(mediaType: string): void
  /** What is inside is all there is to it. */
  tellWhole(): void
}

/** What those who open a wrapping throw where it cannot be read on; whoever drives them tells it. */
export class WrappingFault extends Error {
  constructor(fault: string) {
    super(fault)
    this.name = 'WrappingFault'
  }
}
