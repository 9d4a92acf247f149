/** An upstream that answers as api.github.com and uploads.github.com document it, for the calls that carry data out. */
import { createHash } from 'node:crypto'
import type { Exchange } from '../../../src/cli/demo/exchange.ts'
import { type Origin, startOrigin } from './origin.ts'

const JSON_BYTES_MAX = 64 * 1024 * 1024

/** The repositories, gists and releases of one origin; any owner and repository exists, and no account is asked for. */
interface Hub {
  /** By `OWNER/REPO/PATH`. */
  readonly files: Map<string, Buffer>
  /** Names of assets, by release. */
  readonly releases: Map<string, Set<string>>
  gists: number
}

interface Reply {
  readonly status: number
  readonly content: object
}

type Fields = Readonly<Record<string, unknown>>
type Route = (hub: Hub, exchange: Exchange, parts: readonly string[], query: URLSearchParams) => Promise<Reply>

const ROUTES: readonly (readonly [string, RegExp, Route])[] = [
  ['PUT', /^\/repos\/([^/]+\/[^/]+)\/contents\/(.+)$/, writeFile],
  ['GET', /^\/repos\/([^/]+\/[^/]+)\/contents\/(.+)$/, readFile],
  ['POST', /^\/gists$/, createGist],
  ['POST', /^\/repos\/([^/]+\/[^/]+)\/releases$/, createRelease],
  ['POST', /^\/repos\/([^/]+\/[^/]+)\/releases\/(\d+)\/assets$/, uploadAsset],
]

export function startRestOrigin(tls: { readonly key: string; readonly cert: string }): Promise<Origin> {
  const hub: Hub = { files: new Map(), releases: new Map(), gists: 0 }
  return startOrigin({ tls: { key: tls.key, cert: tls.cert }, serve: (exchange) => serve(hub, exchange) })
}

async function serve(hub: Hub, exchange: Exchange): Promise<void> {
  const url = new URL(exchange.record.path, 'https://api.github.com')
  const { status, content } = await route(hub, exchange, url)
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-github-api-version-selected': '2022-11-28' }
  exchange.answer(status, headers, JSON.stringify(content))
}

async function route(hub: Hub, exchange: Exchange, url: URL): Promise<Reply> {
  for (const [method, pattern, run] of ROUTES) {
    const match = exchange.record.method === method ? pattern.exec(url.pathname) : null
    if (match !== null) return run(hub, exchange, match.slice(1).map(decodeURIComponent), url.searchParams)
  }
  await exchange.discard()
  return refusal(404, 'Not Found')
}

// Create or update file contents: 201 for a new file, 200 for a new version, 409 and 422 for what does not fit.
async function writeFile(
  hub: Hub,
  exchange: Exchange,
  [repository = '', path = '']: readonly string[],
): Promise<Reply> {
  const fields = await readJson(exchange)
  if (fields === null) return refusal(400, 'Problems parsing JSON')
  const { message, content, sha } = fields
  if (typeof message !== 'string' || typeof content !== 'string') {
    return refusal(422, 'Invalid request.\n\n"message" and "content" must be supplied.')
  }
  const file = Buffer.from(content, 'base64')
  if (file.toString('base64') !== content.replaceAll(/\s/g, '')) return refusal(422, 'content is not valid Base64')
  const before = hub.files.get(`${repository}/${path}`)
  if (before !== undefined && sha === undefined) return refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  if (before !== undefined && sha !== blobId(before)) return refusal(409, `${path} does not match ${String(sha)}`)
  hub.files.set(`${repository}/${path}`, file)
  const commit = { sha: createHash('sha1').update(`${message}\0${path}`).update(file).digest('hex'), message }
  return { status: before === undefined ? 201 : 200, content: { content: describe(path, file), commit } }
}

async function readFile(hub: Hub, exchange: Exchange, [repository = '', path = '']: readonly string[]): Promise<Reply> {
  await exchange.discard()
  const file = hub.files.get(`${repository}/${path}`)
  if (file === undefined) return refusal(404, 'Not Found')
  return { status: 200, content: { ...describe(path, file), encoding: 'base64', content: file.toString('base64') } }
}

async function createGist(hub: Hub, exchange: Exchange): Promise<Reply> {
  const fields = await readJson(exchange)
  if (fields === null) return refusal(400, 'Problems parsing JSON')
  const { files } = fields
  if (typeof files !== 'object' || files === null || Object.keys(files).length === 0) {
    return refusal(422, 'Validation Failed')
  }
  const id = createHash('md5')
    .update(String(++hub.gists))
    .digest('hex')
  const content = { id, html_url: `https://gist.github.com/${id}`, public: fields['public'] === true, files }
  return { status: 201, content }
}

async function createRelease(hub: Hub, exchange: Exchange, [repository = '']: readonly string[]): Promise<Reply> {
  const fields = await readJson(exchange)
  if (fields === null) return refusal(400, 'Problems parsing JSON')
  if (typeof fields['tag_name'] !== 'string') return refusal(422, 'Validation Failed')
  const id = hub.releases.size + 1
  hub.releases.set(`${repository}/${id}`, new Set())
  const upload_url = `https://uploads.github.com/repos/${repository}/releases/${id}/assets{?name,label}`
  return { status: 201, content: { id, tag_name: fields['tag_name'], upload_url, assets: [] } }
}

async function uploadAsset(
  hub: Hub,
  exchange: Exchange,
  [repository = '', release = '']: readonly string[],
  query: URLSearchParams,
): Promise<Reply> {
  const digest = createHash('sha256')
  for await (const chunk of exchange.body()) digest.update(chunk)
  const assets = hub.releases.get(`${repository}/${release}`)
  const name = query.get('name')
  if (assets === undefined) return refusal(404, 'Not Found')
  if (name === null || assets.has(name)) return refusal(422, 'Validation Failed')
  assets.add(name)
  const size = exchange.record.bodyBytes
  return {
    status: 201,
    content: { id: assets.size, name, size, state: 'uploaded', digest: `sha256:${digest.digest('hex')}` },
  }
}

async function readJson(exchange: Exchange): Promise<Fields | null> {
  const chunks: Buffer[] = []
  for await (const chunk of exchange.body()) {
    if (exchange.record.bodyBytes <= JSON_BYTES_MAX) chunks.push(chunk)
  }
  if (exchange.record.bodyBytes > JSON_BYTES_MAX) return null
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Fields) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function describe(path: string, file: Buffer): object {
  return { type: 'file', name: path.split('/').at(-1), path, sha: blobId(file), size: file.length }
}

/** The id git gives a blob. */
function blobId(file: Buffer): string {
  return createHash('sha1').update(`blob ${file.length}\0`).update(file).digest('hex')
}

function refusal(status: number, message: string): Reply {
  return { status, content: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } }
}
