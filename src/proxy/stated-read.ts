/**
 * A POST that its address calls a read or a sign-in: what it does is what its body proves, and without that proof it is the
 * write that it could be.
 */
import { type BodyForm, SIGN_IN_BYTES_MAX } from '../catalog/classify.ts'
import { operationOfMegaCommands } from '../catalog/mega-commands.ts'
import type { InnerOperation } from '../catalog/service-entry.ts'
import type { BodyCheck } from '../wire/body-check.ts'
import { createFetchRequestReader } from '../wire/fetch-request.ts'
import { createLfsLocksReader } from '../wire/lfs-locks.ts'
import { megaCommandsBytesMax, parseMegaCommands } from '../wire/mega-commands.ts'
import { bad, MORE, type Parse } from '../wire/parse.ts'

/** How a body is read: as the catalogue says, and a sign-in up to the size that one can have. */
export type UploadForm = BodyForm | 'sign-in'

/** Watches a body go by, decoded. */
export interface StatedRead {
  push(piece: Uint8Array): void
  end(): void
  /** What the request does; null while its body may still prove it. */
  readonly operation: InnerOperation | null
  /** Why it is not what its address tells, in words; null where it may be, or where nothing is wrong with its form. */
  readonly fault: string | null
}

/** Null for a body that has nothing to prove. */
export function createStatedRead(form: UploadForm): StatedRead | null {
  if (form === 'git-fetch') return new CheckedRead(createFetchRequestReader(), 'git-fetch', 'fetch')
  if (form === 'lfs-locks') return new CheckedRead(createLfsLocksReader(), 'lock-check', 'question for locks')
  if (form === 'sign-in') return new CheckedRead(new SizeCheck(SIGN_IN_BYTES_MAX), 'sign-in', 'sign-in')
  return form === 'mega-commands' ? new CommandsRead() : null
}

/** The operations that a request with such a body may turn out to be, besides the one that its address tells. */
export function otherOperations(form: UploadForm): readonly InnerOperation[] {
  if (form === 'mega-commands') return ['api-read', 'sign-in']
  return form === 'git-fetch' || form === 'lfs-locks' || form === 'sign-in' ? ['unknown-write'] : []
}

class CheckedRead implements StatedRead {
  operation: InnerOperation | null = null
  fault: string | null = null
  readonly #check: BodyCheck
  readonly #proven: InnerOperation
  readonly #noun: string

  constructor(check: BodyCheck, proven: InnerOperation, noun: string) {
    this.#check = check
    this.#proven = proven
    this.#noun = noun
  }

  push(piece: Uint8Array): void {
    if (this.operation !== null) return
    const parse = this.#check.push(piece)
    if (parse.state === 'bad') this.#disprove(parse.fault)
  }

  end(): void {
    if (this.operation !== null) return
    const fault = this.#check.end()
    if (fault === null) this.operation = this.#proven
    else this.#disprove(fault)
  }

  #disprove(fault: string): void {
    this.operation = 'unknown-write'
    this.fault = `its body is no ${this.#noun}: ${fault}`
  }
}

class SizeCheck implements BodyCheck {
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  push(piece: Uint8Array): Parse<null> {
    this.#bytes += piece.length
    return this.#bytes > this.#bytesMax ? bad('it is longer than a sign-in') : MORE
  }

  end(): string | null {
    return this.#bytes > this.#bytesMax ? 'it is longer than a sign-in' : null
  }
}

class CommandsRead implements StatedRead {
  operation: InnerOperation | null = null
  fault: string | null = null
  readonly #pieces: Uint8Array[] = []
  #bytes = 0

  push(piece: Uint8Array): void {
    if (this.operation !== null) return
    this.#bytes += piece.length
    if (this.#bytes > megaCommandsBytesMax) {
      this.operation = 'file-upload'
      this.fault = `a list of commands has at most ${megaCommandsBytesMax} bytes`
    } else this.#pieces.push(Uint8Array.from(piece))
  }

  end(): void {
    if (this.operation === null) {
      const commands = parseMegaCommands(Buffer.concat(this.#pieces))
      this.operation = operationOfMegaCommands(commands)
      if (commands.state === 'bad') this.fault = commands.fault
    }
    this.#pieces.length = 0
  }
}
