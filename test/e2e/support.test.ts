/** The upstreams and clients of the end-to-end tests, tried on each other without any proxy between them. */
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GitServer, type GitServerOptions, startGitServer } from '../../src/cli/demo/git-server.ts'
import { certificates } from './support/certificates.ts'
import { curl } from './support/curl.ts'
import { commitRandom, createBranches, createWorkTree, git, randomBytes } from './support/git-client.ts'
import type { Origin } from './support/origin.ts'
import { startPlainOrigin } from './support/plain-origin.ts'
import { runProgram } from './support/program.ts'
import { openRaw, openTls, type RawClient } from './support/raw-client.ts'
import { startRestOrigin } from './support/rest-origin.ts'
import { temporaryFolder } from './support/temporary.ts'

const { key, cert, ca, caFile } = certificates()
const HELLO = Buffer.from('hello').toString('base64')

describe('a program of the tests', () => {
  it('inherits nothing of this process but PATH', async () => {
    process.env['WEIR_LEAK'] = 'leaked'
    const [direct, proxied] = [await variablesOf({}), await variablesOf({ proxy: 'http://127.0.0.1:1', caFile })]
    expect(direct).not.toContain('WEIR_LEAK')
    expect(direct.filter((name) => /proxy|ssl/i.test(name))).toEqual([])
    expect(proxied).toEqual(expect.arrayContaining(['HTTPS_PROXY', 'https_proxy', 'GIT_SSL_CAINFO', 'HOME']))
    delete process.env['WEIR_LEAK']
  })

  it('is ended when it is late', async () => {
    await expect(runProgram('sleep', ['60'], { timeoutMs: 100 })).rejects.toThrow('sleep 60: not done after 100 ms')
  })
})

describe('the git server', () => {
  let server: GitServer

  beforeAll(async () => {
    server = await start({ account: { user: 'ada', password: 'pass' } })
  })
  afterAll(() => server.close())

  it('takes a small push in one request of known length', async () => {
    const { folder, url } = await newRepository(server, 'acme/small.git')
    const tree = await createWorkTree()
    const commit = await commitRandom(tree, 3_000, 'small')
    const before = server.log.length
    expect(await push(server, tree, url)).toMatchObject({ code: 0 })
    const [advertisement, pushed, ...more] = server.log.slice(before)
    expect(more).toEqual([])
    expect(advertisement).toMatchObject({ method: 'GET', status: 200, bodyBytes: 0 })
    expect(advertisement).toMatchObject({ path: '/acme/small.git/info/refs?service=git-receive-pack' })
    expect(pushed).toMatchObject({
      method: 'POST',
      path: '/acme/small.git/git-receive-pack',
      status: 200,
      complete: true,
    })
    expect(pushed?.headers['content-length']).toBe(String(pushed?.bodyBytes))
    expect(pushed?.packBytes).toBeGreaterThan(3_000)
    expect(pushed?.packBytes).toBeLessThan(pushed?.bodyBytes ?? 0)
    expect(await revision(folder, 'main')).toBe(commit)
  })

  it('takes a large push as a probe and a chunked body', async () => {
    const { folder, url } = await newRepository(server, 'acme/large.git')
    const tree = await createWorkTree()
    const commit = await commitRandom(tree, 6_000_000, 'large')
    const before = server.log.length
    expect(await push(server, tree, url)).toMatchObject({ code: 0 })
    const [, probe, pushed, ...more] = server.log.slice(before)
    expect(more).toEqual([])
    expect(probe).toMatchObject({ bodyBytes: 4, packBytes: 0, status: 200 })
    expect(pushed).toMatchObject({ status: 200, complete: true })
    expect(pushed?.headers).toMatchObject({ 'transfer-encoding': 'chunked' })
    expect(pushed?.headers).not.toHaveProperty('content-length')
    expect(pushed?.bodyBytes).toBeGreaterThan(6_000_000)
    expect(await revision(folder, 'main')).toBe(commit)
  })

  it('takes several refs at once', async () => {
    const { folder, url } = await newRepository(server, 'acme/branches.git')
    const tree = await createWorkTree()
    await commitRandom(tree, 100, 'first')
    await createBranches(tree, ['dev', 'feature/x'])
    expect(await push(server, tree, url, ['--all'])).toMatchObject({ code: 0 })
    for (const name of ['main', 'dev', 'feature/x'])
      expect(await revision(folder, name)).toBe(await revision(tree, name))
  })

  it('keeps a repository of SHA-256 object ids', async () => {
    const { folder, url } = await newRepository(server, 'acme/sha256.git', { objectFormat: 'sha256' })
    const tree = await createWorkTree({ objectFormat: 'sha256' })
    const commit = await commitRandom(tree, 100, 'first')
    expect(commit).toHaveLength(64)
    expect(await push(server, tree, url)).toMatchObject({ code: 0 })
    expect(await revision(folder, 'main')).toBe(commit)
  })

  it.each(['0', '2'])(
    'is cloned in protocol version %s, with and without `.git`, whole and partial',
    async (version) => {
      const { url } = await newRepository(server, `acme/cloned-v${version}.git`)
      const tree = await createWorkTree()
      const commit = await commitRandom(tree, 50_000, 'cloned')
      expect(await push(server, tree, url)).toMatchObject({ code: 0 })
      const before = server.log.length
      for (const args of [[url], [url.replace(/\.git$/, '')], ['--filter=blob:none', url]]) {
        const clone = temporaryFolder('clone')
        const config = { ...resolve(server), 'protocol.version': version }
        expect(await git(['clone', '--quiet', ...args, clone], { caFile, config })).toEqual({
          code: 0,
          stdout: '',
          stderr: '',
        })
        expect(await revision(clone, 'HEAD')).toBe(commit)
      }
      const spoken = server.log.slice(before).map(({ headers }) => headers['git-protocol'])
      expect(new Set(spoken)).toEqual(new Set([version === '2' ? 'version=2' : undefined]))
    },
  )

  it('asks for the account where pushing is not anonymous, and lets everyone fetch', async () => {
    const { folder, url } = await newRepository(server, 'acme/locked.git', { anonymousPush: false })
    const tree = await createWorkTree()
    const commit = await commitRandom(tree, 100, 'locked')
    const withPassword = (password: string): string => url.replace('https://', `https://ada:${password}@`)
    expect((await push(server, tree, url)).stderr).toContain('could not read Username')
    expect((await push(server, tree, withPassword('wrong'))).stderr).toContain('Authentication failed')
    expect(await git(['ls-remote', url], { caFile, config: resolve(server) })).toMatchObject({ code: 0, stdout: '' })
    expect(await push(server, tree, withPassword('pass'))).toMatchObject({ code: 0 })
    expect(await revision(folder, 'main')).toBe(commit)
  })

  it('knows only the repositories it made, and only the smart protocol', async () => {
    const base = (await newRepository(server, 'acme/known.git')).url
    const status = async (path: string, ...args: string[]): Promise<number> => {
      const result = await curl([...connectTo(server), ...args, new URL(path, base).href, '--path-as-is'], { caFile })
      return result.status
    }
    expect(await status('/acme/known.git/info/refs?service=git-upload-pack')).toBe(200)
    expect(await status('/acme/unknown.git/info/refs?service=git-upload-pack')).toBe(404)
    expect(await status('/acme/known.git/config')).toBe(404)
    expect(await status('/acme/known.git/git-upload-pack')).toBe(405)
    await expect(server.createRepository('../outside.git')).rejects.toThrow('not the name of a repository')
  })
})

describe('the limits of the git server', () => {
  it('answers as many requests as it may log, and refuses the next', async () => {
    const server = await start({ requestsMax: 1 })
    const ask = () => curl([...connectTo(server), `https://github.com:${server.port}/`], { caFile })
    expect(await ask()).toMatchObject({ status: 404 })
    expect(await ask()).toMatchObject({ status: 503 })
    expect(server.log).toHaveLength(1)
    await server.close()
  })

  it('takes a body of its limit, and nothing of one that is a byte longer', async () => {
    const tree = await createWorkTree()
    await commitRandom(tree, 100_000, 'limit')
    const open = await start({})
    await push(open, tree, (await newRepository(open, 'acme/limit.git')).url)
    const bodyBytes = open.log.at(-1)?.bodyBytes ?? 0
    await open.close()
    for (const [bodyBytesMax, code] of [[bodyBytes, 0] as const, [bodyBytes - 1, 1] as const]) {
      const server = await start({ bodyBytesMax })
      const { folder, url } = await newRepository(server, 'acme/limit.git')
      expect(await push(server, tree, url)).toMatchObject({ code })
      expect((await readdir(`${folder}/refs/heads`)).length).toBe(code === 0 ? 1 : 0)
      await server.close()
    }
  })

  it('runs sixteen backends and refuses one more, and ends them all when it closes', async () => {
    const server = await start({})
    await newRepository(server, 'acme/held.git')
    const hold = async (): Promise<RawClient> => {
      const client = await openGit(server)
      client.send('POST /acme/held.git/git-receive-pack HTTP/1.1\r\nHost: github.com\r\nTransfer-Encoding: chunked\r\n')
      client.send('Content-Type: application/x-git-receive-pack-request\r\n\r\n4\r\n0077\r\n')
      return client
    }
    const held: RawClient[] = []
    for (let at = 0; at < 16; at++) held.push(await hold())
    const refused = await hold()
    refused.send('0\r\n\r\n')
    expect((await refused.read('\r\n\r\n')).toString('latin1')).toContain('HTTP/1.1 503 ')
    expect(server.log).toHaveLength(17)
    await server.close()
    for (const client of [...held, refused]) await client.readToEnd()
  })

  it('counts a request that is given up midway, and what came before any request', async () => {
    const server = await start({})
    await newRepository(server, 'acme/aborted.git')
    const client = await openGit(server)
    const line = 'POST /acme/aborted.git/git-receive-pack HTTP/1.1\r\n'
    client.send(line)
    await expect.poll(() => server.receivedBytes()).toBe(line.length)
    expect(server.log).toEqual([])
    const type = 'Content-Type: application/x-git-receive-pack-request'
    client.send(`Host: github.com\r\n${type}\r\nContent-Length: 1000\r\n\r\n0077567890`)
    await expect.poll(() => server.log[0]?.bodyBytes).toBe(10)
    client.destroy()
    await server.close()
    expect(server.log[0]).toMatchObject({ bodyBytes: 10, complete: false })
  })
})

describe('the REST origin', () => {
  let origin: Origin

  beforeAll(async () => {
    origin = await startRestOrigin({ key, cert })
  })
  afterAll(() => origin.close())

  const call = (method: string, url: string, body?: string | Buffer) =>
    curl([...connectTo(origin), '-X', method, ...(body === undefined ? [] : ['--data-binary', '@-']), url], {
      caFile,
      ...(body === undefined ? {} : { input: body }),
    })
  const api = (path: string): string => `https://api.github.com:${origin.port}${path}`

  it('creates a file, wants its id to replace it, and gives it back', async () => {
    const url = api('/repos/acme/widgets/contents/docs/a.txt')
    const put = (fields: object) => call('PUT', url, JSON.stringify({ message: 'm', ...fields }))
    const created = await put({ content: HELLO })
    expect(created).toMatchObject({ status: 201, exitCode: 0 })
    expect(created.headers['content-type']).toContain('application/json')
    const { sha } = json(created.body)['content'] as { sha: string }
    expect(sha).toBe('b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0')
    expect(origin.log.at(-1)).toMatchObject({ method: 'PUT', bodyBytes: created.uploadedBytes, status: 201 })
    expect((await put({ content: HELLO })).status).toBe(422)
    expect((await put({ content: HELLO, sha: 'f00' })).status).toBe(409)
    expect((await put({ content: HELLO, sha })).status).toBe(200)
    expect((await put({})).status).toBe(422)
    expect((await put({ content: 'not base64!' })).status).toBe(422)
    expect((await call('PUT', url, '{')).status).toBe(400)
    expect(json((await call('GET', url)).body)).toMatchObject({ sha, encoding: 'base64', content: HELLO })
    expect((await call('GET', `${url}.missing`)).status).toBe(404)
  })

  it('creates a gist, a release and its asset', async () => {
    expect((await call('POST', api('/gists'), '{"files":{"a":{"content":"x"}}}')).status).toBe(201)
    expect((await call('POST', api('/gists'), '{"files":{}}')).status).toBe(422)
    const release = await call('POST', api('/repos/acme/widgets/releases'), '{"tag_name":"v1"}')
    expect(release.status).toBe(201)
    const { id } = json(release.body)
    const assets = `https://uploads.github.com:${origin.port}/repos/acme/widgets/releases/${String(id)}/assets`
    const asset = await call('POST', `${assets}?name=a.bin`, randomBytes(3_000_000, 'asset'))
    expect(json(asset.body)).toMatchObject({ name: 'a.bin', size: 3_000_000, state: 'uploaded' })
    expect(origin.log.at(-1)?.bodyBytes).toBe(3_000_000)
    expect((await call('POST', `${assets}?name=a.bin`, 'x')).status).toBe(422)
    expect((await call('POST', assets, 'x')).status).toBe(422)
  })

  it('misbehaves when told to', async () => {
    const url = api('/repos/acme/widgets/contents/b.txt')
    const body = JSON.stringify({ message: 'm', content: randomBytes(3_000_000, 'b').toString('base64') })
    origin.behave({ kind: 'early', status: 403 })
    expect(await call('PUT', url, body)).toMatchObject({ status: 403 })
    origin.behave({ kind: 'cut-request', afterBytes: 100_000 })
    expect(await call('PUT', url, body)).toMatchObject({ status: 0 })
    expect(origin.log.at(-1)).toMatchObject({ complete: false, status: null })
    expect(origin.log.at(-1)?.bodyBytes).toBeGreaterThanOrEqual(100_000)
    origin.behave({ kind: 'cut-answer' })
    expect((await call('GET', url)).exitCode).not.toBe(0)
    origin.behave({ kind: 'slow', delayMs: 300 })
    const started = performance.now()
    expect(await call('PUT', url, body)).toMatchObject({ status: 201 })
    expect(performance.now() - started).toBeGreaterThanOrEqual(300)
    origin.behave({ kind: 'normal' })
    expect(await call('GET', url)).toMatchObject({ status: 200 })
  })
})

describe('the plain origin and the raw client', () => {
  let origin: Origin

  beforeAll(async () => {
    origin = await startPlainOrigin()
  })
  afterAll(() => origin.close())

  it('serves pages, bulk and uploads', async () => {
    const base = `http://127.0.0.1:${origin.port}`
    expect(await curl([`${base}/`])).toMatchObject({ status: 200, exitCode: 0 })
    expect((await curl([`${base}/bytes/3000001`])).body.length).toBe(3_000_001)
    expect((await curl([`${base}/bytes/-1`])).status).toBe(400)
    const echoed = json((await curl(['-H', 'X-Odd: a', '-H', 'x-odd: b', `${base}/echo`])).body)
    expect(echoed['rawHeaders']).toEqual(expect.arrayContaining(['X-Odd', 'a', 'x-odd', 'b']))
    const upload = await curl(['-T', '-', '-H', 'Expect:', `${base}/upload`], { input: randomBytes(200_000, 'up') })
    expect(json(upload.body)).toMatchObject({ bodyBytes: 200_000, chunked: true })
  })

  it('sends exact bytes, and reads chunks and trailers as they are on the wire', async () => {
    const client = await openRaw(origin.port)
    const before = origin.receivedBytes()
    const request =
      'POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n'
    client.send(request)
    expect((await client.read('}')).toString('latin1')).toContain(
      '{"bodyBytes":3,"chunked":true,"trailers":{"x-t":"1"}',
    )
    expect(origin.receivedBytes() - before).toBe(request.length)
    client.send('GET /chunked HTTP/1.1\r\nHost: x\r\n\r\n')
    expect((await client.read('X-Checksum: weir')).toString('latin1')).toContain('6\r\nfirst\n\r\n')
    client.send('nonsense\r\n\r\n')
    expect((await client.readToEnd()).toString('latin1')).toContain('400 Bad Request')
    expect(client.ended).toBe(true)
  })

  it('says what came when it waits in vain', async () => {
    const client = await openRaw(origin.port)
    await expect(client.read('never', 50)).rejects.toThrow('not within 50 ms')
    client.send('GET / HTTP/1.0\r\n\r\n')
    await expect(client.read('never')).rejects.toThrow('the connection ended after "HTTP/1.1 200 OK')
  })
})

async function variablesOf(options: { readonly proxy?: string; readonly caFile?: string }): Promise<string[]> {
  const { stdout } = await git(['-c', 'alias.variables=!env', 'variables'], options)
  return [...stdout.matchAll(/^([A-Za-z_]+)=/gm)].map(([, name = '']) => name)
}

function start(options: Omit<GitServerOptions, 'key' | 'cert' | 'root'>): Promise<GitServer> {
  return startGitServer({ key, cert, root: temporaryFolder('repositories'), ...options })
}

async function newRepository(
  server: GitServer,
  name: string,
  options: Parameters<GitServer['createRepository']>[1] = {},
): Promise<{ readonly folder: string; readonly url: string }> {
  return { folder: await server.createRepository(name, options), url: `https://github.com:${server.port}/${name}` }
}

function push(server: GitServer, tree: string, url: string, args: readonly string[] = ['main']) {
  const [first = '', ...rest] = args
  const target = first.startsWith('--') ? [first, url, ...rest] : [url, first, ...rest]
  return git(['push', ...target], { cwd: tree, caFile, config: resolve(server) })
}

async function revision(folder: string, name: string): Promise<string> {
  return (await git(['rev-parse', name], { cwd: folder })).stdout.trim()
}

// The name keeps its own port here: git maps names to addresses only, not ports.
function resolve(server: { readonly port: number }): Record<string, string> {
  return { 'http.curloptResolve': `github.com:${server.port}:127.0.0.1` }
}

function connectTo(server: { readonly port: number }): string[] {
  return ['--connect-to', `::127.0.0.1:${server.port}`]
}

async function openGit(server: GitServer): Promise<RawClient> {
  return (await openTls(await openRaw(server.port), { servername: 'github.com', ca })).client
}

function json(body: Buffer): Record<string, unknown> {
  return JSON.parse(body.toString('utf8')) as Record<string, unknown>
}
