/** Reloads what a running Weir goes by: when its files change, and when it is told to. The last good one stays in force. */
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { Renewal } from '../proxy/create-runtime.ts'
import type { Authority } from '../tls/authority.ts'
import { hasErrors, type Problem } from '../text/problem.ts'
import { type FileWatch, watchFiles } from './file-watch.ts'
import type { RunStatus } from './run-status.ts'

/** What one load brought, good or not. */
export interface Loading {
  /** Null where it may not come into force: then nothing of it does. */
  readonly renewal: (Renewal & { readonly policy: CompiledPolicy; readonly authority: Authority | null }) | null
  readonly problems: readonly Problem[]
  /** Files and folders it came from. */
  readonly files: readonly string[]
}

/** A loading that is good enough to start from. */
export interface FirstLoading extends Loading {
  readonly renewal: NonNullable<Loading['renewal']>
}

export interface ReloaderOptions {
  /** Never rejects for what is in the files: that is a problem. */
  readonly load: () => Promise<Loading>
  readonly renew: (renewal: Renewal) => void
  /** Hears of every load after the first, once it is done. */
  readonly tell: (loading: Loading, policy: CompiledPolicy) => void
  readonly now: () => number
}

export class Reloader {
  readonly #options: ReloaderOptions
  readonly #watch: FileWatch
  #policy: CompiledPolicy
  #last: RunStatus['reload']
  #running: Promise<void> | null = null
  #again = false

  /** `first` is what is in force, loaded at `at` (milliseconds since the epoch). */
  constructor(options: ReloaderOptions, first: FirstLoading, at: number) {
    this.#options = options
    this.#policy = first.renewal.policy
    this.#last = { at, good: true, problems: first.problems }
    this.#watch = watchFiles(() => this.reload())
    void this.#watch.follow(first.files, at)
  }

  get policy(): CompiledPolicy {
    return this.#policy
  }

  get last(): RunStatus['reload'] {
    return this.#last
  }

  /** Loads anew; asked while it loads, it loads once more afterwards: what it reads now may be older than the question. */
  reload(): void {
    if (this.#running !== null) {
      this.#again = true
      return
    }
    this.#running = this.#load().finally(() => {
      this.#running = null
      if (!this.#again) return
      this.#again = false
      this.reload()
    })
  }

  async stop(): Promise<void> {
    this.#watch.stop()
    this.#again = false
    await this.#running
  }

  async #load(): Promise<void> {
    const { load, renew, tell, now } = this.#options
    const at = now()
    const loading = await load()
    const { renewal, problems, files } = loading
    const good = renewal !== null && !hasErrors(problems)
    if (good) {
      // One assignment: every flow is judged by the old or by the new, and none by both.
      renew(renewal)
      this.#policy = renewal.policy
    }
    this.#last = { at, good, problems }
    tell(loading, this.#policy)
    await this.#watch.follow(files, at)
  }
}
