/** Messages one behind another on a connection, and what follows a message that has no body. */
import { chunked, get, got, type Message, post, posted, type RequestCase, request, SMUGGLED, under } from './case.ts'

const line = under('RFC 9112 section 2.2')
const framing = under('RFC 9112 section 6.3')
const pipelining = under('RFC 9112 section 9.3.2')
const persistence = under('RFC 9112 section 9.3')
const closing = under('RFC 9112 section 9.6')
const expect = under('RFC 9110 section 10.1.1')
const upgrade = under('RFC 9110 section 7.8')
const connection = under('RFC 9110 section 7.6.1')
const connect = under('RFC 9110 section 9.3.6')

const END = '0\r\n\r\n'
const three = post(['Content-Length: 3'], 'abc')
const b = 'GET {url}/b HTTP/1.1\r\nHost: {host}\r\n\r\n'
const bad = 'GET {url}/bad HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n\r\n'
const unreadable = 'GET {url}/bad HTTP/9.x\r\n\r\n'
const many = (count: number): Message[] => Array.from({ length: count }, (_, at) => got(`/n${at}`))

export const MESSAGES: readonly RequestCase[] = [
  line.carried('before: CRLF', `\r\n${get()}`, [got()]),
  line.carried('before: four CRLF', `\r\n\r\n\r\n\r\n${get()}`, [got()]),
  line.carried('before: LF', `\n${get()}`, [got()]),
  line.carried('before: CR', `\r${get()}`, [got()]),
  line.forbidden('before: a space and CRLF', ` \r\n${get()}`),
  line.forbidden('before: NUL', `\x00${get()}`),
  line.forbidden('before: a comment', `# hello\r\n${get()}`),
  line.carried('between: CRLF', `${three}\r\n${b}`, [posted('abc'), got('/b')]),
  line.carried('between: three CRLF', `${three}\r\n\r\n\r\n${b}`, [posted('abc'), got('/b')]),
  line.carried('behind: CRLF', `${get()}\r\n`, [got()]),

  pipelining.carried('pipeline: two', `${get()}${b}`, [got(), got('/b')]),
  pipelining.carried(
    'pipeline: ten',
    many(10)
      .map(({ target }) => `GET {url}${target} HTTP/1.1\r\nHost: {host}\r\n\r\n`)
      .join(''),
    many(10),
  ),
  pipelining.carried('pipeline: length, then none', `${three}${b}`, [posted('abc'), got('/b')]),
  pipelining.carried('pipeline: chunks, then none', `${chunked(`3\r\nabc\r\n${END}`)}${b}`, [posted('abc'), got('/b')]),
  pipelining.carried('pipeline: length, chunks, length', `${three}${chunked(`2\r\nde\r\n${END}`)}${three}`, [
    posted('abc'),
    posted('de'),
    posted('abc'),
  ]),
  pipelining.carried('pipeline: HEAD, then GET', `${request('HEAD {url}/a HTTP/1.1')}${b}`, [
    got('/a', 'HEAD'),
    got('/b'),
  ]),
  pipelining.carried(
    'pipeline: cut in the second',
    [`${three}GET {url}/b HT`, 'TP/1.1\r\nHost: {host}\r\n\r\n'],
    [posted('abc'), got('/b')],
  ),
  pipelining.carried('pipeline: cut behind each', [three, b, three], [posted('abc'), got('/b'), posted('abc')]),
  pipelining.declined('pipeline: a bad one alone', bad),
  pipelining.carried('pipeline: a good one, later a bad one', [get(), bad], [got()], { marker: false }),
  pipelining.carried('pipeline: a good one, later an unreadable one', [get(), unreadable], [got()], { marker: false }),
  pipelining.carried('pipeline: a good one with a body, later a bad one', [three, bad], [posted('abc')], {
    marker: false,
  }),
  pipelining.forbidden('pipeline: a bad one, then a good one', `${bad}${b}`),
  pipelining.forbidden('pipeline: an unreadable one, then a good one', `${unreadable}${b}`),
  pipelining.forbidden('pipeline: a bad one, later a good one', [bad, b]),
  pipelining.forbidden(
    'pipeline: a bad one with a body, then a good one',
    `POST {url}/bad HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3, 3\r\n\r\nabc${b}`,
  ),
  pipelining.forbidden(
    'pipeline: a bad one in chunks, then a good one',
    `POST {url}/bad HTTP/1.1\r\nHost: {host}\r\nX : y\r\nTransfer-Encoding: chunked\r\n\r\n${END}${b}`,
  ),
  pipelining.forbidden(
    'pipeline: one for another host, then a good one',
    `GET {url}/bad HTTP/1.1\r\nHost: other.example\r\n\r\n${b}`,
  ),
  pipelining.forbidden(
    'pipeline: one that upgrades, then a good one',
    `${get(['Connection: Upgrade', 'Upgrade: websocket'])}${b}`,
  ),

  framing.carried('behind GET: a request', `${get()}${SMUGGLED.replace('smuggled', 'b')}`, [got(), got('/b')]),
  framing.carried('behind GET: nonsense', [get(), 'nonsense\r\n\r\n'], [got()], { marker: false }),
  framing.carried(
    'behind HEAD: nonsense',
    [request('HEAD {url}/a HTTP/1.1'), 'nonsense\r\n\r\n'],
    [got('/a', 'HEAD')],
    { marker: false },
  ),
  framing.carried('behind POST without length: nonsense', [post([]), 'abc\r\n\r\n'], [posted('')], { marker: false }),
  framing.carried(
    'behind DELETE in chunks: a request',
    `${request('DELETE {url}/a HTTP/1.1', ['Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`)}${b}`,
    [{ ...got('/a', 'DELETE'), body: 'abc' }, got('/b')],
  ),
  framing.carried(
    'behind OPTIONS in chunks: a request',
    `${request('OPTIONS {url}/a HTTP/1.1', ['Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`)}${b}`,
    [{ ...got('/a', 'OPTIONS'), body: 'abc' }, got('/b')],
  ),
  framing.carried(
    'behind HEAD with a body: a request',
    `${request('HEAD {url}/a HTTP/1.1', ['Content-Length: 3'], 'abc')}${b}`,
    [{ ...got('/a', 'HEAD'), body: 'abc' }, got('/b')],
  ),
  framing.carried('behind GET with a body: a request', `${get(['Content-Length: 3'], 'abc')}${b}`, [
    { ...got(), body: 'abc' },
    got('/b'),
  ]),
  framing.carried('behind chunks: nonsense', [chunked(`3\r\nabc\r\n${END}`), 'abc\r\n\r\n'], [posted('abc')], {
    marker: false,
  }),

  closing.carried('close: and nothing behind', get(['Connection: close']), [got()], { marker: false }),
  closing.carried('close: a request behind it, later', [get(['Connection: close']), b], [got()], { marker: false }),
  closing.carried('close: with a body', post(['Connection: close', 'Content-Length: 3'], 'abc'), 'abc', {
    marker: false,
  }),
  closing.carried('close: among other options', get(['Connection: x, close']), [got()], { marker: false }),
  closing.carried('close: in two fields', get(['Connection: x', 'Connection: close']), [got()], { marker: false }),
  persistence.carried('keep: said', get(['Connection: keep-alive']), [got()]),
  persistence.carried('keep: with Keep-Alive', get(['Connection: keep-alive', 'Keep-Alive: timeout=5, max=1000']), [
    got(),
  ]),
  persistence.carried('keep: HTTP/1.0 says so', request('GET {url}/a HTTP/1.0', ['Connection: keep-alive']), [got()]),
  persistence.carried('keep: HTTP/1.0 does not', request('GET {url}/a HTTP/1.0'), [got()], { marker: false }),
  persistence.carried('keep: HTTP/1.0, a request behind it, later', [request('GET {url}/a HTTP/1.0'), b], [got()], {
    marker: false,
  }),
  persistence.carried('keep: Proxy-Connection says nothing', get(['Proxy-Connection: keep-alive']), [got()]),

  expect.carried(
    'expect: 100-continue with the body at once',
    post(['Expect: 100-continue', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  expect.carried(
    'expect: 100-continue, the body later',
    [post(['Expect: 100-continue', 'Content-Length: 3']), 'abc'],
    'abc',
  ),
  expect.carried(
    'expect: 100-continue in chunks',
    post(['Expect: 100-continue', 'Transfer-Encoding: chunked'], `3\r\nabc\r\n${END}`),
    'abc',
  ),
  expect.carried('expect: 100-Continue', post(['Expect: 100-Continue', 'Content-Length: 3'], 'abc'), 'abc'),
  expect.carried('expect: 100-continue without a body', get(['Expect: 100-continue']), [got()]),
  expect.carried(
    'expect: 100-continue of HTTP/1.0',
    request('POST {url}/a HTTP/1.0', ['Expect: 100-continue', 'Content-Length: 3'], 'abc'),
    'abc',
    { marker: false },
  ),
  expect.carried(
    'expect: 100-continue and no body, but a request',
    [post(['Expect: 100-continue', 'Content-Length: 3']), 'GET'],
    [{ ...posted('GET') }],
  ),
  expect.forbidden('expect: something else', post(['Expect: 200-ok', 'Content-Length: 3'], 'abc')),
  expect.forbidden(
    'expect: 100-continue twice',
    post(['Expect: 100-continue', 'Expect: 100-continue', 'Content-Length: 3'], 'abc'),
  ),
  expect.forbidden('expect: a list', post(['Expect: 100-continue, 100-continue', 'Content-Length: 3'], 'abc')),
  expect.forbidden('expect: with a parameter', post(['Expect: 100-continue;x=y', 'Content-Length: 3'], 'abc')),
  expect.forbidden('expect: with a word behind it', post(['Expect: 100-continue x', 'Content-Length: 3'], 'abc')),
  expect.forbidden('expect: empty', post(['Expect:', 'Content-Length: 3'], 'abc')),

  upgrade.declined(
    'upgrade: websocket',
    get(['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'], SMUGGLED),
  ),
  upgrade.declined('upgrade: websocket, not nominated', get(['Upgrade: websocket'], SMUGGLED)),
  upgrade.declined(
    'upgrade: websocket with a body',
    post(['Connection: Upgrade', 'Upgrade: websocket', 'Content-Length: 3'], `abc${SMUGGLED}`),
  ),
  upgrade.declined('upgrade: TLS', get(['Connection: Upgrade', 'Upgrade: TLS/1.0'], SMUGGLED)),
  upgrade.declined('upgrade: h2c and websocket', get(['Connection: Upgrade', 'Upgrade: h2c, websocket'], SMUGGLED)),
  upgrade.carried(
    'upgrade: h2c, which is not answered',
    get(['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__']),
    [got()],
    { marker: false },
  ),
  upgrade.carried(
    'upgrade: h2c with a body',
    post(
      ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', 'Content-Length: 3'],
      'abc',
    ),
    'abc',
    { marker: false },
  ),
  upgrade.carried(
    'upgrade: h2c, and a request behind it',
    `${get(['Connection: Upgrade', 'Upgrade: h2c'])}${b}`,
    [got()],
    { marker: false },
  ),
  upgrade.carried(
    'upgrade: h2c, and a request behind it, later',
    [get(['Connection: Upgrade', 'Upgrade: h2c']), b],
    [got()],
    { marker: false },
  ),

  connection.carried(
    'connection: nominates Content-Length',
    post(['Connection: Content-Length', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  connection.carried(
    'connection: nominates Content-Length in two fields',
    post(['Connection: x', 'Connection: content-length', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  connection.carried(
    'connection: nominates Transfer-Encoding',
    chunked(`3\r\nabc\r\n${END}`, ['Connection: Transfer-Encoding']),
    'abc',
  ),
  connection.carried(
    'connection: nominates Content-Encoding',
    post(['Connection: Content-Encoding', 'Content-Encoding: identity', 'Content-Length: 3'], 'abc'),
    'abc',
  ),
  connection.carried('connection: nominates itself', get(['Connection: Connection']), [got()]),
  connection.carried('connection: nominates what is not there', get(['Connection: Nothing']), [got()]),
  connection.carried('connection: empty', get(['Connection:']), [got()]),
  connection.carried('connection: commas alone', get(['Connection: ,, ,']), [got()]),

  connect.declined(
    'connect: request behind it at once',
    `CONNECT other.example:80 HTTP/1.1\r\nHost: other.example:80\r\n\r\n${SMUGGLED}`,
  ),
  connect.carried(
    'connect: behind a good request',
    `${get()}CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n`,
    [got()],
    {
      marker: false,
    },
  ),
  connect.forbidden('connect: behind a bad request', `${bad}CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n`),
]
