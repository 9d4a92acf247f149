import { X509Certificate } from 'node:crypto'
import { connect, createSecureContext, type SecureVersion } from 'node:tls'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/net/address.ts'
import { parseHost } from '../../src/net/host.ts'
import type { Authority } from '../../src/tls/authority-admission.ts'
import { DAY_MS, generateAuthority } from '../../src/tls/authority-creation.ts'
import { parseAuthorityPem } from '../../src/tls/authority-pem.ts'
import { leafKey, mintLeaf } from '../../src/tls/leaf.ts'
import { openssl, verifyStrictly } from './openssl.ts'
import { startTls } from './servers.ts'

const now = Date.now()
const FILES = { certificate: 'ca.pem', key: 'ca-key.pem' }
const authority = makeAuthority({})

function makeAuthority(options: { days?: number; organisation?: string; at?: number }): Authority {
  const at = options.at ?? now
  return parseAuthorityPem(generateAuthority({ ...options, now: at }), FILES, at)
}

function mint(text: string, options: { by?: Authority; days?: number; at?: number } = {}): X509Certificate {
  const name = parseAddress(text) ?? parseHost(text)
  if (name === null) throw new Error(`not a name: ${text}`)
  const minted = mintLeaf(options.by ?? authority, name, { now: options.at ?? now, days: options.days ?? 7 })
  return new X509Certificate(minted.certificatePem)
}

/** A host of exactly this many characters, in labels of at most 63. */
function hostOfLength(length: number): string {
  const labels: string[] = []
  for (let left = length; left > 0; left -= 64) labels.push('a'.repeat(Math.min(63, left)))
  return labels.join('.')
}

const LONG_NAMES = [
  { name: hostOfLength(63), subject: `CN=${hostOfLength(63)}` },
  { name: `a.${hostOfLength(62)}`, subject: `CN=a.${hostOfLength(62)}` },
  { name: `aa.${hostOfLength(62)}`, subject: undefined },
  { name: hostOfLength(253), subject: undefined },
]

describe('a leaf', () => {
  it.each([
    'github.com',
    'localhost',
    'a_b.example.com',
    'xn--bcher-kva.example',
    ...LONG_NAMES.map(({ name }) => name),
  ])('for the host %s passes openssl strictly', (name) => {
    expect(verifyStrictly(authority.certificatePem, mint(name).toString(), ['-verify_hostname', name])).toContain('OK')
  })

  it.each(['192.0.2.7', '2001:db8::1'])('for the address %s passes openssl strictly', (name) => {
    expect(verifyStrictly(authority.certificatePem, mint(name).toString(), ['-verify_ip', name])).toContain('OK')
  })

  it('is refused by openssl for another name and under another CA', () => {
    const leaf = mint('github.com').toString()
    expect(() => verifyStrictly(authority.certificatePem, leaf, ['-verify_hostname', 'gitlab.com'])).toThrow(/mismatch/)
    expect(() => verifyStrictly(makeAuthority({}).certificatePem, leaf)).toThrow(/unable to get local issuer/)
  })

  it.each(LONG_NAMES)('has a subject only where the name fits one ($name.length characters)', ({ name, subject }) => {
    const leaf = mint(name)
    expect(leaf.subject).toBe(subject)
    expect(leaf.subjectAltName).toBe(`DNS:${name}`)
    const text = openssl({ 'leaf.pem': leaf.toString() }, 'x509', '-noout', '-ext', 'subjectAltName', '-in', 'leaf.pem')
    expect(text.includes('critical')).toBe(subject === undefined)
  })

  it('says what it is for, and no more', () => {
    const leaf = mint('github.com').toString()
    const text = openssl({ 'leaf.pem': leaf }, 'x509', '-noout', '-text', '-in', 'leaf.pem')
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/)
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature\n/)
    expect(text).toMatch(/Extended Key Usage: \s+TLS Web Server Authentication\n/)
    expect(text).toContain('Subject Key Identifier')
    const keyId = authority.subjectKeyId.toString('hex').toUpperCase().match(/../g)?.join(':')
    expect(text.split('Authority Key Identifier')[1]).toContain(keyId)
  })

  it('has a positive serial number of 16 bytes, each time another', () => {
    const serials = Array.from({ length: 50 }, () => mint('github.com').serialNumber)
    expect(new Set(serials).size).toBe(50)
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/)
  })

  it('begins a day ago, ends after its days, and stays inside its CA', () => {
    const leaf = mint('github.com', { by: makeAuthority({ at: now - 5 * DAY_MS }), days: 7 })
    expect(leaf.validFromDate.getTime()).toBe(seconds(now - DAY_MS))
    expect(leaf.validToDate.getTime()).toBe(seconds(now + 7 * DAY_MS))
    const short = makeAuthority({ days: 3 })
    expect(mint('github.com', { by: short }).validToDate.getTime()).toBe(short.notAfter)
    const lateClock = mint('github.com', { by: short, at: now - DAY_MS / 2 })
    expect(lateClock.validFromDate.getTime()).toBe(short.notBefore)
  })

  it('tells dates from 2050 on', () => {
    const at = Date.UTC(2049, 11, 30)
    const leaf = mint('github.com', { by: makeAuthority({ at }), days: 7, at })
    expect(leaf.validFrom).toMatch(/2049/)
    expect(leaf.validToDate.toISOString()).toBe('2050-01-06T00:00:00.000Z')
  })

  it('repeats its issuer as another tool encoded it', () => {
    const config = [
      '[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=v3\nstring_mask=nombstr',
      '[dn]\nC=CH\nO=Acme\nOU=Net\nemailAddress=net@acme.example\nCN=Acme CA',
      '[v3]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash',
    ].join('\n')
    const key = openssl({}, 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256')
    const files = { 'c.cnf': config, 'k.pem': key }
    const certificatePem = openssl(files, ...'req -x509 -new -key k.pem -days 9 -config c.cnf'.split(' '))
    const foreign = parseAuthorityPem({ certificatePem, keyPem: key }, FILES, Date.now())
    expect(foreign.subject).toBe('C=CH, O=Acme, OU=Net, emailAddress=net@acme.example, CN=Acme CA')
    expect(verifyStrictly(certificatePem, mint('github.com', { by: foreign }).toString())).toContain('OK')
  })

  it('is for every host and address, in the very name', () => {
    const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,20}[a-z0-9_])?$/)
    const host = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => parseHost(labels.join('.')))
    fc.assert(
      fc.property(fc.oneof(host, fc.ipV4().map(parseAddress), fc.ipV6().map(parseAddress)), (name) => {
        fc.pre(name !== null)
        const leaf = new X509Certificate(mintLeaf(authority, name, { now, days: 7 }).certificatePem)
        expect(leaf.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true)
        if (typeof name === 'string') expect(leaf.checkHost(name)).toBe(name)
        else expect(leaf.checkIP(name.text)).toBe(name.text)
      }),
      { seed: 11, numRuns: 150 },
    )
  })

  it.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('is accepted in a handshake of %s', async (version) => {
    const { port } = await startTls({ cert: mint('github.com').toString(), key: leafKey.privatePem })
    const secureContext = createSecureContext({
      ca: authority.certificatePem,
      minVersion: version,
      maxVersion: version,
    })
    const socket = connect({ port, host: '127.0.0.1', servername: 'github.com', secureContext })
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, version])
    socket.destroy()
  })
})

function seconds(at: number): number {
  return Math.floor(at / 1_000) * 1_000
}
