/** Content-Length: one decimal number, once, and nothing that another reader takes for another one. */
import { chunked, get, got, post, type RequestCase, request, SMUGGLED, under } from './case.ts'

const length = under('RFC 9110 section 8.6')
const framing = under('RFC 9112 section 6.3')
const names = under('RFC 9112 section 5.1')
const folding = under('RFC 9112 section 5.2')

const sized = (value: string): string => post([`Content-Length: ${value}`], 'abc')
const named = (line: string): string => post([line], 'abc')

export const CONTENT_LENGTH: readonly RequestCase[] = [
  length.carried('length: plain', sized('3'), 'abc'),
  length.carried('length: zero', post(['Content-Length: 0']), ''),
  length.carried('length: leading zeros', sized('003'), 'abc'),
  length.carried('length: sixteen digits of it', sized('0000000000000003'), 'abc'),
  length.carried('length: no space after the colon', named('Content-Length:3'), 'abc'),
  length.carried('length: many spaces after the colon', named('Content-Length:     3'), 'abc'),
  length.carried('length: tab after the colon', named('Content-Length:\t3'), 'abc'),
  length.carried('length: spaces behind it', sized('3   '), 'abc'),
  length.carried('length: tab behind it', sized('3\t'), 'abc'),
  length.carried('length: lower-case name', named('content-length: 3'), 'abc'),
  length.carried('length: odd-case name', named('cOnTeNt-lEnGtH: 3'), 'abc'),
  length.carried('length: of GET', get(['Content-Length: 3'], 'abc'), [{ ...got(), body: 'abc' }]),
  length.carried('length: of DELETE', request('DELETE {url}/a HTTP/1.1', ['Content-Length: 3'], 'abc'), [
    { ...got('/a', 'DELETE'), body: 'abc' },
  ]),
  length.carried('length: of OPTIONS', request('OPTIONS {url}/a HTTP/1.1', ['Content-Length: 3'], 'abc'), [
    { ...got('/a', 'OPTIONS'), body: 'abc' },
  ]),
  length.carried('length: of HEAD, zero', request('HEAD {url}/a HTTP/1.1', ['Content-Length: 0']), [got('/a', 'HEAD')]),
  framing.carried('length: none, so no body', post([]), ''),
  framing.carried(
    'length: body that looks like a request',
    post([`Content-Length: ${'GET / HTTP/1.1\r\n\r\n'.length}`], 'GET / HTTP/1.1\r\n\r\n'),
    'GET / HTTP/1.1\r\n\r\n',
  ),
  framing.carried('length: body that looks like chunks', post(['Content-Length: 5'], '0\r\n\r\n'), '0\r\n\r\n'),
  framing.carried('length: body of every byte', post(['Content-Length: 256'], EVERY_BYTE()), EVERY_BYTE()),
  framing.carried('length: body in three segments', [post(['Content-Length: 9'], 'abc'), 'def', 'ghi'], 'abcdefghi'),
  framing.carried(
    'length: head cut in the name',
    ['POST {url}/a HTTP/1.1\r\nHost: {host}\r\nConte', 'nt-Length: 3\r\n\r\nabc'],
    'abc',
  ),
  framing.carried(
    'length: head cut in the number',
    ['POST {url}/a HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1', '0\r\n\r\n0123456789'],
    '0123456789',
  ),
  framing.carried(
    'length: fewer than the body, so the rest is the next request',
    post(['Content-Length: 3'], 'abcdef'),
    'abc',
    {
      marker: false,
    },
  ),
  framing.carried(
    'length: fewer than the body, which is a request',
    post(['Content-Length: 3'], 'abcGET {url}/b HTTP/1.1\r\nHost: {host}\r\n\r\n'),
    [{ method: 'POST', target: '/a', body: 'abc' }, got('/b')],
  ),
  framing.carried('length: more than ever comes', sized('3000'), [], { open: true, marker: false, begun: true }),
  framing.carried('length: 2^32 + 3', sized('4294967299'), [], { open: true, marker: false, begun: true }),
  framing.carried('length: 2^31 + 3', sized('2147483651'), [], { open: true, marker: false, begun: true }),
  names.carried('length: with an underscore is another field', post(['Content_Length: 30']), ''),
  names.carried('length: in the value of another field', post(['X: Content-Length: 30']), ''),
  names.carried('length: with a prefix is another field', post(['X-Content-Length: 30']), ''),

  length.forbidden('length: twice the same', post(['Content-Length: 3', 'Content-Length: 3'], 'abc')),
  length.forbidden('length: twice the same in other case', post(['Content-Length: 3', 'content-length: 3'], 'abc')),
  length.forbidden('length: twice the same, other spelling', post(['Content-Length: 3', 'Content-Length: 03'], 'abc')),
  length.forbidden('length: list of the same', sized('3, 3')),
  length.forbidden('length: list of the same without space', sized('3,3')),
  framing.forbidden('length: twice, the first is longer', post([`Content-Length: 60`, 'Content-Length: 0'], SMUGGLED)),
  framing.forbidden('length: twice, the second is longer', post(['Content-Length: 0', `Content-Length: 60`], SMUGGLED)),
  framing.forbidden(
    'length: three, the middle differs',
    post(['Content-Length: 3', 'Content-Length: 0', 'Content-Length: 3'], 'abc'),
  ),
  framing.forbidden('length: apart by another field', post(['Content-Length: 3', 'X: y', 'Content-Length: 4'], 'abcd')),
  framing.forbidden('length: list of two', sized('3, 4')),
  framing.forbidden('length: list with an empty element', sized('3,')),
  framing.forbidden('length: list that begins empty', sized(',3')),
  length.forbidden('length: with plus', sized('+3')),
  length.forbidden('length: negative', sized('-3')),
  length.forbidden('length: minus zero', post(['Content-Length: -0'], SMUGGLED)),
  length.forbidden('length: space in it', sized('3 3')),
  length.forbidden('length: tab in it', sized('3\t3')),
  length.forbidden('length: hexadecimal', sized('0x3')),
  length.forbidden('length: hexadecimal digit', sized('A')),
  length.forbidden('length: digits and letters', sized('3abc')),
  length.forbidden('length: fraction', sized('3.0')),
  length.forbidden('length: exponent', sized('3e0')),
  length.forbidden('length: underscore in it', sized('1_0')),
  length.forbidden('length: semicolon behind it', sized('3;')),
  length.forbidden('length: parameter behind it', sized('3;q=1')),
  length.forbidden('length: quoted', sized('"3"')),
  length.forbidden('length: single-quoted', sized("'3'")),
  length.forbidden('length: empty', post(['Content-Length:'], SMUGGLED)),
  length.forbidden('length: spaces alone', post(['Content-Length:    '], SMUGGLED)),
  length.forbidden('length: a word', sized('three')),
  length.forbidden('length: NUL before it', sized('\x003')),
  length.forbidden('length: NUL behind it', sized('3\x00')),
  length.forbidden('length: vertical tab before it', sized('\x0b3')),
  length.forbidden('length: form feed behind it', sized('3\x0c')),
  length.forbidden('length: no-break space before it', sized('\xa03')),
  length.forbidden('length: no-break space in UTF-8 behind it', sized('3\xc2\xa0')),
  length.forbidden('length: superscript three', sized('\xb3')),
  length.forbidden('length: full-width three in UTF-8', sized('\xef\xbc\x93')),
  length.forbidden('length: 2^53', sized('9007199254740992')),
  length.forbidden('length: 2^63', sized('9223372036854775808')),
  length.forbidden('length: 2^64 + 3', sized('18446744073709551619')),
  length.forbidden('length: 2^128 + 3', sized('340282366920938463463374607431768211459')),
  length.forbidden('length: of four hundred digits', sized('9'.repeat(400))),
  length.declined('length: seventeen digits of it', sized('00000000000000003')),
  names.forbidden('length: space before the colon', named('Content-Length : 3')),
  names.forbidden('length: tab before the colon', named('Content-Length\t: 3')),
  names.forbidden('length: NUL before the colon', named('Content-Length\x00: 3')),
  names.forbidden('length: CR before the colon', named('Content-Length\r: 3')),
  names.forbidden('length: space in the name', named('Content Length: 3')),
  names.forbidden('length: two colons', named('Content-Length:: 3')),
  names.forbidden('length: no colon', named('Content-Length 3')),
  folding.forbidden('length: folded away from its name', named('Content-Length:\r\n 3')),
  folding.forbidden('length: folded into two', named('Content-Length: 3\r\n 4')),
  folding.forbidden('length: folded behind another field', post(['X: y\r\n Content-Length: 60'], SMUGGLED)),
  folding.forbidden('length: behind a space at the start of its line', post([' Content-Length: 60'], SMUGGLED)),
  framing.forbidden('length: 3 and, behind a bare CR, 0', post(['Content-Length: 3\rContent-Length: 0'], 'abc')),
  under('RFC 9110 section 9.3.6').forbidden(
    'length: of CONNECT',
    'CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nContent-Length: 3\r\n\r\nabc',
    { plainOnly: true },
  ),
  framing.carried('length: of HTTP/1.0', request('POST {url}/a HTTP/1.0', ['Content-Length: 3'], 'abc'), 'abc', {
    marker: false,
  }),
  framing.carried(
    'length: of HTTP/1.0 kept alive',
    request('POST {url}/a HTTP/1.0', ['Connection: keep-alive', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  framing.forbidden(
    'length: and chunks',
    post(['Content-Length: 3', 'Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\n\r\n'),
  ),
  framing.forbidden('length: behind chunked, covering the chunks', chunked('0\r\n\r\n', ['Content-Length: 5'])),
]

function EVERY_BYTE(): string {
  return String.fromCharCode(...Array.from({ length: 256 }, (_, at) => at))
}
