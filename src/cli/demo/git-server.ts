/** A real git server on this machine: HTTPS in front of `git http-backend` (gitprotocol-http), so that a push has somewhere to go. */
import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { countReceived, Exchange, type ServedRequest } from './exchange.ts'
import { gitEnvironment, killBackend, relay, spawnBackend } from './http-backend.ts'

const REQUESTS_MAX = 10_000
const BODY_BYTES_MAX = 1024 * 1024 * 1024
const CONNECTIONS_MAX = 64
const BACKENDS_MAX = 16
const REQUEST_TIMEOUT_MS = 120_000
const COMMAND_TIMEOUT_MS = 20_000
const REPOSITORY_NAME = /^[a-z0-9][a-z0-9-]*\/[a-z0-9_-][a-z0-9._-]*\.git$/i
const TARGET = /^\/([^/?]+\/[^/?]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)(?:\?(.*))?$/

// What the large hosts offer: push options, partial clones and the blobs they fetch later. No background work that would
// outlive the server.
const CONFIGURATION = `
[uploadpack]
  allowFilter = true
  allowAnySHA1InWant = true
[receive]
  advertisePushOptions = true
  autogc = false
[gc]
  auto = 0
`
// With a user the backend takes a push without any setting; without one only where this is set.
const ANONYMOUS_PUSH = `
[http]
  receivepack = true
`

export interface GitServerOptions {
  /** PEM. */
  readonly key: string
  readonly cert: string
  /** The folder that holds the repositories; it must exist. */
  readonly root: string
  readonly host?: string
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Who may push where pushing is not anonymous. */
  readonly account?: { readonly user: string; readonly password: string }
  /** Requests served in its life, which is the length of the log; more are answered 503. */
  readonly requestsMax?: number
  /** Of one request; the connection of a longer one is broken, and nothing of it lands. */
  readonly bodyBytesMax?: number
}

interface RepositoryOptions {
  readonly objectFormat?: 'sha1' | 'sha256'
  /** True, the default, takes pushes from anyone; false asks for the account (401). */
  readonly anonymousPush?: boolean
}

export interface GitServer {
  readonly port: number
  /** Every request in order of arrival, as far as it came. */
  readonly log: readonly ServedRequest[]
  /** Bytes received above TLS on all connections so far, request lines included. */
  receivedBytes(): number
  /** Makes an empty bare repository, `OWNER/NAME.git`; answers its folder. */
  createRepository(name: string, options?: RepositoryOptions): Promise<string>
  close(): Promise<void>
}

interface State {
  readonly options: GitServerOptions
  readonly home: string
  readonly log: ServedRequest[]
  /** By name without `.git`: may anyone push? */
  readonly repositories: Map<string, { readonly anonymousPush: boolean }>
  readonly backends: Set<ChildProcess>
}

export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const home = await mkdtemp(join(tmpdir(), 'weir-git-server-'))
  const state: State = { options, home, log: [], repositories: new Map(), backends: new Set() }
  const server = createServer({ key: options.key, cert: options.cert, requestTimeout: REQUEST_TIMEOUT_MS })
  server.maxConnections = CONNECTIONS_MAX
  const receivedBytes = countReceived(server, 'secureConnection')
  server.on('request', (request, response) => {
    const exchange = new Exchange(request, response)
    serve(state, exchange).catch(() => fail(exchange))
  })
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    log: state.log,
    receivedBytes,
    createRepository: (name, repository = {}) => createRepository(state, name, repository),
    close: () => close(state, server),
  }
}

async function serve(state: State, exchange: Exchange): Promise<void> {
  if (state.log.length >= (state.options.requestsMax ?? REQUESTS_MAX)) return refuse(exchange, 503)
  state.log.push(exchange.record)
  const { method = '', url = '', headers } = exchange.request
  const [, name = '', service = '', query = ''] = TARGET.exec(url) ?? []
  const repository = state.repositories.get(name.toLowerCase())
  if (repository === undefined) return refuse(exchange, 404)
  if ((method === 'GET') !== (service === 'info/refs')) return refuse(exchange, 405)
  const user = authenticate(state, headers.authorization)
  const pushes = `${service}?${query}`.includes('git-receive-pack')
  if (pushes && !repository.anonymousPush && user === null) return refuse(exchange, 401)
  if (state.backends.size >= BACKENDS_MAX) return refuse(exchange, 503)
  const pathInfo = `/${name.toLowerCase()}.git/${service}`
  await runBackend(
    state,
    exchange,
    spawnBackend({ root: state.options.root, home: state.home, pathInfo, query, user }, exchange),
  )
}

async function runBackend(state: State, exchange: Exchange, child: ChildProcess): Promise<void> {
  const { stdin, stdout } = child
  const bodyBytesMax = state.options.bodyBytesMax ?? BODY_BYTES_MAX
  if (stdin === null || stdout === null) throw new Error('the backend has no pipes')
  state.backends.add(child)
  const deadline = setTimeout(() => killBackend(child), REQUEST_TIMEOUT_MS)
  // A client that left midway must not have its half a pack taken for a whole one.
  exchange.response.on('close', () => {
    if (!exchange.response.writableFinished) killBackend(child)
  })
  try {
    await Promise.all([relay(exchange, stdin, stdout, bodyBytesMax), once(child, 'close')])
  } finally {
    clearTimeout(deadline)
    killBackend(child)
    state.backends.delete(child)
  }
}

async function refuse(exchange: Exchange, status: 401 | 404 | 405 | 503): Promise<void> {
  await exchange.discard()
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="git"' } : {}
  exchange.answer(status, { 'content-type': 'text/plain', ...challenge }, `${status}\n`)
}

// The client left, sent too much, or the backend broke; the log shows how far the request came.
function fail(exchange: Exchange): void {
  if (exchange.response.headersSent || !exchange.record.complete) exchange.response.destroy()
  else exchange.answer(502, { connection: 'close' }, 'The git backend failed.\n')
}

/** The user of Basic credentials (RFC 7617) where they are the account's; null for all others. */
function authenticate(state: State, authorization: string | undefined): string | null {
  const { account } = state.options
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ')
  if (account === undefined || scheme.toLowerCase() !== 'basic') return null
  const given = Buffer.from(credentials, 'base64').toString('utf8')
  return given === `${account.user}:${account.password}` ? account.user : null
}

async function createRepository(state: State, name: string, options: RepositoryOptions): Promise<string> {
  if (!REPOSITORY_NAME.test(name)) throw new Error(`not the name of a repository: ${name}`)
  const key = name.toLowerCase().slice(0, -'.git'.length)
  const folder = join(state.options.root, `${key}.git`)
  const anonymousPush = options.anonymousPush ?? true
  const format = `--object-format=${options.objectFormat ?? 'sha1'}`
  const args = ['init', '--bare', '--quiet', '--template=', '--initial-branch=main', format, folder]
  await promisify(execFile)('git', args, { env: gitEnvironment(state.home), timeout: COMMAND_TIMEOUT_MS })
  await appendFile(join(folder, 'config'), CONFIGURATION + (anonymousPush ? ANONYMOUS_PUSH : ''))
  state.repositories.set(key, { anonymousPush })
  return folder
}

async function close(state: State, server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A child is closed when nobody holds its output any more, the programs it started included.
  const running = [...state.backends].filter((child) => child.exitCode === null && child.signalCode === null)
  const ended = running.map((child) => once(child, 'close'))
  for (const child of running) killBackend(child)
  server.closeAllConnections()
  await Promise.all([closed, ...ended])
  await rm(state.home, { recursive: true, force: true })
}
