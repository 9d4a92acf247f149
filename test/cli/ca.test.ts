import { X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeOwnCa, opensslInto } from '../tls/own-ca.ts'
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

describe('ca init --only', () => {
  it('makes a CA for these domains alone, and says so', async () => {
    const certs = join(folderWith(), 'certs')
    const words = ['ca', 'init', '--certs', certs, '--only', 'acme.example', '--only', 'GitHub.com']
    const { status, out } = await weir(words)
    expect(out).toContain('Signs for: only acme.example, github.com; never any IPv4 address, any IPv6 address')
    expect(status).toBe(0)
    const { out: json } = await weir(['ca', 'show', '--certs', certs, '--json'])
    expect(JSON.parse(json)).toMatchObject({
      limits: expect.stringContaining('only acme.example'),
      next: null,
      old: [],
    })
  })

  it.each([['*.acme.example'], ['.acme.example'], ['192.0.2.1'], ['a b'], ['']])('refuses %j', async (domain) => {
    const certs = join(folderWith(), 'certs')
    const { status, err } = await weir(['ca', 'init', '--certs', certs, `--only=${domain}`])
    expect(err).toContain('It is a domain such as acme.example, and means all that is below it too.')
    expect(status).toBe(2)
    expect(existsSync(certs)).toBe(false)
  })
})

describe('ca rotate', () => {
  async function fingerprints(certs: string) {
    const { out } = await weir(['ca', 'show', '--certs', certs, '--json'])
    const shown = JSON.parse(out) as Shown & { next: Shown | null; old: Shown[] }
    return [shown.fingerprint256, shown.next?.fingerprint256 ?? null, shown.old.map((one) => one.fingerprint256)]
  }

  it('prepares the next CA, exports both, and activates it', async () => {
    const { certs, shown } = await made()
    const prepared = await weir(['ca', 'rotate', '--certs', certs])
    expect(prepared.out).toContain('Next, once `weir ca rotate --activate` lets it sign:')
    expect(prepared.out).toContain('let clients trust both')
    const [active, next] = await fingerprints(certs)
    expect(active).toBe(shown.fingerprint256)
    const { out: bundle } = await weir(['ca', 'export', '--certs', certs])
    const exported = bundle.split(/(?<=-----END CERTIFICATE-----\n)/).filter((pem) => pem !== '')
    expect(exported.map((pem) => new X509Certificate(pem).fingerprint256)).toEqual([active, next])
    const activated = await weir(['ca', 'rotate', '--activate', '--certs', certs])
    expect(activated.status).toBe(0)
    expect(activated.out).toContain('takes it up at SIGHUP')
    expect(activated.out).toContain('Old, still exported until it expires:')
    expect(await fingerprints(certs)).toEqual([next, null, [active]])
    const { out: old } = await weir(['ca', 'export', '--certs', certs, '--which', 'old'])
    expect(new X509Certificate(old).fingerprint256).toBe(active)
  })

  it('is JSON for a program', async () => {
    const { certs, shown } = await made()
    const { out } = await weir(['ca', 'rotate', '--certs', certs, '--days', '90', '--json'])
    const document = JSON.parse(out) as { next: Shown }
    expect(document).toMatchObject({
      fingerprint256: shown.fingerprint256,
      next: { certificate: join(certs, 'next', 'ca.pem') },
    })
    expect(Math.round((Date.parse(document.next.notAfter) - Date.now()) / 86_400_000)).toBe(90)
  })

  it.each([
    ['--days', '9'],
    ['--organisation', 'Acme'],
    ['--only', 'acme.example'],
  ])('refuses %s beside --activate', async (...option) => {
    const { certs } = await made()
    const { status, err } = await weir(['ca', 'rotate', '--activate', '--certs', certs, ...option])
    expect(err).toContain('--activate takes the next CA as it was prepared')
    expect(status).toBe(2)
  })

  it('says what is missing', async () => {
    const { certs } = await made()
    const { status, err } = await weir(['ca', 'rotate', '--activate', '--certs', certs])
    expect(err).toContain('no next CA is prepared; `weir ca rotate` does that')
    expect(status).toBe(1)
  })

  it('has no DER for two certificates, and says how to choose', async () => {
    const { certs } = await made()
    await weir(['ca', 'rotate', '--certs', certs])
    const both = await weir(['ca', 'export', '--certs', certs, '--format', 'der'])
    expect(both).toMatchObject({ status: 1, err: expect.stringContaining('choose by --which') })
    const one = await weir(['ca', 'export', '--certs', certs, '--format', 'der', '--which', 'next'])
    expect(new X509Certificate(Buffer.from(one.out, 'latin1')).subject).toContain('Weir inspection CA')
    const none = await weir(['ca', 'export', '--certs', certs, '--which', 'old'])
    expect(none).toMatchObject({ status: 1, err: expect.stringContaining('holds no such certificate (--which old)') })
  })

  it('has steps that export both first', async () => {
    const { certs } = await made()
    await weir(['ca', 'rotate', '--certs', certs])
    const { out } = await weir(['ca', 'trust', '--certs', certs])
    expect(out).toContain('weir ca export --which all --out ')
    expect(out.match(/Compare the fingerprint/g)).toHaveLength(2)
    expect(out).toMatch(/sudo cp \S+weir-ca-active\.pem \/usr\/local\/share\/ca-certificates\/weir\.crt/)
    expect(out).toMatch(/sudo cp \S+weir-ca-next\.pem \/usr\/local\/share\/ca-certificates\/weir-2\.crt/)
    expect(out).toMatch(/git config --global http\.sslCAInfo \S+weir-ca\.pem/)
  })
})

describe('a CA with a passphrase', () => {
  it('is made, shown and replaced with the passphrase from its file', async () => {
    const folder = folderWith()
    const [certs, file] = [join(folder, 'certs'), join(folder, 'passphrase')]
    writeFileSync(file, 's3cret\n', { mode: 0o600 })
    const flags = ['--certs', certs, '--passphrase-file', file]
    expect((await weir(['ca', 'init', ...flags])).status).toBe(0)
    expect(readFileSync(join(certs, 'ca-key.pem'), 'utf8')).toContain('ENCRYPTED')
    expect((await weir(['ca', 'show', ...flags])).status).toBe(0)
    const without = await weir(['ca', 'show', '--certs', certs])
    expect(without).toMatchObject({
      status: 1,
      err: expect.stringContaining('name the file with its passphrase by --passphrase-file'),
    })
    expect((await weir(['ca', 'rotate', ...flags])).status).toBe(0)
    expect((await weir(['ca', 'rotate', '--activate', ...flags])).status).toBe(0)
    chmodSync(file, 0o644)
    expect(await weir(['ca', 'show', ...flags])).toMatchObject({ status: 1, err: expect.stringContaining('chmod 600') })
  })

  it('in PKCS#12 has steps that export it first, and init does not put another beside it', async () => {
    const certs = makeOwnCa({ name: 'Acme Root' })
    const export12 = 'pkcs12 -export -in ca.pem -inkey ca-key.pem -passout pass: -out ca.p12'
    opensslInto(certs, ...export12.split(' '))
    for (const name of ['ca.pem', 'ca-key.pem']) rmSync(join(certs, name))
    const { out } = await weir(['ca', 'show', '--certs', certs])
    expect(out).toContain(`Certificate: ${join(certs, 'ca.p12')}\nSubject: O=Acme, CN=Acme Root\n`)
    expect((await weir(['ca', 'trust', '--certs', certs])).out).toContain('weir ca export --which all --out ')
    const init = await weir(['ca', 'init', '--certs', certs])
    expect(init).toMatchObject({ status: 1, err: expect.stringContaining('ca.p12: there is a CA already') })
  })
})

it('an intermediate is shown with the root that clients trust', async () => {
  const root = makeOwnCa({ name: 'Acme Root' })
  const certs = makeOwnCa({ name: 'Acme Inspection', issuer: root })
  const both = [certs, root].map((folder) => readFileSync(join(folder, 'ca.pem'), 'utf8')).join('')
  writeFileSync(join(certs, 'ca.pem'), both)
  const { out } = await weir(['ca', 'show', '--certs', certs])
  expect(out).toContain('Subject: O=Acme, CN=Acme Inspection\n')
  expect(out).toContain('Clients trust it by O=Acme, CN=Acme Root, SHA-256 ')
  const { out: exported } = await weir(['ca', 'export', '--certs', certs])
  expect(exported).toBe(readFileSync(join(root, 'ca.pem'), 'utf8'))
})

it('half a CA is told, and not completed', async () => {
  const certs = folderWith()
  writeFileSync(join(certs, 'ca-key.pem'), '')
  const { status, err } = await weir(['ca', 'init', '--certs', certs])
  expect(err).toContain('there is one already')
  expect(status).toBe(1)
})
