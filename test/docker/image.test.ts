/** The image without an engine: built and put together by its Dockerfile, it runs from a tree that it cannot write to. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execForm, only } from './dockerfile.ts'
import { assembleImage, type Image, treeOf } from './image.ts'

const ASSEMBLY_TIMEOUT_MS = 180_000
const START_TIMEOUT_MS = 60_000

const POLICY = `version: 1
default: deny
rules:
  - { name: not-for-ada, from: { users: [ada] }, to: { hosts: closed.example }, action: deny }
  - { name: for-others, to: { hosts: closed.example }, action: allow }
`

interface Ran {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

let image: Image

beforeAll(() => {
  image = assembleImage()
}, ASSEMBLY_TIMEOUT_MS)

afterAll(() => image?.remove())

/** By the image's own ENTRYPOINT or HEALTHCHECK, user and environment: no home, no place for temporary files, `/` as folder. */
function start(words: readonly string[]): ChildProcess {
  const [program = '', ...rest] = words
  return spawn(join(image.root, 'bin', program), rest.map(placed), {
    cwd: '/',
    env: { ...image.environment, PATH: join(image.root, 'bin'), TMPDIR: join(image.root, 'none') },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...image.user,
  })
}

function placed(word: string): string {
  return word.startsWith('/app/') ? image.placeOf(word) : word
}

async function run(words: readonly string[]): Promise<Ran> {
  const child = start(words)
  const written = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (written.out += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (written.err += text))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, ...written }
}

function entrypoint(...words: readonly string[]): readonly string[] {
  return [...execForm(only(image.stage, 'ENTRYPOINT')), ...words]
}

function health(port: number): Promise<Ran> {
  return run([...execForm(only(image.stage, 'HEALTHCHECK')), '--listen', `127.0.0.1:${port}`])
}

/** The status of a plain request through the proxy, with these credentials. */
async function ask(port: number, user: string, password: string): Promise<number | undefined> {
  const credentials = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const asked = request({
    host: '127.0.0.1',
    port,
    path: 'http://closed.example/',
    headers: { Host: 'closed.example', 'Proxy-Authorization': credentials },
    agent: false,
  })
  asked.end()
  const [reply] = (await once(asked, 'response')) as [{ statusCode?: number; resume(): void }]
  reply.resume()
  return reply.statusCode
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

describe('without a network', () => {
  it('tells its version', async () => {
    const { status, out } = await run(entrypoint('version'))
    expect([status, out]).toEqual([0, expect.stringMatching(/^weir \d+\.\d+\.\d+ \(Node 24\./)])
  })

  it('cannot write where it lies: the rest of this file would show nothing if it could', async () => {
    const { status, err } = await run(['node', '-e', `fs.writeFileSync(${JSON.stringify(image.placeOf('x'))}, '')`])
    expect([status, err]).toEqual([1, expect.stringContaining('EACCES')])
  })

  it('checks its own policy, and runs its cases', async () => {
    for (const command of ['check', 'test']) {
      const { status, err } = await run(entrypoint(command, '--strict'))
      expect({ command, status, err }).toEqual({ command, status: 0, err: '' })
    }
  })

  it('does not listen for a network until it is told whose clients it serves', async () => {
    const { status, err } = await run(entrypoint(...execForm(only(image.stage, 'CMD'))))
    expect(err).toContain('--allow-clients')
    expect(status).not.toBe(0)
  })
})

describe('a proxy that runs', () => {
  it('starts with all its threads, is healthy, tells its status, knows its users, and drains', async () => {
    const data = image.environment['WEIR_DATA'] ?? ''
    const certs = image.environment['WEIR_CERTS'] ?? ''
    // What a deployment would mount.
    writeFileSync(join(data, 'users'), `ada:${hashSync('right', 4)}\n`, { mode: 0o644 })
    writeFileSync(join(data, 'policy.yaml'), POLICY)
    const port = await freePort()
    expect((await health(port)).status).toBe(1)
    const before = treeOf(image.root).filter((path) => !path.startsWith(join(image.root, 'var/lib/weir')))
    const child = start(
      entrypoint(
        'run',
        '--listen',
        `127.0.0.1:${port}`,
        '--users',
        join(data, 'users'),
        '--policy',
        join(data, 'policy.yaml'),
      ),
    )
    let err = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
    const ended = once(child, 'close')
    try {
      const ready = JSON.parse(await firstLine(child, () => err)) as { event: string; listen: string[] }
      expect(ready).toMatchObject({ event: 'ready', listen: [`127.0.0.1:${port}`] })
      expect(await health(port)).toEqual({ status: 0, out: `127.0.0.1:${port}: ok\n`, err: '' })
      // The ledger's thread and that of the policy have done their work by now; the third hashes passwords.
      const { status, out } = await run(entrypoint('status', '--json'))
      expect([status, JSON.parse(out)]).toEqual([
        0,
        expect.objectContaining({ pid: child.pid, ledger: { writable: true, fault: null } }),
      ])
      expect(await ask(port, 'ada', 'wrong')).toBe(407)
      expect(await ask(port, 'ada', 'right')).toBe(403)
      expect(readdirSync(certs).length).toBeGreaterThan(0)
      expect(readdirSync(data)).toContain('weir.sock')
    } finally {
      child.kill('SIGTERM')
    }
    expect(await ended).toEqual([0, null])
    expect(err).not.toMatch(/EROFS|EACCES|EPERM|ENOENT/)
    expect(treeOf(image.root).filter((path) => !path.startsWith(join(image.root, 'var/lib/weir')))).toEqual(before)
  })
})

async function firstLine(child: ChildProcess, errors: () => string): Promise<string> {
  let text = ''
  child.stdout?.setEncoding('utf8')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.stdout?.on('data', (piece: string) => {
    text += piece
    const end = text.indexOf('\n')
    if (end !== -1) resolve(text.slice(0, end))
  })
  child.on('close', () => reject(new Error(`ended without a line: ${errors()}`)))
  const timer = setTimeout(() => reject(new Error(`no line in time: ${errors()}`)), START_TIMEOUT_MS)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}
