/** The port to those who look into uploads: what is asked of a look, and what it answers. */
import type { ContentFactName, ContentFacts } from './subject.ts'

/** How the bytes are to be read. Their Content-Encoding is undone. */
export type ScanForm =
  | {
      readonly kind: 'push'
      /** Of the object ids. */
      readonly objectFormat: 'sha1' | 'sha256'
      /** Names of refs, push options and capabilities: they go out as well. */
      readonly texts: readonly string[]
      /** Whether bytes of a pack come at all: a push that only deletes has none. */
      readonly hasPack: boolean
    }
  | {
      readonly kind: 'body'
      /** The Content-Type field, null where there is none. */
      readonly contentType: string | null
      /** The path of the file that the address says is written; null where it says none. */
      readonly file: string | null
    }

export interface ScanRequest {
  /** Whose upload it is: one client must not keep all scanners busy. */
  readonly client: string
  readonly form: ScanForm
  /** Which facts are asked for. */
  readonly wants: readonly ContentFactName[]
}

/** One look into one upload. */
export interface Scan {
  /** Its turn has not come: `feed` waits for it. */
  readonly isWaiting: boolean
  /** Takes the next bytes, which are the scan's from then on. Resolves when it takes more. */
  feed(piece: Uint8Array): Promise<void>
  /** The bytes have ended. Never rejects: what could not be looked at is told as `incomplete`. */
  finish(): Promise<ContentFacts>
  /** Nobody wants to know any more. */
  close(): void
}

export interface Scanners {
  open(request: ScanRequest): Scan
  /** Scans at one time, and those that wait for their turn. */
  readonly busy: { readonly open: number; readonly waiting: number }
  close(): Promise<void>
}
