import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuthority, loadAuthority } from '../../src/tls/authority.ts'
import { DAY_MS } from '../../src/tls/authority-creation.ts'
import { AuthorityProblem } from '../../src/tls/authority-problem.ts'
import { openssl, verifyStrictly } from './openssl.ts'

const now = Date.now()
let directory = ''
let certificateFile = ''
let keyFile = ''

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'weir-ca-')), 'certs')
  certificateFile = join(directory, 'ca.pem')
  keyFile = join(directory, 'ca-key.pem')
})
afterEach(() => rmSync(join(directory, '..'), { recursive: true }))

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8)
}

/** Loads and returns the problem, which must name `file`. */
async function problemWith(file: string, at = now): Promise<string> {
  const error: unknown = await loadAuthority(directory, at).then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(AuthorityProblem)
  if (!(error instanceof AuthorityProblem)) return ''
  expect(error.file).toBe(file)
  expect(error.message.startsWith(`${file}: `)).toBe(true)
  return error.message.slice(file.length + 2)
}

describe('a new CA', () => {
  it('is written as two files, the key private, and nothing besides', async () => {
    const mask = process.umask(0)
    try {
      await createAuthority(directory, { now })
    } finally {
      process.umask(mask)
    }
    expect(readdirSync(directory).toSorted()).toEqual(['ca-key.pem', 'ca.pem'])
    expect([modeOf(directory), modeOf(keyFile), modeOf(certificateFile)]).toEqual(['700', '600', '644'])
    expect(readFileSync(keyFile, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  })

  it('is readable by all under a tight umask too, the key still not', async () => {
    const mask = process.umask(0o077)
    try {
      await createAuthority(directory, { now })
    } finally {
      process.umask(mask)
    }
    expect([modeOf(keyFile), modeOf(certificateFile)]).toEqual(['600', '644'])
  })

  it('is read back as it was made', async () => {
    const made = await createAuthority(directory, { organisation: 'Acme Zürich', days: 90, now })
    const read = await loadAuthority(directory, now)
    expect(read.fingerprint256).toBe(made.fingerprint256)
    expect(read.certificatePem).toBe(readFileSync(certificateFile, 'utf8'))
    expect(read.certificateDer).toEqual(new X509Certificate(read.certificatePem).raw)
    expect(read.subject).toMatch(/^O=Acme Zürich, CN=Weir inspection CA [0-9a-f]{8}$/)
    expect(read.subject.endsWith(read.subjectKeyId.toString('hex', 0, 4))).toBe(true)
    expect(read.notBefore).toBe(Math.floor((now - DAY_MS) / 1_000) * 1_000)
    expect(read.notAfter).toBe(Math.floor((now + 90 * DAY_MS) / 1_000) * 1_000)
    expect(read.privateKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
  })

  it('is one in the eyes of openssl', async () => {
    const { certificatePem } = await createAuthority(directory, { now })
    expect(verifyStrictly(certificatePem, certificatePem, ['-purpose', 'any'])).toContain('OK')
    const text = openssl({ 'ca.pem': certificatePem }, 'x509', '-noout', '-text', '-in', 'ca.pem')
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/)
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/)
  })

  it.each([
    ['no characters', '', false],
    ['64 characters', 'o'.repeat(64), true],
    ['65 characters', 'o'.repeat(65), false],
    ['a control character', 'Ac\nme', false],
  ])('takes an organisation of %s: %#', async (_name, organisation, good) => {
    const made = createAuthority(directory, { organisation, now })
    await (good ? expect(made).resolves.toBeDefined() : expect(made).rejects.toThrow(RangeError))
  })

  it.each([
    [0, false],
    [1, true],
    [1.5, false],
    [36_500, true],
    [36_501, false],
  ])('takes a validity of %d days: %s', async (days, good) => {
    const made = createAuthority(directory, { days, now })
    await (good ? expect(made).resolves.toBeDefined() : expect(made).rejects.toThrow(RangeError))
  })
})

describe('an existing CA', () => {
  it('is not overwritten', async () => {
    const first = await createAuthority(directory, { now })
    await expect(createAuthority(directory, { now })).rejects.toThrow(/there is a CA already/)
    expect((await loadAuthority(directory, now)).fingerprint256).toBe(first.fingerprint256)
    expect(readdirSync(directory)).toHaveLength(2)
  })

  it('of which only the key is there is left alone, and the message says what to do', async () => {
    mkdirSync(directory)
    writeFileSync(keyFile, 'precious', { mode: 0o600 })
    await expect(createAuthority(directory, { now })).rejects.toThrow(/cut short, remove it/)
    expect(readFileSync(keyFile, 'utf8')).toBe('precious')
    expect(readdirSync(directory)).toEqual(['ca-key.pem'])
  })

  it('of which only the certificate is there is left alone, without a key beside it', async () => {
    mkdirSync(directory)
    writeFileSync(certificateFile, 'precious')
    await expect(createAuthority(directory, { now })).rejects.toThrow(/there is a CA already/)
    expect(readdirSync(directory)).toEqual(['ca.pem'])
  })

  it('whose certificate has a name that leads nowhere is left alone, and no key stays', async () => {
    mkdirSync(directory)
    symlinkSync(join(directory, 'nowhere'), certificateFile)
    await expect(createAuthority(directory, { now })).rejects.toThrow(/there is one already/)
    expect(readdirSync(directory)).toEqual(['ca.pem'])
  })

  it('of which only unfinished files are there is none yet', async () => {
    mkdirSync(directory)
    writeFileSync(join(directory, 'ca-key.pem.0123456789abcdef.tmp'), 'half')
    expect(await problemWith(certificateFile)).toContain('is missing')
    await expect(createAuthority(directory, { now })).resolves.toBeDefined()
  })

  it('comes of one call where many are made at once', async () => {
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => createAuthority(directory, { now })))
    const made = calls.filter((call) => call.status === 'fulfilled')
    expect(made).toHaveLength(1)
    expect((await loadAuthority(directory, now)).fingerprint256).toBe(made[0]?.value.fingerprint256)
    expect(readdirSync(directory)).toHaveLength(2)
  })
})

describe('a CA is refused', () => {
  beforeEach(async () => {
    await createAuthority(directory, { days: 10, now })
  })

  it.each([0o640, 0o604, 0o620, 0o610])('with a key of mode %o', async (mode) => {
    chmodSync(keyFile, mode)
    expect(await problemWith(keyFile)).toContain(`(mode 0${mode.toString(8)}); run \`chmod 600 ${keyFile}\``)
  })

  it('not with a key that is only for reading', async () => {
    chmodSync(keyFile, 0o400)
    await expect(loadAuthority(directory, now)).resolves.toBeDefined()
  })

  it('without its certificate, without its key, without its folder', async () => {
    rmSync(keyFile)
    expect(await problemWith(keyFile)).toContain('is missing; make a CA with `weir ca init`')
    rmSync(certificateFile)
    expect(await problemWith(certificateFile)).toContain('is missing')
    rmSync(directory, { recursive: true })
    expect(await problemWith(certificateFile)).toContain('is missing')
  })

  it('where a folder has the name of a file', async () => {
    rmSync(certificateFile)
    mkdirSync(certificateFile)
    expect(await problemWith(certificateFile)).toContain('cannot be read (EISDIR)')
  })

  it.each([
    ['empty', () => '', 'must hold a certificate in PEM, whole'],
    ['no PEM', () => 'hello', 'must hold a certificate in PEM, whole'],
    ['cut short', (pem: string) => pem.slice(0, 200), 'must hold a certificate in PEM, whole'],
    ['two certificates', (pem: string) => pem + pem, 'is self-signed, and nothing may follow it'],
    ['broken inside', (pem: string) => pem.replace(/\n[^\n]{8}/, '\nAAAAAAAA'), 'cannot be read'],
    ['another block', (pem: string) => pem.replaceAll('CERTIFICATE', 'X509 CRL'), 'not a X509 CRL'],
  ])('with a certificate file that is %s', async (_name, spoil, message) => {
    writeFileSync(certificateFile, spoil(readFileSync(certificateFile, 'utf8')))
    expect(await problemWith(certificateFile)).toContain(message)
  })

  it('with a file beyond its limit, and not at it', async () => {
    const pem = readFileSync(certificateFile, 'utf8')
    writeFileSync(certificateFile, pem.padEnd(65_536, '\n'))
    await expect(loadAuthority(directory, now)).resolves.toBeDefined()
    writeFileSync(certificateFile, pem.padEnd(65_537, '\n'))
    expect(await problemWith(certificateFile)).toContain('larger than 65536 bytes')
  })

  it('with a key that cannot be read, is of another kind, or of another certificate', async () => {
    writeFileSync(keyFile, 'no key')
    expect(await problemWith(keyFile)).toContain('no private key can be read')
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    writeFileSync(keyFile, rsa.export({ type: 'pkcs8', format: 'pem' }))
    expect(await problemWith(keyFile)).toContain(`does not belong to ${certificateFile}`)
    const { privateKey: other } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    writeFileSync(keyFile, other.export({ type: 'pkcs8', format: 'pem' }))
    expect(await problemWith(keyFile)).toContain(`does not belong to ${certificateFile}`)
  })

  it('from the second it expires, and before it begins', async () => {
    const { notBefore, notAfter } = await loadAuthority(directory, now)
    await expect(loadAuthority(directory, notAfter - 1)).resolves.toBeDefined()
    const day = new Date(notAfter).toISOString().slice(0, 10)
    expect(await problemWith(certificateFile, notAfter)).toContain(`expired on ${day}; make a new CA`)
    await expect(loadAuthority(directory, notBefore)).resolves.toBeDefined()
    expect(await problemWith(certificateFile, notBefore - 1)).toContain('is not valid before')
  })

  it.each([
    ['basicConstraints=critical,CA:FALSE\nkeyUsage=keyCertSign\nsubjectKeyIdentifier=hash', 'do not say CA:TRUE'],
    ['keyUsage=keyCertSign\nsubjectKeyIdentifier=hash', 'do not say CA:TRUE'],
    ['basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign\nsubjectKeyIdentifier=hash', 'lacks keyCertSign'],
    ['basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash', 'lacks keyCertSign'],
    ['basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\nsubjectKeyIdentifier=none', 'no subject key identifier'],
  ])('whose certificate may not sign: %#', async (extensions, message) => {
    const config = `[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=v3\n[dn]\nCN=Acme\n[v3]\n${extensions}\n`
    const key = openssl({}, 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256')
    const files = { 'c.cnf': config, 'k.pem': key }
    writeFileSync(certificateFile, openssl(files, ...'req -x509 -new -key k.pem -days 9 -config c.cnf'.split(' ')))
    writeFileSync(keyFile, key)
    expect(await problemWith(certificateFile, Date.now())).toContain(message)
  })
})
