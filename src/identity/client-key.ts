/** What counts as one client where failures are counted: an IPv4 address, or an IPv6 network of 64 bits. */
import type { Address } from '../net/address.ts'

/** One host may use every address of its /64 (RFC 4291 section 2.5.4, RFC 8981), and would be a new client with each. */
export function clientKey(address: Address): string {
  return address.family === 4 ? address.text : Buffer.from(address.bytes.slice(0, 8)).toString('hex')
}
