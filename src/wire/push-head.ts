/** The lines of a push, one by one, to what it asks for (gitprotocol-pack, "Reference Update Request"). */

import { isDeepStrictEqual } from 'node:util'
import { isObjectId } from './object-id.ts'
import { bad, done, MORE, type Parse } from './parse.ts'
import { decodePktText, type PktLine } from './pkt-line.ts'
import { type Certified, PushCertificate } from './push-certificate.ts'
import { isRefName } from './ref-name.ts'

/** What a push asks for. A `probe` is the lone flush that git sends to try its credentials before a chunked push. */
export type PushRequest = { readonly kind: 'probe' } | Push

export interface Push {
  readonly kind: 'push'
  /** In the client's order; at least one, and no ref twice. */
  readonly updates: readonly PushedRef[]
  /** `name` or `name=value`, in the client's order. */
  readonly capabilities: readonly string[]
  /** Ids of the commits at which the client's history is cut off. */
  readonly shallow: readonly string[]
  /** What `git push --push-option` gave. */
  readonly options: readonly string[]
  /** Whether a pack follows. After a push that only deletes, nothing may. */
  readonly hasPack: boolean
}

export interface PushedRef {
  readonly kind: 'create' | 'update' | 'delete'
  readonly ref: string
  /** Lower-case hexadecimal, 40 or 64 digits; all zero where the ref does not exist before or after. */
  readonly oldId: string
  readonly newId: string
}

export const pushUpdatesMax = 10_000
export const pushOptionsMax = 1_000

/** True where the client announced the capability, with or without a value: git takes `name=anything` for `name` too. */
export function hasCapability(capabilities: readonly string[], name: string): boolean {
  return capabilities.some((capability) => capability === name || capability.startsWith(`${name}=`))
}

export class PushHead {
  readonly #updates = new Map<string, PushedRef>()
  readonly #shallow: string[] = []
  readonly #options: string[] = []
  readonly #certificate = new PushCertificate(pushUpdatesMax)
  #capabilities: readonly string[] = []
  #stage: 'commands' | 'certificate' | 'certified' | 'options' = 'commands'
  /** What the certificate of a signed push says of its options; null without one. */
  #certifiedOptions: readonly string[] | null = null

  /** Takes the next packet; `size` is where it ends. Strings are taken out of it: the caller may reuse its bytes. */
  accept(line: PktLine, size: number): Parse<PushRequest> {
    if (line.kind === 'flush') return this.#flush(size)
    if (line.kind !== 'data') return bad(`a ${line.kind} packet in a push`)
    if (this.#stage === 'certificate') return this.#certified(this.#certificate.accept(line.payload))
    if (this.#stage === 'certified') return bad('a line behind the push certificate')
    const text = decodePktText(line.payload)
    if (text === null) return bad('a line of the push is not UTF-8')
    return this.#stage === 'options' ? this.#option(text) : this.#command(text)
  }

  #flush(size: number): Parse<PushRequest> {
    if (this.#stage === 'certificate') return bad('a push certificate without an end')
    if (this.#updates.size === 0) {
      return this.#shallow.length === 0 ? done({ kind: 'probe' }, size) : bad('a push without commands')
    }
    if (this.#stage !== 'options' && hasCapability(this.#capabilities, 'push-options')) {
      this.#stage = 'options'
      return MORE
    }
    const signed = this.#certifiedOptions
    if (signed !== null && !isDeepStrictEqual(signed, this.#options)) return bad('other push options than were signed')
    const updates = [...this.#updates.values()]
    const hasPack = updates.some(({ kind }) => kind !== 'delete')
    const [capabilities, shallow, options] = [this.#capabilities, this.#shallow, this.#options]
    return done({ kind: 'push', updates, capabilities, shallow, options, hasPack }, size)
  }

  #command(text: string): Parse<PushRequest> {
    if (/^push-cert(?:\0|$)/.test(text)) return this.#beginCertificate(text)
    if (text.startsWith('shallow ')) return this.#cutOff(text.slice('shallow '.length))
    const end = text.indexOf('\0')
    const first = this.#updates.size === 0
    // git reads capabilities on every line: hidden on a later one, they would change what the rest means.
    if (!first && end !== -1) return bad('capabilities after the first command')
    const fault = end === -1 ? null : this.#announce(text.slice(end + 1))
    return fault === null ? this.#update(end === -1 ? text : text.slice(0, end)) : bad(fault)
  }

  #update(text: string): Parse<PushRequest> {
    const first = this.#updates.size === 0
    const update = parseCommand(text)
    if (typeof update === 'string') return bad(update)
    if (this.#updates.has(update.ref)) return bad('a ref is updated twice')
    if (this.#updates.size === pushUpdatesMax) return bad(`more than ${pushUpdatesMax} ref updates`)
    const ids = [update.oldId, update.newId, ...(first ? this.#shallow : [])]
    const digits = objectIdDigits(this.#capabilities)
    if (ids.some((id) => id.length !== digits)) return bad('an object id is not of the announced object format')
    this.#updates.set(update.ref, update)
    return MORE
  }

  #beginCertificate(text: string): Parse<PushRequest> {
    // Git itself would do both, though the protocol has it refuse them: what is pushed stands in one place alone.
    if (this.#updates.size > 0) return bad('a push certificate behind a command')
    const end = text.indexOf('\0')
    if (end === -1) return bad('a push certificate without capabilities')
    const fault = this.#announce(text.slice(end + 1))
    if (fault !== null) return bad(fault)
    this.#stage = 'certificate'
    return MORE
  }

  #certified(parsed: Parse<Certified>): Parse<PushRequest> {
    if (parsed.state !== 'done') return parsed
    this.#stage = 'certified'
    this.#certifiedOptions = parsed.value.options
    for (const command of parsed.value.commands) {
      const answer = this.#update(command)
      if (answer.state === 'bad') return answer
    }
    return MORE
  }

  #cutOff(id: string): Parse<PushRequest> {
    if (this.#updates.size > 0) return bad('a shallow line after a command')
    if (!isObjectId(id)) return bad('a shallow line without an object id')
    this.#shallow.push(id)
    return MORE
  }

  #announce(text: string): string | null {
    if (!CAPABILITIES.test(text)) return 'a capability with other than visible ASCII'
    this.#capabilities = text.split(' ').filter((capability) => capability !== '')
    return objectIdDigits(this.#capabilities) === null ? 'an unknown object format' : null
  }

  #option(text: string): Parse<PushRequest> {
    if (this.#options.length === pushOptionsMax) return bad(`more than ${pushOptionsMax} push options`)
    if (CONTROL.test(text)) return bad('a push option with control characters')
    this.#options.push(text)
    return MORE
  }
}

const NO_OBJECT = /^0+$/
const CAPABILITIES = /^[\x20-\x7e]*$/
const CONTROL = /\p{Cc}/u

/** The update that a line asks for, or what is wrong with it. */
function parseCommand(text: string): PushedRef | string {
  const [oldId = '', newId = '', ...rest] = text.split(' ')
  if (!isObjectId(oldId) || !isObjectId(newId)) return 'a command that is not OLD NEW REF'
  const ref = rest.join(' ')
  if (!isRefName(ref)) return 'not the name of a ref'
  const [creates, deletes] = [NO_OBJECT.test(oldId), NO_OBJECT.test(newId)]
  if (creates && deletes) return 'a ref that is neither before nor after'
  return { kind: creates ? 'create' : deletes ? 'delete' : 'update', ref, oldId, newId }
}

/** How long an object id is under the announced format (gitprotocol-capabilities, "object-format"). Null where unknown. */
function objectIdDigits(capabilities: readonly string[]): 40 | 64 | null {
  const formats = capabilities.filter((capability) => hasCapability([capability], 'object-format'))
  if (formats.length === 0) return 40
  if (formats.length > 1) return null
  if (formats[0] === 'object-format=sha1') return 40
  return formats[0] === 'object-format=sha256' ? 64 : null
}
