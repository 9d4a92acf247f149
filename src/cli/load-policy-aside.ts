/** Loads a policy beside a running proxy: a thread reads and proves it, and this one compiles it between serving flows. */
import assert from 'node:assert'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { compileSteps } from '../policy/compile.ts'
import type { Steps } from '../policy/compile-names.ts'
import type { CompiledPolicy, InspectionMode } from '../policy/compiled.ts'
import type { HostIndex } from '../policy/host-index.ts'
import type { PolicyInput } from '../policy/schema.ts'
import type { RuleInput } from '../policy/schema-rule.ts'
import type { Problem } from '../text/problem.ts'
import type { LoadedPolicy } from './load-policy.ts'
import { Joint, type Piece } from './pieces.ts'
import { FileProblem } from './text-file.ts'
import { runInTurns } from './turns.ts'

/** What the thread is told. */
export interface PolicyOrder {
  readonly path: string
  readonly inspection: InspectionMode | undefined
  /** The instant, in milliseconds since the epoch, at which rules that have ended are warned of. */
  readonly at: number
  /** Takes the pieces of the policy, then what it was compiled to. */
  readonly port: MessagePort
}

type Found = Pick<LoadedPolicy, 'problems' | 'texts' | 'files'>

/** What the thread says at its end. `texts` have only the lines that a problem is on; `first` is the policy's first file. */
export type PolicyReport =
  | (Found & { readonly kind: 'loaded'; readonly first: string })
  | (Found & { readonly kind: 'faulty' })
  | { readonly kind: 'unreadable'; readonly message: string; readonly mistaken: boolean }

type Made = { readonly kind: 'made'; readonly hash: string; readonly hosts: HostIndex }

/** What the thread hands over, in this order: everything but the rules, what it was compiled to, the rules. */
export type PolicyPart =
  | { readonly kind: 'names'; readonly piece: Piece }
  | Made
  | { readonly kind: 'rules'; readonly batch: readonly RuleInput[] }
  | { readonly kind: 'end' }

export interface AsideOptions {
  readonly timeoutMs?: number
  readonly heapMebibytesMax?: number
  readonly signal?: AbortSignal
}

/** Of the thread; a hundred thousand rules take it a third of this on a busy machine. */
const policyLoadTimeoutMs = 300_000
/** Of the thread's own heap; a mebibyte of YAML takes it about a hundred. */
const policyHeapMebibytesMax = 4096

type AsidePolicy = Omit<LoadedPolicy, 'source'>

/**
 * As `loadPolicy`, with the warnings of `weir check`, but never long at a time in this thread. A thread that dies, takes too
 * long or needs too much memory is a problem of the policy. Throws a FileProblem where the policy cannot be read.
 */
export async function loadPolicyAside(
  path: string,
  inspection: InspectionMode | undefined,
  options: AsideOptions = {},
): Promise<AsidePolicy> {
  const { port1, port2 } = new MessageChannel()
  try {
    const report = await runThread({ path, inspection, at: Date.now(), port: port2 }, options)
    if (typeof report === 'string') return { file: path, policy: null, ...nothingBut(path, report) }
    if (report.kind === 'unreadable') throw new FileProblem(report.message, { mistaken: report.mistaken })
    const { problems, texts, files } = report
    if (report.kind === 'faulty') return { file: path, policy: null, problems, texts, files }
    const policy = await runInTurns(assemble(port1, report.first, inspection), options.signal)
    return { file: path, policy, problems, texts, files }
  } catch (error) {
    if (error instanceof FileProblem || options.signal?.aborted === true) throw error
    // A defect of Weir; but the policy in force is a good one, and nobody is helped when it goes down with this one.
    return { file: path, policy: null, ...nothingBut(path, `does not load: ${String(error)}`) }
  } finally {
    port1.close()
  }
}

function nothingBut(path: string, message: string): Found {
  const problem: Problem = { severity: 'error', message, file: path, line: 1, column: 1 }
  return { problems: [problem], texts: new Map(), files: [path] }
}

// Node strips the types of what it runs from a checkout; what is built has none.
const WORKER = new URL(import.meta.url.endsWith('.ts') ? 'policy-worker.ts' : 'policy-worker.js', import.meta.url)

/** The thread's report, or why there is none. */
async function runThread(order: PolicyOrder, options: AsideOptions): Promise<PolicyReport | string> {
  const { timeoutMs = policyLoadTimeoutMs, heapMebibytesMax = policyHeapMebibytesMax, signal } = options
  signal?.throwIfAborted()
  const worker = new Worker(WORKER, {
    workerData: order,
    transferList: [order.port],
    resourceLimits: { maxOldGenerationSizeMb: heapMebibytesMax },
    // What the process was started with is not for a thread that reads a policy.
    execArgv: [],
  })
  const { promise, resolve, reject } = Promise.withResolvers<PolicyReport | string>()
  const timer = setTimeout(() => resolve(`did not load within ${timeoutMs / 1000} seconds`), timeoutMs)
  const onAbort = (): void => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  worker.on('message', (report: PolicyReport) => resolve(report))
  worker.on('error', (error: Error & { code?: string }) => resolve(reasonOf(error, heapMebibytesMax)))
  worker.on('exit', () => resolve('the thread that loads it ended without a word'))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

function reasonOf({ code, message }: Error & { code?: string }, heapMebibytesMax: number): string {
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `takes more than ${heapMebibytesMax} MiB of memory to load`
  return `does not load: ${message}`
}

/** Takes the policy over part by part, and compiles it with the index that the thread made. */
function* assemble(port: MessagePort, file: string, inspection: InspectionMode | undefined): Steps<CompiledPolicy> {
  const names = new Joint()
  for (;;) {
    const part = takePart(port)
    if (part.kind === 'made') return yield* compile(names.whole, part, port, file, inspection)
    assert(part.kind === 'names', 'parts of the policy come in another order')
    names.add(part.piece)
    yield
  }
}

function* compile(
  names: unknown,
  { hash, hosts }: Made,
  port: MessagePort,
  file: string,
  inspection: InspectionMode | undefined,
): Steps<CompiledPolicy> {
  // Validated and compiled in the thread, with every problem at its place: here nothing is reported.
  const locate = (): { file: string; line: number; column: number } => ({ file, line: 1, column: 1 })
  const source = { file, files: [], input: names as Omit<PolicyInput, 'rules'>, locate }
  const made = { hash, hosts, rules: takeRules(port) }
  const { policy } = yield* compileSteps(source, new Map(), inspection === undefined ? { made } : { made, inspection })
  assert(policy !== null, 'the policy compiles in one thread and not in the other')
  return policy
}

/** Each rule is compiled as it comes: written ones that wait for their turn would only be in the way of the collector. */
function* takeRules(port: MessagePort): Generator<RuleInput, void> {
  for (;;) {
    const part = takePart(port)
    if (part.kind === 'end') return
    assert(part.kind === 'rules', 'parts of the policy come in another order')
    yield* part.batch
  }
}

function takePart(port: MessagePort): PolicyPart {
  const received: { readonly message: PolicyPart } | undefined = receiveMessageOnPort(port)
  assert(received !== undefined, 'the thread has not handed over the whole policy')
  return received.message
}
