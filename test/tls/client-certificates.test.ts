import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { SecureVersion, TLSSocket } from 'node:tls'
import { Client } from 'undici'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parseHost } from '../../src/net/host.ts'
import { parseClientCertificate } from '../../src/settings/client-certificate.ts'
import {
  type ClientCertificates,
  type ClientIdentity,
  loadClientCertificates,
  NO_CLIENT_CERTIFICATES,
} from '../../src/tls/client-certificates.ts'
import { createProofs } from '../../src/tls/proof.ts'
import { createSessions } from '../../src/tls/sessions.ts'
import { certificateDemand } from '../../src/tls/upstream-fault.ts'
import { ca, exchange, open, refusal, trust } from './attempts.ts'
import { makeFolder, opensslInto } from './own-ca.ts'
import { createTestCa } from './pki.ts'
import { addressOf, destinationOf, dial, startTls } from './servers.ts'

const clients = createTestCa({ name: 'Client Root' })
const weir = clients.issue({ names: ['weir.acme.example'], usage: 'client' })
const other = clients.issue({ names: ['other.acme.example'], usage: 'client' })
const site = ca.issue({ names: ['github.com'] })
const now = Date.now()

let folder = ''
beforeAll(() => {
  folder = makeFolder()
  write('weir.pem', weir.key + weir.cert)
  write('other.pem', other.cert + other.key)
})

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

function load(texts: readonly string[], passphrase: string | null = null): Promise<ClientCertificates> {
  const entries = texts.map((text) => parseClientCertificate(text)).filter((entry) => entry !== null)
  return loadClientCertificates(entries, { passphrase, now })
}

async function identityIn(name: string, passphrase: string | null = null): Promise<ClientIdentity> {
  return shownTo(await load([`github.com:${join(folder, name)}`], passphrase), 'github.com') ?? missing()
}

function shownTo(certificates: ClientCertificates, name: string): ClientIdentity | null {
  return certificates.certificateFor(parseHost(name) ?? missing())
}

function missing(): never {
  throw new Error('there must be one')
}

/** A site that demands a certificate of these clients, and tells whose it saw. */
function startDemanding(version: SecureVersion = 'TLSv1.3') {
  const demands = { requestCert: true, rejectUnauthorized: true, ca: clients.certificatePem }
  return startTls({ ...site, ...demands, minVersion: version, maxVersion: version }, (socket) => {
    socket.once('data', () => socket.write(String(socket.getPeerCertificate().subject?.CN ?? 'nobody')))
  })
}

describe('client certificates', () => {
  it('are found by the exact name, then by the longest suffix', async () => {
    const [first, second] = [join(folder, 'weir.pem'), join(folder, 'other.pem')]
    const certificates = await load([
      `api.acme.example:${first}`,
      `*.acme.example:${second}`,
      `*.git.acme.example:${first}`,
      `plain.example:${first}`,
    ])
    const [one, two] = [await identityIn('weir.pem'), await identityIn('other.pem')]
    const shown = (name: string) => shownTo(certificates, name)?.fingerprint256 ?? null
    expect(shown('api.acme.example')).toBe(one.fingerprint256)
    expect(shown('www.acme.example')).toBe(two.fingerprint256)
    expect(shown('a.b.acme.example')).toBe(two.fingerprint256)
    expect(shown('a.git.acme.example')).toBe(one.fingerprint256)
    expect(shown('git.acme.example')).toBe(two.fingerprint256)
    expect(shown('acme.example')).toBeNull()
    expect(shown('xacme.example')).toBeNull()
    expect(shown('plain.example')).toBe(one.fingerprint256)
    expect(shown('a.plain.example')).toBeNull()
    expect(shownTo(NO_CLIENT_CERTIFICATES, 'plain.example')).toBeNull()
  })

  it.each([
    ['key first', 'weir.pem', null, 'weir.acme.example'],
    ['certificate first', 'other.pem', null, 'other.acme.example'],
    ['an encrypted key', 'sealed.pem', 's3cret', 'weir.acme.example'],
    ['PKCS#12', 'modern.p12', 's3cret', 'weir.acme.example'],
    ['PKCS#12 of old tools', 'legacy.p12', 's3cret', 'weir.acme.example'],
  ])('are read with %s, and shown to the site that asks', async (_name, file, passphrase, expected) => {
    const sealed = opensslInto(
      folder,
      'pkcs8',
      '-topk8',
      '-in',
      'weir.pem',
      '-v2',
      'aes-256-cbc',
      '-passout',
      'pass:s3cret',
    )
    write('sealed.pem', sealed + weir.cert)
    const export12 = ['pkcs12', '-export', '-in', 'weir.pem', '-passout', 'pass:s3cret', '-out']
    opensslInto(folder, ...export12, 'modern.p12')
    opensslInto(folder, ...export12, 'legacy.p12', '-legacy')
    const identity = await identityIn(file, passphrase)
    const { port } = await startDemanding()
    expect(await exchange(await open(port, 'github.com:443', { identity }), 'who')).toBe(expected)
  })

  it('are shown with the certificates of their issuers', async () => {
    const below = clients.intermediate().issue({ names: ['deep.acme.example'], usage: 'client' })
    write('deep.pem', below.key + below.cert)
    const { port } = await startDemanding()
    const socket = await open(port, 'github.com:443', { identity: await identityIn('deep.pem') })
    expect(await exchange(socket, 'who')).toBe('deep.acme.example')
  })
})

describe.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('sessions, in %s', (version) => {
  it('are not shared between who Weir is to the site', async () => {
    const sessions = createSessions({ now: Date.now })
    const { port } = await startDemanding(version)
    const [one, two] = [await identityIn('weir.pem'), await identityIn('other.pem')]
    const ask = async (identity: ClientIdentity): Promise<string> => {
      const socket = await open(port, 'github.com:443', { identity, sessions })
      const answer = `${await exchange(socket, 'who')} ${socket.isSessionReused()}`
      socket.destroy()
      return answer
    }
    expect(await ask(one)).toBe('weir.acme.example false')
    expect(await ask(one)).toBe('weir.acme.example true')
    expect(await ask(two)).toBe('other.acme.example false')
    expect(await ask(two)).toBe('other.acme.example true')
    expect(sessions.size).toBe(2)
  })
})

describe('a site that demands a certificate', () => {
  it('and gets none is a clear failure in TLS 1.2', async () => {
    const { port } = await startDemanding('TLSv1.2')
    const { code, message } = await refusal(port)
    expect(code).toBe('upstream-tls-failed')
    expect(message).toContain(
      'asks for a client certificate, which this proxy does not have: bypass the host, or give one with --client-certificate',
    )
  })

  it('and gets none is a clear failure in TLS 1.3, at the first read', async () => {
    const { port } = await startDemanding('TLSv1.3')
    const error = await failureOf(await open(port))
    const failure = certificateDemand(error)
    expect(failure?.code).toBe('upstream-tls-failed')
    expect(failure?.message).toBe(
      'the site asks for a client certificate, which this proxy does not have: bypass the host, or give one with --client-certificate',
    )
  })

  it('and gets one that it does not know says so (TLS 1.2)', async () => {
    const stranger = createTestCa({ name: 'Nobody' }).issue({ names: ['x.example'], usage: 'client' })
    write('stranger.pem', stranger.key + stranger.cert)
    const { port } = await startDemanding('TLSv1.2')
    const { message } = await refusal(port, 'github.com:443', { identity: await identityIn('stranger.pem') })
    expect(message).toMatch(
      /^github.com:443 (refuses the client certificate that this proxy shows \(alert unknown_ca\)|closed)/,
    )
  })

  it('reaches the request of undici as the very error', async () => {
    const server = createHttpsServer({
      ...site,
      requestCert: true,
      rejectUnauthorized: true,
      ca: clients.certificatePem,
    })
    onTestFinished(() => void server.close())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const client = new Client('https://github.com', {
      connect: (_options, callback) => {
        open(port).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error('no error'), null),
        )
      },
    })
    const error: unknown = await client.request({ method: 'GET', path: '/' }).catch((cause: unknown) => cause)
    await client.destroy()
    expect(certificateDemand(error)?.message).toMatch(/^the site asks for a client certificate/)
  })

  it('is not told of other errors', () => {
    expect(certificateDemand(new Error('read ECONNRESET'))).toBeNull()
    expect(certificateDemand(null)).toBeNull()
    expect(certificateDemand(alert(80))).toBeNull()
    expect(certificateDemand(alert(42))?.message).toContain('alert bad_certificate')
  })
})

it('a proof shows none', async () => {
  const demands = { requestCert: true, rejectUnauthorized: false, ca: clients.certificatePem }
  const seen: unknown[] = []
  const { port } = await startTls({ ...site, ...demands }, (socket) => {
    seen.push(socket.getPeerCertificate().subject?.CN)
  })
  const proofs = createProofs({ trust: () => trust, dial: () => dial(port), now: Date.now })
  await proofs.prove(destinationOf('github.com:443'), addressOf('192.0.2.1'))
  await expect.poll(() => seen).toEqual([undefined])
})

it('one trust makes one context for each identity', async () => {
  const [one, two] = [await identityIn('weir.pem'), await identityIn('other.pem')]
  expect(trust.contextWith(one)).toBe(trust.contextWith(one))
  expect(trust.contextWith(two)).not.toBe(trust.contextWith(one))
  expect(trust.contextWith(one)).not.toBe(trust.context)
})

function alert(number: number): Error {
  return new Error(`error:0A000412:SSL routines:ssl3_read_bytes:some alert:file.c:1:SSL alert number ${number}`)
}

async function failureOf(socket: TLSSocket): Promise<unknown> {
  socket.resume()
  return new Promise((resolve) => socket.once('error', resolve).once('close', () => resolve(null)))
}
