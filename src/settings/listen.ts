/** Where Weir listens: an address of this machine and a port, 0 for any free one. */
import { type Address, parseAddress } from '../net/address.ts'

export interface Listen {
  readonly address: Address
  readonly port: number
}

/** Reads `ADDRESS:PORT` or `[IPV6]:PORT`. A name is null: what it stands for may change between two starts. */
export function parseListen(text: string): Listen | null {
  const match = /^(\[[^\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(text)
  if (match === null) return null
  const [, addressText = '', portText = ''] = match
  const address = parseBracketed(addressText)
  const port = Number(portText)
  return address === null || port > 65_535 ? null : { address, port }
}

/** Reads an address as it stands before a port: IPv6 in brackets, IPv4 without. */
export function parseBracketed(text: string): Address | null {
  return text.startsWith('[') === text.includes(':') ? parseAddress(text) : null
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function formatListen(address: Address, port: number): string {
  return address.family === 6 ? `[${address.text}]:${port}` : `${address.text}:${port}`
}
