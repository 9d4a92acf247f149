/** Heads of HTTP/2 in the words of HTTP/1.1: what each becomes, and each one that could be read in two ways (RFC 9113 section 8). */
import { describe, expect, it } from 'vitest'
import { readHttp2Head, writeHttp2Fields, writeHttp2Head } from '../../src/wire/http2-head.ts'

const HEAD = [':method', 'GET', ':scheme', 'https', ':authority', 'a.example', ':path', '/x?y=1']

function without(name: string): string[] {
  const at = HEAD.indexOf(name)
  return HEAD.filter((_, index) => index !== at && index !== at + 1)
}

describe('a head of HTTP/2', () => {
  it('names its host as HTTP/1.1 does', () => {
    expect(readHttp2Head([...HEAD, 'accept', '*/*'], true)).toEqual({
      method: 'GET',
      target: '/x?y=1',
      rawHeaders: ['host', 'a.example', 'accept', '*/*'],
    })
  })

  it('may name its host in Host instead, or as well', () => {
    const rawHeaders = ['host', 'a.example']
    expect(readHttp2Head([...without(':authority'), 'host', 'a.example'], true)).toMatchObject({ rawHeaders })
    expect(readHttp2Head([...HEAD, 'host', 'a.example'], true)).toMatchObject({ rawHeaders })
  })

  it('has one cookie, whatever its crumbs', () => {
    const head = readHttp2Head([...HEAD, 'cookie', 'a=1', 'x-b', '2', 'cookie', 'c=3'], true)
    expect(head).toMatchObject({ rawHeaders: ['host', 'a.example', 'x-b', '2', 'cookie', 'a=1; c=3'] })
  })

  it('says how its body is framed', () => {
    const framed = (fields: readonly string[], ends: boolean) => readHttp2Head([...HEAD, ...fields], ends)
    expect(framed([], false)).toMatchObject({ rawHeaders: ['host', 'a.example', 'transfer-encoding', 'chunked'] })
    expect(framed(['content-length', '3'], false)).toMatchObject({
      rawHeaders: ['host', 'a.example', 'content-length', '3'],
    })
    expect(framed(['content-length', '0'], true)).toMatchObject({
      rawHeaders: ['host', 'a.example', 'content-length', '0'],
    })
  })

  it.each<[string, readonly string[]]>([
    ['more than one :path', [...HEAD, ':path', '/']],
    ['a pseudo-header field behind a field', [...without(':path'), 'a', 'b', ':path', '/']],
    ['one behind a cookie', [...without(':path'), 'cookie', 'b', ':path', '/']],
    ['one that requests do not have', [...HEAD, ':status', '200']],
    [':protocol', [...HEAD, ':protocol', 'websocket']],
    ['no method', without(':method')],
    ['an empty method', [...without(':method'), ':method', '']],
    ['no scheme', without(':scheme')],
    ['http', [...without(':scheme'), ':scheme', 'http']],
    ['no path', without(':path')],
    ['an empty path', [...without(':path'), ':path', '']],
    ['a whole URL for a path', [...without(':path'), ':path', 'https://b.example/']],
    ['a path without its slash', [...without(':path'), ':path', 'x']],
    ['CONNECT', [...without(':method'), ':method', 'CONNECT']],
    ['no host', without(':authority')],
    ['an empty one', [...without(':authority'), ':authority', '']],
    ['two hosts', [...HEAD, 'host', 'a.example', 'host', 'a.example']],
    ['hosts that differ', [...HEAD, 'host', 'b.example']],
    ['hosts that differ in case', [...HEAD, 'host', 'A.example']],
    ['a capital letter', [...HEAD, 'X-a', 'b']],
    ...['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'http2-settings'].map(
      (name): [string, string[]] => [name, [...HEAD, name, 'x']],
    ),
    ['TE of another kind', [...HEAD, 'te', 'trailers, gzip']],
    ['white space before a value', [...HEAD, 'a', ' b']],
    ['white space behind a value', [...HEAD, 'a', 'b\t']],
    ['white space in a path', [...without(':path'), ':path', '/ ']],
    ...['5', '10', '01', '0x'].map((length): [string, string[]] => [
      `${length} bytes, of which none come`,
      [...HEAD, 'content-length', length],
    ]),
    ['one behind a Host', [...without(':path'), 'host', 'a.example', ':path', '/']],
    ['one behind a Host and a cookie', [...without(':path'), 'host', 'a.example', 'cookie', 'b', ':path', '/']],
  ])('with %s is refused', (_name, pairs) => {
    expect(readHttp2Head(pairs, true)).toEqual({ fault: expect.any(String) })
  })

  it.each<[string, readonly string[]]>([
    ['trailers in TE', [...HEAD, 'te', 'trailers']],
    ['an empty value', [...HEAD, 'a', '']],
    ['a length of nothing', [...HEAD, 'content-length', '00']],
    ['white space in a value', [...HEAD, 'a', 'b c']],
    ['the asterisk', [...without(':path'), ':path', '*']],
  ])('with %s is not', (_name, pairs) => {
    expect(readHttp2Head(pairs, true)).not.toHaveProperty('fault')
  })
})

describe('a head for HTTP/2', () => {
  it('begins with its pseudo-header fields, names small, and nothing about connections', () => {
    const fields = ['Accept', '*/*', 'Host', 'a.example', 'Keep-Alive', '5', 'Cookie', 'a=1; b=2']
    expect(writeHttp2Head('PUT', '/x', 'b.example', fields)).toEqual([
      ':method',
      'PUT',
      ':scheme',
      'https',
      ':authority',
      'a.example',
      ':path',
      '/x',
      'accept',
      '*/*',
      'cookie',
      'a=1; b=2',
    ])
  })

  it('comes back as it was', () => {
    const fields = ['host', 'a.example', 'x-one', '1', 'content-length', '0']
    expect(readHttp2Head(writeHttp2Head('POST', '/x', 'b.example', fields), true)).toEqual({
      method: 'POST',
      target: '/x',
      rawHeaders: fields,
    })
  })

  it('of an answer has values without white space around them', () => {
    expect(writeHttp2Fields(['X-A', ' b\t', 'Connection', 'close', 'Set-Cookie', 'a', 'Set-Cookie', 'b'])).toEqual([
      'x-a',
      'b',
      'set-cookie',
      'a',
      'set-cookie',
      'b',
    ])
  })
})
