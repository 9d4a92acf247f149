/** Cases of Content-Length against DATA, and of trailers (RFC 9113 sections 8.1, 8.1.1, 8.2). */
import { expect } from 'vitest'
import { asking } from '../asking.ts'
import { type Case, MALFORMED, SERVED, streamError } from '../case.ts'
import { data, FLAG, headers, padded } from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Field } from '../hpack-static.ts'
import type { Talk } from '../talk.ts'
import { UNREAD } from '../target.ts'

const TRAILER: Field = ['x-checksum', 'weir']

function trailers(stream: number, fields: readonly Field[], flags: number = FLAG.endStream | FLAG.endHeaders): Buffer {
  return headers(stream, block(fields), flags)
}

const withLength = (talk: Talk, ...lengths: readonly string[]): Buffer =>
  talk.post(1, { fields: lengths.map((length) => ['content-length', length] as const) })

const ENDED_BY_NODE: Partial<Case> = {
  nodeDiffers: {
    outcome: 'connection INTERNAL_ERROR',
    note: 'it ends the whole connection, with a code that blames itself',
    hidden: true,
  },
}
const FOUR = data(1, 'body', FLAG.endStream)

const LENGTHS: readonly Case[] = [
  asking('a Content-Length that is right', '8.1.1', SERVED, (talk) => [withLength(talk, '4'), FOUR]),
  asking(
    'a Content-Length that is too small',
    '8.1.1',
    MALFORMED,
    (talk) => [withLength(talk, '3'), FOUR],
    ENDED_BY_NODE,
  ),
  asking('a Content-Length that is too large', '8.1.1', MALFORMED, (talk) => [withLength(talk, '5'), FOUR]),
  asking(
    'a Content-Length of 0 and content',
    '8.1.1',
    MALFORMED,
    (talk) => [withLength(talk, '0'), FOUR],
    ENDED_BY_NODE,
  ),
  asking('a Content-Length and END_STREAM on HEADERS', '8.1.1', MALFORMED, (talk) => [
    talk.get(1, { method: 'POST', fields: [['content-length', '4']] }),
  ]),
  asking('a Content-Length of 0 and END_STREAM on HEADERS', '8.1.1', SERVED, (talk) => [
    talk.get(1, { method: 'POST', fields: [['content-length', '0']] }),
  ]),
  asking(
    'a Content-Length that DATA passes before it ends',
    '8.1.1',
    MALFORMED,
    (talk) => [withLength(talk, '3'), data(1, 'body')],
    ENDED_BY_NODE,
  ),
  asking('a Content-Length that content and trailers fall short of', '8.1.1', MALFORMED, (talk) => [
    withLength(talk, '5'),
    data(1, 'body'),
    trailers(1, [TRAILER]),
  ]),
  asking('a Content-Length that counts no padding', '8.1.1', SERVED, (talk) => [
    withLength(talk, '4'),
    data(1, padded('body', 20), FLAG.padded | FLAG.endStream),
  ]),
  asking('a Content-Length that counts padding', '8.1.1', MALFORMED, (talk) => [
    withLength(talk, '25'),
    data(1, padded('body', 20), FLAG.padded | FLAG.endStream),
  ]),
  ...['x', '', '-4', '+4', '4 ', '0x4', '4.0', '4,4', '4, 5', '99999999999999999999999'].map((length) =>
    asking(`a Content-Length of ${JSON.stringify(length)}`, '8.1.1', MALFORMED, (talk) => [
      withLength(talk, length),
      FOUR,
    ]),
  ),
  asking('two Content-Length that differ', '8.1.1', MALFORMED, (talk) => [withLength(talk, '4', '5'), FOUR]),
  asking(
    'two Content-Length that are equal',
    '8.1.1',
    [...MALFORMED, ...SERVED],
    (talk) => [withLength(talk, '4', '4'), FOUR],
    {
      choice: 'a recipient may take them for one (RFC 9110 section 8.6)',
    },
  ),
]

const LEFT_OUT: Partial<Case> = {
  nodeDiffers: { outcome: 'status 200', note: 'it leaves the field out, and passes on the rest', hidden: true },
}

const TRAILERS: readonly Case[] = [
  {
    name: 'trailers',
    clause: '8.1',
    right: SERVED,
    stream: 1,
    act: async (talk) => {
      talk.send(talk.post(1), data(1, 'body'), trailers(1, [TRAILER]))
      const { bodyBytes, trailers: kept } = await talk.echo(1)
      expect(bodyBytes).toBe(4)
      // Who passes a request on may leave its trailers out (RFC 9110 section 6.5.1).
      expect([{}, { [TRAILER[0]]: TRAILER[1] }]).toContainEqual(kept)
    },
  },
  asking('trailers without content', '8.1', SERVED, (talk) => [talk.post(1), trailers(1, [TRAILER])]),
  asking('an empty trailer section', '8.1', SERVED, (talk) => [talk.post(1), data(1, 'body'), trailers(1, [])]),
  asking('trailers without END_STREAM', '8.1', MALFORMED, (talk) => [
    talk.post(1),
    data(1, 'body'),
    trailers(1, [TRAILER], FLAG.endHeaders),
  ]),
  asking('a second HEADERS without END_STREAM, and no content before it', '8.1', MALFORMED, (talk) => [
    talk.post(1),
    talk.post(1),
  ]),
  asking(
    'DATA after trailers',
    '8.1',
    streamError('STREAM_CLOSED', 'PROTOCOL_ERROR'),
    (talk) => [talk.post(1, { path: UNREAD }), trailers(1, [TRAILER]), data(1, 'body', FLAG.endStream)],
    { choice: 'the stream is half-closed, and the request malformed' },
  ),
  asking(
    'trailers after trailers',
    '8.1',
    streamError('STREAM_CLOSED', 'PROTOCOL_ERROR'),
    (talk) => [talk.post(1, { path: UNREAD }), trailers(1, [TRAILER]), trailers(1, [TRAILER])],
    { choice: 'the stream is half-closed, and the request malformed' },
  ),
  ...(
    [
      ['a pseudo-header field', '8.1', [':path', '/elsewhere']],
      [':status', '8.1', [':status', '200']],
      ['an upper-case name', '8.2', ['X-Checksum', '1']],
      ['CR LF in a value', '8.2.1', ['x-checksum', 'a\r\nb: c']],
      ['NUL in a value', '8.2.1', ['x-checksum', 'a\0b']],
      ['a connection field', '8.2.2', ['connection', 'close']],
      ['transfer-encoding', '8.2.2', ['transfer-encoding', 'chunked']],
    ] as const
  ).map(([what, clause, field]) =>
    asking(
      `trailers with ${what}`,
      clause,
      MALFORMED,
      (talk) => [talk.post(1), data(1, 'body'), trailers(1, [field])],
      clause === '8.2.1' ? LEFT_OUT : {},
    ),
  ),
  asking(
    'trailers with a Content-Length',
    '8.1',
    [...SERVED, ...MALFORMED],
    (talk) => [talk.post(1), data(1, 'body'), trailers(1, [['content-length', '5']])],
    { choice: 'it does not belong there (RFC 9110 section 6.5.1), and may be ignored' },
  ),
]

export const CONTENT_CASES: readonly Case[] = [...LENGTHS, ...TRAILERS]
