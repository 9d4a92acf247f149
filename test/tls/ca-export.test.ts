import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exportAuthority } from '../../src/tls/ca-export.ts'
import { openssl } from './openssl.ts'
import { createTestCa } from './pki.ts'

const { authority } = createTestCa({ name: 'Acme Root' })

describe('an exported CA', () => {
  it('is the certificate in PEM and DER', () => {
    expect(exportAuthority(authority, 'pem').toString()).toBe(authority.certificatePem)
    expect(new X509Certificate(exportAuthority(authority, 'der')).fingerprint256).toBe(authority.fingerprint256)
  })

  it('is described with what openssl finds in it', () => {
    const text = exportAuthority(authority, 'text').toString()
    const shown = openssl(
      { 'ca.pem': authority.certificatePem },
      ...'x509 -noout -serial -fingerprint -sha256 -ext subjectKeyIdentifier -in ca.pem'.split(' '),
    )
    expect(text).toContain(`Serial: ${/serial=(\w+)/.exec(shown)?.[1]}\n`)
    expect(text).toContain(`SHA-256 fingerprint: ${/Fingerprint=([\w:]+)/i.exec(shown)?.[1]}\n`)
    expect(text).toContain(`Subject key identifier: ${/Identifier: ?\n\s+([\w:]+)/.exec(shown)?.[1]}\n`)
    expect(text).toContain('Subject: O=Weir Tests, CN=Acme Root\n')
    expect(text).toContain(`Not after: ${new Date(authority.notAfter).toISOString()}\n`)
  })

  it.each(['pem', 'der', 'text'] as const)('never has the key in it (%s)', (format) => {
    const secret = Buffer.from(authority.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
    const exported = exportAuthority(authority, format)
    expect(secret.length).toBe(32)
    expect(exported.includes(secret)).toBe(false)
    expect(exported.toString('latin1')).not.toContain('PRIVATE')
  })
})
