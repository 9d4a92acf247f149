import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AUTHORIZATION_BYTES_MAX,
  PASSWORD_BYTES_MAX,
  parseProxyAuthorization,
  USER_BYTES_MAX,
} from '../../src/wire/proxy-authorization.ts'

function basic(text: string | Buffer): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

function read(value: string): unknown {
  const parsed = parseProxyAuthorization(value)
  return parsed.state === 'done' ? parsed.value : parsed.fault
}

describe('Proxy-Authorization', () => {
  it.each([
    ['the example of RFC 7617 section 2', 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', 'Aladdin', 'open sesame'],
    ['the UTF-8 example of RFC 7617 section 2.1', 'Basic dGVzdDoxMjPCow==', 'test', '123£'],
    ['the scheme in any case', 'bASIC YWRhOng=', 'ada', 'x'],
    ['more than one space (RFC 9110 section 11.4)', 'Basic   YWRhOng=', 'ada', 'x'],
    ['a colon in the password', basic('ada:a:b::c'), 'ada', 'a:b::c'],
    ['an empty password', basic('ada:'), 'ada', ''],
    ['a space in the name', basic('Ada Lovelace:x'), 'Ada Lovelace', 'x'],
    ['a byte order mark, which belongs to the name', basic('\ufeffada:x'), '\ufeffada', 'x'],
    ['four-byte UTF-8', basic('🦦:🦫'), '🦦', '🦫'],
  ])('reads %s', (_, value, user, password) => {
    expect(parseProxyAuthorization(value)).toEqual({ state: 'done', value: { user, password }, size: value.length })
  })

  it.each([
    ['another scheme', 'Token YWRhOng=', 'they are not of the scheme Basic'],
    ['another scheme, of which the credentials end like it', 'Token YWRhOnhbasic', 'they are not of the scheme Basic'],
    ['a scheme that begins like it', 'Basics YWRhOng=', 'they are not of the scheme Basic'],
    ['the scheme alone', 'Basic', 'they are not base64'],
    ['no credentials', 'Basic ', 'they are not base64'],
    ['a space in them', 'Basic YWRh Ong=', 'they are not base64'],
    ['no padding', 'Basic YWRhOng', 'they are not base64'],
    ['bits behind the last byte', 'Basic YWRhOnh=', 'they are not base64'],
    ['the alphabet of URLs', 'Basic YTo_Pz8_', 'they are not base64'],
    ['something behind them', 'Basic YWRhOng=, Basic YWRhOng=', 'they are not base64'],
    ['Latin-1', basic(Buffer.from('ada:\xe9', 'latin1')), 'they are not text in UTF-8'],
    ['no colon', basic('ada'), 'no `:` ends the name of the user'],
    ['no name', basic(':x'), 'they name no user'],
    ['a control character in the name', basic('a\x1bda:x'), 'they hold control characters'],
    ['a NUL in the password', basic('ada:x\0y'), 'they hold control characters'],
  ])('takes nothing with %s', (_, value, fault) => {
    expect(read(value)).toBe(fault)
  })

  it('holds a name, a password and the field to their limits', () => {
    const [user, password] = ['u'.repeat(USER_BYTES_MAX), 'p'.repeat(PASSWORD_BYTES_MAX)]
    expect(read(basic(`${user}:${password}`))).toEqual({ user, password })
    expect(read(basic(`${user}u:x`))).toBe('the name of the user is longer than 255 bytes')
    expect(read(basic(`ada:${password}p`))).toBe('the password is longer than 1024 bytes')
    // Bytes and not letters.
    expect(read(basic(`${'é'.repeat(127)}u:x`))).toEqual({ user: `${'é'.repeat(127)}u`, password: 'x' })
    expect(read(basic(`${'é'.repeat(128)}:x`))).toBe('the name of the user is longer than 255 bytes')
    const spaces = (length: number) => `Basic${' '.repeat(length - 'Basic'.length - 8)}YWRhOng=`
    expect(read(spaces(AUTHORIZATION_BYTES_MAX))).toEqual({ user: 'ada', password: 'x' })
    expect(read(spaces(AUTHORIZATION_BYTES_MAX + 1))).toBe('they are longer than 2048 bytes')
  })

  it('gives back whatever pair a client may send', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !/\p{Cc}/u.test(value))
    const user = text.filter((value) => value !== '' && !value.includes(':') && Buffer.byteLength(value) <= 255)
    fc.assert(
      fc.property(user, text, (name, password) => {
        fc.pre(Buffer.byteLength(password) <= PASSWORD_BYTES_MAX)
        expect(read(basic(`${name}:${password}`))).toEqual({ user: name, password })
      }),
      { seed: 7617, numRuns: 300 },
    )
  })

  it('reads any bytes whatever to a pair that spells the same field again, or to a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const value = basic(Buffer.from(bytes))
        const parsed = parseProxyAuthorization(value)
        if (parsed.state === 'done') expect(basic(`${parsed.value.user}:${parsed.value.password}`)).toBe(value)
        else expect(parsed.fault).toMatch(/^\w.*\w$/)
      }),
      { seed: 7617, numRuns: 500 },
    )
  })

  it('never repeats what was sent in a fault', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 3, maxLength: 80 }), (value) => {
        const parsed = parseProxyAuthorization(value)
        if (parsed.state === 'bad') expect(FAULTS).toContain(parsed.fault)
      }),
      { seed: 7617, numRuns: 100 },
    )
  })
})

const FAULTS = [
  'they are longer than 2048 bytes',
  'they are not of the scheme Basic',
  'they are not base64',
  'they are not text in UTF-8',
  'no `:` ends the name of the user',
  'they name no user',
  'they hold control characters',
]
