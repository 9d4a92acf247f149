/** The thread in which a policy is loaded beside a running proxy: it hands over what deciding needs, in small pieces. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { findWarnings } from '../policy/analyse.ts'
import type { CompiledPolicy } from '../policy/compiled.ts'
import type { HostIndex } from '../policy/host-index.ts'
import type { HostTable } from '../policy/host-table.ts'
import type { PolicyInput } from '../policy/schema.ts'
import { hasErrors, type Problem } from '../text/problem.ts'
import { loadPolicy } from './load-policy.ts'
import type { PolicyOrder, PolicyPart, PolicyReport } from './load-policy-aside.ts'
import { batchItems, splitValue } from './pieces.ts'
import { FileProblem } from './text-file.ts'

/** Whoever is serving flows has no time to print ten thousand warnings. */
const problemsToldMax = 100
// A line that is longer than this is not shown under a problem.
const SHOWN_LINE_CHARACTERS_MAX = 16 * 1024

if (parentPort === null) throw new Error('this is a thread of its own')
const answer = await report(workerData as PolicyOrder)
// oxlint-disable-next-line require-post-message-target-origin -- the port of a thread has no origin.
parentPort.postMessage(answer)

/** The report is small; all parts of the policy are on the port by then. */
async function report({ path, inspection, at, port }: PolicyOrder): Promise<PolicyReport> {
  try {
    const { policy, source, problems: found, texts, files } = await loadPolicy(path, inspection)
    const warnings = policy === null || source === null ? [] : findWarnings(policy, source, at)
    const problems = firstOf([...found, ...warnings], path)
    const told = { problems, texts: linesShown(problems, texts), files }
    if (policy === null || source === null || hasErrors(found)) return { kind: 'faulty', ...told }
    handOver(port, source.input, policy)
    return { kind: 'loaded', ...told, first: source.file }
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error
    return { kind: 'unreadable', message: error.message, mistaken: error.mistaken }
  }
}

function handOver(port: MessagePort, { rules = [], ...names }: PolicyInput, { hash, hosts }: CompiledPolicy): void {
  const post = (part: PolicyPart, buffers: ArrayBuffer[] = []): void => port.postMessage(part, buffers)
  for (const piece of splitValue(names)) post({ kind: 'names', piece })
  post({ kind: 'made', hash, hosts }, buffersOf(hosts))
  for (const batch of batchItems(rules)) post({ kind: 'rules', batch })
  post({ kind: 'end' })
}

/** Errors before warnings, and a word about those that are left out. */
function firstOf(problems: readonly Problem[], file: string): readonly Problem[] {
  if (problems.length <= problemsToldMax) return problems
  const isError = ({ severity }: Problem): boolean => severity === 'error'
  const ranked = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))]
  const message = `there are ${problems.length - problemsToldMax} more problems, which \`weir check\` shows`
  return [...ranked.slice(0, problemsToldMax), { severity: 'warning', message, file, line: 1, column: 1 }]
}

function buffersOf({ exact, below }: HostIndex): ArrayBuffer[] {
  const arrays = (table: HostTable): ArrayBufferLike[] =>
    [table.names, table.starts, table.slots, table.setStarts, table.sets].map(({ buffer }) => buffer)
  return [...arrays(exact), ...arrays(below)].filter((buffer) => buffer instanceof ArrayBuffer)
}

/** Texts in which only the lines that a problem is on are left: a list of a million hosts stays here. */
function linesShown(problems: readonly Problem[], texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const shown = new Map<string, string>()
  for (const [file, text] of texts) {
    const wanted = new Set(problems.flatMap((problem) => (problem.file === file ? problem.line : [])))
    if (wanted.size > 0) shown.set(file, keepLines(text, wanted))
  }
  return shown
}

function keepLines(text: string, wanted: ReadonlySet<number>): string {
  const kept: string[] = []
  let start = 0
  for (let line = 1; line <= Math.max(...wanted) && start <= text.length; line++) {
    const next = text.indexOf('\n', start)
    const end = next === -1 ? text.length : next
    kept.push(wanted.has(line) && end - start <= SHOWN_LINE_CHARACTERS_MAX ? text.slice(start, end) : '')
    start = end + 1
  }
  return kept.join('\n')
}
