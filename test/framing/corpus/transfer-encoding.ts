/** Transfer-Encoding: `chunked`, once, in HTTP/1.1, without Content-Length; all else is another reader's other length. */
import { chunked, get, got, post, type RequestCase, request, SMUGGLED, under } from './case.ts'

const coding = under('RFC 9112 section 6.1')
const framing = under('RFC 9112 section 6.3')
const codings = under('RFC 9112 section 7')
const names = under('RFC 9112 section 5.1')
const folding = under('RFC 9112 section 5.2')
const values = under('RFC 9110 section 5.5')

const BODY = '3\r\nabc\r\n0\r\n\r\n'
const coded = (value: string): string => post([`Transfer-Encoding: ${value}`], BODY)
const named = (line: string): string => post([line], BODY)
/** One reader takes the length, the other the chunks: what is between them is a request to one alone. */
const both = (line: string): string => post([`Content-Length: ${BODY.length}`, line], BODY)

export const TRANSFER_ENCODING: readonly RequestCase[] = [
  coding.carried('coding: chunked', coded('chunked'), 'abc'),
  codings.carried('coding: Chunked', coded('Chunked'), 'abc'),
  codings.carried('coding: CHUNKED', coded('CHUNKED'), 'abc'),
  codings.carried('coding: lower-case name', named('transfer-encoding: chunked'), 'abc'),
  codings.carried('coding: no space after the colon', named('Transfer-Encoding:chunked'), 'abc'),
  codings.carried('coding: tab after the colon', named('Transfer-Encoding:\tchunked'), 'abc'),
  codings.carried('coding: spaces on both sides', coded('   chunked   '), 'abc'),
  codings.declined('coding: tab behind it', coded('chunked\t')),
  coding.carried('coding: of GET', get(['Transfer-Encoding: chunked'], BODY), [{ ...got(), body: 'abc' }]),
  coding.carried('coding: of GET, empty', get(['Transfer-Encoding: chunked'], '0\r\n\r\n'), [got()]),
  coding.carried('coding: of DELETE', request('DELETE {url}/a HTTP/1.1', ['Transfer-Encoding: chunked'], BODY), [
    { ...got('/a', 'DELETE'), body: 'abc' },
  ]),
  coding.carried(
    'coding: of HEAD, empty',
    request('HEAD {url}/a HTTP/1.1', ['Transfer-Encoding: chunked'], '0\r\n\r\n'),
    [got('/a', 'HEAD')],
  ),
  names.carried(
    'coding: with an underscore is another field',
    post(['Transfer_Encoding: chunked', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  names.carried(
    'coding: with a prefix is another field',
    post(['X-Transfer-Encoding: chunked', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  values.carried(
    'coding: in the value of another field',
    post(['X: Transfer-Encoding: chunked', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  codings.carried(
    'coding: TE names what the client takes, and is not passed on',
    post(['TE: trailers', 'Connection: TE', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  codings.carried(
    'coding: Content-Encoding is of the content',
    post(['Content-Encoding: chunked', 'Content-Length: 3'], 'abc'),
    'abc',
  ),

  framing.forbidden('coding: identity', coded('identity')),
  framing.forbidden('coding: identity, with a request for a body', post(['Transfer-Encoding: identity'], SMUGGLED)),
  framing.forbidden('coding: identity and a length', post(['Transfer-Encoding: identity', 'Content-Length: 3'], 'abc')),
  framing.forbidden('coding: gzip alone', coded('gzip')),
  framing.forbidden('coding: chunked, identity', coded('chunked, identity')),
  framing.forbidden('coding: chunked, gzip', coded('chunked, gzip')),
  framing.forbidden('coding: xchunked', coded('xchunked')),
  framing.forbidden('coding: chunkedx', coded('chunkedx')),
  framing.forbidden('coding: x-chunked', coded('x-chunked')),
  framing.forbidden('coding: chunke', coded('chunke')),
  framing.forbidden('coding: chunked in a word with space', coded('not chunked')),
  framing.forbidden('coding: chunked and a word', coded('chunked foo')),
  framing.forbidden('coding: cow', coded('cow')),
  framing.forbidden('coding: true', coded('true')),
  framing.forbidden('coding: empty', post(['Transfer-Encoding:'], SMUGGLED)),
  framing.forbidden('coding: empty, and a length', post(['Transfer-Encoding:', 'Content-Length: 3'], 'abc')),
  coding.forbidden('coding: chunked twice in a list', coded('chunked, chunked')),
  coding.forbidden(
    'coding: chunked twice in two fields',
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], BODY),
  ),
  framing.forbidden(
    'coding: chunked, then identity in a second field',
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], BODY),
  ),
  framing.forbidden(
    'coding: chunked, then nonsense in a second field',
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], BODY),
  ),
  framing.forbidden(
    'coding: identity, then chunked in a second field',
    post(['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'], BODY),
  ),
  coding.declined('coding: gzip, chunked', coded('gzip, chunked')),
  coding.declined(
    'coding: gzip and chunked in two fields',
    post(['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'], BODY),
  ),
  coding.declined('coding: trailing comma', coded('chunked,')),
  coding.declined('coding: leading comma', coded(',chunked')),
  codings.declined('coding: parameter', coded('chunked;x=y')),
  codings.forbidden('coding: parameter without value', coded('chunked;x')),
  codings.forbidden('coding: semicolon', coded('chunked;')),
  codings.forbidden('coding: quoted', coded('"chunked"')),
  codings.forbidden('coding: single-quoted', coded("'chunked'")),
  codings.forbidden('coding: in brackets', coded('[chunked]')),
  values.forbidden('coding: NUL before it', coded('\x00chunked')),
  values.forbidden('coding: NUL in it', coded('chun\x00ked')),
  values.forbidden('coding: NUL behind it', coded('chunked\x00')),
  values.forbidden('coding: vertical tab before it', coded('\x0bchunked')),
  values.forbidden('coding: form feed behind it', coded('chunked\x0c')),
  values.forbidden('coding: DEL behind it', coded('chunked\x7f')),
  codings.forbidden('coding: no-break space behind it', coded('chunked\xa0')),
  codings.forbidden('coding: Kelvin sign for k', coded('chun\xe2\x84\xaaed')),
  folding.forbidden('coding: folded away from its name', named('Transfer-Encoding:\r\n chunked')),
  folding.forbidden('coding: folded with tab', named('Transfer-Encoding:\r\n\tchunked')),
  folding.forbidden('coding: list over two lines', named('Transfer-Encoding: chunked,\r\n identity')),
  folding.forbidden('coding: gzip and chunked over two lines', named('Transfer-Encoding: gzip,\r\n chunked')),
  folding.forbidden('coding: folded behind another field', both('X: y\r\n Transfer-Encoding: chunked')),
  folding.forbidden('coding: behind a space at the start of its line', both(' Transfer-Encoding: chunked')),
  folding.forbidden('coding: behind a tab at the start of its line', both('\tTransfer-Encoding: chunked')),
  names.forbidden('coding: space before the colon', both('Transfer-Encoding : chunked')),
  names.forbidden('coding: tab before the colon', both('Transfer-Encoding\t: chunked')),
  names.forbidden('coding: CR before the colon', both('Transfer-Encoding\r: chunked')),
  names.forbidden('coding: NUL in the name', both('Transfer-\x00Encoding: chunked')),
  names.forbidden('coding: 8-bit in the name', both('Transfer-Encoding\x80: chunked')),
  names.forbidden('coding: space in the name', both('Transfer Encoding: chunked')),
  values.forbidden('coding: behind a bare CR', both('X: y\rTransfer-Encoding: chunked')),
  framing.forbidden('coding: and a length, equal in effect', both('Transfer-Encoding: chunked')),
  framing.forbidden('coding: and a length of zero', post(['Content-Length: 0', 'Transfer-Encoding: chunked'], BODY)),
  framing.forbidden(
    'coding: and a length that ends in the chunks',
    post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`),
  ),
  framing.forbidden(
    'coding: and a length that covers a request',
    chunked(`0\r\n\r\n${SMUGGLED}`, ['Content-Length: 70']),
  ),
  framing.forbidden('coding: and two lengths', chunked(BODY, ['Content-Length: 3', 'Content-Length: 13'])),
  framing.forbidden('coding: and a length that cannot be read', chunked(BODY, ['Content-Length: x'])),
  coding.forbidden('coding: in HTTP/1.0', request('POST {url}/a HTTP/1.0', ['Transfer-Encoding: chunked'], BODY)),
  coding.forbidden(
    'coding: in HTTP/1.0 kept alive',
    request('POST {url}/a HTTP/1.0', ['Connection: keep-alive', 'Transfer-Encoding: chunked'], BODY),
  ),
  coding.forbidden(
    'coding: in HTTP/1.0 with a length',
    request('POST {url}/a HTTP/1.0', ['Transfer-Encoding: chunked', 'Content-Length: 13'], BODY),
  ),
  under('RFC 9110 section 9.3.6').forbidden(
    'coding: of CONNECT',
    `CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nTransfer-Encoding: chunked\r\n\r\n${BODY}`,
    { plainOnly: true },
  ),
  framing.forbidden(
    'coding: nominated by Connection, with a length',
    post(['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked', 'Content-Length: 3'], BODY),
  ),
  framing.forbidden(
    'coding: as Sec-WebSocket hides it, upgrading',
    post(['Connection: Upgrade', 'Upgrade: websocket', 'Transfer-Encoding: identity'], SMUGGLED),
  ),
]
