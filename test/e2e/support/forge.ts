/** A fake forge: github.com with its API, gitlab.com, and a page of somebody else, on one port, for real browsers. */
import { randomUUID } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import type { Exchange } from '../../../src/cli/demo/exchange.ts'
import { certificates } from './certificates.ts'
import {
  GITHUB,
  GITLAB,
  homePage,
  LOGO,
  repositoryPage,
  type Site,
  signInPage,
  STYLE,
  UPLOAD,
  uploadPage,
  VISIT,
} from './forge-pages.ts'
import { startOrigin } from './origin.ts'

export const FORGE_HOSTS = [
  'github.com',
  'api.github.com',
  'raw.githubusercontent.com',
  'gitlab.com',
  'www.acme.example',
] as const

export const PERSON = { name: 'ada', password: 'lovelace & Söhne' }

export interface ForgeRequest {
  readonly host: string
  readonly method: string
  readonly path: string
  /** What came so far. */
  readonly body: Buffer
}

export interface Forge {
  readonly port: number
  /** All that came, from the head on, also what never came to its end. */
  readonly requests: readonly ForgeRequest[]
  /** What was uploaded, by `HOST/OWNER/REPO/FILE`. */
  readonly files: ReadonlyMap<string, Buffer>
  /** Above TLS, on all connections, request lines included. */
  receivedBytes(): number
  close(): Promise<void>
}

interface State {
  readonly files: Map<string, Buffer>
  /** By cookie: the token of its forms, and who signed in. */
  readonly sessions: Map<string, { readonly token: string; user: string | null }>
}

interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly content: string
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

const BODY_BYTES_MAX = 128 * 1024 * 1024

export async function startForge(): Promise<Forge> {
  const { key, cert } = certificates()
  const state: State = { files: new Map(), sessions: new Map() }
  const requests: ForgeRequest[] = []
  const origin = await startOrigin({
    tls: { key, cert },
    serve: async (exchange) => {
      const { method, path, headers } = exchange.record
      const seen: Writable<ForgeRequest> = { host: headers.host ?? '', method, path, body: Buffer.alloc(0) }
      requests.push(seen)
      await receive(exchange, seen)
      const { status, headers: fields, content } = await answerTo(state, exchange, seen)
      exchange.answer(status, fields, content)
    },
  })
  return { ...origin, requests, files: state.files }
}

async function receive(exchange: Exchange, seen: Writable<ForgeRequest>): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of exchange.body()) {
    if (exchange.record.bodyBytes > BODY_BYTES_MAX) throw new Error(`more than ${BODY_BYTES_MAX} bytes in one body`)
    pieces.push(piece)
    seen.body = Buffer.concat(pieces)
  }
}

function answerTo(state: State, exchange: Exchange, seen: ForgeRequest): Promise<Answer> | Answer {
  const asset = ASSETS[seen.path]
  if (asset !== undefined) return { status: 200, headers: { 'content-type': asset.type }, content: asset.content }
  switch (seen.host) {
    case 'github.com':
      return answerPage(state, GITHUB, exchange, seen)
    case 'gitlab.com':
      return seen.path.startsWith('/api/v4/') ? gitlabApi(state, seen) : answerPage(state, GITLAB, exchange, seen)
    case 'api.github.com':
      return githubApi(state, exchange, seen)
    case 'raw.githubusercontent.com':
      return { status: 200, headers: { 'content-type': 'image/svg+xml' }, content: LOGO }
    case 'www.acme.example':
      return html(elsewhere(seen.path))
    default:
      return { status: 421, headers: {}, content: '' }
  }
}

/** A page at another site, whose form and script send to GitHub. */
function elsewhere(path: string): string {
  const [, owner = '', repo = ''] = path.split('/')
  return path === '/' ? homePage(null) : uploadPage(GITHUB, `${owner}/${repo}`, null)
}

const ASSETS: Readonly<Record<string, { readonly type: string; readonly content: string }>> = {
  '/assets/site.css': { type: 'text/css', content: STYLE },
  '/assets/visit.js': { type: 'text/javascript', content: VISIT },
  '/assets/upload.js': { type: 'text/javascript', content: UPLOAD },
  '/favicon.ico': { type: 'image/svg+xml', content: LOGO },
}

async function answerPage(state: State, site: Site, exchange: Exchange, seen: ForgeRequest): Promise<Answer> {
  const { session, cookie } = sessionOf(state, exchange)
  if (seen.path === '/') return html(homePage(session.user))
  if (seen.path.startsWith(site.signIn.page) && seen.method === 'GET') {
    return html(signInPage(site, session.token), { 'set-cookie': cookie })
  }
  const form = seen.method === 'POST' ? await formOf(exchange, seen) : null
  if (form !== null && form.get('authenticity_token') !== session.token)
    return html('This form is out of date.', {}, 422)
  if (form !== null && seen.path === site.signIn.action) {
    const isPerson = form.get(site.signIn.user) === PERSON.name && form.get(site.signIn.password) === PERSON.password
    if (isPerson) session.user = PERSON.name
    return redirect(isPerson ? '/' : site.signIn.page)
  }
  if (session.user === null) return redirect(site.signIn.page)
  const [, owner = '', repo = '', ...rest] = seen.path.split('/')
  const repository = `${owner}/${repo}`
  if (rest.join('/') !== site.upload)
    return html(repositoryPage(repository, filesOf(state, `${site.host}/${repository}/`)))
  if (form === null) return html(uploadPage(site, repository, session.token))
  const file = form.get(site.uploadField)
  if (!(file instanceof File)) return html('No file came.', {}, 422)
  state.files.set(`${site.host}/${repository}/${file.name}`, Buffer.from(await file.arrayBuffer()))
  const isScript = exchange.record.headers.accept === 'application/json'
  return isScript ? json(201, { name: file.name, size: file.size }) : redirect(`/${repository}`)
}

/** Its CORS fields as api.github.com answers them: any origin may ask, and the token says who it is. */
function githubApi(state: State, exchange: Exchange, seen: ForgeRequest): Answer {
  if (seen.method === 'OPTIONS') return { status: 204, headers: { ...GITHUB_CORS, ...GITHUB_PREFLIGHT }, content: '' }
  if (seen.path === '/_private/browser/stats') return json(200, {}, GITHUB_CORS)
  const [, , owner = '', repo = '', contents, ...file] = seen.path.split('/')
  if (seen.method !== 'PUT' || contents !== 'contents') return json(404, { message: 'Not Found' }, GITHUB_CORS)
  if (exchange.record.headers.authorization === undefined) return json(401, { message: 'Requires authentication' })
  return store(state, `github.com/${owner}/${repo}/${file.join('/')}`, seen, GITHUB_CORS)
}

const GITHUB_CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Link, Location, Retry-After, X-GitHub-Request-Id',
}

const GITHUB_PREFLIGHT = {
  'access-control-allow-headers':
    'Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, X-GitHub-OTP, X-Requested-With, User-Agent',
  'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
  'access-control-max-age': '86400',
}

function gitlabApi(state: State, seen: ForgeRequest): Answer {
  const [, , , , project = '', , , ...file] = seen.path.split('/')
  return store(state, `gitlab.com/${decodeURIComponent(project)}/${file.join('/')}`, seen, {})
}

function store(state: State, name: string, seen: ForgeRequest, cors: OutgoingHttpHeaders): Answer {
  const { content } = JSON.parse(seen.body.toString()) as { readonly content: string }
  state.files.set(name, Buffer.from(content, 'base64'))
  return json(201, { content: { path: name } }, cors)
}

function sessionOf(state: State, exchange: Exchange) {
  const known = /(?:^|; )user_session=([^;]+)/.exec(exchange.record.headers.cookie ?? '')?.[1] ?? randomUUID()
  const session = state.sessions.get(known) ?? { token: randomUUID(), user: null }
  state.sessions.set(known, session)
  return { session, cookie: `user_session=${known}; Path=/; Secure; HttpOnly; SameSite=Lax` }
}

function filesOf(state: State, prefix: string): string[] {
  return [...state.files.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
}

function formOf(exchange: Exchange, seen: ForgeRequest): Promise<FormData> {
  const type = exchange.record.headers['content-type'] ?? ''
  return new Response(Uint8Array.from(seen.body), { headers: { 'content-type': type } }).formData()
}

function html(content: string, headers: OutgoingHttpHeaders = {}, status = 200): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, content }
}

function json(status: number, value: object, headers: OutgoingHttpHeaders = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    content: JSON.stringify(value),
  }
}

function redirect(location: string): Answer {
  return { status: 302, headers: { location }, content: '' }
}
