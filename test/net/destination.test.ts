/** Authorities: host and port, and the spellings that two readers would take for two places. */
import { describe, expect, it } from 'vitest'
import { authorityOf, nameOf, parseAuthority, sameName } from '../../src/net/destination.ts'

describe('parseAuthority', () => {
  it.each([
    ['github.com:443', 'github.com:443'],
    ['GITHUB.com.:443', 'github.com:443'],
    ['github.com:1', 'github.com:1'],
    ['github.com:65535', 'github.com:65535'],
    ['140.82.121.3:443', '140.82.121.3:443'],
    ['[2606:50C0::153]:443', '[2606:50c0::153]:443'],
    ['[::ffff:10.0.0.1]:80', '10.0.0.1:80'],
    ['ⓖithub.com:443', 'github.com:443'],
  ])('reads %s', (text, authority) => {
    const destination = parseAuthority(text, null)
    expect(destination === null ? null : authorityOf(destination)).toBe(authority)
  })

  it('takes the default port, and nothing where there is none', () => {
    expect(parseAuthority('github.com', 443)).toEqual({ host: 'github.com', literal: null, port: 443 })
    expect(parseAuthority('[::1]', 443)).toMatchObject({ host: null, port: 443 })
    expect(parseAuthority('github.com', null)).toBeNull()
    expect(parseAuthority('github.com:8443', 443)).toMatchObject({ port: 8443 })
  })

  it.each([
    ['nothing', ''],
    ['a port alone', ':443'],
    ['port 0', 'github.com:0'],
    ['a port one too high', 'github.com:65536'],
    ['a port of six digits', 'github.com:100000'],
    ['a port with a zero before it', 'github.com:0443'],
    ['an empty port', 'github.com:'],
    ['a negative port', 'github.com:-1'],
    ['a signed port', 'github.com:+443'],
    ['a hexadecimal port', 'github.com:0x1bb'],
    ['two ports', 'github.com:443:443'],
    ['a named port', 'github.com:https'],
    ['a port in fullwidth digits', 'github.com:４４３'],
    ['userinfo', 'github.com@evil.example:443'],
    ['userinfo with a password', 'github.com:443@evil.example:443'],
    ['a path', 'github.com:443/'],
    ['a path before the port', 'github.com/:443'],
    ['a query', 'github.com?:443'],
    ['a fragment', 'github.com#:443'],
    ['a backslash', 'github.com\\@evil.example:443'],
    ['a space before', ' github.com:443'],
    ['a space behind', 'github.com:443 '],
    ['a line feed', 'github.com:443\n'],
    ['a tab', 'git\thub.com:443'],
    ['a NUL', 'github.com\0:443'],
    ['two dots at the end', 'github.com..:443'],
    ['an encoded dot', 'github%2ecom:443'],
    ['a list', 'github.com,evil.example:443'],
    ['a scheme', 'https://github.com:443'],
    ['IPv6 without brackets', '::1:443'],
    ['IPv6 without brackets and port', '2001:db8::1'],
    ['a bracket that does not end', '[::1:443'],
    ['a bracket that does not begin', '::1]:443'],
    ['IPv4 in brackets', '[127.0.0.1]:443'],
    ['a name in brackets', '[github.com]:443'],
    ['a zone', '[fe80::1%eth0]:443'],
    ['an encoded zone', '[fe80::1%25eth0]:443'],
    ['a future address', '[v1.fe80::1]:443'],
    ['something behind a bracket', '[::1]a:443'],
    ['octal', '0177.0.0.1:443'],
    ['hexadecimal', '0x7f.1:443'],
    ['decimal', '2130706433:443'],
    ['a short form', '127.1:443'],
    ['an address with a trailing dot', '127.0.0.1.:443'],
  ])('does not read %s', (_, text) => {
    expect(parseAuthority(text, 443)).toBeNull()
  })
})

describe('names', () => {
  it.each([
    ['github.com:443', 'github.com'],
    ['10.0.0.1:80', '10.0.0.1'],
    ['[2001:db8::1]:80', '[2001:db8::1]'],
  ])('of %s is %s', (text, name) => {
    const destination = parseAuthority(text, null)
    expect(destination === null ? null : nameOf(destination)).toBe(name)
  })

  it('are the same whatever the port', () => {
    const [a, b, c] = ['github.com:443', 'GitHub.com.:22', 'gitlab.com:443'].map((text) => parseAuthority(text, null))
    if (!a || !b || !c) throw new Error('not an authority')
    expect(sameName(a, b)).toBe(true)
    expect(sameName(a, c)).toBe(false)
  })
})
