/** PKCS#12 files of a CA that cannot be used: each is told by file and remedy. */
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadAuthority } from '../../src/tls/authority.ts'
import { KeyFileProblem } from '../../src/tls/authority-problem.ts'
import { CERTIFICATES_MAX, parsePkcs12 } from '../../src/tls/pkcs12.ts'
import { PBKDF2_ITERATIONS_MAX, PKCS12_ITERATIONS_MAX } from '../../src/tls/pkcs12-cipher.ts'
import { makeFolder, makeOwnCa, opensslInto } from '../tls/own-ca.ts'
import { loading, problemOf, read, write } from './certificate-folder.ts'

const PASS = 'pass:s3cret'
const good = makeOwnCa()

describe('a CA in PKCS#12', () => {
  function made(
    options: readonly string[],
    files: { readonly key?: string; readonly certificate?: string } = {},
  ): string {
    const folder = makeFolder()
    const { key = join(good, 'ca-key.pem'), certificate = join(good, 'ca.pem') } = files
    opensslInto(folder, 'pkcs12', '-export', '-inkey', key, '-in', certificate, ...options, '-out', 'ca.p12')
    return folder
  }

  function bytesIn(bytes: Buffer | string): string {
    const folder = makeFolder()
    write(folder, 'ca.p12', bytes)
    return folder
  }

  const sealed = readFileSync(join(made(['-passout', PASS]), 'ca.p12'))

  it.each<[string, () => string, string | null, string]>([
    ['nothing in it', () => bytesIn(''), null, 'ca.p12: is no PKCS#12 file'],
    [
      'text in it',
      () => bytesIn(read(good, 'ca.pem')),
      null,
      'is no PKCS#12 file that is sealed by a passphrase; restore it',
    ],
    ['its end missing', () => bytesIn(sealed.subarray(0, -50)), 's3cret', 'is no PKCS#12 file'],
    [
      'something after its end',
      () => bytesIn(Buffer.concat([sealed, Buffer.from('x')])),
      's3cret',
      'is no PKCS#12 file',
    ],
    ['a number in its place', () => bytesIn(Buffer.from('020103', 'hex')), null, 'is no PKCS#12 file'],
    ['an empty sequence', () => bytesIn(Buffer.from('3000', 'hex')), null, 'is no PKCS#12 file'],
    ['deep nesting', () => bytesIn(nested(5_000)), null, 'is no PKCS#12 file'],
    ['a byte changed', () => bytesIn(flipped(sealed, 400)), 's3cret', 'ca.p12: '],
    ['no passphrase given', () => bytesIn(sealed), null, 'cannot be opened without a passphrase'],
    ['a wrong passphrase', () => bytesIn(sealed), 'wrong', 'does not open it, or it is damaged'],
    ['no key', () => made(['-nokeys', '-passout', PASS]), 's3cret', 'must hold exactly one private key, not 0'],
    ['no certificate', () => made(['-nocerts', '-passout', PASS]), 's3cret', 'holds a private key and no certificate'],
    [
      'too many iterations',
      () => made(['-iter', String(PKCS12_ITERATIONS_MAX + 1), '-passout', PASS]),
      's3cret',
      '1 to 100000 are read',
    ],
    [
      'an old cipher',
      () => made(['-legacy', '-keypbe', 'PBE-SHA1-RC4-128', '-passout', PASS]),
      's3cret',
      'write it anew with `openssl pkcs12 -export`',
    ],
    [
      'a modern cipher of another kind',
      () => made(['-keypbe', 'CAMELLIA-256-CBC', '-passout', PASS]),
      's3cret',
      'that is not read here',
    ],
    [
      'an authority that may not be one',
      () => {
        const weak = makeOwnCa({ key: 'ED25519' })
        return made(['-passout', PASS], { key: join(weak, 'ca-key.pem'), certificate: join(weak, 'ca.pem') })
      },
      's3cret',
      'use RSA, P-256 or P-384',
    ],
  ])('with %s is told', async (_name, make, passphrase, problem) => {
    const folder = make()
    expect(await problemOf(folder, loading(folder, passphrase))).toContain(problem)
  })

  it('with as many iterations as the limit is taken', async () => {
    const folder = made(['-iter', String(PKCS12_ITERATIONS_MAX), '-passout', PASS])
    await expect(loadAuthority(folder, Date.now(), { passphrase: 's3cret' })).resolves.toBeDefined()
  })

  it('with as many iterations of PBKDF2 as the limit is taken, and with one more told', async () => {
    const unsealed = (iterations: number) => ['-iter', String(iterations), '-nomac', '-passout', PASS]
    const limit = made(unsealed(PBKDF2_ITERATIONS_MAX))
    await expect(loadAuthority(limit, Date.now(), { passphrase: 's3cret' })).resolves.toBeDefined()
    const past = made(unsealed(PBKDF2_ITERATIONS_MAX + 1))
    expect(await problemOf(past, loading(past, 's3cret'))).toContain('1 to 1000000 are read')
  })

  it('with as many certificates as the limit is taken, and with one more told', async () => {
    const folder = makeFolder()
    const others = read(makeOwnCa({ name: 'Other' }), 'ca.pem')
    const withOthers = (count: number) => {
      write(folder, 'others.pem', others.repeat(count))
      return made(['-certfile', join(folder, 'others.pem'), '-passout', PASS])
    }
    const limit = withOthers(CERTIFICATES_MAX - 1)
    await expect(loadAuthority(limit, Date.now(), { passphrase: 's3cret' })).resolves.toBeDefined()
    const past = withOthers(CERTIFICATES_MAX)
    expect(await problemOf(past, loading(past, 's3cret'))).toContain('holds more than 20 certificates')
  })

  it('that others may read is told', async () => {
    const folder = bytesIn(sealed)
    chmodSync(join(folder, 'ca.p12'), 0o644)
    expect(await problemOf(folder, loading(folder, 's3cret'))).toContain('run `chmod 600')
  })

  it('is told, or taken whole, whatever bytes are changed in it', () => {
    const unsealed = readFileSync(
      join(made(['-keypbe', 'NONE', '-certpbe', 'NONE', '-nomac', '-passout', 'pass:']), 'ca.p12'),
    )
    const blame = (problem: string): Error => new KeyFileProblem('ca.p12', problem)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(unsealed.length - 1), fc.integer({ min: 0, max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          const bytes = Buffer.from(unsealed)
          for (const [at, value] of changes) bytes[at] = value
          try {
            expect(parsePkcs12(bytes, null, blame).chain.length).toBeGreaterThan(0)
          } catch (error) {
            expect(error).toBeInstanceOf(KeyFileProblem)
          }
        },
      ),
      { seed: 3, numRuns: 400 },
    )
  })
})

/** A sequence in a sequence, so deep. */
function nested(depth: number): Buffer {
  let der = Buffer.alloc(0)
  for (let at = 0; at < depth; at++) {
    const { length } = der
    const head = length < 128 ? [0x30, length] : [0x30, 0x82, length >> 8, length & 0xff]
    der = Buffer.concat([Buffer.from(head), der])
  }
  return der
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}
