/** Response cases: what an origin may send, and what of it a client may take for the answer to which request. */

import { INTERIM_ANSWERS_MAX } from '../../../src/proxy/forward.ts'

export interface ResponseCase {
  readonly name: string
  readonly clause: string
  readonly method: 'GET' | 'HEAD' | 'POST'
  /** Latin1 text, one character a byte, sent one segment after another as the answer to the first request. */
  readonly segments: readonly string[]
  /** What the origin does behind the last segment; `stay` leaves the connection open. */
  readonly after: 'stay' | 'end' | 'reset'
  /** The answer that the client must hear; `bad-gateway` a 502, `cut` one that visibly breaks off. */
  readonly heard: { readonly status: number; readonly body: string } | 'bad-gateway' | 'cut'
  /** Whether the specification forbids an origin to send this. */
  readonly forbidden: boolean
}

interface Options {
  readonly method?: 'HEAD' | 'POST'
  readonly after?: 'end' | 'reset'
}

type Bytes = string | readonly string[]

function under(clause: string) {
  const make = (name: string, bytes: Bytes, rest: Pick<ResponseCase, 'heard' | 'forbidden'>, options: Options) => ({
    name,
    clause,
    method: 'GET' as const,
    after: 'stay' as const,
    segments: typeof bytes === 'string' ? [bytes] : bytes,
    ...rest,
    ...options,
  })
  return {
    /** Heard as this status and body. */
    heard: (name: string, bytes: Bytes, body: string, options: Options = {}, status = 200): ResponseCase =>
      make(name, bytes, { heard: { status, body }, forbidden: false }, options),
    /** The same of what may not be sent: it reaches the client in its proper spelling, without what is wrong in it. */
    stripped: (name: string, bytes: Bytes, body: string, options: Options = {}, status = 200): ResponseCase =>
      make(name, bytes, { heard: { status, body }, forbidden: true }, options),
    /** No answer: the client is told that the origin does not speak HTTP. */
    refused: (name: string, bytes: Bytes, options: Options = {}): ResponseCase =>
      make(name, bytes, { heard: 'bad-gateway', forbidden: true }, options),
    /** Could be heard, but Weir does not. */
    declined: (name: string, bytes: Bytes, options: Options = {}): ResponseCase =>
      make(name, bytes, { heard: 'bad-gateway', forbidden: false }, options),
    /** Begun before the fault showed itself: the client's connection breaks off with it. */
    cut: (name: string, bytes: Bytes, options: Options = {}): ResponseCase =>
      make(name, bytes, { heard: 'cut', forbidden: true }, options),
  }
}

const framing = under('RFC 9112 section 6.3')
const length = under('RFC 9110 section 8.6')
const coding = under('RFC 9112 section 6.1')
const chunk = under('RFC 9112 section 7.1')
const line = under('RFC 9112 section 4')
const fields = under('RFC 9112 section 5')
const folding = under('RFC 9112 section 5.2')
const interim = under('RFC 9110 section 15.2')
const completeness = under('RFC 9112 section 8')
const connection = under('RFC 9110 section 7.6.1')

const END = '0\r\n\r\n'
const SMUGGLED = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled'
const answer = (lines: readonly string[], body = '', status = '200 OK'): string =>
  `${[`HTTP/1.1 ${status}`, ...lines].join('\r\n')}\r\n\r\n${body}`
const sized = (value: string): string => answer([`Content-Length: ${value}`], 'abc')
const coded = (value: string): string => answer([`Transfer-Encoding: ${value}`], `3\r\nabc\r\n${END}`)
const chunked = (body: string): string => answer(['Transfer-Encoding: chunked'], body)
const valued = (value: string): string => answer(['Content-Length: 3', `X: ${value}`], 'abc')
const spelt = (status: string): string => `${status}\r\nContent-Length: 3\r\n\r\nabc`

const end = { after: 'end' } as const
const reset = { after: 'reset' } as const
const head = { method: 'HEAD' } as const

const early = (count: number): string => 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(count)

export const RESPONSE_CASES: readonly ResponseCase[] = [
  length.heard('length: plain', sized('3'), 'abc'),
  length.heard('length: zero', answer(['Content-Length: 0']), ''),
  length.heard('length: leading zero', sized('03'), 'abc'),
  length.heard('length: in three segments', [answer(['Content-Length: 9'], 'abc'), 'def', 'ghi'], 'abcdefghi'),
  length.heard('length: of POST', sized('3'), 'abc', { method: 'POST' }),
  framing.heard('length: none, up to the end', answer([], 'abc'), 'abc', end),
  framing.heard('length: none, up to the end, with close', answer(['Connection: close'], 'abc'), 'abc', end),
  framing.heard('length: none, nothing, up to the end', answer([]), '', end),
  framing.heard(
    'length: body that looks like an answer',
    answer([`Content-Length: ${SMUGGLED.length}`], SMUGGLED),
    SMUGGLED,
  ),
  length.refused('length: twice the same', answer(['Content-Length: 3', 'Content-Length: 3'], 'abc')),
  framing.refused('length: twice, the first is longer', answer(['Content-Length: 50', 'Content-Length: 0'], SMUGGLED)),
  framing.refused('length: twice, the second is longer', answer(['Content-Length: 0', 'Content-Length: 50'], SMUGGLED)),
  length.refused('length: list of the same', sized('3, 3')),
  length.refused('length: with plus', sized('+3')),
  length.refused('length: negative', sized('-3')),
  length.refused('length: hexadecimal', sized('0x3')),
  length.refused('length: a word', sized('three')),
  length.refused('length: empty', answer(['Content-Length:'], SMUGGLED)),
  length.refused('length: space in it', sized('3 3')),
  length.refused('length: letters behind it', sized('3abc')),
  length.refused('length: 2^64 + 3', sized('18446744073709551619')),
  length.refused('length: space before the colon', answer(['Content-Length : 3'], 'abc')),
  length.refused('length: NUL behind it', sized('3\x00')),

  coding.heard('coding: chunked', coded('chunked'), 'abc'),
  coding.heard('coding: Chunked', coded('Chunked'), 'abc'),
  coding.refused(
    'coding: and a length',
    answer(['Content-Length: 3', 'Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`),
  ),
  coding.refused(
    'coding: and a length of zero',
    answer(['Transfer-Encoding: chunked', 'Content-Length: 0'], `3\r\nabc\r\n${END}`),
  ),
  coding.refused(
    'coding: and a length that covers an answer',
    answer(['Content-Length: 60', 'Transfer-Encoding: chunked'], `${END}${SMUGGLED}`),
  ),
  coding.refused('coding: identity', answer(['Transfer-Encoding: identity'], 'abc'), end),
  coding.refused(
    'coding: identity and a length',
    answer(['Transfer-Encoding: identity', 'Content-Length: 3'], 'abc'),
    end,
  ),
  coding.declined('coding: gzip up to the end', answer(['Transfer-Encoding: gzip'], 'abc'), end),
  coding.declined('coding: gzip, chunked', coded('gzip, chunked')),
  coding.declined(
    'coding: gzip and chunked in two fields',
    answer(['Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`),
  ),
  coding.refused('coding: chunked twice', coded('chunked, chunked')),
  coding.refused(
    'coding: chunked twice in two fields',
    answer(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`),
  ),
  coding.refused('coding: chunked, identity', coded('chunked, identity'), end),
  coding.refused('coding: chunked, gzip', coded('chunked, gzip'), end),
  coding.refused('coding: xchunked', coded('xchunked'), end),
  coding.refused('coding: quoted', coded('"chunked"'), end),
  coding.refused('coding: empty', answer(['Transfer-Encoding:'], 'abc'), end),
  coding.refused('coding: parameter', coded('chunked;x'), end),
  coding.refused('coding: space before the colon', answer(['Content-Length: 3', 'Transfer-Encoding : chunked'], 'abc')),
  folding.refused('coding: folded', answer(['Transfer-Encoding:', ' chunked'], `3\r\nabc\r\n${END}`)),
  coding.stripped(
    'coding: chunked in HTTP/1.0',
    `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n${END}`,
    'abc',
    end,
  ),

  chunk.heard('chunk: two', chunked(`3\r\nabc\r\n2\r\nde\r\n${END}`), 'abcde'),
  chunk.heard('chunk: none', chunked(END), ''),
  chunk.heard('chunk: upper case and zeros', chunked(`0A\r\n0123456789\r\n${END}`), '0123456789'),
  chunk.heard('chunk: extension', chunked(`3;a=b\r\nabc\r\n${END}`), 'abc'),
  chunk.heard('chunk: trailer', chunked('3\r\nabc\r\n0\r\nX: y\r\n\r\n'), 'abc'),
  chunk.stripped('chunk: trailer that may not be one', chunked('3\r\nabc\r\n0\r\nSet-Cookie: a=b\r\n\r\n'), 'abc'),
  chunk.heard('chunk: cut between CR and LF', [chunked('3\r'), '\nabc\r', '\n0\r\n\r', '\n'], 'abc'),
  chunk.cut('chunk: size not hexadecimal', chunked(`3\r\nabc\r\nxyz\r\nabc\r\n${END}`)),
  chunk.cut('chunk: size with 0x', chunked(`0x3\r\nabc\r\n${END}`)),
  chunk.cut('chunk: size negative', chunked(`-3\r\nabc\r\n${END}`)),
  chunk.cut('chunk: size of 2^64 + 3', chunked(`10000000000000003\r\nabc\r\n${END}`)),
  chunk.cut('chunk: LF behind the size', chunked(`3\nabc\r\n${END}`)),
  chunk.cut('chunk: LF behind the bytes', chunked(`3\r\nabc\n${END}`)),
  chunk.cut('chunk: no CRLF behind the bytes', chunked(`3\r\nabcde${END}`)),
  chunk.cut('chunk: LF in an extension', chunked(`3;a\nabc\r\n${END}`)),
  chunk.cut('chunk: space behind the size', chunked(`3 \r\nabc\r\n${END}`)),
  chunk.cut('chunk: trailer without colon', chunked('3\r\nabc\r\n0\r\nX\r\n\r\n')),
  chunk.cut('chunk: trailer with a length', chunked('3\r\nabc\r\n0\r\nContent-Length: 8\r\n\r\n')),
  chunk.cut('chunk: an answer in place of the last', chunked(`3\r\nabc\r\n${SMUGGLED}`)),
  completeness.cut('chunk: the last never comes', chunked('3\r\nabc\r\n'), end),
  completeness.cut('chunk: ends in the middle', chunked('5\r\nabc'), end),
  completeness.cut('chunk: ends before the last line', chunked('3\r\nabc\r\n0\r\n'), end),

  completeness.cut('end: before all of the length', answer(['Content-Length: 10'], 'abc'), end),
  completeness.cut('end: before any of the length', answer(['Content-Length: 10']), end),
  completeness.cut('end: by reset, before all of the length', [answer(['Content-Length: 10'], 'abc'), ''], reset),
  completeness.cut('end: by reset, of what lasts up to the end', [answer([], 'abc'), ''], reset),
  completeness.refused('end: before the head', '', end),
  completeness.refused('end: by reset, before the head', '', reset),
  completeness.refused('end: in the status line', 'HTTP/1.1 20', end),
  completeness.refused('end: in the fields', 'HTTP/1.1 200 OK\r\nContent-Le', end),
  completeness.refused('end: before the empty line', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n', end),

  framing.heard('behind: nothing of 204', answer([], '', '204 No Content'), '', {}, 204),
  framing.heard(
    'behind: nothing of 304 with a length',
    answer(['Content-Length: 3'], '', '304 Not Modified'),
    '',
    {},
    304,
  ),
  framing.stripped(
    'behind: 204 with a length and a body',
    answer(['Content-Length: 3'], 'abc', '204 No Content'),
    '',
    {},
    204,
  ),
  framing.stripped(
    'behind: 204 with a length and an answer',
    answer([`Content-Length: ${SMUGGLED.length}`], SMUGGLED, '204 No Content'),
    '',
    {},
    204,
  ),
  framing.stripped(
    'behind: 204 in chunks',
    answer(['Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`, '204 No Content'),
    '',
    {},
    204,
  ),
  framing.stripped('behind: 204 and an answer', answer([], SMUGGLED, '204 No Content'), '', {}, 204),
  framing.stripped('behind: 304 and an answer', answer([], SMUGGLED, '304 Not Modified'), '', {}, 304),
  framing.stripped(
    'behind: 304 with a length and an answer',
    answer([`Content-Length: ${SMUGGLED.length}`], SMUGGLED, '304 Not Modified'),
    '',
    {},
    304,
  ),
  framing.heard('behind: HEAD with a length', answer(['Content-Length: 3']), '', head),
  framing.heard('behind: HEAD in chunks', answer(['Transfer-Encoding: chunked']), '', head),
  framing.heard('behind: HEAD with no framing', answer([]), '', head),
  framing.stripped('behind: HEAD with a body', answer(['Content-Length: 3'], 'abc'), '', head),
  framing.stripped('behind: HEAD and an answer', answer([`Content-Length: ${SMUGGLED.length}`], SMUGGLED), '', head),
  framing.stripped(
    'behind: HEAD in chunks with a body',
    answer(['Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`),
    '',
    head,
  ),
  framing.refused('behind: HEAD and two lengths', answer(['Content-Length: 3', 'Content-Length: 4']), head),
  framing.stripped('behind: a length and a second answer', `${sized('3')}${SMUGGLED}`, 'abc'),
  framing.stripped('behind: chunks and a second answer', `${coded('chunked')}${SMUGGLED}`, 'abc'),
  framing.stripped('behind: a length and nonsense', `${sized('3')}nonsense`, 'abc'),
  framing.stripped('behind: a length and CRLF', `${sized('3')}\r\n`, 'abc'),
  framing.stripped('behind: a length and an interim answer', `${sized('3')}${early(1)}`, 'abc'),
  framing.stripped('behind: a length and half an answer', `${sized('3')}${SMUGGLED.slice(0, 40)}`, 'abc'),
  framing.heard(
    'behind: 205 with a length of zero',
    answer(['Content-Length: 0'], '', '205 Reset Content'),
    '',
    {},
    205,
  ),

  interim.heard('interim: 103', `${early(1)}${sized('3')}`, 'abc'),
  interim.heard('interim: 102', `HTTP/1.1 102 Processing\r\n\r\n${sized('3')}`, 'abc'),
  interim.heard('interim: an unknown one', `HTTP/1.1 199 Whatever\r\n\r\n${sized('3')}`, 'abc'),
  interim.heard('interim: later the answer', [early(1), sized('3')], 'abc'),
  interim.heard(`interim: ${INTERIM_ANSWERS_MAX} of them`, `${early(INTERIM_ANSWERS_MAX)}${sized('3')}`, 'abc'),
  interim.declined(`interim: ${INTERIM_ANSWERS_MAX + 1} of them`, `${early(INTERIM_ANSWERS_MAX + 1)}${sized('3')}`),
  interim.declined('interim: a flood', `${early(5_000)}${sized('3')}`),
  interim.declined('interim: a flood without end', early(5_000)),
  interim.declined('interim: 100 that nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${sized('3')}`),
  interim.stripped(
    'interim: with a length',
    `HTTP/1.1 103 Early Hints\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${sized('3')}`,
    'abc',
  ),
  interim.refused(
    'interim: 101 that nobody asked for',
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n${SMUGGLED}`,
  ),
  interim.refused('interim: 101 without Upgrade', `HTTP/1.1 101 Switching Protocols\r\n\r\n${SMUGGLED}`),
  completeness.refused('interim: and then the end', early(1), end),

  line.heard('line: reason empty', spelt('HTTP/1.1 200 '), 'abc'),
  line.heard('line: another reason', spelt('HTTP/1.1 200 Everything is fine'), 'abc'),
  line.heard('line: reason with tab', spelt('HTTP/1.1 200 O\tK'), 'abc'),
  line.heard('line: reason in 8 bits', spelt('HTTP/1.1 200 tr\xe8s bien'), 'abc'),
  line.heard('line: reason in UTF-8', spelt('HTTP/1.1 200 \xe5\xa5\xbd'), 'abc'),
  line.heard('line: reason that looks like fields', spelt('HTTP/1.1 200 OK Content-Length: 0'), 'abc'),
  line.heard('line: status 599', spelt('HTTP/1.1 599 Odd'), 'abc', {}, 599),
  line.heard('line: status 299', spelt('HTTP/1.1 299 Odd'), 'abc', {}, 299),
  line.heard('line: HTTP/1.0 with a length', spelt('HTTP/1.0 200 OK'), 'abc'),
  line.heard(
    'line: HTTP/1.0 kept alive',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc',
    'abc',
  ),
  line.heard('line: HTTP/1.0 up to the end', 'HTTP/1.0 200 OK\r\n\r\nabc', 'abc', end),
  line.stripped('line: no space behind the status', spelt('HTTP/1.1 200'), 'abc'),
  line.stripped('line: reason with NUL', spelt('HTTP/1.1 200 O\x00K'), 'abc'),
  line.refused('line: reason with bare CR', spelt('HTTP/1.1 200 OK\rSet-Cookie: a=b')),
  line.stripped('line: reason with a control character', spelt('HTTP/1.1 200 O\x01K'), 'abc'),
  line.refused('line: LF alone', 'HTTP/1.1 200 OK\nContent-Length: 3\n\nabc'),
  line.refused('line: HTTP/0.9', 'abc', end),
  line.refused('line: HTML', '<html>abc</html>', end),
  line.refused('line: ICY', spelt('ICY 200 OK')),
  line.stripped('line: RTSP', spelt('RTSP/1.0 200 OK'), 'abc'),
  line.stripped('line: HTTP/2.0', spelt('HTTP/2.0 200 OK'), 'abc'),
  line.refused('line: HTTP/1.2', spelt('HTTP/1.2 200 OK')),
  line.refused('line: http/1.1', spelt('http/1.1 200 OK')),
  line.refused('line: two spaces behind the version', spelt('HTTP/1.1  200 OK')),
  line.refused('line: tab behind the version', spelt('HTTP/1.1\t200 OK')),
  line.refused('line: status of two digits', spelt('HTTP/1.1 20 OK')),
  line.refused('line: status of four digits', spelt('HTTP/1.1 2000 OK')),
  line.refused('line: status in letters', spelt('HTTP/1.1 OK OK')),
  line.refused('line: status 000', spelt('HTTP/1.1 000 OK')),
  line.refused('line: status 099', spelt('HTTP/1.1 099 OK')),
  line.refused('line: status negative', spelt('HTTP/1.1 -20 OK')),
  line.refused('line: a space before it', spelt(' HTTP/1.1 200 OK')),
  line.stripped('line: CRLF before it', `\r\n${sized('3')}`, 'abc'),
  line.refused('line: a request', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', end),

  fields.heard('fields: 8-bit value', valued('\xe9'), 'abc'),
  fields.heard('fields: empty value', valued(''), 'abc'),
  fields.heard('fields: tab in a value', valued('a\tb'), 'abc'),
  fields.heard(
    'fields: 300 of them',
    answer(['Content-Length: 3', ...Array.from({ length: 300 }, (_, at) => `X-${at}: y`)], 'abc'),
    'abc',
  ),
  fields.declined('fields: 200,000 bytes of them', valued('x'.repeat(200_000))),
  folding.refused('fields: folded', answer(['Content-Length: 3', 'X: y', ' z'], 'abc')),
  folding.refused('fields: folded with tab', answer(['Content-Length: 3', 'X: y', '\tz'], 'abc')),
  folding.refused('fields: space before the first', answer([' X: y', 'Content-Length: 3'], 'abc')),
  fields.refused('fields: NUL in a value', valued('a\x00b')),
  fields.refused('fields: control character in a value', valued('a\x01b')),
  fields.refused('fields: DEL in a value', valued('a\x7fb')),
  fields.refused('fields: bare CR in a value', valued('a\rSet-Cookie: a=b')),
  fields.refused('fields: LF behind a value', answer(['Content-Length: 3', 'X: y\nSet-Cookie: a=b'], 'abc')),
  fields.refused('fields: space before a colon', answer(['Content-Length: 3', 'X : y'], 'abc')),
  fields.refused('fields: no colon', answer(['Content-Length: 3', 'X'], 'abc')),
  fields.refused('fields: empty name', answer(['Content-Length: 3', ': y'], 'abc')),
  fields.refused('fields: space in a name', answer(['Content-Length: 3', 'X Y: z'], 'abc')),
  fields.refused('fields: NUL in a name', answer(['Content-Length: 3', 'X\x00Y: z'], 'abc')),
  fields.refused('fields: 8-bit name', answer(['Content-Length: 3', 'X\xe9: z'], 'abc')),

  connection.heard(
    'connection: nominates Content-Length',
    answer(['Connection: Content-Length', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  connection.heard(
    'connection: nominates Transfer-Encoding',
    answer(['Connection: Transfer-Encoding', 'Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`),
    'abc',
  ),
  connection.heard('connection: close', answer(['Connection: close', 'Content-Length: 3'], 'abc'), 'abc'),
  connection.heard(
    'connection: close, and the end',
    answer(['Connection: close', 'Content-Length: 3'], 'abc'),
    'abc',
    end,
  ),
  connection.heard(
    'connection: keep-alive for ever',
    answer(['Connection: keep-alive', 'Keep-Alive: timeout=99999999', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  connection.heard(
    'connection: Upgrade offered',
    answer(['Connection: Upgrade', 'Upgrade: h2c', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
]
