/** The field lines of a head: `name: value` and CRLF, and nothing that one reader sees and another does not. */
import { get, got, type RequestCase, request, SMUGGLED, under } from './case.ts'

const syntax = under('RFC 9112 section 5')
const names = under('RFC 9110 section 5.1')
const colon = under('RFC 9112 section 5.1')
const values = under('RFC 9110 section 5.5')
const folding = under('RFC 9112 section 5.2')
const line = under('RFC 9112 section 2.2')
const limits = under('RFC 9110 section 5.4')

const valued = (value: string): string => get([`X-Odd: ${value}`])
const named = (name: string): string => get([`${name}: y`])
const raw = (...lines: readonly string[]): string => `GET {url}/a HTTP/1.1\r\n${lines.join('')}\r\n`

const ODD_TOKENS = ['!', '#', '$', '%', '&', "'", '*', '+', '.', '^', '`', '|', '~', '0']
const SEPARATORS = ['(', ')', '<', '>', '@', ',', ';', '\\', '"', '/', '[', ']', '?', '=', '{', '}']

export const FIELDS: readonly RequestCase[] = [
  values.carried('value: empty', valued(''), [got()]),
  values.carried('value: spaces alone', valued('     '), [got()]),
  values.carried('value: tab in it', valued('a\tb'), [got()]),
  values.carried('value: 8-bit', valued('\xe9\xff\x80'), [got()]),
  values.carried('value: UTF-8', valued('\xc3\xa9 \xe2\x82\xac'), [got()]),
  values.carried('value: line separator of Unicode', valued('a\xe2\x80\xa8b'), [got()]),
  values.carried('value: next line (U+0085) as one byte', valued('a\x85GET'), [got()]),
  values.carried('value: what ends in LF when bytes are cut to seven bits', valued('a\x8d\x8aX: y'), [got()]),
  values.carried('value: wide characters whose low byte is CR or LF', valued('\xe5\x98\x8d\xe5\x98\x8aX: y'), [got()]),
  values.carried('value: percent-encoded CRLF', valued('a%0d%0aX: y'), [got()]),
  values.carried('value: backslash n', valued('a\\r\\nX: y'), [got()]),
  values.carried('value: of 8,000 characters', valued('x'.repeat(6_000)), [got()]),
  names.carried('name: every odd character of a token', get(ODD_TOKENS.map((each) => `X${each}Y: z`)), [got()]),
  names.carried('name: odd characters alone', get(ODD_TOKENS.map((each) => `${each}: z`)), [got()]),
  names.carried('name: underscore', named('X_Y'), [got()]),
  names.carried('name: of 2,000 characters', named('X'.repeat(2_000)), [got()]),
  syntax.carried('fields: the same one twice', get(['X: y', 'X: z']), [got()]),
  limits.carried('fields: 150 of them', get(Array.from({ length: 150 }, (_, at) => `X-${at}: y`)), [got()], {
    shy: { apache: 'takes a hundred', 'apache-unsafe': 'takes a hundred' },
  }),

  limits.declined('fields: 201 of them', get(Array.from({ length: 200 }, (_, at) => `X-${at}: y`))),
  limits.declined('fields: 3,000 of them', get(Array.from({ length: 3_000 }, (_, at) => `X-${at}: y`))),
  limits.declined('fields: one of 200,000 characters', valued('x'.repeat(200_000))),
  limits.declined('fields: a name of 200,000 characters', named('X'.repeat(200_000))),
  ...SEPARATORS.map((each) => names.forbidden(`name: ${each} in it`, named(`X${each}Y`))),
  names.forbidden('name: empty', get([': y'])),
  names.forbidden('name: empty, no value', get([':'])),
  names.forbidden('name: space in it', named('X Y')),
  names.forbidden('name: tab in it', named('X\tY')),
  names.forbidden('name: NUL in it', named('X\x00Y')),
  names.forbidden('name: DEL in it', named('X\x7fY')),
  names.forbidden('name: vertical tab in it', named('X\x0bY')),
  names.forbidden('name: CR in it', named('X\rY')),
  names.forbidden('name: LF in it', named('X\nY')),
  names.forbidden('name: 8-bit', named('X\xe9')),
  names.forbidden('name: pseudo-header', get([':authority: other.example'])),
  colon.forbidden('colon: missing', get(['X'])),
  colon.forbidden('colon: missing, with a value', get(['X y'])),
  colon.forbidden('colon: missing on the last line', raw('Host: {host}\r\n', 'X\r\n')),
  colon.forbidden('colon: space before it', get(['X : y'])),
  colon.forbidden('colon: tab before it', get(['X\t: y'])),
  colon.forbidden('colon: space before that of Host', raw('Host : {host}\r\n')),
  colon.forbidden('colon: tab before that of Host', raw('Host\t: {host}\r\n')),
  colon.forbidden('colon: a full-width one', get(['X\xef\xbc\x9a y'])),
  values.forbidden('value: NUL in it', valued('a\x00b')),
  values.forbidden('value: NUL alone', valued('\x00')),
  values.forbidden('value: NUL that hides a field from C', valued('a\x00\r\nX-Hidden: y')),
  values.forbidden('value: bare CR', valued('a\rb')),
  values.forbidden('value: bare CR at its end', valued('a\r')),
  values.forbidden('value: bare CR and a field', valued('a\rX-Hidden: y')),
  values.forbidden('value: bare CR and a space', valued('a\r b')),
  ...[1, 2, 7, 8, 0x0b, 0x0c, 0x0e, 0x1b, 0x1f, 0x7f].map((code) =>
    values.forbidden(`value: control character 0x${code.toString(16)}`, valued(`a${String.fromCharCode(code)}b`)),
  ),
  folding.forbidden('folding: with a space', get(['X: y', ' z'])),
  folding.forbidden('folding: with a tab', get(['X: y', '\tz'])),
  folding.forbidden('folding: of an empty line', get(['X: y', ' ', 'Z: z'])),
  folding.forbidden('folding: of a value that begins with it', get(['X:', ' y'])),
  folding.forbidden('folding: of Host', raw('Host: {host}\r\n', ' .other.example\r\n')),
  folding.forbidden('folding: of Host away from its name', raw('Host:\r\n', ' {host}\r\n')),
  line.forbidden('folding: before the first field', raw(' X: y\r\n', 'Host: {host}\r\n')),
  line.forbidden('folding: before the first field, tab', raw('\tX: y\r\n', 'Host: {host}\r\n')),
  line.forbidden('folding: of Host as the first field', raw(' Host: {host}\r\n')),
  line.forbidden('folding: of the request line', raw(' \r\n', 'Host: {host}\r\n')),
  line.forbidden(
    'folding: an empty line with a space ends nothing',
    `GET {url}/a HTTP/1.1\r\nHost: {host}\r\n \r\n${SMUGGLED}`,
  ),
  line.declined('line: LF alone throughout', 'GET {url}/a HTTP/1.1\nHost: {host}\n\n'),
  line.declined('line: LF alone behind the request line', `GET {url}/a HTTP/1.1\nHost: {host}\r\n\r\n`),
  line.declined('line: LF alone behind a field', raw('X: y\n', 'Host: {host}\r\n')),
  line.declined('line: LF alone behind the last field', 'GET {url}/a HTTP/1.1\r\nHost: {host}\n\r\n'),
  line.declined('line: LF alone for the empty line', 'GET {url}/a HTTP/1.1\r\nHost: {host}\r\n\n'),
  line.declined('line: LF LF for the end', 'GET {url}/a HTTP/1.1\r\nHost: {host}\n\n'),
  line.declined('line: LF alone hides a field', get(['X: y\nX-Hidden: z'])),
  line.declined('line: LF alone hides a length', get(['X: y\nContent-Length: 60'], SMUGGLED)),
  line.declined('line: LF alone hides chunks', get(['X: y\nTransfer-Encoding: chunked'], `0\r\n\r\n${SMUGGLED}`)),
  line.forbidden('line: CR alone throughout', 'GET {url}/a HTTP/1.1\rHost: {host}\r\r'),
  line.forbidden('line: CR alone behind the request line', 'GET {url}/a HTTP/1.1\rHost: {host}\r\n\r\n'),
  line.forbidden('line: CR alone for the empty line', 'GET {url}/a HTTP/1.1\r\nHost: {host}\r\n\rX: y\r\n\r\n'),
  line.forbidden('line: CR CR LF', raw('X: y\r\r\n', 'Host: {host}\r\n')),
  line.forbidden('line: CR CR LF for the empty line', 'GET {url}/a HTTP/1.1\r\nHost: {host}\r\n\r\r\n'),
  line.forbidden('line: LF CR', raw('X: y\n\r', 'Host: {host}\r\n')),
  line.forbidden('line: end of a head by NUL', 'GET {url}/a HTTP/1.1\r\nHost: {host}\r\n\x00\r\n'),
  syntax.forbidden('fields: a request line among them', request('GET {url}/a HTTP/1.1', ['GET {url}/b HTTP/1.1'])),
  syntax.forbidden('fields: a status line among them', request('GET {url}/a HTTP/1.1', ['HTTP/1.1 200 OK'])),
]
