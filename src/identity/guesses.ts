/** Who has to wait for having guessed wrong, and who must not be locked out by the guesses of others. */
import { LRUCache } from 'lru-cache'
import { Brake } from './brake.ts'

export interface GuessesOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** Client addresses, and user names, whose failures are counted; the ones longest untouched are forgotten first. */
  readonly failuresMax?: number
  readonly familiarsMax?: number
  readonly familiarMs?: number
}

/** Pairs of address and user. */
const FAMILIARS_MAX = 50_000
const FAMILIAR_MS = 86_400_000

/**
 * Failures count against the client's address, and against the user's name so that many addresses do not add up. Counting by
 * name alone would let anyone lock a colleague out by guessing wrong, so the name's delay does not concern addresses that
 * lately proved to be that user ("familiar"). A success clears no count: a guesser with an account of his own would
 * clear his address with it between guesses.
 *
 * Credentials that were verified before are right, and still they may have to wait. They are compared in microseconds, so
 * that answering them during a delay tells a guesser at full speed which guess was right. From an address that is
 * not familiar they wait like others. From a familiar one they pass, which keeps a person at work while somebody at
 * the same address guesses, until so many guesses came during delays that it would be an oracle.
 */
export class Guesses {
  readonly #clients: Brake
  readonly #users: Brake
  readonly #familiars: LRUCache<string, true>

  constructor(options: GuessesOptions) {
    const { now, familiarsMax = FAMILIARS_MAX, familiarMs = FAMILIAR_MS } = options
    const keys = options.failuresMax === undefined ? {} : { keysMax: options.failuresMax }
    this.#clients = new Brake({ now, ...keys })
    this.#users = new Brake({ now, ...keys })
    this.#familiars = new LRUCache({
      max: familiarsMax,
      ttl: familiarMs,
      ttlResolution: 0,
      updateAgeOnGet: true,
      perf: { now },
    })
  }

  /** How long credentials that were never verified have to wait before they are. `client` is a key of `clientKey`. */
  waitMs(client: string, user: string): number {
    const ofClient = this.#clients.waitMs(client)
    if (ofClient > 0) this.#clients.press(client)
    return this.#isFamiliar(client, user) ? ofClient : Math.max(ofClient, this.#users.waitMs(user))
  }

  /** The same for credentials that were verified before. */
  waitOfVerifiedMs(client: string, user: string): number {
    const ofClient = this.#clients.waitMs(client)
    if (!this.#isFamiliar(client, user)) return Math.max(ofClient, this.#users.waitMs(user))
    return this.#clients.isPressed(client) ? ofClient : 0
  }

  fail(client: string, user: string): void {
    this.#clients.fail(client)
    this.#users.fail(user)
  }

  succeed(client: string, user: string): void {
    this.#familiars.set(pairOf(client, user), true)
  }

  #isFamiliar(client: string, user: string): boolean {
    return this.#familiars.get(pairOf(client, user)) === true
  }
}

/** No key of an address holds a space. */
function pairOf(client: string, user: string): string {
  return `${client} ${user}`
}
