/** An IP address and a CIDR block as values, and the ranges that Weir refuses to dial unless told otherwise. */

import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An address in canonical text. An IPv4 address wrapped in IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. */
export interface Address {
  readonly family: 4 | 6
  readonly text: string
  readonly bytes: readonly number[]
}

export interface Cidr {
  readonly network: Address
  readonly prefix: number
  readonly text: string
}

/** What an address is for (IANA special-purpose registries, RFC 6890). Only `public` is dialled without being asked to. */
export type AddressRange =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'shared'
  | 'multicast'
  | 'reserved'

/** Reads an address in the one canonical dotted or colon spelling; octal, hexadecimal and short forms are null. */
export function parseAddress(text: string): Address | null {
  const bracketed = text.startsWith('[') && text.endsWith(']')
  const bare = bracketed ? text.slice(1, -1) : text
  const kind = isIP(bare)
  // Brackets are a spelling of IPv6 alone (RFC 3986 section 3.2.2).
  if (kind === 0 || (bracketed && kind !== 6)) return null
  // A zone (`fe80::1%eth0`) names an interface of this machine: never a destination.
  if (bare.includes('%')) return null
  // The library takes `::10.0.0.1` for `::ffff:10.0.0.1`; they are two addresses (RFC 4291 section 2.5.5).
  return fromBytes(ipaddr.process(bare.replace(/^::(?=\d+\.)/, '0::')).toByteArray())
}

/** Reads `ADDRESS/PREFIX`, or an address alone as its own block. Host bits set beyond the prefix are null: a typing error. */
export function parseCidr(text: string): Cidr | null {
  const [addressText = '', prefixText, extra] = text.split('/')
  if (extra !== undefined) return null
  const network = parseAddress(addressText)
  if (network === null) return null
  const bits = network.bytes.length * 8
  const written = prefixText === undefined ? bits : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1
  // `::ffff:10.0.0.0/104` was written in IPv6 bits and is a block of IPv4.
  const prefix = network.family === 4 && addressText.includes(':') && prefixText !== undefined ? written - 96 : written
  if (prefix < 0 || prefix > bits || !isNetwork(network.bytes, prefix)) return null
  return { network, prefix, text: `${network.text}/${prefix}` }
}

export function contains(cidr: Cidr, address: Address): boolean {
  if (cidr.network.family !== address.family) return false
  return sharesPrefix(cidr.network.bytes, address.bytes, cidr.prefix)
}

export function sameAddress(left: Address, right: Address): boolean {
  return left.text === right.text
}

/** This machine, by the address itself: whoever can choose an address that only carries 127.0.0.1 is not this machine. */
export function isLoopback(address: Address): boolean {
  return address.family === 4 ? address.bytes[0] === 127 : address.text === '::1'
}

/** The range of an address, judged by the IPv4 address inside it where it carries one (NAT64, 6to4, IPv4-compatible). */
export function rangeOf(address: Address): AddressRange {
  const outer = namedRange(address)
  const inner = embeddedIpv4(address)
  if (inner === null || (outer !== 'public' && outer !== 'reserved')) return outer
  const within = namedRange(inner)
  // What is refused for itself (`::8.8.8.8`) stays refused, however public the address inside it is.
  return within === 'public' ? outer : within
}

const RANGES: Readonly<Record<string, AddressRange>> = {
  unicast: 'public',
  unspecified: 'unspecified',
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  linkLocal: 'link-local',
  carrierGradeNat: 'shared',
  multicast: 'multicast',
  broadcast: 'multicast',
  rfc6052: 'public',
  '6to4': 'public',
}

// Kept apart from the library's list: deprecated site-local (RFC 3879), and the clouds' metadata services that live in
// otherwise ordinary space (Alibaba, Oracle's and AWS's IPv6 ones are covered by shared, link-local and unique-local).
const EXTRA: readonly (readonly [Cidr, AddressRange])[] = (
  [
    ['fec0::/10', 'private'],
    ['168.63.129.16/32', 'link-local'],
    ['0.0.0.0/8', 'unspecified'],
    ['::/96', 'reserved'],
    ['64:ff9b:1::/48', 'private'],
  ] as const
).map(([text, range]) => [knownCidr(text), range])

// Of IPv6 only this much was ever given out for use (RFC 4291 section 2.4): what lies beside it leads nowhere good.
const GLOBAL_UNICAST = knownCidr('2000::/3')

function namedRange(address: Address): AddressRange {
  for (const [cidr, range] of EXTRA) {
    if (contains(cidr, address) && !isLoopbackOrAny(address)) return range
  }
  const range = ipaddr.fromByteArray([...address.bytes]).range()
  if (range === 'unicast' && address.family === 6 && !contains(GLOBAL_UNICAST, address)) return 'reserved'
  return RANGES[range] ?? 'reserved'
}

function isLoopbackOrAny(address: Address): boolean {
  return address.text === '::1' || address.text === '::'
}

function embeddedIpv4(address: Address): Address | null {
  if (address.family === 4) return null
  const bytes = address.bytes
  const startsWith = (...prefix: number[]): boolean => prefix.every((byte, at) => bytes[at] === byte)
  if (startsWith(0x20, 0x02)) return fromBytes(bytes.slice(2, 6))
  const nat64 = startsWith(0x00, 0x64, 0xff, 0x9b) && bytes.slice(4, 12).every((byte) => byte === 0)
  const compatible = bytes.slice(0, 12).every((byte) => byte === 0) && !isLoopbackOrAny(address)
  return nat64 || compatible ? fromBytes(bytes.slice(12)) : null
}

function fromBytes(bytes: readonly number[]): Address {
  const parsed = ipaddr.fromByteArray([...bytes])
  const text = parsed.kind() === 'ipv6' ? (parsed as ipaddr.IPv6).toRFC5952String() : parsed.toString()
  return { family: bytes.length === 4 ? 4 : 6, text, bytes }
}

function knownCidr(text: string): Cidr {
  const cidr = parseCidr(text)
  if (cidr === null) throw new Error(`not a CIDR block: ${text}`)
  return cidr
}

function isNetwork(bytes: readonly number[], prefix: number): boolean {
  return bytes.every((byte, at) => {
    const kept = Math.min(8, Math.max(0, prefix - at * 8))
    return (byte & (0xff >> kept)) === 0
  })
}

function sharesPrefix(left: readonly number[], right: readonly number[], prefix: number): boolean {
  const whole = prefix >> 3
  for (let at = 0; at < whole; at++) if (left[at] !== right[at]) return false
  const rest = prefix & 7
  if (rest === 0) return true
  const mask = (0xff << (8 - rest)) & 0xff
  return ((left[whole] ?? 0) & mask) === ((right[whole] ?? 0) & mask)
}
