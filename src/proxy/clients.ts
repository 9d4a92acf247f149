/** Who may connect, and how often at a time: the listener's own gate, before a byte is read. */
import type { Socket } from 'node:net'
import { type Address, contains, isLoopback } from '../net/address.ts'
import type { Settings } from '../settings/schema.ts'

export class Clients {
  readonly #settings: Settings
  readonly #open = new Map<string, number>()
  #count = 0

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Counts a connection until it closes; null when it may stay, else why not. */
  admit(socket: Socket, address: Address): string | null {
    if (this.isStranger(address) && this.#settings.users === undefined)
      return `${address.text} may not use this proxy; its operator can allow it (--allow-clients)`
    const open = this.#open.get(address.text) ?? 0
    if (open >= this.#settings.limits.connectionsPerClientMax) return `${address.text} has too many connections open`
    this.#open.set(address.text, open + 1)
    this.#count += 1
    socket.once('close', () => this.#leave(address.text))
    return null
  }

  /** Of another machine that no setting allows: only who signs in may use the proxy from there. */
  isStranger(address: Address): boolean {
    return !isLoopback(address) && !this.#settings.allowClients.some((cidr) => contains(cidr, address))
  }

  /** Connections that are open. */
  get open(): number {
    return this.#count
  }

  #leave(key: string): void {
    this.#count -= 1
    const rest = (this.#open.get(key) ?? 0) - 1
    if (rest <= 0) this.#open.delete(key)
    else this.#open.set(key, rest)
  }
}
