import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyFault } from '../../src/tls/private-key.ts'

/** Of this many bits; that its modulus is no product of two primes is nobody's concern here. */
function rsaKey(bits: number) {
  const modulus = Buffer.alloc(Math.ceil(bits / 8), 0xff)
  const spare = modulus.length * 8 - bits
  modulus[0] = 0xff >> spare
  return createPublicKey({ key: { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' }, format: 'jwk' })
}

describe('clients take', () => {
  it.each([
    [2_047, false],
    [2_048, true],
    [8_192, true],
    [8_193, false],
  ])('RSA with %d bits: %s', (bits, good) => {
    const fault = keyFault(rsaKey(bits))
    expect(fault).toBe(good ? null : `RSA with ${bits} bits; it must have 2048 to 8192`)
  })

  it.each([
    ['prime256v1', true],
    ['secp384r1', true],
    ['secp521r1', false],
    ['secp256k1', false],
  ])('the curve %s: %s', (namedCurve, good) => {
    const fault = keyFault(generateKeyPairSync('ec', { namedCurve }).publicKey)
    if (good) expect(fault).toBeNull()
    else expect(fault).toContain(`on the curve ${namedCurve}`)
  })

  it.each(['ed25519', 'ed448'] as const)('not %s', (type) => {
    // The typing knows the two apart, the call does not.
    const { publicKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ed448')
    expect(keyFault(publicKey)).toContain(`of type ${type}`)
  })
})
