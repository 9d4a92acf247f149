/**
 * Requests of HTTP/2 that would say something else in HTTP/1.1, were they written down as they come: another end, another host, a
 * second request. Each is to be refused, or to be the one request that it looks like.
 */
import { data, FLAG, headers, rstStream } from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Field } from '../hpack-static.ts'

export const HOST = 'www.acme.example'
/** What must never be asked for. */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: www.acme.example\r\n\r\n'

export interface Downgrade {
  readonly name: string
  readonly frames: (stream: number) => Buffer
  /** What HTTP/2 says that the content is. */
  readonly content: string
}

type Change = Readonly<Record<string, string>>

function head(method: string, path: string, changes: Change = {}): Field[] {
  const fields: Field[] = [
    [':method', method],
    [':scheme', 'https'],
    [':authority', HOST],
    [':path', path],
  ]
  return fields.map(([name, value]) => [name, changes[name] ?? value])
}

/** With its head alone, or with content in one DATA frame. */
function asked(name: string, fields: readonly Field[], content: string | null = null): Downgrade {
  return {
    name,
    content: content ?? '',
    frames: (stream) =>
      content === null
        ? headers(stream, block(fields), FLAG.endHeaders | FLAG.endStream)
        : Buffer.concat([headers(stream, block(fields)), data(stream, Buffer.from(content, 'latin1'), FLAG.endStream)]),
  }
}

const INJECTIONS: readonly (readonly [string, string])[] = [
  ['CR LF and a field', '\r\nx-smuggled: 1'],
  ['CR LF and a request', `\r\n\r\n${SMUGGLED}`],
  ['LF and a field', '\nx-smuggled: 1'],
  ['CR', '\rx-smuggled: 1'],
  ['NUL', '\0x-smuggled: 1'],
  ['CR LF and chunks', '\r\nTransfer-Encoding: chunked'],
  ['CR LF and a length', '\r\nContent-Length: 0'],
  ['a version and a field', ' HTTP/1.1\r\nx-smuggled: 1'],
  ['a space', ' /smuggled'],
  ['a tab', '\t/smuggled'],
  ['a vertical tab', '\x0bx'],
  ['NEL', '\x85x-smuggled: 1'],
  ['DEL', '\x7f'],
]

const injected = INJECTIONS.flatMap(([what, bytes]): Downgrade[] => [
  asked(`${what} in a value`, [...head('GET', '/a'), ['x-a', `b${bytes}`]]),
  asked(`${what} in a name`, [...head('GET', '/a'), [`x-a${bytes}`, 'b']]),
  asked(`${what} in :path`, head('GET', '/a', { ':path': `/a${bytes}` })),
  asked(`${what} in :method`, head('GET', '/a', { ':method': `GET${bytes}` })),
  asked(`${what} in :authority`, head('GET', '/a', { ':authority': `${HOST}${bytes}` })),
  asked(`${what} in :scheme`, head('GET', '/a', { ':scheme': `https${bytes}` })),
  asked(`${what} in a Host`, [...head('GET', '/a'), ['host', `${HOST}${bytes}`]]),
  asked(`${what} in a cookie`, [...head('GET', '/a'), ['cookie', 'a=1'], ['cookie', `b=2${bytes}`]]),
  asked(`${what} in a trailing colon`, [...head('GET', '/a'), [`x-a:${bytes}`, 'b']]),
])

const CODINGS = [
  'chunked',
  'Chunked',
  ' chunked',
  'chunked ',
  '\tchunked',
  'xchunked',
  'chunked, identity',
  'identity',
  '',
  'gzip, chunked',
]
const coded = CODINGS.flatMap((coding): Downgrade[] => [
  asked(
    `Transfer-Encoding: ${JSON.stringify(coding)}`,
    [...head('POST', '/a'), ['transfer-encoding', coding]],
    `0\r\n\r\n${SMUGGLED}`,
  ),
  asked(
    `Transfer-Encoding: ${JSON.stringify(coding)} beside a length`,
    [...head('POST', '/a'), ['content-length', '3'], ['transfer-encoding', coding]],
    'abc',
  ),
])

const SPELLINGS = [
  'transfer-encoding ',
  'transfer_encoding',
  ' transfer-encoding',
  'transfer-encoding\0',
  'Transfer-Encoding',
  'transfer-encodin\u0261',
]
const spelled = SPELLINGS.map((name) =>
  asked(`${JSON.stringify(name)}: chunked`, [...head('POST', '/a'), [name, 'chunked']], `0\r\n\r\n${SMUGGLED}`),
)

const LENGTHS = [
  '0',
  '1',
  '+3',
  '-3',
  '03',
  '3, 3',
  '3,3',
  '3;',
  '0x3',
  '3 ',
  ' 3',
  '3.0',
  '3e0',
  '',
  '18446744073709551619',
  '4294967299',
  '٣',
]
const measured = LENGTHS.flatMap((length): Downgrade[] => [
  asked(
    `Content-Length: ${JSON.stringify(length)} with 3 bytes`,
    [...head('POST', '/a'), ['content-length', length]],
    'abc',
  ),
  asked(`Content-Length: ${JSON.stringify(length)} with none`, [...head('POST', '/a'), ['content-length', length]]),
])

const twice: readonly Downgrade[] = [
  asked('two lengths', [...head('POST', '/a'), ['content-length', '3'], ['content-length', '0']], 'abc'),
  asked(
    'two lengths that are the same',
    [...head('POST', '/a'), ['content-length', '3'], ['content-length', '3']],
    'abc',
  ),
  asked('two hosts', [...head('GET', '/a'), ['host', HOST], ['host', 'b.example']]),
  asked('another host', [...head('GET', '/a'), ['host', 'b.example']]),
  asked('another host with a port', [...head('GET', '/a'), ['host', `${HOST}:8443`]]),
  ...[':method', ':scheme', ':authority', ':path'].map((name) =>
    asked(`two ${name}`, [...head('GET', '/a'), [name, name === ':path' ? '/smuggled' : 'x']]),
  ),
  asked(':path behind a field', [...head('GET', '/a').slice(0, 3), ['x-a', 'b'], [':path', '/smuggled']]),
  asked(':status in a request', [...head('GET', '/a'), [':status', '200']]),
  asked(':protocol', [...head('CONNECT', '/a'), [':protocol', 'websocket']]),
  asked('CONNECT', [
    [':method', 'CONNECT'],
    [':authority', HOST],
  ]),
]

const connection: readonly Downgrade[] = [
  ...['connection', 'proxy-connection', 'keep-alive', 'upgrade', 'http2-settings', 'te', 'trailer', 'expect'].map(
    (name) =>
      asked(`the field ${name}`, [
        ...head('GET', '/a'),
        [name, name === 'expect' ? '100-continue' : 'x-a, host, content-length'],
      ]),
  ),
  asked('a nomination of Host', [...head('POST', '/a'), ['connection', 'host'], ['content-length', '3']], 'abc'),
  asked('an offer of h2c', [
    ...head('GET', '/a'),
    ['connection', 'upgrade, http2-settings'],
    ['upgrade', 'h2c'],
    ['http2-settings', 'AAMAAABk'],
  ]),
  asked('an offer of a WebSocket', [
    ...head('GET', '/a'),
    ['upgrade', 'websocket'],
    ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ]),
]

const targets: readonly Downgrade[] = [
  ...[
    'https://b.example/smuggled',
    '//b.example/smuggled',
    'smuggled',
    '',
    '*',
    '/a#b',
    '/a?b#c',
    '/a\\b',
    '/a/../smuggled',
    '/%0d%0aGET%20/smuggled',
    '/a;b',
    '/\u00e9',
    '?a',
    '@b.example/',
  ].map((path) => asked(`:path ${JSON.stringify(path)}`, head('GET', '/a', { ':path': path }))),
  ...['get', 'GE T', '', 'PRI', 'FOO', 'HEAD', 'OPTIONS', 'TRACE'].map((method) =>
    asked(`:method ${JSON.stringify(method)}`, head('GET', '/a', { ':method': method })),
  ),
  ...['http', 'HTTPS', 'ftp', '', 'https://b.example/?', 'https:'].map((scheme) =>
    asked(`:scheme ${JSON.stringify(scheme)}`, head('GET', '/a', { ':scheme': scheme })),
  ),
  ...[
    '',
    'b.example',
    `u@${HOST}`,
    `${HOST}:443@b.example`,
    `${HOST}:`,
    `${HOST}:443`,
    `${HOST}:0443`,
    `${HOST}/`,
    `${HOST}.`,
    `${HOST},b.example`,
    '[::1]',
  ].map((authority) =>
    asked(`:authority ${JSON.stringify(authority)}`, head('GET', '/a', { ':authority': authority })),
  ),
]

const bodies: readonly Downgrade[] = [
  asked('a request for content', head('POST', '/a'), SMUGGLED),
  asked('chunks for content', head('POST', '/a'), `0\r\n\r\n${SMUGGLED}`),
  asked('a GET with a request for content', head('GET', '/a'), SMUGGLED),
  asked('a HEAD with a request for content', head('HEAD', '/a'), SMUGGLED),
  asked(
    'a DELETE with a length and a request',
    [...head('DELETE', '/a'), ['content-length', String(SMUGGLED.length)]],
    SMUGGLED,
  ),
  {
    name: 'content in many pieces, some of them empty',
    content: 'abc',
    frames: (stream) =>
      Buffer.concat([
        headers(stream, block(head('POST', '/a'))),
        ...['a', '', 'b', '', '', 'c'].map((piece) => data(stream, piece)),
        data(stream, '', FLAG.endStream),
      ]),
  },
  {
    name: 'trailers that frame',
    content: 'abc',
    frames: (stream) =>
      Buffer.concat([
        headers(stream, block(head('POST', '/a'))),
        data(stream, 'abc'),
        headers(
          stream,
          block([
            ['content-length', '0'],
            ['transfer-encoding', 'chunked'],
            ['host', 'b.example'],
            ['x-smuggled', '1'],
          ]),
          FLAG.endHeaders | FLAG.endStream,
        ),
      ]),
  },
  {
    name: 'trailers with CR LF and a request',
    content: 'abc',
    frames: (stream) =>
      Buffer.concat([
        headers(stream, block(head('POST', '/a'))),
        data(stream, 'abc'),
        headers(stream, block([['x-a', `b\r\n\r\n${SMUGGLED}`]]), FLAG.endHeaders | FLAG.endStream),
      ]),
  },
  ...[0, 8].map(
    (code): Downgrade => ({
      name: `content that is broken off with error ${code}`,
      content: '',
      frames: (stream) =>
        Buffer.concat([headers(stream, block(head('POST', '/a'))), data(stream, SMUGGLED), rstStream(stream, code)]),
    }),
  ),
  {
    name: 'a length that is broken off',
    content: '',
    frames: (stream) =>
      Buffer.concat([
        headers(stream, block([...head('POST', '/a'), ['content-length', '100']])),
        data(stream, 'abc'),
        rstStream(stream, 8),
      ]),
  },
]

export const DOWNGRADES: readonly Downgrade[] = [
  ...injected,
  ...coded,
  ...spelled,
  ...measured,
  ...twice,
  ...connection,
  ...targets,
  ...bodies,
]
