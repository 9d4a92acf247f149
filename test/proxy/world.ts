/** What a flow shares, made for a test: real settings and a real policy, and a sink and a resolver that only write down. */
import type { Socket } from 'node:net'
import { afterEach } from 'vitest'
import { createFlow, type Flow } from '../../src/flow/flow.ts'
import type { FlowSink, RecordMoment } from '../../src/flow/ports.ts'
import { type Address, parseAddress } from '../../src/net/address.ts'
import { type Destination, parseAuthority } from '../../src/net/destination.ts'
import { compilePolicy } from '../../src/policy/compile.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import { readPolicy } from '../../src/policy/source.ts'
import type { Runtime } from '../../src/proxy/runtime.ts'
import { createBindings } from '../../src/store/bindings.ts'
import { createLfsUploads } from '../../src/store/lfs-uploads.ts'
import { createRepositoryMemory } from '../../src/store/repository-memory.ts'
import { DistrustLog } from '../../src/proxy/distrust.ts'
import { Clients } from '../../src/proxy/clients.ts'
import { SpoolQuota } from '../../src/proxy/spool.ts'
import { type Limits, settingsSchema } from '../../src/settings/schema.ts'
import { NO_CLIENT_CERTIFICATES } from '../../src/tls/client-certificates.ts'
import { createSessions } from '../../src/tls/sessions.ts'
import { createTrust } from '../../src/tls/trust.ts'
import { temporaryFolder } from './folder.ts'

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)

// Reading the runtime's trust anchors takes a while, and they are the same for all.
const TRUST = createTrust({ extraPem: [] })

export interface RecordedLine {
  readonly id: string
  readonly moment: RecordMoment
}

export interface World extends Runtime {
  readonly sink: FlowSink & { writable: boolean; readonly lines: RecordedLine[] }
  /** Names that were asked for. */
  readonly asked: string[]
}

export interface WorldOptions {
  readonly policy?: string
  readonly limits?: Partial<Limits>
  readonly allowPrivate?: readonly string[]
  readonly allowClients?: readonly string[]
  readonly resolve?: readonly string[]
  /** What the resolver answers, first, second and so on; the last again and again. */
  readonly answers?: readonly (readonly string[])[]
  readonly isOwn?: (address: Address, port: number) => boolean
}

const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) for (const socket of world.sockets) socket.destroy()
})

export function makeWorld(options: WorldOptions = {}): World {
  const { allowPrivate = [], allowClients = ['10.0.0.0/8'], resolve = [], answers = [[]] } = options
  const parsed = settingsSchema.parse({ allowPrivate, allowClients, resolve })
  const settings = { ...parsed, limits: { ...parsed.limits, ...options.limits } }
  const asked: string[] = []
  const lines: RecordedLine[] = []
  const world: World = {
    settings,
    policy: makePolicy(options.policy ?? 'version: 1\ndefault: allow\n'),
    users: null,
    ledger: null,
    bindings: createBindings(),
    repositories: createRepositoryMemory(),
    lfsUploads: createLfsUploads(),
    version: '0.0.0',
    sink: {
      lines,
      writable: true,
      write: (flow, moment) => void lines.push({ id: flow.id, moment }),
      flush: () => undefined,
    },
    resolver: {
      async resolve(host) {
        const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
        asked.push(host)
        return answer.map(addressOf)
      },
    },
    asked,
    contexts: null,
    trust: TRUST,
    clientCertificates: NO_CLIENT_CERTIFICATES,
    distrust: new DistrustLog(),
    sessions: createSessions({ now: () => NOW }),
    proofs: { size: 0, prove: () => Promise.reject(new Error('nothing is proven in a unit test')) },
    scanners: null,
    quota: new SpoolQuota(settings.limits, temporaryFolder('data')),
    sockets: new Set<Socket>(),
    openTunnels: new Set(),
    clients: new Clients(settings),
    isOwn: options.isOwn ?? (() => false),
    now: () => NOW,
  }
  worlds.push(world)
  return world
}

const policies = new Map<string, CompiledPolicy>()

function makePolicy(text: string): CompiledPolicy {
  const known = policies.get(text)
  if (known !== undefined) return known
  const { source, problems } = readPolicy(text, 'policy.yaml')
  if (source === null) throw new Error(JSON.stringify(problems))
  const compiled = compilePolicy(source, new Map())
  if (compiled.policy === null) throw new Error(JSON.stringify(compiled.problems))
  policies.set(text, compiled.policy)
  return compiled.policy
}

export function makeFlow(fields: Partial<Flow> = {}): Flow {
  const client = { address: addressOf('10.1.2.3'), port: 40_000 }
  return Object.assign(createFlow({ id: '0123456789abc', kind: 'request', startedAt: NOW, client }), fields)
}

export function addressOf(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  return address
}

export function destinationOf(text: string): Destination {
  const destination = parseAuthority(text, null)
  if (destination === null) throw new Error(`not an authority: ${text}`)
  return destination
}
