/** CA files, keys and constraint sets that cannot be used: each is told by file and remedy, and nothing is half written. */
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAuthority, loadAuthority } from '../../src/tls/authority.ts'
import { activateRotation, prepareRotation } from '../../src/tls/rotation.ts'
import { AUTHORITY_EXTENSIONS, makeFolder, makeOwnCa, type OwnCaOptions, opensslInto } from '../tls/own-ca.ts'
import { loading, newKey, problemOf, read, write } from './certificate-folder.ts'

const PASS = 'pass:s3cret'

const good = makeOwnCa()
const stranger = makeOwnCa({ name: 'Stranger' })

/** A copy of a good CA, spoilt. */
function spoilt(spoil: (folder: string) => void): string {
  const folder = makeFolder()
  for (const name of ['ca.pem', 'ca-key.pem']) copyFileSync(join(good, name), join(folder, name))
  spoil(folder)
  return folder
}

describe('a CA in PEM', () => {
  it.each<[string, (folder: string) => void, string]>([
    [
      'no certificate file',
      (folder) => rmSync(join(folder, 'ca.pem')),
      'ca.pem: is missing; make a CA with `weir ca init`',
    ],
    ['no key file', (folder) => rmSync(join(folder, 'ca-key.pem')), 'ca-key.pem: is missing; make a CA'],
    [
      'a certificate file of nothing',
      (folder) => write(folder, 'ca.pem', ''),
      'ca.pem: must hold a certificate in PEM',
    ],
    [
      'binary',
      (folder) => write(folder, 'ca.pem', Buffer.from([0x30, 0x82, 0, 0])),
      'ca.pem: must hold a certificate in PEM',
    ],
    [
      'a certificate cut short',
      (folder) => write(folder, 'ca.pem', read(folder, 'ca.pem').slice(0, 300)),
      'in PEM, whole',
    ],
    [
      'a certificate with a broken body',
      (folder) => write(folder, 'ca.pem', read(folder, 'ca.pem').replace(/\n.{10}/, '\n!!!!!!!!!!')),
      'ca.pem: a certificate in it cannot be read; restore the file',
    ],
    [
      'a certificate whose DER is cut',
      (folder) => write(folder, 'ca.pem', `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`),
      'cannot be read; restore the file',
    ],
    [
      'a request in place of it',
      (folder) => write(folder, 'ca.pem', read(folder, 'ca.pem').replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')),
      'must hold certificates alone, not a CERTIFICATE REQUEST',
    ],
    [
      'the key in both',
      (folder) => write(folder, 'ca.pem', read(folder, 'ca-key.pem')),
      'must hold certificates alone, not a PRIVATE KEY',
    ],
    [
      'a stranger’s certificate',
      (folder) => copyFileSync(join(stranger, 'ca.pem'), join(folder, 'ca.pem')),
      'ca-key.pem: does not belong to',
    ],
    [
      'a stranger after it',
      (folder) => write(folder, 'ca.pem', read(folder, 'ca.pem') + read(stranger, 'ca.pem')),
      'certificate 1: is self-signed, and nothing may follow it',
    ],
    [
      'a folder in its place',
      (folder) => {
        rmSync(join(folder, 'ca.pem'))
        mkdirSync(join(folder, 'ca.pem'))
      },
      'ca.pem: cannot be read (EISDIR)',
    ],
    [
      'a name that leads nowhere',
      (folder) => {
        rmSync(join(folder, 'ca.pem'))
        symlinkSync('nowhere', join(folder, 'ca.pem'))
      },
      'ca.pem: is missing',
    ],
    [
      'a name that leads to itself',
      (folder) => {
        rmSync(join(folder, 'ca.pem'))
        symlinkSync('ca.pem', join(folder, 'ca.pem'))
      },
      'ca.pem: cannot be',
    ],
    [
      'a file beyond 64 KiB',
      (folder) => write(folder, 'ca.pem', read(folder, 'ca.pem').padEnd(65_537, '\n')),
      'is larger than 65536 bytes',
    ],
    ['a key of nothing', (folder) => write(folder, 'ca-key.pem', ''), 'ca-key.pem: no private key can be read from it'],
    [
      'a public key',
      (folder) => write(folder, 'ca-key.pem', '-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n'),
      'no private key can be read from it',
    ],
    ['two keys', (folder) => write(folder, 'ca-key.pem', newKey() + newKey()), 'it must hold exactly one in PEM'],
    ['another key', (folder) => write(folder, 'ca-key.pem', newKey()), 'does not belong to'],
    [
      'a key with a broken body',
      (folder) => write(folder, 'ca-key.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
      'the private key in it cannot be read; restore the file',
    ],
    [
      'a key of OpenSSH’s form',
      (folder) =>
        write(folder, 'ca-key.pem', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'),
      'PKCS#8 or traditional',
    ],
    ['a key that its group may read', (folder) => chmodSync(join(folder, 'ca-key.pem'), 0o640), 'run `chmod 600'],
    ['a key that all may write', (folder) => chmodSync(join(folder, 'ca-key.pem'), 0o602), 'run `chmod 600'],
    ['PKCS#12 beside it', (folder) => write(folder, 'ca.p12', 'x'), 'ca.p12: ca.pem lies beside it; keep one CA here'],
    [
      'two PKCS#12',
      (folder) => {
        for (const name of ['ca.p12', 'ca.pfx']) write(folder, name, 'x')
      },
      'ca.p12: ca.pfx lies beside it',
    ],
  ])('with %s is told', async (_name, spoil, problem) => {
    const folder = spoilt(spoil)
    expect(await problemOf(folder, loading(folder))).toContain(problem)
  })

  it.each<[string, string, string | null, string]>([
    [
      'no passphrase',
      newKey({ cipher: 'aes-256-cbc' }),
      null,
      'name the file with its passphrase by --passphrase-file',
    ],
    ['a wrong passphrase', newKey({ cipher: 'aes-256-cbc' }), 'wrong', 'does not open it, or it is damaged'],
    [
      'a damaged encrypted key',
      `-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n`,
      'x',
      'does not open it, or it is damaged',
    ],
    [
      'a traditional head without its body',
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
      'x',
      'ca-key.pem: ',
    ],
  ])('with %s for its key is told', async (_name, key, passphrase, problem) => {
    const folder = spoilt((one) => write(one, 'ca-key.pem', key))
    expect(await problemOf(folder, loading(folder, passphrase))).toContain(problem)
  })

  it('with a key under DES is told how to encrypt it anew', async () => {
    const folder = spoilt(() => undefined)
    const legacy = ['-provider', 'legacy', '-provider', 'default']
    opensslInto(
      folder,
      'pkcs8',
      '-topk8',
      '-in',
      'ca-key.pem',
      '-v1',
      'PBE-MD5-DES',
      '-passout',
      PASS,
      ...legacy,
      '-out',
      'k',
    )
    copyFileSync(join(folder, 'k'), join(folder, 'ca-key.pem'))
    expect(await problemOf(folder, loading(folder, 's3cret'))).toContain('openssl pkcs8 -topk8 -v2 aes-256-cbc')
  })

  it.each<[string, OwnCaOptions, string]>([
    ['CA:FALSE', { extensions: ['basicConstraints=CA:FALSE', ...AUTHORITY_EXTENSIONS.slice(1)] }, 'CA:TRUE'],
    ['no basic constraints', { extensions: AUTHORITY_EXTENSIONS.slice(1) }, 'CA:TRUE'],
    [
      'no keyCertSign',
      { extensions: ['basicConstraints=CA:TRUE', 'keyUsage=digitalSignature', 'subjectKeyIdentifier=hash'] },
      'lacks keyCertSign',
    ],
    [
      'no key identifier',
      { extensions: [...AUTHORITY_EXTENSIONS.slice(0, 2), 'subjectKeyIdentifier=none'] },
      'has no subject key identifier',
    ],
    [
      'a usage of clients',
      { extensions: [...AUTHORITY_EXTENSIONS, 'extendedKeyUsage=clientAuth'] },
      'lacks serverAuth',
    ],
    [
      'constraints that are no DER',
      { extensions: [...AUTHORITY_EXTENSIONS, '2.5.29.30=DER:30'] },
      'its name constraints cannot be used',
    ],
    [
      'empty constraints',
      { extensions: [...AUTHORITY_EXTENSIONS, '2.5.29.30=DER:3000'] },
      'they permit nothing and exclude nothing',
    ],
    [
      'constraints with a wildcard',
      { extensions: [...AUTHORITY_EXTENSIONS, 'nameConstraints=permitted;DNS:*.acme.example'] },
      '"*.acme.example" is no domain; it is written without wildcard',
    ],
    [
      'constraints with a mask with holes',
      { extensions: [...AUTHORITY_EXTENSIONS, 'nameConstraints=permitted;IP:10.0.0.0/255.0.255.0'] },
      'an address that is not one with its mask',
    ],
    [
      'an extended key usage that is no DER',
      { extensions: [...AUTHORITY_EXTENSIONS, '2.5.29.37=DER:3003020101'] },
      'its extensions cannot be read',
    ],
    ['RSA of 1024 bits', { key: 'RSA-1024' }, 'its key is RSA with 1024 bits'],
    ['Ed25519', { key: 'ED25519' }, 'which browsers do not take; use RSA, P-256 or P-384'],
    ['P-521', { key: 'P-521' }, 'use P-256 or P-384'],
  ])('whose certificate has %s is told', async (_name, options, problem) => {
    const folder = makeOwnCa(options)
    expect(await problemOf(folder, loading(folder))).toContain(problem)
  })

  it('that has expired, or is not valid yet, is told', async () => {
    const folder = makeOwnCa({ days: 2 })
    const in3Days = Date.now() + 3 * 86_400_000
    expect(await problemOf(folder, () => loadAuthority(folder, in3Days))).toContain('make a new CA with `weir ca init`')
    const before = Date.now() - 86_400_000
    expect(await problemOf(folder, () => loadAuthority(folder, before))).toContain(
      'check this machine’s clock'.replace('’', "'"),
    )
  })
})

describe('a new or next CA', () => {
  it('is not made over what is there, in whatever form', async () => {
    for (const name of ['ca.pem', 'ca-key.pem', 'ca.p12', 'ca.pfx']) {
      const folder = makeFolder()
      write(folder, name, 'precious')
      expect(await problemOf(folder, () => createAuthority(folder, { now: Date.now() }))).toContain(`${name}: there is`)
    }
  })

  it('is not made or activated where the present one cannot be used', async () => {
    const folder = spoilt((one) => write(one, 'ca-key.pem', newKey()))
    expect(await problemOf(folder, () => prepareRotation(folder, { now: Date.now() }))).toContain('does not belong to')
    const empty = makeFolder()
    expect(await problemOf(empty, () => prepareRotation(empty, { now: Date.now() }))).toContain('ca.pem: is missing')
  })

  it.each<[string, (next: string) => void, string]>([
    ['a stranger’s key', (next) => write(next, 'ca-key.pem', newKey()), 'next/ca-key.pem: does not belong to'],
    ['an open key', (next) => chmodSync(join(next, 'ca-key.pem'), 0o644), 'run `chmod 600'],
    ['a spoilt certificate', (next) => write(next, 'ca.pem', 'x'), 'next/ca.pem: must hold a certificate'],
    ['no certificate', (next) => rmSync(join(next, 'ca.pem')), 'next/ca.pem: is missing'],
    ['no key', (next) => rmSync(join(next, 'ca-key.pem')), 'no next CA is prepared'],
  ])('with %s is not activated', async (_name, spoil, problem) => {
    const folder = spoilt((one) => {
      mkdirSync(join(one, 'next'))
      for (const name of ['ca.pem', 'ca-key.pem']) copyFileSync(join(stranger, name), join(one, 'next', name))
      spoil(join(one, 'next'))
    })
    expect(await problemOf(folder, () => activateRotation(folder, Date.now(), {}))).toContain(problem)
    await expect(loadAuthority(folder, Date.now())).resolves.toBeDefined()
  })
})
