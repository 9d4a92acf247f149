/** Where the known ways of taking data out are played: everything out there, a Weir under the shipped policy, and one that lets all through. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { EcsRecord } from '../../../src/audit/ecs.ts'
import { CANARY } from '../channels/shape.ts'
import { startWorld, type World } from '../channels/world.ts'
import { certificates } from './certificates.ts'
import { curl } from './curl.ts'
import { type LfsForge, startLfsForge } from './lfs-forge.ts'
import { type Origin, startOrigin } from './origin.ts'
import { type ProgramResult, runProgram } from './program.ts'
import { temporaryFolder } from './temporary.ts'
import { startWeir, type TestWeir } from './weir.ts'

/** As a reader makes it: only what is marked EDIT is another. */
export const SHIPPED = edited('github.com/your-organisation/*', 'github.com/acme/*')

const OPEN = `
version: 1
default: allow
rules:
  - { name: all, operations: [read, sign-in, telemetry, write, admin, opaque], action: allow }
`

/** The policy that is shipped with one value that is marked EDIT replaced. */
function edited(from: string, to: string, policy?: string): string {
  const text = policy ?? readFileSync(join(import.meta.dirname, '../../../policies/default.yaml'), 'utf8')
  if (!text.includes(from)) throw new Error(`the shipped policy has no ${from}`)
  return text.replace(from, to)
}

export function withBudget(size: string): string {
  return edited('size: 2 GB', `size: ${size}`, SHIPPED)
}

export const REGISTRY = 'www.acme.example'
const PORTS = [80, 443]

export interface Stage {
  readonly world: World
  /** github.com and its LFS. */
  readonly lfs: LfsForge
  /** What came where SSH is spoken, in bytes. */
  sshBytes(): number
  /** Under the shipped policy, and under one that allows everything. */
  readonly weir: TestWeir
  readonly open: TestWeir
  /** A file with the payload in it. */
  readonly loot: string
  /** One more Weir with the same things out there. */
  start(policy: string): Promise<TestWeir>
  close(): Promise<void>
}

let http2: 'auto' | 'always' = 'auto'
const weirs: TestWeir[] = []

/** Before a stage is opened: its clients may speak HTTP/2, though nothing out there does. */
export function speakHttp2(): void {
  http2 = 'always'
}

/** How many requests on stages so far came by which version of HTTP. */
export function spokenVersions(): ReadonlyMap<string, number> {
  const told = weirs.flatMap(({ records }) => records.map((record) => record['http.version']))
  const versions = told.map((version) => (typeof version === 'string' ? version : 'none'))
  return new Map([...new Set(versions)].map((each) => [each, versions.filter((version) => version === each).length]))
}

export async function openStage(): Promise<Stage> {
  const world = await startWorld()
  const lfs = await startLfsForge()
  const registry = await startRegistry()
  let sshBytes = 0
  const ssh = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => {
      sshBytes += bytes.length
      // Of a version that no client speaks: it goes.
      socket.end('SSH-1.0-none\r\n')
    })
  })
  ssh.listen(0, '127.0.0.1')
  await once(ssh, 'listening')
  const sshPort = (ssh.address() as AddressInfo).port
  const start = async (policy: string): Promise<TestWeir> => {
    const weir = await startWeir({
      policy,
      http2,
      budgets: true,
      upstreamCa: `${world.ca}\n${certificates().ca}`,
      resolve: [
        ...lfs.resolve,
        `${REGISTRY}:443:127.0.0.1:${registry.port}`,
        `*:22:127.0.0.1:${sshPort}`,
        `ssh.github.com:443:127.0.0.1:${sshPort}`,
        ...PORTS.map((port) => `*:${port}:127.0.0.1:${world.port}`),
      ],
    })
    weirs.push(weir)
    return weir
  }
  const [weir, open] = await Promise.all([start(SHIPPED), start(OPEN)])
  for (const each of [weir, open]) await trustWorld(each, world)
  const loot = join(temporaryFolder('loot'), 'customers.csv')
  await writeFile(loot, `id,name\n1,${CANARY}\n`)
  return {
    world,
    lfs,
    weir,
    open,
    loot,
    sshBytes: () => sshBytes,
    async start(policy) {
      const more = await start(policy)
      await trustWorld(more, world)
      return more
    },
    async close() {
      await Promise.all([weir.close(), open.close()])
      await Promise.all([world.close(), lfs.close(), registry.close()])
      await new Promise((resolve) => ssh.close(resolve))
    },
  }
}

// Where TLS is not opened, a client sees the certificate of the site itself.
async function trustWorld({ caFile, caPem }: TestWeir, world: World): Promise<void> {
  await writeFile(caFile, [caPem, world.ca, certificates().ca].join('\n'))
}

/** curl as that program: it failed where the answer says so. */
export async function byCurl(weir: TestWeir, ...args: readonly string[]): Promise<ProgramResult> {
  const { exitCode, status, connectStatus, body, stderr } = await curl(args, weir)
  const said = connectStatus === 200 || connectStatus === 0 ? status : connectStatus
  return {
    code: exitCode !== 0 ? exitCode : said >= 400 ? 22 : 0,
    stdout: body.toString(),
    stderr: `${stderr} ${said}`,
  }
}

/** The denials in the record of this Weir from `at` on. */
export function deniedSince({ records }: TestWeir, at: number): readonly EcsRecord[] {
  return records.slice(at).filter((record) => record['event.action'] === 'denied')
}

/** Has one package, as npm asks for it, and takes questions about known holes. */
async function startRegistry(): Promise<Origin> {
  const folder = temporaryFolder('registry')
  const { key, cert } = certificates()
  await writeFile(join(folder, 'package.json'), '{"name":"tiny","version":"1.0.0"}')
  await runProgram('tar', ['-czf', 'tiny.tgz', '--transform', 's,^,package/,', 'package.json'], { cwd: folder })
  const tarball = readFileSync(join(folder, 'tiny.tgz'))
  const dist = { tarball: `https://${REGISTRY}/tiny/-/tiny-1.0.0.tgz` }
  const tiny = {
    name: 'tiny',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name: 'tiny', version: '1.0.0', dist } },
  }
  return startOrigin({
    tls: { key, cert },
    serve: async (exchange) => {
      await exchange.discard()
      const { path } = exchange.record
      if (path.endsWith('.tgz')) exchange.answer(200, { 'content-type': 'application/octet-stream' }, tarball)
      else exchange.answer(200, { 'content-type': 'application/json' }, JSON.stringify(path === '/tiny' ? tiny : {}))
    },
  })
}
