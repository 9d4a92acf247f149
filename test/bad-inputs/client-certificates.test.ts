/** Files of client certificates that cannot be used: each is told by file and remedy. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseClientCertificate } from '../../src/settings/client-certificate.ts'
import { loadClientCertificates } from '../../src/tls/client-certificates.ts'
import { makeFolder, makeOwnCa, type OwnCaOptions } from '../tls/own-ca.ts'
import { newKey, problemOf, read, write } from './certificate-folder.ts'

const good = makeOwnCa()

describe('a client certificate', () => {
  const usages = (usage: string): OwnCaOptions => ({
    extensions: ['basicConstraints=CA:FALSE', `extendedKeyUsage=${usage}`],
  })
  const pair = (options: OwnCaOptions = usages('clientAuth')): { key: string; cert: string } => {
    const folder = makeOwnCa(options)
    return { key: read(folder, 'ca-key.pem'), cert: read(folder, 'ca.pem') }
  }
  const mine = pair()

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'is no PKCS#12 file'],
    ['a certificate alone', mine.cert, 'must hold exactly one private key beside its certificate, not 0'],
    ['a key alone', mine.key, 'must hold a certificate in PEM'],
    ['two keys', mine.key + mine.key + mine.cert, 'not 2'],
    ['a PEM block begun', `${mine.key}${mine.cert.slice(0, 200)}`, 'a PEM block in it is begun and not ended'],
    [
      'another block',
      `${mine.key}${mine.cert}-----BEGIN X509 CRL-----\nAA==\n-----END X509 CRL-----\n`,
      'not a X509 CRL',
    ],
    ['another key', newKey() + mine.cert, 'the private key does not belong to the first certificate in it'],
    ['the issuer first', mine.key + read(good, 'ca.pem') + mine.cert, 'does not belong to the first certificate'],
    [
      'an encrypted key',
      newKey({ cipher: 'aes-256-cbc' }) + mine.cert,
      'name the file with its passphrase by --passphrase-file',
    ],
    ['a certificate of a server', Object.values(pair(usages('serverAuth'))).join(''), 'lacks clientAuth'],
    [
      'a weak key',
      Object.values(pair({ ...usages('clientAuth'), key: 'RSA-1024' })).join(''),
      'cannot be used in TLS (ERR_SSL_EE_KEY_TOO_SMALL)',
    ],
    ['random bytes', Buffer.from('30820100', 'hex'), 'is no PKCS#12 file'],
  ])('file with %s is told', async (_name, text, problem) => {
    const folder = makeFolder()
    write(folder, 'weir.pem', text)
    expect(await problemOf(folder, () => loadClient(`github.com:${join(folder, 'weir.pem')}`))).toContain(problem)
  })

  it('that has expired is told', async () => {
    const folder = makeFolder()
    write(folder, 'weir.pem', mine.key + mine.cert)
    const act = () => loadClient(`github.com:${join(folder, 'weir.pem')}`, Date.now() + 60 * 86_400_000)
    expect(await problemOf(folder, act)).toMatch(/the certificate expired on \d{4}-\d\d-\d\d; renew it/)
  })

  it('that is missing, open to others, or given twice is told', async () => {
    const folder = makeFolder()
    const entry = `github.com:${join(folder, 'weir.pem')}`
    expect(await problemOf(folder, () => loadClient(entry))).toContain(
      'there is no such file, and --client-certificate names it',
    )
    write(folder, 'weir.pem', mine.key + mine.cert)
    chmodSync(join(folder, 'weir.pem'), 0o644)
    expect(await problemOf(folder, () => loadClient(entry))).toContain('run `chmod 600')
    chmodSync(join(folder, 'weir.pem'), 0o600)
    await expect(loadClient(entry)).resolves.toBeDefined()
    expect(await problemOf(folder, () => loadClients([entry, entry]))).toContain(
      'github.com has a client certificate already',
    )
  })
})

function loadClient(entry: string, now = Date.now()): Promise<unknown> {
  return loadClients([entry], now)
}

function loadClients(texts: readonly string[], now = Date.now()): Promise<unknown> {
  const entries = texts.map(parseClientCertificate).filter((entry) => entry !== null)
  return loadClientCertificates(entries, { passphrase: null, now })
}
