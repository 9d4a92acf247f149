import { createServer } from 'node:http'
import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { checkHead, fieldsMax, type HeadFault, type RequestHead } from '../../src/wire/request-head.ts'

type Answer = RequestHead | HeadFault

function check(fields: readonly string[], parts: Partial<Parameters<typeof checkHead>[0]> = {}): Answer {
  return checkHead({ method: 'POST', httpVersion: '1.1', target: '/', rawHeaders: fields, ...parts })
}

const HOST = ['Host', 'a.example']
const NONE = { framing: { kind: 'none' }, host: 'a.example', expectContinue: false, upgrade: null }

describe('a request head', () => {
  const cases: [name: string, answer: Answer, expected: object][] = [
    ['without a body', check(HOST), NONE],
    ['with a length', check([...HOST, 'content-LENGTH', '12']), { ...NONE, framing: { kind: 'length', length: 12 } }],
    ['with no length', check([...HOST, 'Content-Length', '0']), { ...NONE, framing: { kind: 'length', length: 0 } }],
    [
      'with the largest length',
      check([...HOST, 'Content-Length', '9007199254740991']),
      { ...NONE, framing: { kind: 'length', length: Number.MAX_SAFE_INTEGER } },
    ],
    ['in chunks', check([...HOST, 'Transfer-Encoding', 'Chunked']), { ...NONE, framing: { kind: 'chunked' } }],
    ['of HTTP/1.0 without Host', check([], { httpVersion: '1.0' }), { ...NONE, host: null }],
    ['with a port', check(['Host', 'a.example:8080']), { ...NONE, host: 'a.example:8080' }],
    ['with an address', check(['Host', '[2001:db8::1]:80']), { ...NONE, host: '[2001:db8::1]:80' }],
    ['that expects', check([...HOST, 'Expect', '100-Continue']), { ...NONE, expectContinue: true }],
    [
      'of HTTP/1.0 that expects',
      check([...HOST, 'Expect', '100-continue'], { httpVersion: '1.0' }),
      { ...NONE, expectContinue: false },
    ],
    ['that upgrades', check([...HOST, 'Upgrade', 'websocket']), { ...NONE, upgrade: 'websocket' }],
    ['that upgrades twice', check([...HOST, 'Upgrade', 'a', 'upgrade', 'b']), { ...NONE, upgrade: 'a, b' }],
    ['with two codings', check([...HOST, 'Content-Encoding', 'gzip', 'Content-Encoding', 'br']), NONE],
    ['with a value in UTF-8', check([...HOST, 'X', Buffer.from('é\tÀ').toString('latin1')]), NONE],
    ['of CONNECT', check(HOST, { method: 'CONNECT', target: 'a.example:443' }), NONE],
    [
      'of CONNECT that says it has no body',
      check([...HOST, 'Content-Length', '0'], { method: 'CONNECT', target: 'a.example:443' }),
      NONE,
    ],
  ]

  it.each(cases)('%s', (_, answer, expected) => {
    expect(answer).toEqual(expected)
  })

  const connect = { method: 'CONNECT', target: 'a.example:443' }
  const refused: [name: string, answer: Answer][] = [
    ['of HTTP/0.9', check(HOST, { httpVersion: '0.9' })],
    ['of HTTP/1.2', check(HOST, { httpVersion: '1.2' })],
    ['of HTTP/2.0', check(HOST, { httpVersion: '2.0' })],
    ['with a method of RTSP', check(HOST, { method: 'DESCRIBE', httpVersion: '1.0' })],
    ['with a method that is no token', check(HOST, { method: 'GET /' })],
    ['with a space in the target', check(HOST, { target: '/ HTTP/1.1' })],
    ['with an empty target', check(HOST, { target: '' })],
    ['without Host', check([])],
    ['with two Hosts', check(['Host', 'a.example', 'Host', 'b.example'])],
    ['with the same Host twice', check(['Host', 'a.example', 'host', 'a.example'])],
    ['of HTTP/1.0 with two Hosts', check(['Host', 'a.example', 'host', 'a.example'], { httpVersion: '1.0' })],
    ['with an empty Host', check(['Host', ''])],
    ['with a user in Host', check(['Host', 'b.example@a.example'])],
    ['with a comma in Host', check(['Host', 'a.example, b.example'])],
    ['with a space in Host', check(['Host', 'a.example b.example'])],
    ['with a path in Host', check(['Host', 'a.example/b'])],
    ['with a backslash in Host', check(['Host', 'a.example\\b'])],
    ['with an odd address in Host', check(['Host', '0177.1'])],
    ['with two lengths', check([...HOST, 'Content-Length', '1', 'Content-Length', '2'])],
    ['with the same length twice', check([...HOST, 'Content-Length', '1', 'content-length', '1'])],
    ['with a list of lengths', check([...HOST, 'Content-Length', '1, 1'])],
    ['with an empty length', check([...HOST, 'Content-Length', ''])],
    ['with a signed length', check([...HOST, 'Content-Length', '+1'])],
    ['with a negative length', check([...HOST, 'Content-Length', '-1'])],
    ['with a hexadecimal length', check([...HOST, 'Content-Length', '0x1'])],
    ['with a length and a space', check([...HOST, 'Content-Length', '1 '])],
    ['with a fraction', check([...HOST, 'Content-Length', '1.0'])],
    ['with digits of another script', check([...HOST, 'Content-Length', '١'])],
    ['with a length of 2^53', check([...HOST, 'Content-Length', '9007199254740992'])],
    ['with a length of 17 digits', check([...HOST, 'Content-Length', '00000000000000001'])],
    ['with both framings', check([...HOST, 'Content-Length', '1', 'Transfer-Encoding', 'chunked'])],
    ['with another coding', check([...HOST, 'Transfer-Encoding', 'gzip'])],
    ['with two codings in one field', check([...HOST, 'Transfer-Encoding', 'gzip, chunked'])],
    ['with identity', check([...HOST, 'Transfer-Encoding', 'identity'])],
    ['with xchunked', check([...HOST, 'Transfer-Encoding', 'xchunked'])],
    ['with chunked and a space', check([...HOST, 'Transfer-Encoding', 'chunked '])],
    ['with chunked and a parameter', check([...HOST, 'Transfer-Encoding', 'chunked;a=b'])],
    ['with an empty coding', check([...HOST, 'Transfer-Encoding', ''])],
    ['with chunked twice', check([...HOST, 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'])],
    ['of HTTP/1.0 in chunks', check([...HOST, 'Transfer-Encoding', 'chunked'], { httpVersion: '1.0' })],
    ['of CONNECT with a length', check([...HOST, 'Content-Length', '1'], connect)],
    ['of CONNECT in chunks', check([...HOST, 'Transfer-Encoding', 'chunked'], connect)],
    ['with a space in a name', check([...HOST, 'Content-Length ', '1'])],
    ['with a tab in a name', check([...HOST, 'Transfer-Encoding\t', 'chunked'])],
    ['with an empty name', check([...HOST, '', 'x'])],
    ['with a pseudo-header', check([...HOST, ':authority', 'b.example'])],
    ['with a LF in a value', check([...HOST, 'X', 'a\nb'])],
    ['with a CR in a value', check([...HOST, 'X', 'a\rTransfer-Encoding: chunked'])],
    ['with a folded value', check([...HOST, 'X', 'a\r\n b'])],
    ['with a NUL in a value', check([...HOST, 'X', 'a\0'])],
    ['with another expectation', check([...HOST, 'Expect', '200-ok'])],
    ['with two expectations', check([...HOST, 'Expect', '100-continue', 'Expect', '100-continue'])],
  ]

  it.each(refused)('%s is refused', (_, answer) => {
    expect(answer).toEqual({ fault: expect.any(String) })
  })

  it(`may have ${fieldsMax} fields and not one more`, () => {
    expect(check(fieldsOf(fieldsMax))).toEqual(NONE)
    expect(check(fieldsOf(fieldsMax + 1))).toEqual({ fault: expect.stringContaining('fields') })
  })
})

function fieldsOf(count: number): string[] {
  return [...HOST, ...Array.from({ length: count - 1 }, () => ['X', 'y']).flat()]
}

/** What Node's own parser makes of raw bytes: the request it passes on, or null where it refuses them. */
async function throughNode(raw: string): Promise<Parameters<typeof checkHead>[0] | null> {
  const { promise, resolve } = Promise.withResolvers<Parameters<typeof checkHead>[0] | null>()
  const server = createServer({ requireHostHeader: false })
  server.on('clientError', () => resolve(null))
  for (const event of ['request', 'connect', 'upgrade', 'checkContinue', 'checkExpectation']) {
    server.on(event, (request: { method: string; httpVersion: string; rawHeaders: string[]; url: string }) => {
      const { method, httpVersion, rawHeaders, url } = request
      resolve({ method, httpVersion, rawHeaders, target: url })
    })
  }
  const wire = new Duplex({ read() {}, write: (_chunk, _encoding, next) => next() })
  server.emit('connection', wire)
  wire.push(Buffer.from(raw, 'latin1'))
  const head = await promise
  wire.destroy()
  return head
}

describe('what Node makes of raw bytes', () => {
  it('passes the guard where it is plain', async () => {
    const head = await throughNode('POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length:  3 \r\n\r\nabc')
    expect(head && checkHead(head)).toEqual({ ...NONE, framing: { kind: 'length', length: 3 } })
  })

  it.each([
    'GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: xchunked\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked, identity\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.0\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3, 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: +3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: a.example\r\nX: a\r\n b\r\nContent-Length: 3\r\n folded\r\n\r\nabc',
    'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nContent-Length: 3\r\n\r\nabc',
    'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a.example@b.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a.example\r\nExpect: 200-ok\r\n\r\n',
    'GET /\x80 HTTP/1.1\r\nHost: a.example\r\n\r\n',
  ])('is stopped by one of the two: %j', async (raw) => {
    const head = await throughNode(raw)
    expect(head === null || 'fault' in checkHead(head), JSON.stringify(head)).toBe(true)
  })
})
