import { describe, expect, it } from 'vitest'
import { splitPem } from '../../src/tls/pem.ts'

const block = (label: string, body = 'AAAA'): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`

describe('PEM text', () => {
  it.each([
    ['nothing', '', []],
    ['explanation only', '# hello\n', []],
    ['one block', block('A'), ['A']],
    ['blocks with explanation around them', `# one\n${block('A')}\n# two\r\n${block('B C')}# three`, ['A', 'B C']],
    ['an end without a beginning', '-----END A-----\n', []],
    ['a block that is not ended', block('A').slice(0, -8), null],
    ['a beginning that is not finished', '-----BEGIN A', null],
    ['a block with another end', block('A').replace('END A', 'END B'), null],
    ['a block that begins within another', `-----BEGIN A-----\n${block('A')}`, null],
  ])('of %s', (_name, text, labels) => {
    expect(splitPem(text)?.map(({ label }) => label) ?? null).toEqual(labels)
  })

  it('gives each block whole', () => {
    expect(splitPem(`x\n${block('A')}y${block('B', 'BBBB')}`)?.map(({ text }) => text)).toEqual([
      block('A'),
      block('B', 'BBBB'),
    ])
  })

  it('of many beginnings is read in one pass', () => {
    const startedAt = performance.now()
    expect(splitPem('-----BEGIN A-----\n'.repeat(400_000))).toBeNull()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
