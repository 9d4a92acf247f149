/** A Weir as a process of its own, as `weir run` starts it, with its record at hand. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Limits } from '../../../src/settings/schema.ts'
import { weirWords } from '../../weir-command.ts'

export interface WeirProcessOptions {
  /** For its certificates and what it writes. */
  readonly folder: string
  /** PEM of the anchors towards upstreams. */
  readonly upstreamCa: string
  /** The policy, as YAML. */
  readonly policy: string
  /** As `--resolve`. */
  readonly resolve?: readonly string[]
  readonly limits?: Partial<Limits>
  /** The file of an index that `weir index` made. */
  readonly fingerprints?: string
  /** More options of Node, ahead of the program. */
  readonly nodeOptions?: readonly string[]
}

export interface WeirProcess {
  readonly pid: number
  /** ADDRESS:PORT */
  readonly address: string
  /** `http://ADDRESS:PORT` */
  readonly proxy: string
  readonly data: string
  /** The inspection CA's certificate together with that of the upstreams, for clients. */
  readonly caFile: string
  readonly records: readonly Readonly<Record<string, unknown>>[]
  /** The next record for which `wanted` holds, past ones included. */
  record(wanted: (record: Readonly<Record<string, unknown>>) => boolean): Promise<Readonly<Record<string, unknown>>>
  /** Drains it; answers the exit status. */
  close(): Promise<number | null>
}

const RECORD_TIMEOUT_MS = 10_000
const STOP_TIMEOUT_MS = 10_000

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export async function startWeirProcess(options: WeirProcessOptions): Promise<WeirProcess> {
  const { folder } = options
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), ...weirWords(), 'run', ...flagsOf(options)], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: folder, LANG: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const closed = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-10_000)
  })
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), closed])
  if (!Array.isArray(first)) throw new Error(`weir run ended before it was ready:\n${complaint}`)
  const ready = JSON.parse(String(first[0])) as { readonly pid: number; readonly listen: readonly string[] }
  const records: Record<string, unknown>[] = []
  lines.on('line', (line) => void records.push(JSON.parse(line) as Record<string, unknown>))
  const caFile = join(folder, 'client-trust.pem')
  writeFileSync(caFile, `${readFileSync(join(folder, 'certs', 'ca.pem'), 'utf8')}\n${options.upstreamCa}`)
  const address = ready.listen[0] ?? ''
  return {
    pid: ready.pid,
    address,
    proxy: `http://${address}`,
    data: join(folder, 'data'),
    caFile,
    records,
    record: (wanted) => waitForRecord(lines, records, wanted),
    close: () => stop(child, closed),
  }
}

function flagsOf(options: WeirProcessOptions): string[] {
  const { folder } = options
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const flags = {
    '--policy': file('policy.yaml', options.policy),
    '--listen': '127.0.0.1:0',
    '--certs': join(folder, 'certs'),
    '--data': join(folder, 'data'),
    '--upstream-ca': file('upstream-ca.pem', options.upstreamCa),
    '--allow-private': '127.0.0.0/8',
    '--config': file('weir.yaml', JSON.stringify({ limits: options.limits ?? {} })),
  }
  const index = options.fingerprints === undefined ? [] : ['--fingerprints', options.fingerprints]
  const resolve = (options.resolve ?? []).flatMap((rule) => ['--resolve', rule])
  return [...Object.entries(flags).flat(), ...index, ...resolve]
}

async function waitForRecord(
  lines: ReturnType<typeof createInterface>,
  records: readonly Readonly<Record<string, unknown>>[],
  wanted: (record: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const deadline = AbortSignal.timeout(RECORD_TIMEOUT_MS)
  for (;;) {
    const found = records.find(wanted)
    if (found !== undefined) return found
    await once(lines, 'line', { signal: deadline })
  }
}

async function stop(child: ChildProcess, closed: Promise<number | null>): Promise<number | null> {
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  const code = await closed
  clearTimeout(late)
  running.delete(child)
  return code
}
