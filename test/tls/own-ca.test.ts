import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type Authority, loadAuthority } from '../../src/tls/authority.ts'
import { CHAIN_CERTIFICATES_MAX } from '../../src/tls/authority-admission.ts'
import { createContexts } from '../../src/tls/contexts.ts'
import { mintLeaf } from '../../src/tls/leaf.ts'
import { readPassphrase } from '../../src/tls/passphrase.ts'
import { verifyStrictly } from './openssl.ts'
import { AUTHORITY_EXTENSIONS, type KeyKind, makeFolder, makeOwnCa, opensslInto, type OwnCaOptions } from './own-ca.ts'
import { addressOf, dial, startTcp } from './servers.ts'

const PASSPHRASE = 's3cret'
const PASS = `pass:${PASSPHRASE}`

function load(folder: string, passphrase: string | null = null): Promise<Authority> {
  return loadAuthority(folder, Date.now(), { passphrase })
}

/** The problem of a CA that must not load, without its path. */
async function problemOf(folder: string, passphrase: string | null = null): Promise<string> {
  const error: unknown = await load(folder, passphrase).catch((cause: unknown) => cause)
  return error instanceof Error ? error.message.replaceAll(`${folder}/`, '') : 'it loads'
}

/** A handshake for github.com, by a client that trusts what `authority` says clients are to trust. */
async function handshake(authority: Authority): Promise<{ authorized: boolean; sent: number }> {
  const secureContext = createContexts(authority, { now: Date.now }).contextFor('github.com')
  const { port } = await startTcp((socket) => {
    new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => socket.destroy())
  })
  const { certificatePem: ca } = authority.anchor
  const client = connect({ socket: await dial(port), servername: 'github.com', ca, rejectUnauthorized: false })
  await new Promise((resolve, reject) => client.once('secureConnect', resolve).once('error', reject))
  let sent = 1
  for (let at = client.getPeerCertificate(true); at.issuerCertificate !== undefined; at = at.issuerCertificate) {
    if (at.issuerCertificate.fingerprint256 === at.fingerprint256) break
    sent += 1
  }
  const { authorized } = client
  client.destroy()
  return { authorized, sent }
}

/** Encrypts the key in a folder, in PKCS#8 or in the form of old. */
function encryptKey(folder: string, ...options: string[]): void {
  opensslInto(folder, ...options, '-in', 'ca-key.pem', '-passout', PASS, '-out', 'sealed.pem')
  renameSync(join(folder, 'sealed.pem'), join(folder, 'ca-key.pem'))
}

/** Replaces the pair in a folder by a PKCS#12 file. */
function toPkcs12(folder: string, name: string, ...options: string[]): void {
  const made = ['-inkey', 'ca-key.pem', '-in', 'ca.pem', ...options, '-out', name]
  opensslInto(folder, 'pkcs12', '-export', ...made)
  for (const pem of ['ca.pem', 'ca-key.pem']) rmSync(join(folder, pem))
}

describe('a CA of one’s own signs with', () => {
  it.each<KeyKind>(['P-256', 'P-384', 'RSA-2048'])('%s', async (key) => {
    const authority = await load(makeOwnCa({ key }))
    expect(await handshake(authority)).toEqual({ authorized: true, sent: 2 })
    const address = addressOf('192.0.2.1')
    const leaf = mintLeaf(authority, address, { now: Date.now(), days: 7 }).certificatePem
    expect(verifyStrictly(authority.certificatePem, leaf, ['-verify_ip', '192.0.2.1'])).toContain('OK')
  })

  it.each<[KeyKind, string]>([
    ['RSA-1024', 'its key is RSA with 1024 bits; it must have 2048 to 8192'],
    ['P-521', 'its key is on the curve secp521r1, which not all clients take; use P-256 or P-384'],
    ['ED25519', 'its key is of type ed25519, which browsers do not take; use RSA, P-256 or P-384'],
    ['RSA-PSS', 'its key is of type rsa-pss, which browsers do not take; use RSA, P-256 or P-384'],
  ])('not with %s', async (key, problem) => {
    expect(await problemOf(makeOwnCa({ key }))).toBe(`ca.pem: ${problem}`)
  })
})

describe.each<[string, KeyKind, string[]]>([
  ['PKCS#8 under AES', 'P-256', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc']],
  ['PKCS#8 under scrypt', 'P-256', ['pkcs8', '-topk8', '-scrypt']],
  ['PKCS#8 under 3DES', 'RSA-2048', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES']],
  ['a traditional EC key', 'P-384', ['ec', '-aes256']],
  ['a traditional RSA key', 'RSA-2048', ['rsa', '-traditional', '-aes128']],
])('an encrypted key, %s,', (_name, key, options) => {
  it('opens with its passphrase and with no other', async () => {
    const folder = makeOwnCa({ key })
    encryptKey(folder, ...options)
    expect((await load(folder, PASSPHRASE)).subject).toBe('O=Acme, CN=Acme Root')
    expect(await problemOf(folder, 'wrong')).toBe(
      'ca-key.pem: the passphrase given by --passphrase-file does not open it, or it is damaged',
    )
    expect(await problemOf(folder)).toBe(
      'ca-key.pem: its private key is encrypted; name the file with its passphrase by --passphrase-file',
    )
  })
})

it('a key that is not encrypted needs no passphrase, whatever is given', async () => {
  expect((await load(makeOwnCa(), 'any')).subject).toBe('O=Acme, CN=Acme Root')
})

it('a key after its curve is read, as `openssl ecparam -genkey` writes them', async () => {
  const folder = makeFolder()
  opensslInto(folder, 'ecparam', '-name', 'prime256v1', '-genkey', '-out', 'ca-key.pem')
  const subject = ['-subj', '/CN=Acme', '-addext', 'keyUsage=critical,keyCertSign']
  opensslInto(folder, 'req', '-x509', '-new', '-key', 'ca-key.pem', ...subject, '-out', 'ca.pem')
  expect(readFileSync(join(folder, 'ca-key.pem'), 'utf8')).toContain('EC PARAMETERS')
  expect((await load(folder)).subject).toBe('CN=Acme')
})

describe.each([
  ['as OpenSSL 3 writes it', ['-passout', PASS], PASSPHRASE],
  ['as old tools wrote it', ['-legacy', '-passout', PASS], PASSPHRASE],
  ['under 3DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-passout', PASS], PASSPHRASE],
  ['under AES-128 with SHA-512', ['-keypbe', 'AES-128-CBC', '-macalg', 'sha512', '-passout', PASS], PASSPHRASE],
  ['with a passphrase beyond ASCII', ['-passout', 'pass:Zürich €'], 'Zürich €'],
  ['with one beyond ASCII under 3DES', ['-legacy', '-passout', 'pass:Zürich €'], 'Zürich €'],
  ['sealed and not encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE', '-passout', PASS], PASSPHRASE],
])('PKCS#12 %s', (_name, options, passphrase) => {
  it.each<KeyKind>(['P-256', 'RSA-2048'])('opens with its passphrase and with no other (%s)', async (key) => {
    const folder = makeOwnCa({ key })
    toPkcs12(folder, 'ca.p12', ...options)
    expect(await handshake(await load(folder, passphrase))).toMatchObject({ authorized: true })
    expect(await problemOf(folder, 'wrong')).toContain(
      'ca.p12: the passphrase given by --passphrase-file does not open it',
    )
    expect(await problemOf(folder)).toContain('ca.p12: cannot be opened without a passphrase; name the file')
  })
})

describe('PKCS#12 without a passphrase', () => {
  it.each([
    ['an empty one', ['-passout', 'pass:']],
    ['no encryption and no MAC', ['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac', '-passout', 'pass:']],
  ])('opens (%s), also where one is given', async (_name, options) => {
    const folder = makeOwnCa()
    toPkcs12(folder, 'ca.pfx', ...options)
    expect((await load(folder)).subject).toBe('O=Acme, CN=Acme Root')
    expect((await load(folder, 'any')).subject).toBe('O=Acme, CN=Acme Root')
  })
})

describe('an intermediate as the CA', () => {
  const root = makeOwnCa({ name: 'Acme Root' })

  function intermediate(options: OwnCaOptions = {}): string {
    const folder = makeOwnCa({ name: 'Acme Inspection', issuer: root, ...options })
    appendRoot(folder)
    return folder
  }

  function appendRoot(folder: string, from = root): void {
    const file = join(folder, 'ca.pem')
    writeFileSync(file, readFileSync(file, 'utf8') + readFileSync(join(from, 'ca.pem'), 'utf8'))
  }

  it('is served with its chain, to clients that trust the root alone', async () => {
    const authority = await load(intermediate())
    expect(authority.anchor.subject).toBe('O=Acme, CN=Acme Root')
    expect(authority.chainPem).toBe(authority.certificatePem)
    expect(await handshake(authority)).toEqual({ authorized: true, sent: 3 })
  })

  it('is served with itself where no more is there', async () => {
    const authority = await load(makeOwnCa({ name: 'Acme Inspection', issuer: root }))
    expect(authority.chainPem).toBe(authority.certificatePem)
    expect(authority.anchor.fingerprint256).toBe(authority.fingerprint256)
    const trusting = { ...authority, anchor: { ...authority.anchor, certificatePem: read(root) } }
    expect(await handshake(trusting)).toEqual({ authorized: true, sent: 3 })
  })

  it('comes out of PKCS#12 with its chain, in whatever order it lay', async () => {
    const folder = makeOwnCa({ name: 'Acme Inspection', issuer: root })
    toPkcs12(folder, 'ca.p12', '-certfile', join(root, 'ca.pem'), '-passout', PASS)
    const authority = await load(folder, PASSPHRASE)
    expect(authority.anchor.subject).toBe('O=Acme, CN=Acme Root')
    expect(await handshake(authority)).toEqual({ authorized: true, sent: 3 })
  })

  it('is valid as long as the shortest-lived of its chain', async () => {
    const shortRoot = makeOwnCa({ days: 3 })
    const folder = makeOwnCa({ issuer: shortRoot, days: 30 })
    appendRoot(folder, shortRoot)
    const { notAfter } = await load(folder)
    expect(Math.round((notAfter - Date.now()) / 86_400_000)).toBe(3)
  })

  it.each<[string, OwnCaOptions, string]>([
    [
      'that only issues clients',
      { extensions: [...AUTHORITY_EXTENSIONS, 'extendedKeyUsage=clientAuth'] },
      'lacks serverAuth',
    ],
    [
      'that is no authority',
      { extensions: ['basicConstraints=CA:FALSE', ...AUTHORITY_EXTENSIONS.slice(1)] },
      'CA:TRUE',
    ],
    ['that is signed over SHA-1', { digest: 'sha1' }, 'is signed over MD5 or SHA-1'],
    ['whose root is weak', { issuer: makeOwnCa({ key: 'RSA-1024' }) }, 'certificate 2: its key is RSA with 1024 bits'],
  ])('%s is refused', async (_name, options, problem) => {
    const folder = makeOwnCa({ name: 'Acme Inspection', issuer: root, ...options })
    appendRoot(folder, options.issuer ?? root)
    expect(await problemOf(folder)).toContain(problem)
  })

  it('below a root that allows none is refused', async () => {
    const strict = makeOwnCa({
      extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0', ...AUTHORITY_EXTENSIONS.slice(1)],
    })
    const folder = makeOwnCa({ issuer: strict })
    appendRoot(folder, strict)
    expect(await problemOf(folder)).toBe(
      'ca.pem: certificate 2: allows 0 authorities below it (pathlen), and there are 1',
    )
  })

  it('with a stranger’s root is refused', async () => {
    const folder = makeOwnCa({ issuer: root })
    appendRoot(folder, makeOwnCa({ name: 'Stranger' }))
    expect(await problemOf(folder)).toContain('certificate 1: is not issued by certificate 2')
  })

  it('with a root that has the name of its own and another key is refused', async () => {
    const extensions = [...AUTHORITY_EXTENSIONS, 'authorityKeyIdentifier=none']
    const folder = makeOwnCa({ name: 'Acme Inspection', issuer: root, extensions })
    appendRoot(folder, makeOwnCa({ name: 'Acme Root' }))
    expect(await problemOf(folder)).toContain('certificate 1: is not issued by certificate 2')
  })

  it('whose root comes first is refused, for the first must be the issuing one', async () => {
    const folder = intermediate()
    const [first, second] = read(folder).split(/(?<=-----END CERTIFICATE-----\n)/)
    writeFileSync(join(folder, 'ca.pem'), `${second}${first}`)
    expect(await problemOf(folder)).toContain('ca-key.pem: does not belong to ca.pem')
  })

  it('may have a chain at the limit and not beyond', async () => {
    const chain = [root]
    while (chain.length < CHAIN_CERTIFICATES_MAX + 1) {
      const folder = makeOwnCa({ name: `Below ${chain.length}`, issuer: chain.at(-1) ?? root })
      writeFileSync(join(folder, 'ca.pem'), read(folder) + read(chain.at(-1) ?? root))
      chain.push(folder)
    }
    expect((await load(chain.at(-2) ?? '')).anchor.subject).toBe('O=Acme, CN=Acme Root')
    expect(await problemOf(chain.at(-1) ?? '')).toBe('ca.pem: holds a chain of more than 10 certificates')
  })
})

describe('the passphrase', () => {
  function file(text: string | Buffer, mode = 0o600): string {
    const path = join(makeFolder(), 'passphrase')
    writeFileSync(path, text, { mode })
    return path
  }

  it.each([
    ['s3cret', 's3cret'],
    ['s3cret\n', 's3cret'],
    ['s3cret\r\nsecond line\n', 's3cret'],
    [' with spaces \n', ' with spaces '],
    ['Zürich €\n', 'Zürich €'],
    ['x'.repeat(1_024), 'x'.repeat(1_024)],
  ])('is the first line: %#', async (text, expected) => {
    expect(await readPassphrase(file(text))).toBe(expected)
  })

  it.each([
    ['empty', file(''), 'its first line is empty'],
    ['blank at first', file('\ns3cret\n'), 'its first line is empty'],
    ['one byte too long', file('x'.repeat(1_025)), 'longer than 1024 bytes'],
    ['no text', file(Buffer.from([0xff, 0xfe])), 'is not text in UTF-8'],
    ['open to others', file('s3cret', 0o640), 'chmod 600'],
    ['missing', join(makeFolder(), 'nowhere'), 'there is no such file, and --passphrase-file names it'],
  ])('in a file that is %s is refused', async (_name, path, problem) => {
    const error: unknown = await readPassphrase(path).catch((cause: unknown) => cause)
    expect(String(error)).toContain(`${path}: `)
    expect(String(error)).toContain(problem)
    expect(String(error)).not.toContain('s3cret')
  })
})

function read(folder: string): string {
  return readFileSync(join(folder, 'ca.pem'), 'utf8')
}
