import { getCACertificates } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { createTrust, TrustProblem } from '../../src/tls/trust.ts'
import { createTestCa, selfSigned } from './pki.ts'

const [one, two] = [createTestCa().certificatePem, createTestCa().certificatePem]
const defaults = createTrust({ extraPem: [] })

function problemOf(text: string): string {
  try {
    createTrust({
      extraPem: [
        { file: 'good.pem', text: one },
        { file: 'bad.pem', text },
      ],
    })
  } catch (error) {
    expect(error).toBeInstanceOf(TrustProblem)
    if (error instanceof TrustProblem) {
      expect(error.file).toBe('bad.pem')
      return error.message
    }
  }
  return 'none'
}

describe('trust', () => {
  it('begins with what the runtime trusts', () => {
    expect(defaults.anchors).toBe(new Set(getCACertificates('default').map((pem) => pem.trim())).size)
    expect(defaults.anchors).toBeGreaterThan(50)
  })

  it('adds every certificate of every file, each once', () => {
    const extraPem = [
      { file: 'a.pem', text: `# two of them\n${one}\n# and\r\n${two.replaceAll('\n', '\r\n')}` },
      { file: 'b.pem', text: one },
    ]
    expect(createTrust({ extraPem }).anchors).toBe(defaults.anchors + 2)
  })

  it('is of a new generation each time', () => {
    const [first, second] = [createTrust({ extraPem: [] }), createTrust({ extraPem: [] })]
    expect(second.generation).toBe(first.generation + 1)
  })

  it.each([
    ['an empty file', '', 'bad.pem: has no certificate in PEM'],
    ['no PEM', 'hello', 'bad.pem: has no certificate in PEM'],
    ['a block cut short', one.slice(0, -30), 'bad.pem: a PEM block in it is begun and not ended'],
    ['a broken second certificate', one + two.replace(/\n.{8}/, '\nAAAAAAAA'), 'block 2 of 2 is no certificate'],
    ['base64 that is none', one.replace(/\n.{8}/, '\n????????'), 'block 1 of 1 is no certificate'],
    ['a key', one + selfSigned({ names: ['x'] }).key, 'block 2 of 2 is a PRIVATE KEY, not a CERTIFICATE'],
  ])('refuses %s and says where', (_name, text, message) => {
    expect(problemOf(text)).toContain(message)
  })

  it('refuses a file beyond its limit, and not at it', () => {
    const max = 8 * 1024 * 1024
    expect(problemOf(one.padEnd(max, '\n'))).toBe('none')
    expect(problemOf(one.padEnd(max + 1, '\n'))).toContain(`larger than ${max} characters`)
  })
})
