/** What stands in heads: fields, targets, authorities, credentials. A URL parser of another hand is asked what they mean. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { authorityOf, nameOf, parseAuthority } from '../../../src/net/destination.ts'
import { forwardedFields, forwardedResponseFields } from '../../../src/wire/fields.ts'
import {
  AUTHORIZATION_BYTES_MAX,
  parseProxyAuthorization,
  PASSWORD_BYTES_MAX,
  USER_BYTES_MAX,
} from '../../../src/wire/proxy-authorization.ts'
import { readHttp2Head, writeHttp2Head } from '../../../src/wire/http2-head.ts'
import { checkHead, fieldsMax } from '../../../src/wire/request-head.ts'
import { parseTarget, targetCharactersMax } from '../../../src/wire/request-target.ts'
import { readResponseHead } from '../../../src/wire/response-head.ts'
import { mutatedText } from '../corpus.ts'
import { checkSentence } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const fieldName = fc.oneof(
  fc.constantFrom('Host', 'content-length', 'Transfer-Encoding', 'Expect', 'Upgrade', 'Connection', 'X', 'TE', 'Via'),
  fc.constantFrom('Content-Length ', 'Transfer_Encoding', 'Proxy-Connection', '__proto__', 'Trailer', ''),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const fieldValue = fc.oneof(
  fc.constantFrom('1', '01', '+1', '1, 1', '1e3', 'chunked', 'Chunked', 'gzip, chunked', 'a.example', 'a.example:80'),
  fc.constantFrom('100-continue', 'close', 'host, x', 'content-length', 'transfer-encoding', '', ' 1', '9'.repeat(17)),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const someFields = fc
  .tuple(fc.array(fc.tuple(fieldName, fieldValue), { maxLength: 7 }), fc.constantFrom(1, 1, 1, 1, 300))
  .map(([pairs, times]) => (times === 1 ? pairs : Array.from({ length: times }, () => pairs.slice(0, 1)).flat()))

const requestHead = defineTarget({
  name: 'request-head',
  parsers: ['wire/request-head.ts#checkHead'],
  inputs: fc.record({
    fields: someFields,
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'CONNECT', 'SETUP', 'get', ''), fc.string({ maxLength: 4 })),
    httpVersion: fc.constantFrom('1.0', '1.1', '1.1', '2', '2.0', '0.9', ''),
    target: fc.oneof(fc.constantFrom('/', '*', 'a:1'), fc.string({ maxLength: 5 })),
  }),
  shortRuns: 1_500,
  check({ fields, ...line }) {
    const head = checkHead({ ...line, rawHeaders: fields.flat() })
    if ('fault' in head) return
    const count = (wanted: string): number => fields.filter(([field]) => field.toLowerCase() === wanted).length
    const [lengths, codings] = [count('content-length'), count('transfer-encoding')]
    // One reading, or none: what passes has one way to tell where its body ends, and at most one Host.
    if (line.method !== 'CONNECT') assert.equal(lengths + codings, head.framing.kind === 'none' ? 0 : 1)
    assert(line.method !== 'CONNECT' || head.framing.kind === 'none', 'CONNECT with a body')
    assert.equal(count('host'), head.host === null ? 0 : 1)
    assert(fields.length <= fieldsMax)
    assert(fields.every(([name, value]) => !/[\s:\0]/.test(name) && !/[\r\n\0]/.test(value)))
    if (head.framing.kind === 'length') assert(Number.isSafeInteger(head.framing.length))
  },
})

const pseudoField = fc.tuple(
  fc.constantFrom(':method', ':scheme', ':authority', ':path', ':status', ':protocol'),
  fc.constantFrom(
    'GET',
    'CONNECT',
    'https',
    'http',
    'a.example',
    'b.example',
    '/',
    '/a b',
    '*',
    'x',
    '',
    'https://b.example/',
  ),
)
const http2Head = defineTarget({
  name: 'http2-head',
  parsers: ['wire/http2-head.ts#readHttp2Head'],
  inputs: fc.tuple(
    fc.array(pseudoField, { maxLength: 5 }),
    fc.array(
      fc.tuple(
        fieldName.map((name) => name.toLowerCase()),
        fieldValue,
      ),
      { maxLength: 4 },
    ),
    fc.boolean(),
    fc.boolean(),
  ),
  shortRuns: 1_500,
  check([odd, fields, isWhole, ends]) {
    const sound = [':method', 'GET', ':scheme', 'https', ':authority', 'a.example', ':path', '/']
    const head = readHttp2Head([...(isWhole ? sound : odd.flat()), ...fields.flat()], ends)
    if ('fault' in head) {
      checkSentence(head.fault)
      return
    }
    const { rawHeaders, method, target } = head
    assert.equal(countOf(rawHeaders, 'host'), 1)
    assert(countOf(rawHeaders, 'cookie') <= 1 && countOf(rawHeaders, 'transfer-encoding') <= 1)
    assert(method !== 'CONNECT' && /^[/*]/.test(target))
    if (ends || 'fault' in checkHead({ method, target, rawHeaders, httpVersion: '2' })) return
    // What goes on, and comes to another reader, is what was judged.
    const again = readHttp2Head(writeHttp2Head(method, target, 'b.example', forwardedFields(rawHeaders)), ends)
    assert(!('fault' in again))
    assert.deepEqual([again.method, again.target], [method, target])
    assert.deepEqual(
      forwardedFields(again.rawHeaders).toSorted(),
      forwardedFields(rawHeaders).toSorted(),
      'other fields when written again',
    )
  },
})

const HOP = ['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'proxy-connection']
const responseHead = defineTarget({
  name: 'response-head',
  parsers: ['wire/response-head.ts#readResponseHead', 'wire/fields.ts#forwardedFields'],
  inputs: fc.record({
    fields: someFields,
    status: fc.constantFrom(200, 204, 206, 304, 404, 599),
    reason: fc.string({ unit: 'binary', maxLength: 8 }),
  }),
  shortRuns: 1_500,
  check({ fields, status, reason }) {
    const raw = fields.flat()
    for (const forward of [forwardedFields, forwardedResponseFields]) {
      const kept = forward(raw)
      assert.deepEqual(forward(kept), kept, 'another result the second time')
      assert(kept.every((text, at) => at % 2 === 1 || !HOP.includes(text.toLowerCase())))
      for (const name of ['host', 'content-length']) assert.equal(countOf(kept, name), countOf(raw, name))
    }
    const head = readResponseHead(status, reason, raw)
    if ('fault' in head) {
      checkSentence(head.fault)
      return
    }
    assert(/^[\t\x20-\x7e]*$/.test(head.reason))
    assert.equal(countOf(head.fields, 'transfer-encoding'), 0)
    if (status === 204) assert.equal(countOf(head.fields, 'content-length'), 0)
  },
})

function countOf(flat: readonly string[], name: string): number {
  return flat.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name).length
}

const AUTHORITIES = [
  'git.example:443',
  '192.0.2.1:80',
  '[2001:db8::1]:8443',
  'a.b-c.example',
  'xn--bcher-kva.example:1',
]
const TARGETS = ['http://git.example/a?b=c', 'http://u@git.example:80/', 'https://x/', '/a/b', '*', 'HTTP://[::1]:1?x']
const part = fc.constantFrom('http://', '/', '//', '@', ':', '443', 'git.example', '*', '?', '#', '\\', '[', ']', '%41')

const requestTarget = defineTarget({
  name: 'request-target',
  parsers: ['wire/request-target.ts#parseTarget'],
  inputs: fc.tuple(
    fc.oneof(
      mutatedText([...TARGETS, ...AUTHORITIES]),
      fc
        .array(fc.oneof({ weight: 6, arbitrary: part }, fc.string({ maxLength: 3 })), { maxLength: 8 })
        .map((parts) => parts.join('')),
    ),
    fc.constantFrom('GET', 'GET', 'CONNECT', 'OPTIONS'),
  ),
  shortRuns: 1_000,
  check([target, method]) {
    const parsed = parseTarget(method, target)
    if (parsed.form === 'bad') {
      checkSentence(parsed.fault)
      return
    }
    assert(target.length <= targetCharactersMax)
    assert.equal(parsed.form === 'authority', method === 'CONNECT')
    if ('path' in parsed) assert(/^(?:\/[!-~]*|\*)$/.test(parsed.path))
    if (parsed.form !== 'absolute') return
    const url = new URL(target)
    assert.equal(url.hostname.replace(/\.$/, ''), nameOf(parsed.destination), 'another host to another reader')
    assert.equal(Number(url.port || '80'), parsed.destination.port)
    assert.equal(url.username + url.password, '')
  },
})

const authority = defineTarget({
  name: 'authority',
  parsers: ['net/destination.ts#parseAuthority'],
  inputs: fc.tuple(mutatedText(AUTHORITIES), fc.constantFrom(null, 80, 443)),
  shortRuns: 1_000,
  check([text, port]) {
    const parsed = parseAuthority(text, port)
    if (parsed === null) return
    assert.deepEqual(parseAuthority(authorityOf(parsed), null), parsed, 'another destination when written again')
    // A URL leaves out the scheme's own port: under one with no port of its own, all are told.
    const url = new URL(`http://${text}/`)
    assert.equal(url.hostname.replace(/\.$/, ''), nameOf(parsed), 'another host to another reader')
    assert.equal(Number(url.port || (text.endsWith(':80') ? '80' : (port ?? -1))), parsed.port)
  },
})

const encodeBasic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
const credentials = fc.tuple(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
  fc.string({ unit: 'grapheme', maxLength: 9 }),
)

const proxyAuthorization = defineTarget({
  name: 'proxy-authorization',
  parsers: ['wire/proxy-authorization.ts#parseProxyAuthorization'],
  inputs: fc.tuple(
    fc.oneof(
      mutatedText([encodeBasic('ada:secret'), encodeBasic('grace:'), encodeBasic('ä:ö:ü'), 'Bearer x']),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => `basic ${Buffer.from(bytes).toString('base64')}`),
    ),
    credentials,
  ),
  shortRuns: 1_000,
  check([value, [user, password]]) {
    const parsed = parseProxyAuthorization(value)
    if (parsed.state === 'bad') {
      checkSentence(parsed.fault)
      return
    }
    assert(value.length <= AUTHORIZATION_BYTES_MAX)
    const { user: name, password: secret } = parsed.value
    assert(name !== '' && Buffer.byteLength(name) <= USER_BYTES_MAX && Buffer.byteLength(secret) <= PASSWORD_BYTES_MAX)
    assert(!/[:\p{Cc}]/u.test(name) && !/\p{Cc}/u.test(secret))
    const again = parseProxyAuthorization(encodeBasic(`${name}:${secret}`))
    assert(again.state === 'done')
    assert.deepEqual(again.value, parsed.value)
    if (/[:\p{Cc}]/u.test(user) || /\p{Cc}/u.test(password)) return
    const made = parseProxyAuthorization(encodeBasic(`${user}:${password}`))
    assert(made.state === 'done', 'good credentials that are not read')
    assert.deepEqual(made.value, { user, password })
  },
})

export const HTTP_TARGETS: readonly FuzzTarget[] = [
  requestHead,
  http2Head,
  responseHead,
  requestTarget,
  authority,
  proxyAuthorization,
]
