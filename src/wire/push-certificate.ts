/** The certificate of a signed push, line by line, to the commands it vouches for (gitprotocol-pack, "Push Certificate"). */

import { bad, done, MORE, type Parse } from './parse.ts'
import { decodePktText } from './pkt-line.ts'

/** What the certificate says is pushed; as it stands there, still to be parsed. */
export interface Certified {
  /** `OLD NEW REF`, one a command; at least one. */
  readonly commands: readonly string[]
  /** Has to be what stands behind the commands too. */
  readonly options: readonly string[]
}

/** A PGP signature takes 300 to 1,000 bytes, one of S/MIME with its chain of certificates some 8,000. */
export const signatureBytesMax = 32 * 1024
/** Who pushes, where to, and the nonce of the server. */
export const certificateHeaderBytesMax = 4 * 1024

/**
 * Takes the payload of one packet after another. Git joins them before it looks for lines, and cuts each at a NUL: only a
 * packet that is one whole line means the same to everyone.
 */
export class PushCertificate {
  readonly #commands: string[] = []
  readonly #options: string[] = []
  readonly #commandsMax: number
  #stage: 'version' | 'headers' | 'commands' | 'signature' | 'end' = 'version'
  /** How many of the header fields have passed by: they come in their order, and none comes twice. */
  #fields = 0
  #headerBytes = 0
  #signatureBytes = 0
  #signatureEnd = ''

  constructor(commandsMax: number) {
    this.#commandsMax = commandsMax
  }

  accept(payload: Uint8Array): Parse<Certified> {
    const line = decodeLine(payload)
    if (line === null) return bad('a packet of the push certificate is not one line of text')
    switch (this.#stage) {
      case 'version':
        return this.#version(line)
      case 'headers':
        return line === '' ? this.#endHeaders() : this.#header(line, payload.length)
      case 'commands':
        return this.#command(line)
      case 'signature':
        return this.#signature(line, payload.length)
      case 'end':
        return this.#end(line, payload.length)
      default:
        return this.#stage satisfies never
    }
  }

  #version(line: string): Parse<Certified> {
    if (line !== VERSION) return bad('a push certificate of an unknown version')
    this.#stage = 'headers'
    return MORE
  }

  #header(line: string, size: number): Parse<Certified> {
    this.#headerBytes += size
    if (line.startsWith('push-option ')) {
      this.#fields = FIELDS.length
      // Not counted here: they have to be equal to those behind the commands, which are.
      this.#options.push(line.slice('push-option '.length))
      return MORE
    }
    if (this.#headerBytes > certificateHeaderBytesMax) {
      return bad(`the header of the push certificate is longer than ${certificateHeaderBytesMax} bytes`)
    }
    const at = FIELDS.findIndex((field, index) => index >= this.#fields && line.startsWith(`${field} `))
    if (at === -1 || (this.#fields === 0 && at > 0)) return bad('an unknown line in the header of the push certificate')
    this.#fields = at + 1
    return MORE
  }

  #endHeaders(): Parse<Certified> {
    if (this.#fields === 0) return bad('a push certificate that does not say who pushes')
    this.#stage = 'commands'
    return MORE
  }

  #command(line: string): Parse<Certified> {
    const end = SIGNATURES.get(line)
    if (end === undefined) {
      if (this.#commands.length === this.#commandsMax) return bad(`more than ${this.#commandsMax} ref updates`)
      this.#commands.push(line)
      return MORE
    }
    if (this.#commands.length === 0) return bad('a push certificate without commands')
    this.#signatureEnd = end
    this.#stage = 'signature'
    return MORE
  }

  #signature(line: string, size: number): Parse<Certified> {
    this.#signatureBytes += size
    if (this.#signatureBytes > signatureBytesMax) {
      return bad(`the signature of the push is longer than ${signatureBytesMax} bytes`)
    }
    if (line === this.#signatureEnd) this.#stage = 'end'
    // Git takes the last opening line for the signature's: a second one would make commands of what stands between.
    else if (line.startsWith('-----')) return bad('a signature within the signature of the push')
    return MORE
  }

  #end(line: string, size: number): Parse<Certified> {
    if (line !== END) return bad('a push certificate that goes on behind its signature')
    return done({ commands: this.#commands, options: this.#options }, size)
  }
}

const VERSION = 'certificate version 0.1'
const END = 'push-cert-end'
const FIELDS: readonly string[] = ['pusher', 'pushee', 'nonce']

/** How a signature begins, and ends: OpenPGP's two forms, S/MIME's, and OpenSSH's. */
const SIGNATURES: ReadonlyMap<string, string> = new Map(
  ['PGP SIGNATURE', 'PGP MESSAGE', 'SIGNED MESSAGE', 'SSH SIGNATURE'].map((kind) => [
    `-----BEGIN ${kind}-----`,
    `-----END ${kind}-----`,
  ]),
)
const CONTROL = /\p{Cc}/u

/** The line without its LF, or null where the packet is not one whole line of text. */
function decodeLine(payload: Uint8Array): string | null {
  const text = payload[payload.length - 1] === 0x0a ? decodePktText(payload) : null
  return text === null || CONTROL.test(text) ? null : text
}
