/** One thread that looks into uploads, and the messages between it and the data plane. */
import { Worker } from 'node:worker_threads'
import type { ScanForm } from '../flow/scan.ts'
import type { ContentFactName, ContentFacts } from '../flow/subject.ts'
import type { ScanSetup } from './scan-setup.ts'

/** What the thread is told; `id` names one scan. */
export type ScanOrder =
  | { readonly id: number; readonly open: { readonly form: ScanForm; readonly wants: readonly ContentFactName[] } }
  | { readonly id: number; readonly feed: Uint8Array }
  | { readonly id: number; readonly finish: true }
  | { readonly id: number; readonly close: true }
  | { readonly renew: ScanSetup }

/** What it says: so many bytes were looked at, and at the end what was found. */
export type ScanWord =
  | { readonly id: number; readonly taken: number }
  | { readonly id: number; readonly found: ContentFacts }
  | { readonly fault: string }

/** Of one thread: what an upload makes it need at the most, and what is garbage until it is collected. */
const HEAP_MB_MAX = 1_024
/** Of it for what is young. A scan leaves much garbage, and V8 would give it room for more and more of that, which it keeps. */
const YOUNG_HEAP_MB_MAX = 24

export interface ScanThread {
  /** `transfer` are buffers that are the thread's from then on. */
  tell(order: ScanOrder, transfer?: readonly ArrayBuffer[]): void
  end(): Promise<unknown>
}

/** `lost` is called once, when the thread ends by itself. */
export function startScanThread(
  setup: ScanSetup,
  hear: (word: ScanWord) => void,
  lost: (fault: string) => void,
): ScanThread {
  const url = import.meta.url.endsWith('.ts')
    ? new URL('./scan-worker.ts', import.meta.url)
    : new URL('./scan-worker.js', import.meta.url)
  const worker = new Worker(url, {
    workerData: setup,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX, maxYoungGenerationSizeMb: YOUNG_HEAP_MB_MAX },
  })
  let isEnded = false
  const lose = (fault: string): void => {
    if (isEnded) return
    isEnded = true
    lost(fault)
  }
  // A look that is under way must not keep a process alive that is told to end.
  worker.unref()
  worker.on('message', (word: ScanWord) => hear(word))
  worker.on('error', (error) => lose(error instanceof Error ? error.message : String(error)))
  worker.on('exit', () => lose('it ended'))
  return {
    tell: (order, transfer = []) => worker.postMessage(order, [...transfer]),
    end: () => {
      isEnded = true
      return worker.terminate()
    },
  }
}
