/**
 * A body that says what its request does: a POST that its address calls a read or a sign-in is one only with proof, and
 * without it is the write that it could be; a list of commands, a batch or a document is whatever it says.
 */
import type { BodyForm, GraphqlForm } from '../catalog/classification.ts'
import { SIGN_IN_BYTES_MAX } from '../catalog/classify.ts'
import { partsOfGraphql } from '../catalog/graphql.ts'
import { graphqlSchemaOf } from '../catalog/graphql-schemas.ts'
import { jsonFieldsBytesMax, partsOfFields } from '../catalog/json-fields.ts'
import { operationOfMegaCommands } from '../catalog/mega-commands.ts'
import type { Told } from '../catalog/part.ts'
import type { InnerOperation } from '../catalog/service-entry.ts'
import { NEVER } from '../flow/fact.ts'
import type { BodyCheck } from '../wire/body-check.ts'
import { createFetchRequestReader, createShortFetchRequestReader } from '../wire/fetch-request.ts'
import { graphqlBytesMax, parseGraphqlBody } from '../wire/graphql-request.ts'
import { parseStrictJson } from '../wire/json-object.ts'
import { lfsBatchBytesMax, parseLfsBatch, shortLfsBatchBytesMax } from '../wire/lfs-batch.ts'
import { createLfsLocksReader, createShortLfsLocksReader } from '../wire/lfs-locks.ts'
import { megaCommandsBytesMax, parseMegaCommands } from '../wire/mega-commands.ts'
import { bad, MORE, type Parse } from '../wire/parse.ts'

/** How a body is read: as the catalogue says, and a sign-in up to the size that one can have. */
export type UploadForm = BodyForm | 'sign-in'

/** Watches a body go by, decoded. */
export interface StatedRead {
  push(piece: Uint8Array): void
  end(): void
  /** What the request does, part by part; null while its body may still prove or say it. */
  readonly told: readonly Told[] | null
  /** Why it is not what its address tells, in words; null where it may be, or where nothing is wrong with its form. */
  readonly fault: string | null
}

/** Null for a body that has nothing to prove or to say. */
export function createStatedRead(form: UploadForm, stated: InnerOperation = 'unknown-write'): StatedRead | null {
  switch (form) {
    case 'plain':
    case 'git-push':
      return null
    case 'git-fetch':
      return new CheckedRead(createFetchRequestReader(), 'git-fetch', 'fetch')
    case 'lfs-locks':
      return new CheckedRead(createLfsLocksReader(), 'lock-check', 'question for locks')
    case 'short-git-fetch':
      return new CheckedRead(createShortFetchRequestReader(), 'git-fetch', `fetch ${AT_A_STRANGER}`)
    case 'short-lfs-locks':
      return new CheckedRead(createShortLfsLocksReader(), 'lock-check', `question for locks ${AT_A_STRANGER}`)
    case 'sign-in':
      return new CheckedRead(new SizeCheck(SIGN_IN_BYTES_MAX), 'sign-in', 'sign-in')
    case 'mega-commands':
      return new WholeRead(megaCommandsBytesMax, (body) => {
        const commands = parseWhole(body, parseMegaCommands)
        return { told: [{ operation: operationOfMegaCommands(commands) }], fault: faultOf(commands) }
      })
    case 'lfs-batch':
      return batchRead(lfsBatchBytesMax)
    case 'short-lfs-batch':
      return batchRead(shortLfsBatchBytesMax)
    default:
      if ('graphql' in form) return graphqlRead(form)
      if ('base64' in form) return null
      return new WholeRead(jsonFieldsBytesMax, (body) => {
        const json = form.isJson ? parseWhole(body, parseStrictJson) : bad('it may be something else')
        return { told: partsOfFields(stated, form.fields, json), fault: null }
      })
  }
}

/** How much a question may hold goes by who hears it. */
const AT_A_STRANGER = 'at a server that no service names'

function batchRead(bytesMax: number): StatedRead {
  return new WholeRead(bytesMax, (body) => {
    const batch = parseWhole(body, parseLfsBatch)
    const asked = batch.state === 'done' ? BATCHES[batch.value] : 'unknown-write'
    return { told: [{ operation: asked }], fault: faultOf(batch) }
  })
}

function graphqlRead(form: GraphqlForm): StatedRead {
  const schema = graphqlSchemaOf(form)
  return new WholeRead(graphqlBytesMax, (body) => {
    const calls = parseWhole(body, parseGraphqlBody)
    if (calls.state !== 'done')
      return { told: [{ operation: 'unknown-write', repository: NEVER }], fault: faultOf(calls) }
    return { told: partsOfGraphql(schema, calls.value), fault: null }
  })
}

const BATCHES = { upload: 'lfs-upload', download: 'download' } as const

function faultOf(parsed: Parse<unknown>): string | null {
  return parsed.state === 'bad' ? parsed.fault : null
}

/** Of a body that is longer than it may be nothing was kept. */
function parseWhole<T>(body: Buffer | null, parser: (body: Buffer) => Parse<T>): Parse<T> {
  return body === null ? bad('it is too long') : parser(body)
}
/** Reads and sign-ins up to what their bodies prove. */
const PROVEN: readonly UploadForm[] = ['git-fetch', 'short-git-fetch', 'lfs-locks', 'short-lfs-locks', 'sign-in']

/** The operations that a request with such a body may turn out to be, besides the one that its address tells. */
export function otherOperations(form: UploadForm): readonly InnerOperation[] {
  if (form === 'mega-commands') return ['api-read', 'sign-in']
  return PROVEN.includes(form) ? ['unknown-write'] : []
}

/** Whether the address alone does not tell what is done: until the body is read, it may be anything. */
export function isToldByBody(form: UploadForm): boolean {
  return form === 'lfs-batch' || form === 'short-lfs-batch' || (typeof form === 'object' && !('base64' in form))
}

/** Whether the body has to be read before it is known what the request does. */
export function awaitsBody(form: UploadForm): boolean {
  return isToldByBody(form) || otherOperations(form).length > 0
}

class CheckedRead implements StatedRead {
  told: readonly Told[] | null = null
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
    if (this.told !== null) return
    const parse = this.#check.push(piece)
    if (parse.state === 'bad') this.#disprove(parse.fault)
  }

  end(): void {
    if (this.told !== null) return
    const fault = this.#check.end()
    if (fault === null) this.told = [{ operation: this.#proven }]
    else this.#disprove(fault)
  }

  #disprove(fault: string): void {
    this.told = [{ operation: 'unknown-write' }]
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

type Reads = (body: Buffer | null) => Pick<StatedRead & { readonly told: readonly Told[] }, 'told' | 'fault'>

/** Keeps the body up to its limit, and reads it when it is whole. */
class WholeRead implements StatedRead {
  told: readonly Told[] | null = null
  fault: string | null = null
  readonly #bytesMax: number
  readonly #read: Reads
  #pieces: Uint8Array[] = []
  #bytes = 0

  constructor(bytesMax: number, read: Reads) {
    this.#bytesMax = bytesMax
    this.#read = read
  }

  push(piece: Uint8Array): void {
    if (this.told !== null || piece.length === 0) return
    this.#bytes += piece.length
    if (this.#bytes > this.#bytesMax) this.#tell(null)
    // A copy: the caller may reuse its bytes.
    else this.#pieces.push(Uint8Array.from(piece))
  }

  end(): void {
    if (this.told === null) this.#tell(Buffer.concat(this.#pieces))
  }

  #tell(body: Buffer | null): void {
    this.#pieces = []
    const { told, fault } = this.#read(body)
    this.told = told
    this.fault = body === null ? `its body is longer than ${this.#bytesMax} bytes` : fault
  }
}
