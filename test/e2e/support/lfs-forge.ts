/** A forge with LFS as its protocol says (git-lfs, docs/api): git and the API at one host, the objects at another with presigned addresses. */
import { once } from 'node:events'
import { createHash, randomUUID } from 'node:crypto'
import type { Exchange } from '../../../src/cli/demo/exchange.ts'
import { killBackend, relay, spawnBackend } from '../../../src/cli/demo/http-backend.ts'
import { certificates } from './certificates.ts'
import { git } from './git-client.ts'
import { type Origin, startOrigin } from './origin.ts'
import { temporaryFolder } from './temporary.ts'

export const STORE = 'objects.lfs-storage.example'
const BODY_BYTES_MAX = 32 * 1024 * 1024

/** What the store does with an upload in place of keeping it: answers 500 behind it, or breaks the connection within it. */
export type Mishap = 'error' | 'reset'

export interface LfsForge {
  /** github.com and lfs.github.com. */
  readonly forge: Origin
  /** The store's host. */
  readonly store: Origin
  /** What the store keeps, by object id. */
  readonly objects: Map<string, Buffer>
  /** Object ids that were verified, each with its repository. */
  readonly verified: readonly string[]
  /** How the next uploads go, one each. */
  readonly mishaps: Mishap[]
  /** As `--resolve`. */
  readonly resolve: readonly string[]
  /** Of addresses from now on, in seconds. */
  expireIn(seconds: number): void
  /** Whether objects are sent to the forge itself from now on. */
  keepHere(isKept: boolean): void
  /** Makes `OWNER/NAME`, bare, for whoever pushes. */
  createRepository(name: string): Promise<void>
  close(): Promise<void>
}

interface State {
  readonly root: string
  readonly home: string
  readonly objects: Map<string, Buffer>
  readonly verified: string[]
  readonly mishaps: Mishap[]
  seconds: number
  here: boolean
}

export async function startLfsForge(): Promise<LfsForge> {
  const { key, cert } = certificates()
  const state: State = {
    root: temporaryFolder('lfs-repositories'),
    home: temporaryFolder('lfs-home'),
    objects: new Map(),
    verified: [],
    mishaps: [],
    seconds: 900,
    here: false,
  }
  const forge = await startOrigin({ tls: { key, cert }, serve: (exchange) => serveForge(state, exchange) })
  const store = await startOrigin({ tls: { key, cert }, serve: (exchange) => serveStore(state, exchange) })
  return {
    forge,
    store,
    objects: state.objects,
    verified: state.verified,
    mishaps: state.mishaps,
    resolve: [
      ...['github.com', 'lfs.github.com'].map((host) => `${host}:443:127.0.0.1:${forge.port}`),
      `${STORE}:443:127.0.0.1:${store.port}`,
    ],
    expireIn(seconds) {
      state.seconds = seconds
    },
    keepHere(isKept) {
      state.here = isKept
    },
    async createRepository(name) {
      const folder = `${state.root}/${name}.git`
      await git(['init', '--bare', '--quiet', '--template=', '--initial-branch=main', folder])
      await git(['-C', folder, 'config', 'http.receivepack', 'true'])
    },
    async close() {
      await Promise.all([forge.close(), store.close()])
    },
  }
}

const API = /^\/([^/]+\/[^/]+?)(?:\.git)?\/info\/lfs\/(.+)$/
const LFS_TYPE = { 'content-type': 'application/vnd.git-lfs+json' }

async function serveForge(state: State, exchange: Exchange): Promise<void> {
  const { path, headers } = exchange.record
  const [, repository = '', call = ''] = API.exec(path) ?? []
  if (headers.host === 'lfs.github.com') return verify(state, exchange)
  if (call === 'objects/batch') return batch(state, exchange, repository)
  if (call.startsWith('objects/')) return serveStore(state, exchange, call.slice('objects/'.length))
  if (call === 'locks/verify') {
    await exchange.discard()
    return exchange.answer(200, LFS_TYPE, JSON.stringify({ ours: [], theirs: [] }))
  }
  return serveGit(state, exchange)
}

interface Pointer {
  readonly oid: string
  readonly size: number
}

async function batch(state: State, exchange: Exchange, repository: string): Promise<void> {
  const asked = JSON.parse((await bodyOf(exchange)).toString()) as {
    readonly operation: 'upload' | 'download'
    readonly objects: readonly Pointer[]
  }
  const objects = asked.objects.map(({ oid, size }) => {
    const signature = createHash('sha256').update(randomUUID()).digest('hex')
    const there = state.objects.has(oid)
    const away = `https://${STORE}/bucket/${oid}?X-Amz-Expires=${state.seconds}&X-Amz-Signature=${signature}`
    const action = {
      href: state.here ? `https://github.com/${repository}.git/info/lfs/objects/${oid}` : away,
      header: { 'x-amz-content-sha256': oid },
      expires_in: state.seconds,
    }
    const check = { href: `https://lfs.github.com/${repository}/objects/${oid}/verify`, expires_in: state.seconds }
    if (asked.operation === 'upload')
      return { oid, size, actions: there ? undefined : { upload: action, verify: check } }
    return there ? { oid, size, actions: { download: action } } : { oid, size, error: { code: 404, message: 'none' } }
  })
  const authenticated = objects.map((object) => ({ authenticated: true, ...object }))
  exchange.answer(200, LFS_TYPE, JSON.stringify({ transfer: 'basic', objects: authenticated }))
}

async function verify(state: State, exchange: Exchange): Promise<void> {
  const { oid, size } = JSON.parse((await bodyOf(exchange)).toString()) as Pointer
  const isWhole = state.objects.get(oid)?.length === size
  if (isWhole) state.verified.push(`${exchange.record.path.split('/').slice(1, 3).join('/')} ${oid}`)
  exchange.answer(isWhole ? 200 : 404, LFS_TYPE, '{}')
}

async function serveGit(state: State, exchange: Exchange): Promise<void> {
  const [path = '', query = ''] = exchange.record.path.split('?')
  const pathInfo = path.replace(/^(\/[^/]+\/[^/]+?)(?:\.git)?\//, '$1.git/')
  const child = spawnBackend({ root: state.root, home: state.home, pathInfo, query, user: null }, exchange)
  if (child.stdin === null || child.stdout === null) throw new Error('the backend has no pipes')
  try {
    await Promise.all([relay(exchange, child.stdin, child.stdout, BODY_BYTES_MAX), once(child, 'close')])
  } finally {
    killBackend(child)
  }
}

/** As an object store: PUT keeps what has the id in its address, GET gives it. */
async function serveStore(state: State, exchange: Exchange, name = ''): Promise<void> {
  const { method, path } = exchange.record
  const oid = name === '' ? (/^\/bucket\/([0-9a-f]{64})\?/.exec(path)?.[1] ?? '') : name
  if (method === 'GET') {
    const content = state.objects.get(oid)
    return exchange.answer(content === undefined ? 404 : 200, {}, content ?? '')
  }
  const mishap = state.mishaps.shift()
  if (mishap === 'reset') {
    for await (const _ of exchange.body()) break
    exchange.request.socket.destroy()
    return
  }
  const body = await bodyOf(exchange)
  if (mishap === 'error') return exchange.answer(500, {}, '')
  const isWhole = method === 'PUT' && createHash('sha256').update(body).digest('hex') === oid
  if (isWhole) state.objects.set(oid, body)
  exchange.answer(isWhole ? 200 : 400, {}, '')
}

async function bodyOf(exchange: Exchange): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of exchange.body()) pieces.push(piece)
  return Buffer.concat(pieces)
}
