import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { spawnWeir, type WeirChild } from './weir-child.ts'
import { folderWith, weir } from './weir-command.ts'

const POLICY = 'version: 1\ndefault: deny\n'

interface Ready {
  readonly event: string
  readonly version: string
  readonly pid: number
  readonly listen: readonly string[]
  readonly policy: { readonly file: string; readonly hash: string }
  readonly inspection: { readonly mode: string; readonly ca: string | null }
}

function start(words: readonly string[], folder: string, env: Record<string, string> = {}): WeirChild {
  return spawnWeir(['run', '--policy', 'policy.yaml', '--listen', '127.0.0.1:0', ...words], { cwd: folder, env })
}

async function readyOf(child: WeirChild): Promise<Ready> {
  return JSON.parse(await child.firstLine()) as Ready
}

describe('a start', () => {
  it('says in one line that it is ready, makes a CA the first time, is healthy, and drains on SIGTERM', async () => {
    const folder = folderWith({ 'policy.yaml': POLICY })
    const child = start([], folder)
    const ready = await readyOf(child)
    expect(ready).toMatchObject({
      event: 'ready',
      pid: child.process.pid,
      policy: { file: 'policy.yaml', hash: expect.stringMatching(/^[0-9a-f]{16}$/) },
      inspection: { mode: 'auto' },
    })
    const certificate = new X509Certificate(readFileSync(join(folder, 'certs', 'ca.pem')))
    expect(ready.inspection.ca).toBe(certificate.fingerprint256)
    expect(child.err()).toContain('made an inspection CA in certs')
    expect(child.err()).toContain(certificate.fingerprint256)
    expect(ready.listen).toHaveLength(1)
    expect((await weir(['health', '--listen', ready.listen[0] ?? ''])).status).toBe(0)
    child.process.kill('SIGTERM')
    expect(await child.ended()).toBe(0)
    expect(child.out().trimEnd().split('\n')).toHaveLength(1)
  })

  it('keeps the CA that is there', async () => {
    const folder = folderWith({ 'policy.yaml': POLICY })
    const { out } = await weir(['ca', 'init', '--certs', join(folder, 'certs'), '--json'])
    const child = start([], folder)
    const ready = await readyOf(child)
    expect(ready.inspection.ca).toBe((JSON.parse(out) as { fingerprint256: string }).fingerprint256)
    expect(child.err()).toBe('')
    child.process.kill('SIGINT')
    expect(await child.ended()).toBe(0)
  })

  it('needs and makes no CA where nothing is opened', async () => {
    const folder = folderWith({ 'policy.yaml': POLICY })
    const child = start(['--inspection', 'never'], folder)
    expect((await readyOf(child)).inspection).toEqual({ mode: 'never', ca: null })
    expect(existsSync(join(folder, 'certs'))).toBe(false)
  })

  it('takes its settings from a file and from variables', async () => {
    const folder = folderWith({
      'policy.yaml': POLICY,
      'weir.yaml': 'policy: policy.yaml\nlisten: 127.0.0.1:1\ncerts: ca\n',
    })
    const env = { WEIR_CONFIG: 'weir.yaml', WEIR_LISTEN: '127.0.0.1:0', WEIR_INSPECTION: 'always' }
    const child = spawnWeir(['run'], { cwd: folder, env })
    expect((await readyOf(child)).inspection.mode).toBe('always')
    expect(existsSync(join(folder, 'ca', 'ca.pem'))).toBe(true)
  })

  it('ends at once on a second signal, though a client stays', async () => {
    const folder = folderWith({ 'policy.yaml': POLICY })
    const child = start(['--inspection', 'never'], folder)
    const [host = '', port = ''] = ((await readyOf(child)).listen[0] ?? '').split(':')
    const client = connect(Number(port), host)
    onTestFinished(() => void client.destroy())
    client.on('error', () => client.destroy())
    await once(client, 'connect')
    // Half a request: it is under way, so that a drain waits for it.
    client.write('GET http://a.example/ HTTP/1.1\r\n')
    child.process.kill('SIGTERM')
    while (!child.err().includes('draining')) await once(child.process.stderr ?? client, 'data')
    child.process.kill('SIGTERM')
    expect(await child.ended()).toBe(1)
  })
})

describe('no start', () => {
  it.each<[name: string, words: readonly string[], status: number, said: string]>([
    ['without a policy', ['--policy', 'none.yaml'], 1, 'error: the policy none.yaml: there is no such file'],
    [
      'with a policy that does not load',
      ['--policy', 'bad.yaml'],
      1,
      'bad.yaml:2:1: error: unknown key `defalt`\n  defalt: deny\n  ^^^^^^\n  did you mean `default`?',
    ],
    ['open to everyone', ['--listen', '0.0.0.0:0'], 2, '--listen: error: 0.0.0.0:0 is open to other machines'],
    [
      'at an address of another machine',
      ['--listen', '192.0.2.1:0', '--allow-clients', '10.0.0.0/8'],
      1,
      'this machine has no such address',
    ],
    ['with anchors that are none', ['--upstream-ca', 'policy.yaml'], 1, 'policy.yaml: has no certificate in PEM'],
    ['with anchors that are not there', ['--upstream-ca', 'none.pem'], 1, 'none.pem: there is no such file'],
    ['where the CA cannot be made', ['--certs', 'policy.yaml/certs'], 1, 'policy.yaml/certs'],
    ['where data cannot be kept', ['--data', 'policy.yaml/data'], 1, 'policy.yaml/data: cannot be used'],
  ])('%s', async (_, words, status, said) => {
    const folder = folderWith({ 'policy.yaml': POLICY, 'bad.yaml': 'version: 1\ndefalt: deny\n' })
    const child = start(words, folder)
    expect(await child.ended()).toBe(status)
    expect(child.err()).toContain(said)
    expect(child.err()).not.toContain('    at ')
    expect(child.out()).toBe('')
  })

  it('where another process listens', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const listen = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const child = start(['--listen', listen], folderWith({ 'policy.yaml': POLICY }))
    expect(await child.ended()).toBe(1)
    expect(child.err()).toContain(`error: cannot listen on ${listen}: another process listens there`)
  })

  it('with half a CA', async () => {
    const folder = folderWith({ 'policy.yaml': POLICY, 'ca.pem': 'x' })
    const child = start(['--certs', '.'], folder)
    expect(await child.ended()).toBe(1)
    expect(child.err()).toContain('ca-key.pem: is missing')
  })
})
