/** A Weir of the test's own, in this process: real sockets on a free port, and its record at hand. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type EcsRecord, toEcs } from '../../../src/audit/ecs.ts'
import type { Flow } from '../../../src/flow/flow.ts'
import type { FlowSink } from '../../../src/flow/ports.ts'
import { openUsersFile } from '../../../src/identity/users-file.ts'
import type { Users } from '../../../src/identity/users.ts'
import { openLedger } from '../../../src/store/ledger.ts'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { readPolicy } from '../../../src/policy/source.ts'
import type { DnsQueries } from '../../../src/proxy/resolver.ts'
import type { ProxyStatus } from '../../../src/proxy/status.ts'
import type { ScanKnowledge } from '../../../src/proxy/scan-setup.ts'
import { startProxy } from '../../../src/proxy/server.ts'
import { resolveSettings } from '../../../src/settings/resolve.ts'
import type { Limits, Settings } from '../../../src/settings/schema.ts'
import { createTestCa } from '../../tls/pki.ts'
import { createTrust } from '../../../src/tls/trust.ts'
import { certificates } from './certificates.ts'
import { temporaryFolder } from './temporary.ts'

export interface WeirOptions {
  /** The policy, as YAML. */
  readonly policy: string
  /** As `--resolve`. */
  readonly resolve?: readonly string[]
  /** As `--allow-private`; loopback unless told otherwise. */
  readonly allowPrivate?: readonly string[]
  readonly limits?: Partial<Limits>
  /** PEM of more anchors towards upstreams; the tests' own upstream CA unless told otherwise. */
  readonly upstreamCa?: string
  /** False runs without an inspection CA. */
  readonly authority?: boolean
  /** The text of a file of users, as `htpasswd` writes it. */
  readonly users?: string
  /** Keeps budgets in the data folder. */
  readonly budgets?: boolean
  /** As `--upstream-proxy`. */
  readonly upstreamProxy?: string
  /** As `--http2`. */
  readonly http2?: 'auto' | 'always' | 'never'
  /** Asked in place of DNS. */
  readonly dns?: DnsQueries
  /** What scanners are given to look for. */
  readonly scanKnowledge?: ScanKnowledge
}

export interface TestWeir {
  readonly port: number
  /** `http://127.0.0.1:PORT` */
  readonly proxy: string
  /** The inspection CA's certificate, and a file of it together with the tests' upstream CA for clients. */
  readonly caPem: string
  readonly caFile: string
  readonly data: string
  /** The record so far, in order. */
  readonly records: readonly EcsRecord[]
  /** The next record for which `wanted` holds, past ones included. */
  record(wanted: (record: EcsRecord) => boolean): Promise<EcsRecord>
  /** Makes the record unwritable, or writable again. */
  setWritable(writable: boolean): void
  /** Takes over another policy, as a reload does. */
  renew(policy: string): void
  status(): ProxyStatus
  close(): Promise<void>
}

const RECORD_TIMEOUT_MS = 10_000
const RECORD_POLL_MS = 10

export async function startWeir(options: WeirOptions): Promise<TestWeir> {
  const data = temporaryFolder('weir')
  const settings = settingsOf(options, data)
  const policy = policyOf(options.policy)
  const ca = createTestCa({ name: 'Weir test inspection CA' })
  const records: EcsRecord[] = []
  let writable = true
  const sink: FlowSink = {
    get writable() {
      return writable
    },
    write: (flow: Flow, moment, at, hash) => void records.push(toEcs(flow, moment, at, hash)),
    flush: () => undefined,
  }
  const extraPem = [{ file: 'upstream-ca.pem', text: options.upstreamCa ?? certificates().ca }]
  const users = await usersOf(options.users, data)
  const ledger = options.budgets === true ? await openLedger(join(data, 'ledger.sqlite')) : null
  const running = await startProxy({
    settings,
    policy,
    authority: options.authority === false ? null : ca.authority,
    trust: createTrust({ extraPem }),
    sink,
    version: 'test',
    users,
    ledger,
    ...(options.dns === undefined ? {} : { dns: options.dns }),
    ...(options.scanKnowledge === undefined ? {} : { scanKnowledge: options.scanKnowledge }),
  })
  const port = running.addresses[0]?.port ?? 0
  const caFile = join(data, 'client-trust.pem')
  writeFileSync(caFile, `${ca.certificatePem}\n${certificates().ca}`)
  return {
    port,
    proxy: `http://127.0.0.1:${port}`,
    caPem: ca.certificatePem,
    caFile,
    data,
    records,
    record: (wanted) => waitForRecord(records, wanted),
    setWritable: (value) => {
      writable = value
    },
    renew: (text) => running.renew({ policy: policyOf(text) }),
    status: () => running.status(),
    async close() {
      await running.drain()
      await ledger?.close()
      await users?.close()
    },
  }
}

function settingsOf(options: WeirOptions, data: string): Settings {
  const { settings, problems } = resolveSettings({
    file: null,
    environment: {},
    flags: {
      listen: '127.0.0.1:0',
      data,
      resolve: options.resolve ?? [],
      allowPrivate: options.allowPrivate ?? ['127.0.0.0/8'],
      ...(options.http2 === undefined ? {} : { http2: options.http2 }),
      ...(options.upstreamProxy === undefined ? {} : { upstreamProxy: options.upstreamProxy }),
    },
  })
  if (settings === null) throw new Error(problems.map((problem) => problem.message).join('\n'))
  return { ...settings, limits: { ...settings.limits, drainTimeoutMs: 2_000, ...options.limits } }
}

async function usersOf(text: string | undefined, data: string): Promise<Users | null> {
  if (text === undefined) return null
  const file = join(data, 'users.htpasswd')
  writeFileSync(file, text, { mode: 0o600 })
  const opened = await openUsersFile({ file, now: () => performance.now() })
  if (opened.problems.length > 0) throw new Error(opened.problems.map((problem) => problem.message).join('\n'))
  return opened.file.users
}

function policyOf(text: string) {
  const { source, problems } = readPolicy(text, 'test.yaml')
  const compiled = source === null ? { policy: null, problems } : compilePolicy(source, new Map())
  if (compiled.policy === null) {
    throw new Error([...problems, ...compiled.problems].map(({ line, message }) => `${line}: ${message}`).join('\n'))
  }
  return compiled.policy
}

async function waitForRecord(
  records: readonly EcsRecord[],
  wanted: (record: EcsRecord) => boolean,
): Promise<EcsRecord> {
  const deadline = Date.now() + RECORD_TIMEOUT_MS
  for (;;) {
    const found = records.find(wanted)
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`no such record among ${JSON.stringify(records, null, 1)}`)
    await new Promise((resolve) => setTimeout(resolve, RECORD_POLL_MS))
  }
}
