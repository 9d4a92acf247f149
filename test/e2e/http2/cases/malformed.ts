/** Cases of requests that are malformed by their fields (RFC 9113 sections 8.1.1 to 8.3.1, 8.5). */
import { expect } from 'vitest'
import { type Case, MALFORMED, type Outcome, SERVED } from '../case.ts'
import { FLAG, headers } from '../frames.ts'
import { block } from '../hpack-encode.ts'
import type { Field } from '../hpack-static.ts'
import { fieldOf, type Talk } from '../talk.ts'

const END = FLAG.endStream | FLAG.endHeaders

/** Makes the fields of a request from those of a good one. */
type Remake = (good: readonly Field[], authority: string) => readonly Field[]
type Row = readonly [name: string, clause: string, remake: Remake, more?: Partial<Case>]

/** Fields behind those of a good request. */
function plus(...fields: readonly Field[]): Remake {
  return (good) => [...good, ...fields]
}

/** Fields before those of a good request. */
function before(...fields: readonly Field[]): Remake {
  return (good) => [...fields, ...good]
}

function without(name: string): Remake {
  return (good) => good.filter(([each]) => each !== name)
}

function having(name: string, value: string): Remake {
  return (good) => good.map((field): Field => (field[0] === name ? [name, value] : field))
}

function differs(outcome: Outcome, note: string): Partial<Case> {
  return { nodeDiffers: { outcome, note } }
}

const LEFT_OUT: Partial<Case> = {
  nodeDiffers: { outcome: 'status 200', note: 'it leaves the field out, and passes on the rest', hidden: true },
}
const PASSED = differs('status 200', 'it passes the request on to its application')
const UNSAID: Partial<Case> = {
  right: [...MALFORMED, ...SERVED],
  choice: 'RFC 9110 forbids it, and section 8.2.1 does not ask to look for it',
}

const NAMES: readonly Row[] = [
  ['an upper-case field name', '8.2', plus(['X-Upper', '1'])],
  ['a field name with one upper-case letter at its end', '8.2', plus(['x-uppeR', '1'])],
  ['an empty field name', '8.2.1', plus(['', '1']), LEFT_OUT],
  ['a field name with a space', '8.2.1', plus(['x a', '1']), LEFT_OUT],
  ['a field name that ends in a space', '8.2.1', plus(['host ', 'elsewhere.example']), LEFT_OUT],
  ['a field name with a tab', '8.2.1', plus(['x\ta', '1']), LEFT_OUT],
  ['a field name with NUL', '8.2.1', plus(['x\0a', '1']), LEFT_OUT],
  ['a field name with CR LF', '8.2.1', plus(['x: 1\r\ny', '1']), LEFT_OUT],
  ['a field name with DEL', '8.2.1', plus(['x\x7f', '1']), LEFT_OUT],
  ['a field name with an octet above 0x7f', '8.2.1', plus(['x\xe9', '1']), LEFT_OUT],
  ['a field name with a colon', '8.2.1', plus(['x:a', '1']), LEFT_OUT],
  ['a field name that ends in a colon', '8.2.1', plus(['x:', '1']), LEFT_OUT],
  ['a field name in brackets', '8.2.1', plus(['x(a)', '1']), UNSAID],
]

const VALUES: readonly Row[] = [
  ['a field value with CR', '8.2.1', plus(['x-a', 'b\rc']), LEFT_OUT],
  ['a field value with LF', '8.2.1', plus(['x-a', 'b\nc']), LEFT_OUT],
  ['a field value with CR LF and a field', '8.2.1', plus(['x-a', 'b\r\nx-b: c']), LEFT_OUT],
  ['a field value with NUL', '8.2.1', plus(['x-a', 'b\0c']), LEFT_OUT],
  ['a field value that is NUL', '8.2.1', plus(['x-a', '\0']), LEFT_OUT],
  ['a field value that begins with a space', '8.2.1', plus(['x-a', ' b']), LEFT_OUT],
  ['a field value that ends in a space', '8.2.1', plus(['x-a', 'b ']), LEFT_OUT],
  ['a field value that begins with a tab', '8.2.1', plus(['x-a', '\tb']), LEFT_OUT],
  ['a field value that ends in a tab', '8.2.1', plus(['x-a', 'b\t']), LEFT_OUT],
  ['a field value of a space', '8.2.1', plus(['x-a', ' ']), LEFT_OUT],
  ['a field value with a control character', '8.2.1', plus(['x-a', 'b\x01c']), UNSAID],
  ['a field value with DEL', '8.2.1', plus(['x-a', 'b\x7fc']), UNSAID],
  ['a field value with CR LF in :path', '8.2.1', having(':path', '/ HTTP/1.1\r\nx-a: b')],
  ['a field value with CR LF in :authority', '8.2.1', having(':authority', 'a\r\nx-a: b')],
  ['a field value with CR LF in :method', '8.2.1', having(':method', 'GET / HTTP/1.1\r\nx-a: b')],
  ['a field value with CR LF in :scheme', '8.2.1', having(':scheme', 'https\r\nx-a: b')],
]

const PSEUDO: readonly Row[] = [
  ['no :method', '8.3.1', without(':method')],
  ['no :scheme', '8.3.1', without(':scheme')],
  ['no :path', '8.3.1', without(':path')],
  ['no field at all', '8.3.1', () => []],
  [
    'no :authority, and no host',
    '8.3.1',
    without(':authority'),
    {
      right: [...MALFORMED, ...SERVED],
      choice: 'an https URI has an authority (RFC 9110 section 4.2.2); section 8.3.1 does not call its lack malformed',
    },
  ],
  ['an empty :path', '8.3.1', having(':path', '')],
  ['an empty :method', '8.3.1', having(':method', '')],
  ['an empty :scheme', '8.3.1', having(':scheme', '')],
  [
    'an empty :authority',
    '8.3.1',
    having(':authority', ''),
    {
      right: [...MALFORMED, ...SERVED],
      choice: 'as for no :authority',
    },
  ],
  ['two :method that are equal', '8.3', before([':method', 'GET'])],
  ['two :path that differ', '8.3', before([':path', '/elsewhere'])],
  ['two :scheme', '8.3', before([':scheme', 'https'])],
  ['two :authority that differ', '8.3', before([':authority', 'elsewhere.example'])],
  ['an unknown pseudo-header field', '8.3', before([':unknown', '1'])],
  ['a pseudo-header field without a name', '8.3', before([':', '1'])],
  ['an upper-case pseudo-header field', '8.2', before([':Path', '/'])],
  [':status in a request', '8.3', before([':status', '200'])],
  ['a pseudo-header field after a regular one', '8.3', (good) => [...good.slice(0, 3), ['x-a', 'b'], ...good.slice(3)]],
  ['a second :path after the regular fields', '8.3', plus(['x-a', 'b'], [':path', '/'])],
  [':protocol without CONNECT', '8.3', before([':protocol', 'websocket'])],
  ['a :path without a slash', '8.3.1', having(':path', 'index.html')],
  ['a :path that is a whole URL', '8.3.1', having(':path', 'https://elsewhere.example/')],
  ['a :path of * with GET', '8.3.1', having(':path', '*')],
  ['a :path with a space', '8.3.1', having(':path', '/a b')],
  ['a :path with a fragment', '8.3.1', having(':path', '/a#b'), PASSED],
  ['a :method with a space', '8.3.1', having(':method', 'GET /'), {}],
  ['a :scheme with a space', '8.3.1', having(':scheme', 'ht tps'), {}],
  [
    'an :authority with userinfo',
    '8.3.1',
    (good, authority) => having(':authority', `user@${authority}`)(good, authority),
  ],
  ['an :authority with a path', '8.3.1', (good, authority) => having(':authority', `${authority}/a`)(good, authority)],
  ['an :authority with a space', '8.3.1', (good, authority) => having(':authority', `${authority} a`)(good, authority)],
  ['a host that differs from :authority', '8.3.1', plus(['host', 'elsewhere.example']), PASSED],
  [
    'two host fields that differ',
    '8.3.1',
    (good, authority) => [...good, ['host', authority], ['host', 'elsewhere.example']],
  ],
]

const CONNECTION: readonly Row[] = [
  ['connection: close', '8.2.2', plus(['connection', 'close'])],
  ['connection: keep-alive', '8.2.2', plus(['connection', 'keep-alive'])],
  ['an empty connection', '8.2.2', plus(['connection', ''])],
  ['proxy-connection', '8.2.2', plus(['proxy-connection', 'keep-alive'])],
  ['keep-alive', '8.2.2', plus(['keep-alive', 'timeout=5'])],
  ['transfer-encoding: chunked', '8.2.2', plus(['transfer-encoding', 'chunked'])],
  ['transfer-encoding: identity', '8.2.2', plus(['transfer-encoding', 'identity'])],
  ['upgrade', '8.2.2', plus(['upgrade', 'websocket'])],
  ['te: gzip', '8.2.2', plus(['te', 'gzip'])],
  ['te: trailers, gzip', '8.2.2', plus(['te', 'trailers, gzip'])],
  ['an empty te', '8.2.2', plus(['te', ''])],
]

const CONNECT: readonly Row[] = [
  ['CONNECT with :scheme and :path', '8.5', having(':method', 'CONNECT')],
  ['CONNECT with :path', '8.5', (good) => without(':scheme')(having(':method', 'CONNECT')(good, ''), '')],
  ['CONNECT without :authority', '8.5', () => [[':method', 'CONNECT']]],
  [
    'CONNECT with an empty :authority',
    '8.5',
    () => [
      [':method', 'CONNECT'],
      [':authority', ''],
    ],
  ],
  [
    'CONNECT with :protocol, which the server does not offer',
    '8.3',
    (good) => [[':protocol', 'websocket'], ...having(':method', 'CONNECT')(good, '')],
  ],
]

export const MALFORMED_CASES: readonly Case[] = [...NAMES, ...VALUES, ...PSEUDO, ...CONNECTION, ...CONNECT].map(
  ([name, clause, remake, more]): Case => ({
    name,
    clause,
    right: MALFORMED,
    stream: 1,
    act: async (talk) => {
      talk.send(headers(1, block(remake(talk.head(), talk.authority)), END))
      if (more === LEFT_OUT) await expectLeftOut(talk)
    },
    ...more,
  }),
)

/** Where the request is served at all, the origin sees nothing of the field. */
async function expectLeftOut(talk: Talk): Promise<void> {
  const { client } = talk
  const bad = client.stream(1)
  await client.until(() => bad.ended || bad.reset !== null || client.ended, 'an outcome')
  if (!bad.ended || fieldOf(bad.sections[0] ?? [], ':status') !== '200') return
  talk.send(talk.get(3))
  expect((await talk.echo(1)).fields).toEqual((await talk.echo(3)).fields)
}
