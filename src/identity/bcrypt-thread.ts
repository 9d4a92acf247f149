/** A thread of its own for bcrypt: the library holds whichever loop it runs on for 100 ms at a time. */
import assert from 'node:assert'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BcryptAnswer, BcryptQuestion } from './bcrypt-worker.ts'

export interface BcryptThread {
  /** One at a time. Rejects where the thread dies over it; the next call starts a new one. */
  compare(password: string, hash: string): Promise<boolean>
  close(): Promise<void>
}

// The source runs as `.ts` from a checkout and as `.js` where it is built.
const PROGRAM = new URL(`./bcrypt-worker${extname(import.meta.url)}`, import.meta.url)
const HEAP_MIB_MAX = 64

/** Starts no thread before the first comparison, and keeps no process alive between comparisons. */
export function createBcryptThread(program: URL = PROGRAM): BcryptThread {
  let worker: Worker | null = null
  let question: PromiseWithResolvers<boolean> | null = null
  let closed = false

  function start(): Worker {
    const started = new Worker(program, {
      // It needs nothing of this process's flags and environment, which may hold secrets.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX },
    })
    started.on('message', (answer: BcryptAnswer) => {
      started.unref()
      question?.resolve(answer)
    })
    const end = (cause: unknown): void => {
      // A thread that dies tells it twice, and the second time the question is already another thread's.
      if (worker !== started) return
      worker = null
      question?.reject(new Error('the thread that checks passwords ended', { cause }))
    }
    started.on('error', end)
    started.on('exit', end)
    return started
  }

  return {
    async compare(password, hash) {
      assert(question === null, 'one comparison at a time')
      assert(!closed, 'no comparison after the end')
      question = Promise.withResolvers()
      try {
        worker ??= start()
        worker.ref()
        worker.postMessage({ password, hash } satisfies BcryptQuestion, [])
        return await question.promise
      } finally {
        question = null
      }
    },
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}
