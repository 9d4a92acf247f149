/** The names that an authority may sign for, as its certificate limits them (RFC 5280 section 4.2.1.10). */
import forge from 'node-forge'
import type { Address } from '../net/address.ts'
import { type Host, parseHost } from '../net/host.ts'
import { type Asn1, children, context, encode, parse, sequence } from './certificate.ts'

const { Class } = forge.asn1

/** What a list of subtrees says about the two kinds of name that a leaf of Weir has. Other kinds do not concern it. */
interface Subtrees {
  /** `acme.example` is it and all below it, `.acme.example` only what is below it, the empty text every name. */
  readonly domains: readonly string[]
  readonly blocks: readonly Block[]
}

/** Addresses whose bits under the mask are those of the network. */
interface Block {
  readonly network: readonly number[]
  readonly mask: readonly number[]
}

export interface NameConstraints {
  readonly permitted: Subtrees
  readonly excluded: Subtrees
  /** The value of the extension. */
  readonly der: Buffer
}

// The tags of GeneralName (RFC 5280 section 4.2.1.6).
const DNS_NAME = 2
const IP_ADDRESS = 7

/**
 * The value of an extension that permits these domains, each with all that is below it, and no address: without a subtree for
 * addresses, every address would be permitted.
 */
export function encodeDomains(domains: readonly Host[]): Buffer {
  const subtree = (name: Asn1): Asn1 => sequence([name])
  const permitted = domains.map((domain) => subtree(context(DNS_NAME, domain)))
  const excluded = [8, 32].map((length) => subtree(context(IP_ADDRESS, '\0'.repeat(length))))
  return encode(sequence([context(0, permitted), context(1, excluded)]))
}

/** Reads the value of the extension; a text says what is wrong with it. */
export function parseNameConstraints(der: Buffer): NameConstraints | string {
  let lists: Asn1[]
  try {
    lists = children(parse(der))
  } catch (error) {
    return `they are not DER (${error instanceof Error ? error.message : String(error)})`
  }
  if (lists.length === 0) return 'they permit nothing and exclude nothing'
  const parsed = { permitted: NONE, excluded: NONE, der }
  for (const list of lists) {
    if (list.tagClass !== Class.CONTEXT_SPECIFIC || (list.type as number) > 1) return 'they hold an unknown list'
    const subtrees = parseSubtrees(children(list))
    if (typeof subtrees === 'string') return subtrees
    parsed[(list.type as number) === 0 ? 'permitted' : 'excluded'] = subtrees
  }
  return parsed
}

/** Whether every client that keeps the constraints accepts a leaf for this name. */
export function permits({ permitted, excluded }: NameConstraints, name: Host | Address): boolean {
  if (typeof name !== 'string') {
    if (excluded.blocks.some((block) => holds(block, name))) return false
    return permitted.blocks.length === 0 || permitted.blocks.some((block) => holds(block, name))
  }
  // Clients disagree whether an excluded `.acme.example` is acme.example too: then there is no leaf that all accept.
  if (excluded.domains.some((domain) => covers(domain, name) || domain === `.${name}`)) return false
  return permitted.domains.length === 0 || permitted.domains.some((domain) => covers(domain, name))
}

/** As one line for a person: `only acme.example; never any IPv4 address`. */
export function describeNameConstraints({ permitted, excluded }: NameConstraints): string {
  const parts = (
    [
      ['only', permitted],
      ['never', excluded],
    ] as const
  ).flatMap(([word, { domains, blocks }]) => {
    const names = [...domains.map((domain) => domain || 'any name'), ...blocks.map(describeBlock)]
    return names.length === 0 ? [] : [`${word} ${names.join(', ')}`]
  })
  return parts.length === 0 ? 'nothing that concerns hosts' : parts.join('; ')
}

const NONE: Subtrees = { domains: [], blocks: [] }

function parseSubtrees(subtrees: readonly Asn1[]): Subtrees | string {
  const domains: string[] = []
  const blocks: Block[] = []
  if (subtrees.length === 0) return 'they hold an empty list'
  for (const subtree of subtrees) {
    const [base, ...range] = children(subtree)
    if (base === undefined || base.tagClass !== Class.CONTEXT_SPECIFIC) return 'they hold something that is no name'
    // RFC 5280: minimum is 0 and left out, maximum is absent; clients refuse anything else.
    if (range.length > 0) return 'they set a minimum or maximum, which clients refuse'
    const tag = base.type as number
    if (tag !== DNS_NAME && tag !== IP_ADDRESS) continue
    if (typeof base.value !== 'string') return 'they hold a name that cannot be read'
    if (tag === DNS_NAME) {
      const domain = base.value.toLowerCase()
      if (!isDomain(domain)) return `${JSON.stringify(base.value)} is no domain; it is written without wildcard`
      domains.push(domain)
    } else {
      const block = parseBlock(Buffer.from(base.value, 'latin1'))
      if (block === null) return 'they hold an address that is not one with its mask'
      blocks.push(block)
    }
  }
  return { domains, blocks }
}

function isDomain(text: string): boolean {
  const bare = text.startsWith('.') ? text.slice(1) : text
  return text === '' || parseHost(bare) === bare
}

function parseBlock(bytes: Buffer): Block | null {
  if (bytes.length !== 8 && bytes.length !== 32) return null
  const half = bytes.length / 2
  const mask = [...bytes.subarray(half)]
  // A mask with holes is taken by some clients and refused by others.
  if (!/^1*0*$/.test(mask.map((byte) => byte.toString(2).padStart(8, '0')).join(''))) return null
  const network = [...bytes.subarray(0, half)].map((byte, at) => byte & (mask[at] ?? 0))
  return { network, mask }
}

function covers(domain: string, host: Host): boolean {
  if (domain === '') return true
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`)
}

function holds({ network, mask }: Block, address: Address): boolean {
  if (network.length !== address.bytes.length) return false
  return address.bytes.every((byte, at) => (byte & (mask[at] ?? 0)) === network[at])
}

function describeBlock({ network, mask }: Block): string {
  if (mask.every((byte) => byte === 0)) return `any IPv${mask.length === 4 ? 4 : 6} address`
  return [network, mask].map(spell).join('/')
}

function spell(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  return (Buffer.from(bytes).toString('hex').match(/.{4}/g) ?? []).join(':')
}
