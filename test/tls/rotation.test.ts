import { createPublicKey, X509Certificate } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { connect, TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type Host, parseHost } from '../../src/net/host.ts'
import { createAuthority, loadAuthority } from '../../src/tls/authority.ts'
import { type AuthorityOptions, DAY_MS } from '../../src/tls/authority-creation.ts'
import { anchorsOf, exportAnchors } from '../../src/tls/ca-export.ts'
import { createContexts } from '../../src/tls/contexts.ts'
import {
  activateRotation,
  activation,
  loadAuthorities,
  OLD_CERTIFICATES_MAX,
  prepareRotation,
  preparation,
} from '../../src/tls/rotation.ts'
import { makeFolder, makeOwnCa, opensslInto } from './own-ca.ts'
import { dial, startTcp } from './servers.ts'

const now = Date.now()
const PREPARATION = ['folder', 'key', 'certificate', 'next']
const ACTIVATION = ['old', 'key', 'pkcs12', 'certificate', 'done']

async function makeCa(options: Partial<AuthorityOptions> = {}): Promise<string> {
  const folder = join(makeFolder(), 'certs')
  await createAuthority(folder, { organisation: 'Acme', now, ...options })
  return folder
}

/** Goes so many steps and no further, as if the process had died there. */
async function take(steps: AsyncGenerator<string>, count: number): Promise<string[]> {
  const taken: string[] = []
  while (taken.length < count) {
    const step = await steps.next()
    if (step.done === true) break
    taken.push(step.value)
  }
  return taken
}

async function fingerprints(folder: string, passphrase: string | null = null) {
  const { active, next, old } = await loadAuthorities(folder, now, { passphrase })
  return {
    active: active.fingerprint256,
    next: next?.fingerprint256 ?? null,
    old: old.map(({ fingerprint256 }) => fingerprint256),
  }
}

async function problemOf(act: Promise<unknown>): Promise<string> {
  const error: unknown = await act.then(
    () => new Error('it works'),
    (cause: unknown) => cause,
  )
  return error instanceof Error ? error.message : ''
}

function modesOfKeys(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('key.pem'))
    .map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))
}

describe('a next CA', () => {
  it('is prepared beside the active one, which goes on to sign', async () => {
    const folder = await makeCa()
    const before = await fingerprints(folder)
    await prepareRotation(folder, { now })
    const after = await fingerprints(folder)
    expect(after).toEqual({ active: before.active, next: expect.any(String), old: [] })
    expect(after.next).not.toBe(before.active)
    expect(readdirSync(folder).toSorted()).toEqual(['ca-key.pem', 'ca.pem', 'next'])
    expect(modesOfKeys(folder)).toEqual(['600', '600'])
    expect(statSync(join(folder, 'next')).mode & 0o777).toBe(0o700)
  })

  it('has the organisation and the limits of the active one, unless told otherwise', async () => {
    const only = ['acme.example', 'github.com'].map(hostOf)
    const folder = await makeCa({ only })
    await prepareRotation(folder, { now, days: 90 })
    const { active, next } = await loadAuthorities(folder, now, {})
    expect(next?.subject).toMatch(/^O=Acme, CN=Weir inspection CA /)
    expect(next?.constraints[0]?.der).toEqual(active.constraints[0]?.der)
    expect(Math.round(((next?.notAfter ?? 0) - now) / DAY_MS)).toBe(90)
    const other = await makeCa({ only })
    await prepareRotation(other, { now, organisation: 'Umbrella', only: [hostOf('gitlab.com')] })
    const told = (await loadAuthorities(other, now, {})).next
    expect(told?.subject).toMatch(/^O=Umbrella, /)
    expect([told?.permits(hostOf('gitlab.com')), told?.permits(hostOf('github.com'))]).toEqual([true, false])
  })

  it('is not prepared twice, and not over something else', async () => {
    const folder = await makeCa()
    await prepareRotation(folder, { now })
    const before = await fingerprints(folder)
    expect(await problemOf(prepareRotation(folder, { now }))).toContain('a next CA is there already')
    expect(await fingerprints(folder)).toEqual(before)
    const other = await makeCa()
    mkdirSync(join(other, 'next'))
    writeFileSync(join(other, 'next', 'notes'), 'precious')
    expect(await problemOf(prepareRotation(other, { now }))).toContain('is there already')
    expect(readdirSync(join(other, 'next'))).toEqual(['notes'])
  })

  it('comes of one call where many are made at once', async () => {
    const folder = await makeCa()
    const calls = await Promise.allSettled(Array.from({ length: 5 }, () => prepareRotation(folder, { now })))
    expect(calls.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    const { next } = await fingerprints(folder)
    if (next === null) await prepareRotation(folder, { now })
    expect((await fingerprints(folder)).next).not.toBeNull()
  })

  it('of an authority that another issued is that one’s to make', async () => {
    const root = makeOwnCa()
    const folder = makeOwnCa({ name: 'Below', issuer: root })
    expect(await problemOf(prepareRotation(folder, { now: Date.now() }))).toContain(
      'let that one issue the next, and put it there as ca.pem and ca-key.pem',
    )
  })

  it('may be one’s own', async () => {
    const folder = await makeCa()
    const own = makeOwnCa({ name: 'Acme Next', key: 'RSA-2048' })
    mkdirSync(join(folder, 'next'))
    cpSync(join(own, 'ca.pem'), join(folder, 'next', 'ca.pem'))
    // The certificate first: a folder that is being filled is no activation cut short.
    expect((await loadAuthority(folder, now)).subject).toContain('Weir inspection CA')
    expect(await problemOf(activateRotation(folder, Date.now(), {}))).toContain('no next CA is prepared')
    cpSync(join(own, 'ca-key.pem'), join(folder, 'next', 'ca-key.pem'))
    await activateRotation(folder, Date.now(), {})
    expect((await loadAuthority(folder, Date.now())).subject).toBe('O=Acme, CN=Acme Next')
  })

  it('is encrypted where the active one is', async () => {
    const folder = await makeCa({ passphrase: 's3cret' })
    expect(await problemOf(loadAuthority(folder, now))).toContain('is encrypted')
    await prepareRotation(folder, { now, passphrase: 's3cret' })
    await activateRotation(folder, now, { passphrase: 's3cret' })
    expect(readFileSync(join(folder, 'ca-key.pem'), 'utf8')).toContain('ENCRYPTED')
    expect((await fingerprints(folder, 's3cret')).old).toHaveLength(1)
  })
})

describe('a preparation cut short', () => {
  it('has these steps', async () => {
    expect(await take(preparation(await makeCa(), { now }), 99)).toEqual(PREPARATION)
  })

  it.each(PREPARATION.map((step, at) => [step, at + 1] as const))(
    'after %s leaves a folder that loads, and can be begun anew',
    async (step, count) => {
      const folder = await makeCa()
      const before = await fingerprints(folder)
      await take(preparation(folder, { now }), count)
      const after = await fingerprints(folder)
      expect(after).toEqual(step === 'next' ? { ...before, next: expect.any(String) } : before)
      expect((await loadAuthority(folder, now)).fingerprint256).toBe(before.active)
      expect(modesOfKeys(folder).every((mode) => mode === '600')).toBe(true)
      if (step !== 'next') await prepareRotation(folder, { now })
      expect((await fingerprints(folder)).next).not.toBeNull()
      expect(readdirSync(folder).toSorted()).toEqual(['ca-key.pem', 'ca.pem', 'next'])
    },
  )
})

describe('an activation', () => {
  it('lets the next one sign, keeps the certificate before it, and deletes its key', async () => {
    const folder = await makeCa()
    const keyBefore = readFileSync(join(folder, 'ca-key.pem'), 'utf8')
    await prepareRotation(folder, { now })
    const before = await fingerprints(folder)
    await activateRotation(folder, now, {})
    expect(await fingerprints(folder)).toEqual({ active: before.next, next: null, old: [before.active] })
    expect(readdirSync(folder).toSorted()).toEqual(['ca-key.pem', 'ca.pem', 'old'])
    expect(modesOfKeys(folder)).toEqual(['600'])
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const file = join(folder, name)
      if (statSync(file).isFile()) expect(readFileSync(file, 'utf8')).not.toContain(keyBefore)
    }
  })

  it('needs a next one that is good', async () => {
    const folder = await makeCa()
    expect(await problemOf(activateRotation(folder, now, {}))).toContain('no next CA is prepared; `weir ca rotate`')
    await prepareRotation(folder, { now })
    const before = await fingerprints(folder)
    const good = readFileSync(join(folder, 'next', 'ca.pem'))
    writeFileSync(join(folder, 'next', 'ca.pem'), 'spoilt')
    expect(await problemOf(activateRotation(folder, now, {}))).toContain('must hold a certificate')
    writeFileSync(join(folder, 'next', 'ca.pem'), good)
    expect(await fingerprints(folder)).toEqual(before)
    unlinkSync(join(folder, 'next', 'ca.pem'))
    expect(await problemOf(activateRotation(folder, now, {}))).toContain('is missing')
    expect((await loadAuthority(folder, now)).fingerprint256).toBe(before.active)
  })

  it('replaces one that has expired, which nobody needs to trust any more', async () => {
    const folder = await makeCa({ days: 1 })
    await prepareRotation(folder, { now })
    const { next } = await fingerprints(folder)
    const later = now + 2 * DAY_MS
    expect(await problemOf(loadAuthority(folder, later))).toContain('expired')
    await activateRotation(folder, later, {})
    const { active, old } = await loadAuthorities(folder, later, {})
    expect([active.fingerprint256, old]).toEqual([next, []])
  })
})

describe('an activation cut short', () => {
  it('has these steps', async () => {
    const folder = await makeCa()
    await prepareRotation(folder, { now })
    expect(await take(activation(folder, now, {}), 99)).toEqual(ACTIVATION)
  })

  describe.each(['PEM', 'an encrypted key', 'PKCS#12'])('of a CA in %s', (form) => {
    const passphrase = form === 'PEM' ? null : 's3cret'

    async function prepared(): Promise<string> {
      const folder = await makeCa({ passphrase: form === 'an encrypted key' ? passphrase : null })
      if (form === 'PKCS#12') {
        opensslInto(
          folder,
          ...'pkcs12 -export -in ca.pem -inkey ca-key.pem -passout pass:s3cret -out ca.p12'.split(' '),
        )
        for (const name of ['ca.pem', 'ca-key.pem']) rmSync(join(folder, name))
      }
      await prepareRotation(folder, { now, passphrase })
      return folder
    }

    it.each(ACTIVATION.map((step, at) => [step, at + 1] as const))(
      'after %s leaves a folder that loads, and is finished by the next',
      async (step, count) => {
        const folder = await prepared()
        const before = await fingerprints(folder, passphrase)
        await take(activation(folder, now, { passphrase }), count)
        const after = await fingerprints(folder, passphrase)
        expect(after.active).toBe(step === 'old' ? before.active : before.next)
        // All that clients may be shown leaves of is still exported.
        expect([after.active, after.next, ...after.old]).toEqual(expect.arrayContaining([before.active, before.next]))
        if (step === 'key' || step === 'pkcs12') {
          expect(await problemOf(prepareRotation(folder, { now, passphrase }))).toContain('--activate` finishes it')
          expect(await problemOf(createAuthority(folder, { now }))).toMatch(/there is (a CA|one) already/)
        }
        if (step !== 'done' && step !== 'certificate') await activateRotation(folder, now, { passphrase })
        expect(await fingerprints(folder, passphrase)).toEqual({
          active: before.next,
          next: null,
          old: [before.active],
        })
        expect(existsSync(join(folder, 'ca.p12'))).toBe(false)
        expect(modesOfKeys(folder)).toEqual(['600'])
        // And the next rotation begins as ever.
        await prepareRotation(folder, { now, passphrase })
        expect((await fingerprints(folder, passphrase)).next).not.toBeNull()
      },
    )
  })
})

describe('old certificates', () => {
  it('are kept through several rotations, and let go when they expire', async () => {
    const folder = await makeCa({ days: 3 })
    const seen = [(await fingerprints(folder)).active]
    for (let round = 0; round < 3; round++) {
      await prepareRotation(folder, { now, days: 10 })
      await activateRotation(folder, now, {})
      seen.push((await fingerprints(folder)).active)
    }
    expect(new Set((await fingerprints(folder)).old)).toEqual(new Set(seen.slice(0, 3)))
    const later = now + 4 * DAY_MS
    const { old } = await loadAuthorities(folder, later, {})
    expect(new Set(old.map(({ fingerprint256 }) => fingerprint256))).toEqual(new Set(seen.slice(1, 3)))
    await prepareRotation(folder, { now: later })
    await activateRotation(folder, later, {})
    expect(readdirSync(join(folder, 'old'))).toHaveLength(3)
  })

  it('are as many as the limit, and past it nothing changes', async () => {
    const folder = await makeCa()
    mkdirSync(join(folder, 'old'))
    const kept = makeOwnCaMany(OLD_CERTIFICATES_MAX)
    for (const [at, pem] of kept.slice(1).entries()) writeFileSync(join(folder, 'old', `${at}.pem`), pem)
    await prepareRotation(folder, { now })
    await activateRotation(folder, now, {})
    expect((await fingerprints(folder)).old).toHaveLength(OLD_CERTIFICATES_MAX)
    await prepareRotation(folder, { now })
    const before = await fingerprints(folder)
    expect(await problemOf(activateRotation(folder, now, {}))).toContain('remove those that no client needs')
    expect(await fingerprints(folder)).toEqual(before)
    writeFileSync(join(folder, 'old', 'more.pem'), kept[0] ?? '')
    expect(await problemOf(loadAuthorities(folder, now, {}))).toContain('holds 21 files of certificates')
  })

  it('that cannot be read are told', async () => {
    const folder = await makeCa()
    mkdirSync(join(folder, 'old'))
    writeFileSync(join(folder, 'old', 'a.pem'), 'spoilt')
    expect(await problemOf(loadAuthorities(folder, now, {}))).toContain(`${join(folder, 'old', 'a.pem')}: must hold a`)
    expect((await loadAuthority(folder, now)).subject).toContain('Weir')
  })
})

it('clients that took the bundle before the change trust leaves before and after it', async () => {
  const folder = await makeCa()
  await prepareRotation(folder, { now })
  const bundle = exportAnchors(anchorsOf(await loadAuthorities(folder, now, {}), 'all'), 'pem')?.toString() ?? ''
  const before = createContexts(await loadAuthority(folder, now), { now: Date.now })
  await activateRotation(folder, now, {})
  const after = createContexts(await loadAuthority(folder, now), { now: Date.now })
  for (const contexts of [before, after]) {
    const secureContext = contexts.contextFor('github.com')
    const { port } = await startTcp((socket) => {
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => socket.destroy())
    })
    const client = connect({ socket: await dial(port), servername: 'github.com', ca: bundle })
    await new Promise((resolve, reject) => client.once('secureConnect', resolve).once('error', reject))
    expect(client.authorized).toBe(true)
    client.destroy()
  }
})

it('a certificate and a key that match belong together after every change', async () => {
  const folder = await makeCa()
  await prepareRotation(folder, { now })
  await activateRotation(folder, now, {})
  const certificate = new X509Certificate(readFileSync(join(folder, 'ca.pem')))
  expect(certificate.publicKey.equals(createPublicKey(readFileSync(join(folder, 'ca-key.pem'))))).toBe(true)
})

function hostOf(text: string): Host {
  const host = parseHost(text)
  if (host === null) throw new Error(`not a host: ${text}`)
  return host
}

/** So many certificates of CAs, all different. */
function makeOwnCaMany(count: number): string[] {
  return Array.from({ length: count }, () => readFileSync(join(makeOwnCa({ name: 'Old' }), 'ca.pem'), 'utf8'))
}
