/** One request and the answer to it as their client's connection carries them, whatever version of HTTP it speaks. */
import type { Socket } from 'node:net'

export interface Incoming {
  readonly method: string
  /** The request target as sent. */
  readonly target: string
  /** `1.0`, `1.1` or `2`. */
  readonly httpVersion: string
  /** Names and values in turn, as they came; of HTTP/2 in the words of HTTP/1.1 (`wire/http2-head.ts`). */
  readonly rawHeaders: readonly string[]
  /** What is wrong with a head that only HTTP/2 can have; null where nothing is. */
  readonly fault: string | null
  readonly body: BodySource
  /** Whether its body is still to end: only HTTP/2 has ends apart from lengths, and a length of 0 may be a lie until then. */
  readonly awaitsEnd: boolean
}

/** The body of a request, pulled. It lives on when nobody reads it. */
export interface BodySource {
  /** What has come and was not read yet, null where there is nothing at the moment. */
  read(): Buffer | null
  /** Asked when `read` gave null: `whole` at the end, `broken` where it broke off, `open` while more may come. */
  state(): 'open' | 'whole' | 'broken'
  /** Calls `changed` whenever `read` or `state` may answer anew, until `unwatch`. */
  watch(changed: () => void): void
  unwatch(changed: () => void): void
}

export interface Reply {
  /** Nothing more can be told to the client. */
  readonly gone: boolean
  /** The head of the final answer is on its way. */
  readonly begun: boolean
  /** All of the answer was handed to the system. */
  readonly finished: boolean
  /** `100 Continue`. */
  goOn(): void
  /** An interim answer such as 103, where the client can be told of one. */
  hint(status: number, fields: readonly string[]): void
  /** The head of the final answer. */
  begin(head: ReplyHead): void
  /** False where the client takes no more for now; `onDrain` tells when it does again. */
  write(chunk: Uint8Array | string): boolean
  /** The end of the answer; `trailers` are a flat list, and left out where the client's version has no place for them. */
  end(trailers?: readonly string[]): void
  /** Behind the answer, tells the client to send no more of its request: false where HTTP/1.1 has no way to say so. */
  dismiss(): boolean
  /** Breaks off, so that nobody takes half an answer for a whole one. */
  cut(): void
  /** The connection, where no more requests are read from it and it may become another protocol; null everywhere else. */
  readonly detached: Detached | null
  onClose(listener: () => void): void
  onDrain(listener: () => void): void
  offClose(listener: () => void): void
  offDrain(listener: () => void): void
}

export interface Detached {
  readonly client: Socket
  /** Lets go of the socket, for what speaks the other protocol on it. */
  release(): Socket
}

export interface ReplyHead {
  readonly status: number
  readonly reason: string
  /** Names and values in turn. */
  readonly fields: readonly string[]
  /** No byte of a body follows, and no trailers. */
  readonly isEmpty: boolean
  /** Nothing is taken from the client behind this answer. */
  readonly isLast: boolean
  /** It is the upstream's, and gets no field of ours, such as Date. */
  readonly isForwarded: boolean
}
