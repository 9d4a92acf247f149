/** Who is it: users and passwords as Basic credentials bring them (RFC 7617), verified once and then known by a keyed hash. */
import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Authentication, UserDirectory } from '../flow/ports.ts'
import type { Address } from '../net/address.ts'
import type { Problem } from '../text/problem.ts'
import { parseProxyAuthorization } from '../wire/proxy-authorization.ts'
import { Brake } from './brake.ts'
import { CheckQueue, type CheckQueueOptions } from './check-queue.ts'
import { clientKey } from './client-key.ts'
import { Guesses, type GuessesOptions } from './guesses.ts'
import { parseHtpasswd } from './htpasswd.ts'
import { createKeyedHash } from './keyed-hash.ts'
import type { PasswordHash } from './password-hash.ts'
import { createVerifier, type Verifier } from './verify.ts'

export type UsersLimits = Partial<Omit<CheckQueueOptions & GuessesOptions, 'now'>> & {
  readonly verifiedMax?: number
  /** Without use; whoever comes back later is verified again. */
  readonly verifiedIdleMs?: number
  readonly wrongCredentialsMax?: number
}

export interface UsersOptions {
  /** The name of the file of users, for problems. */
  readonly file: string
  /** Milliseconds of a clock that never goes back, such as `performance.now`. */
  readonly now: () => number
  readonly limits?: UsersLimits
  readonly verifier?: Verifier
}

/**
 * `known` is asked at every request: the user whose credentials these are, where they were verified before and nothing
 * speaks against this client. `authenticate` rejects where a check could not be computed: nobody is known then.
 */
export interface Users extends UserDirectory {
  /** Replaces all users by those of this text in the form of htpasswd; an error in it changes nothing. */
  reload(text: string): readonly Problem[]
  readonly size: number
  /** Ends the thread that checks passwords. */
  close(): Promise<void>
}

const VERIFIED_MAX = 20_000
const VERIFIED_IDLE_MS = 3_600_000
const WRONG_CREDENTIALS_MAX = 20_000
/** What a client is told that found the line of checks full. */
const BUSY_RETRY_MS = 1_000
const WRONG = Object.freeze({ state: 'wrong' } as const)

/** Credentials under examination. */
interface Attempt {
  readonly client: string
  readonly user: string
  readonly password: string
  /** What the password is checked against; of another user where there is none of this name. Null without any users. */
  readonly hash: PasswordHash | null
  readonly exists: boolean
  /** Stands for user, password and hash together, so that a new hash makes what was known of the old one void. */
  readonly tag: string
}

/** Has no users before the first `reload`. */
export function createUsers(options: UsersOptions): Users {
  return new HtpasswdUsers(options)
}

class HtpasswdUsers implements Users {
  readonly #file: string
  readonly #verifier: Verifier
  readonly #guesses: Guesses
  readonly #queue: CheckQueue
  // Tags are made with a key of this process, so that a tag alone gives nobody anything to try passwords on.
  readonly #keyedHash = createKeyedHash(randomBytes(32))
  readonly #verified: LRUCache<string, true>
  readonly #wrong: Brake
  readonly #checks = new Map<string, Promise<Authentication>>()
  #accounts: ReadonlyMap<string, PasswordHash> = new Map()
  #hashes: readonly PasswordHash[] = []

  constructor({ file, now, limits = {}, verifier = createVerifier() }: UsersOptions) {
    this.#file = file
    this.#verifier = verifier
    this.#guesses = new Guesses({ now, ...limits })
    this.#queue = new CheckQueue({ now, ...limits })
    this.#verified = new LRUCache({
      max: limits.verifiedMax ?? VERIFIED_MAX,
      ttl: limits.verifiedIdleMs ?? VERIFIED_IDLE_MS,
      ttlResolution: 0,
      updateAgeOnGet: true,
      perf: { now },
    })
    this.#wrong = new Brake({ now, keysMax: limits.wrongCredentialsMax ?? WRONG_CREDENTIALS_MAX })
  }

  get size(): number {
    return this.#accounts.size
  }

  known(client: Address, authorization: string): string | null {
    const attempt = this.#read(client, authorization)
    if (typeof attempt === 'string') return null
    return this.#answerVerified(attempt)?.state === 'known' ? attempt.user : null
  }

  async authenticate(client: Address, authorization: string): Promise<Authentication> {
    const attempt = this.#read(client, authorization)
    if (typeof attempt === 'string') return { state: 'malformed', fault: attempt }
    const answer = this.#answerVerified(attempt) ?? this.#answerWrong(attempt) ?? this.#answerGuesser(attempt)
    if (answer !== null) return answer
    const checked = await this.#join(attempt)
    if (checked.state === 'known') this.#guesses.succeed(attempt.client, attempt.user)
    return checked
  }

  reload(text: string): readonly Problem[] {
    const { accounts, problems } = parseHtpasswd(text, this.#file)
    if (accounts === null) return problems
    this.#accounts = accounts
    this.#hashes = [...accounts.values()]
    return problems
  }

  close(): Promise<void> {
    return this.#verifier.close()
  }

  /** The attempt, or the fault of the credentials. */
  #read(client: Address, authorization: string): Attempt | string {
    const parsed = parseProxyAuthorization(authorization)
    if (parsed.state === 'bad') return parsed.fault
    const { user, password } = parsed.value
    const own = this.#accounts.get(user)
    const hash = own ?? this.#decoy(user)
    return {
      client: clientKey(client),
      user,
      password,
      hash,
      exists: own !== undefined,
      tag: this.#tag(user, password, hash),
    }
  }

  // None of the three parts can hold a NUL.
  #tag(user: string, password: string, hash: PasswordHash | null): string {
    return this.#keyedHash(`${user}\0${password}\0${hash?.text ?? ''}`)
  }

  /**
   * A user who does not exist is checked like one who does, always against the same hash of another: an answer that takes
   * less time, or the time of no other user, would tell which names are worth guessing at.
   */
  #decoy(user: string): PasswordHash | null {
    let sum = 0
    for (let at = 0; at < user.length; at++) sum = (sum * 31 + user.charCodeAt(at)) >>> 0
    return this.#hashes[sum % this.#hashes.length] ?? null
  }

  #answerVerified({ tag, client, user }: Attempt): Authentication | null {
    if (this.#verified.get(tag) === undefined) return null
    const retryAfterMs = this.#guesses.waitOfVerifiedMs(client, user)
    if (retryAfterMs > 0) return { state: 'slowed', retryAfterMs }
    this.#guesses.succeed(client, user)
    return { state: 'known', user }
  }

  /**
   * To say "wrong" again tells nothing new. So the same mistake over and over, as a program with an old password makes it,
   * costs no check and counts against these credentials alone, not against everybody at the same address.
   */
  #answerWrong({ tag }: Attempt): Authentication | null {
    if (!this.#wrong.has(tag)) return null
    const retryAfterMs = this.#wrong.waitMs(tag)
    if (retryAfterMs > 0) return { state: 'slowed', retryAfterMs }
    this.#wrong.fail(tag)
    return WRONG
  }

  #answerGuesser({ client, user }: Attempt): Authentication | null {
    const retryAfterMs = this.#guesses.waitMs(client, user)
    return retryAfterMs > 0 ? { state: 'slowed', retryAfterMs } : null
  }

  /** A browser opens many connections with the same credentials at once: they share one check. */
  #join(attempt: Attempt): Promise<Authentication> {
    const running = this.#checks.get(attempt.tag)
    if (running !== undefined) return running
    const check = this.#queue
      .run(attempt.client, () => this.#check(attempt))
      .then((answer): Authentication => answer ?? { state: 'slowed', retryAfterMs: BUSY_RETRY_MS })
      .finally(() => this.#checks.delete(attempt.tag))
    this.#checks.set(attempt.tag, check)
    return check
  }

  async #check(attempt: Attempt): Promise<Authentication> {
    const { client, user, password, hash, exists, tag } = attempt
    // Checks before this one in the line may have failed: a burst of guesses gets no further than guesses one by one.
    const slowed = this.#answerGuesser(attempt)
    if (slowed !== null) return slowed
    const matches = hash !== null && (await this.#verifier.verify(hash, password))
    if (matches && exists) {
      // The file may have changed meanwhile.
      if (this.#accounts.get(user)?.text !== hash.text) return WRONG
      this.#verified.set(tag, true)
      return { state: 'known', user }
    }
    this.#guesses.fail(client, user)
    this.#wrong.fail(tag)
    return WRONG
  }
}
