import { X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, weir } from './weir-command.ts'

interface Shown {
  readonly certificate: string
  readonly subject: string
  readonly fingerprint256: string
  readonly notAfter: string
}

async function made(): Promise<{ certs: string; shown: Shown }> {
  const certs = join(folderWith(), 'certs')
  const { status, out } = await weir([
    'ca',
    'init',
    '--certs',
    certs,
    '--organisation',
    'Acme',
    '--days',
    '30',
    '--json',
  ])
  expect(status).toBe(0)
  return { certs, shown: JSON.parse(out) as Shown }
}

describe('ca init', () => {
  it('makes a CA whose key is private, and says what it made', async () => {
    const { certs, shown } = await made()
    const certificate = new X509Certificate(readFileSync(join(certs, 'ca.pem')))
    expect(certificate.fingerprint256).toBe(shown.fingerprint256)
    expect(shown.subject).toContain('O=Acme')
    expect(statSync(join(certs, 'ca-key.pem')).mode & 0o777).toBe(0o600)
    const days = (Date.parse(shown.notAfter) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(30)
  })

  it('never replaces one', async () => {
    const { certs } = await made()
    const before = readFileSync(join(certs, 'ca.pem'), 'utf8')
    const { status, err } = await weir(['ca', 'init', '--certs', certs])
    expect(err).toContain('there is a CA already')
    expect(status).toBe(1)
    expect(readFileSync(join(certs, 'ca.pem'), 'utf8')).toBe(before)
  })

  it.each([['0'], ['36501'], ['many'], ['1.5'], ['-1']])('refuses %s days', async (days) => {
    const certs = join(folderWith(), 'certs')
    const { status } = await weir(['ca', 'init', '--certs', certs, `--days=${days}`])
    expect(status).toBe(2)
    expect(existsSync(certs)).toBe(false)
  })

  it.each([['1'], ['36500']])('takes %s days', async (days) => {
    expect((await weir(['ca', 'init', '--certs', join(folderWith(), 'certs'), '--days', days])).status).toBe(0)
  })

  it('refuses an organisation that no certificate holds', async () => {
    const { status, err } = await weir([
      'ca',
      'init',
      '--certs',
      join(folderWith(), 'c'),
      '--organisation',
      'x'.repeat(65),
    ])
    expect(err).toContain('an organisation has 1 to 64 printable characters')
    expect(status).toBe(2)
  })

  it('says where it cannot write', async () => {
    const certs = join(folderWith({ file: '' }), 'file', 'certs')
    const { status, err } = await weir(['ca', 'init', '--certs', certs])
    expect(err).toMatch(/^error: .*file/)
    expect(status).toBe(1)
  })
})

describe('ca show', () => {
  it('tells the same in text', async () => {
    const { certs, shown } = await made()
    const { status, out } = await weir(['ca', 'show', '--certs', certs])
    expect(out).toContain(`Certificate: ${join(certs, 'ca.pem')}\n`)
    expect(out).toContain(shown.fingerprint256)
    expect(status).toBe(0)
  })

  it('says what to do where there is none', async () => {
    const { status, err } = await weir(['ca', 'show', '--certs', folderWith()])
    expect(err).toContain('make a CA with `weir ca init`')
    expect(status).toBe(1)
  })

  it('refuses a key that others may read', async () => {
    const { certs } = await made()
    chmodSync(join(certs, 'ca-key.pem'), 0o644)
    const { status, err } = await weir(['ca', 'show', '--certs', certs])
    expect(err).toContain('chmod 600')
    expect(status).toBe(1)
  })
})

describe('ca export', () => {
  it.each(['pem', 'der'])('writes the certificate as %s, to standard output and to a file', async (format) => {
    const { certs, shown } = await made()
    const { out } = await weir(['ca', 'export', '--certs', certs, '--format', format])
    expect(new X509Certificate(Buffer.from(out, 'latin1')).fingerprint256).toBe(shown.fingerprint256)
    const file = join(certs, 'exported')
    const { status } = await weir(['ca', 'export', '--certs', certs, '--format', format, '--out', file])
    expect(status).toBe(0)
    expect(readFileSync(file).toString('latin1')).toBe(out)
  })

  it.each(['pem', 'der', 'text'])('writes no key as %s', async (format) => {
    const { certs } = await made()
    const { out } = await weir(['ca', 'export', '--certs', certs, '--format', format])
    expect(out).not.toMatch(/PRIVATE KEY/)
  })

  it('says where it cannot write', async () => {
    const { certs } = await made()
    const { status, err } = await weir(['ca', 'export', '--certs', certs, '--out', join(certs, 'no', 'file')])
    expect(err).toContain('cannot be written (ENOENT)')
    expect(status).toBe(1)
  })
})

describe('ca trust', () => {
  it('tells each tool’s steps with this certificate and this proxy, and changes nothing', async () => {
    const { certs, shown } = await made()
    const { status, out } = await weir(['ca', 'trust', '--certs', certs, '--listen', '127.0.0.1:3128'])
    expect(out).toContain(shown.fingerprint256)
    for (const tool of ['git', 'curl', 'Node.js', 'Python', 'Firefox', 'Chromium', 'Debian'])
      expect(out).toContain(tool)
    expect(out).toContain(`git config --global http.sslCAInfo ${join(certs, 'ca.pem')}`)
    expect(out).toContain('http://127.0.0.1:3128')
    expect(status).toBe(0)
  })

  it('quotes a path that a shell would split', async () => {
    const folder = folderWith()
    const certs = join(folder, "ada's certs")
    await weir(['ca', 'init', '--certs', certs])
    const { out } = await weir(['ca', 'trust', '--certs', certs])
    expect(out).toContain(`sudo cp '${folder}/ada'\\''s certs/ca.pem' /usr/local`)
  })

  it('is JSON for a program', async () => {
    const { certs, shown } = await made()
    const { out } = await weir(['ca', 'trust', '--certs', certs, '--json'])
    expect(JSON.parse(out)).toMatchObject({ fingerprint256: shown.fingerprint256, tools: expect.any(Array) })
  })
})

it('half a CA is told, and not completed', async () => {
  const certs = folderWith()
  writeFileSync(join(certs, 'ca-key.pem'), '')
  const { status, err } = await weir(['ca', 'init', '--certs', certs])
  expect(err).toContain('there is one already')
  expect(status).toBe(1)
})
