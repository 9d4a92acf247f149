/** What people see of a credential: the line around it, and at most four characters of itself. */
import { describe, expect, it } from 'vitest'
import { excerptOf, SHOWN_CHARACTERS_MAX } from '../../../src/content/secrets/excerpt.ts'
import { positives } from '../../secrets/positives.ts'
import { findingsIn, githubToken } from './upload.ts'

const SECRET = githubToken(7)

function shown(before: string, secret: string, after = ''): string {
  const bytes = Buffer.from(`${before}${secret}${after}`)
  return excerptOf(bytes, Buffer.byteLength(before), Buffer.byteLength(secret))
}

describe('an excerpt', () => {
  it.each([
    ['const t = "', SECRET, '"\nnext', 'const t = "ghp_****"'],
    ['first\nsecond: ', SECRET, '\r\nthird', 'second: ghp_****'],
    ['password = ', 'hunter2-of-9', ' # old', 'password = **** # old'],
    ['x\u001b[31m\u0007 = ', SECRET, '\u202e', 'x [31m  = ghp_****'],
    ['größe = ', SECRET, '', 'größe = ghp_****'],
    [`a=${githubToken(8)}&b=`, SECRET, '', 'a=****&b=ghp_****'],
    ['db://app:', 'Xk9!pQ2x', '@host', 'db://app:****@host'],
  ])('of %j', (before, secret, after, expected) => {
    expect(shown(before, secret, after)).toBe(expected)
  })

  it('drops a context that says the secret once more', () => {
    expect(shown('correcthorse ', 'correcthorse')).toBe('****')
  })

  it('is short', () => {
    expect(shown('word '.repeat(100), SECRET, ' word'.repeat(100)).length).toBeLessThan(100)
  })

  it('never shows more than four characters, of no kind of the labelled set', () => {
    for (const { kind, text, secrets } of positives(4)) {
      for (const { excerpt } of findingsIn(text)) {
        for (const secret of secrets) expect(revealed(excerpt, secret), `${kind}: ${excerpt}`).toBe('')
      }
    }
  })
})

/** The first five characters in a row of the secret's random part that stand in the excerpt. */
function revealed(excerpt: string, secret: string): string {
  // The heads of keys and URLs are no secret.
  const body = secret.replace(/-----[A-Z ]+-----|^[a-z]+:\/\/[^/]*\/[a-z0-9]*|PuTTY[\s\S]*Private-Lines/g, '')
  for (let at = SHOWN_CHARACTERS_MAX; at + SHOWN_CHARACTERS_MAX < body.length; at += 1) {
    const piece = body.slice(at, at + SHOWN_CHARACTERS_MAX + 1)
    if (/[0-9]/.test(piece) && excerpt.includes(piece)) return piece
  }
  return ''
}
