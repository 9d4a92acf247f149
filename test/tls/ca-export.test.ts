import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { anchorsOf, type ExportFormat, exportAnchors } from '../../src/tls/ca-export.ts'
import { openssl } from './openssl.ts'
import { createTestCa } from './pki.ts'

const { authority } = createTestCa({ name: 'Acme Root' })
const next = createTestCa({ name: 'Next Root' }).authority
const old = createTestCa({ name: 'Old Root' }).authority.anchor

function bytesAs(format: ExportFormat): Buffer {
  const bytes = exportAnchors([authority.anchor], format)
  if (bytes === null) throw new Error('one certificate has every form')
  return bytes
}

describe('an exported CA', () => {
  it('is the certificate in PEM and DER', () => {
    expect(bytesAs('pem').toString()).toBe(authority.certificatePem)
    expect(new X509Certificate(bytesAs('der')).fingerprint256).toBe(authority.fingerprint256)
  })

  it('is described with what openssl finds in it', () => {
    const text = bytesAs('text').toString()
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
    const exported = bytesAs(format)
    expect(secret.length).toBe(32)
    expect(exported.includes(secret)).toBe(false)
    expect(exported.toString('latin1')).not.toContain('PRIVATE')
  })
})

describe('what is exported through a rotation', () => {
  const authorities = { active: authority, next, old: [old] }
  const names = (choice: 'all' | 'active' | 'next' | 'old') =>
    anchorsOf(authorities, choice).map(({ subject }) => subject.replace(/.*CN=/, ''))

  it('is all certificates, or one of them', () => {
    expect(names('all')).toEqual(['Acme Root', 'Next Root', 'Old Root'])
    expect(names('active')).toEqual(['Acme Root'])
    expect(names('next')).toEqual(['Next Root'])
    expect(names('old')).toEqual(['Old Root'])
    expect(anchorsOf({ ...authorities, next: null }, 'next')).toEqual([])
  })

  it('is one bundle in PEM, and never several in DER', () => {
    const anchors = anchorsOf(authorities, 'all')
    const pem = exportAnchors(anchors, 'pem')?.toString() ?? ''
    expect(pem.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(3)
    expect(pem).toBe(authority.certificatePem + next.certificatePem + old.certificatePem)
    expect(exportAnchors(anchors, 'der')).toBeNull()
    expect(exportAnchors([], 'der')).toBeNull()
    expect(
      exportAnchors(anchors, 'text')
        ?.toString()
        .match(/^Subject: /gm),
    ).toHaveLength(3)
  })

  it('of an intermediate is the root that clients trust', () => {
    const root = createTestCa({ name: 'Acme Root' })
    const { authority: below } = root.intermediate()
    const anchors = anchorsOf({ active: below, next: null, old: [] }, 'active')
    expect(exportAnchors(anchors, 'pem')?.toString()).toBe(root.certificatePem)
  })
})
