/** The store of the ledger in a thread of its own, so that no flow waits for another one's disk. */
import { Worker } from 'node:worker_threads'
import type { LedgerBatch, LedgerStore, Opening, Writing } from './ledger-store.ts'

/** A disk that takes longer than this to keep a batch has failed. */
const ANSWER_TIMEOUT_MS = 5_000
/** Opening reads everything, and what a crash left in the write-ahead log. */
const OPENING_TIMEOUT_MS = 60_000

/** What the thread is asked, and what it says; after its start it says an Opening without being asked. */
export type ThreadRequest = { readonly write: LedgerBatch } | 'close'
export type ThreadAnswer = Opening | Writing | { readonly state: 'closed' }

export interface ThreadStoreOptions {
  readonly file: string
  readonly answerTimeoutMs?: number
  readonly openingTimeoutMs?: number
  readonly startWorker?: (file: string) => Worker
}

export function createThreadStore(options: ThreadStoreOptions): LedgerStore {
  return new ThreadStore(options)
}

class ThreadStore implements LedgerStore {
  readonly #options: ThreadStoreOptions
  #worker: Worker | null = null
  #ended: Promise<unknown> = Promise.resolve()
  #tell: ((answer: ThreadAnswer) => void) | null = null

  constructor(options: ThreadStoreOptions) {
    this.#options = options
  }

  async open(lost: (fault: string) => void): Promise<Opening> {
    this.#end()
    // A thread that still waits for its disk may yet write: nothing is opened beside it.
    await this.#ended
    const { file, startWorker = startLedgerWorker, openingTimeoutMs = OPENING_TIMEOUT_MS } = this.#options
    const worker = startWorker(file)
    const lose = (fault: string): void => {
      if (this.#worker !== worker) return
      this.#end()
      this.#tell?.({ state: 'failed', fault })
      lost(fault)
    }
    worker.on('message', (answer: ThreadAnswer) => this.#worker === worker && this.#tell?.(answer))
    worker.on('error', (error) => lose(`the thread of the ledger failed: ${describe(error)}`))
    worker.on('exit', () => lose('the thread of the ledger has ended'))
    this.#worker = worker
    const answer = await this.#ask(null, openingTimeoutMs)
    if (answer.state === 'open') return answer
    this.#end()
    return { state: 'refused', fault: faultOf(answer) }
  }

  async write(batch: LedgerBatch): Promise<Writing> {
    const { answerTimeoutMs = ANSWER_TIMEOUT_MS } = this.#options
    const answer = await this.#ask({ write: batch }, answerTimeoutMs)
    if (answer.state === 'written') return answer
    this.#end()
    return { state: 'failed', fault: faultOf(answer) }
  }

  async close(): Promise<void> {
    if (this.#worker !== null) await this.#ask('close', this.#options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS)
    this.#end()
    await this.#ended
  }

  /** The next answer of the thread; `failed` where it is gone or takes too long. */
  #ask(request: ThreadRequest | null, timeoutMs: number): Promise<ThreadAnswer> {
    const worker = this.#worker
    if (worker === null) return Promise.resolve({ state: 'failed', fault: 'the thread of the ledger has ended' })
    // Only while something is asked does the thread keep the process alive.
    worker.ref()
    return new Promise((resolve) => {
      const late = { state: 'failed', fault: `the disk has not answered in ${timeoutMs} ms` } as const
      // An answer that came while the event loop was held up is heard first: it is read before immediates run.
      const timer = setTimeout(() => setImmediate(() => this.#tell === tell && tell(late)), timeoutMs)
      const tell = (answer: ThreadAnswer): void => {
        clearTimeout(timer)
        worker.unref()
        this.#tell = null
        resolve(answer)
      }
      this.#tell = tell
      if (request !== null) worker.postMessage(request, [])
    })
  }

  #end(): void {
    if (this.#worker === null) return
    this.#ended = this.#worker.terminate()
    this.#worker = null
  }
}

/** The thread's file, as it is called in a checkout and once it is built. */
function startLedgerWorker(file: string): Worker {
  const url = import.meta.url.endsWith('.ts')
    ? new URL('./ledger-worker.ts', import.meta.url)
    : new URL('./ledger-worker.js', import.meta.url)
  return new Worker(url, { workerData: file, execArgv: [] })
}

function faultOf(answer: ThreadAnswer): string {
  return 'fault' in answer ? answer.fault : `the thread of the ledger answered ${answer.state} out of turn`
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
