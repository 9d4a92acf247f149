import { describe, expect, it } from 'vitest'
import { certificateHeaderBytesMax, signatureBytesMax } from '../../src/wire/push-certificate.ts'
import { createPushRequestReader, parsePushRequest, pushUpdatesMax } from '../../src/wire/push-request.ts'
import { feedPrefixes, feedReader } from './feed.ts'
import { A, B, command, packets, ZERO } from './push.ts'

const REF = 'refs/heads/main'
const SIGNATURE = ['-----BEGIN PGP SIGNATURE-----\n', '\n', 'iQEz\n', '=abcd\n', '-----END PGP SIGNATURE-----\n']
const HEADERS = [
  'pusher Ada <ada@acme.example> 1767323045 +0000\n',
  'pushee https://github.com/acme/app.git\n',
  'nonce 1767323045-0a1b\n',
]

interface Signed {
  readonly first?: string
  readonly version?: string
  readonly headers?: readonly string[]
  readonly blank?: string
  readonly commands?: readonly (string | Uint8Array)[]
  readonly signature?: readonly string[]
  readonly end?: string
  readonly behind?: readonly (string | null)[]
}

function signed(parts: Signed): Uint8Array {
  return packets(
    parts.first ?? 'push-cert\0report-status\n',
    parts.version ?? 'certificate version 0.1\n',
    ...(parts.headers ?? HEADERS),
    parts.blank ?? '\n',
    ...(parts.commands ?? [`${command(ZERO, A, REF)}\n`]),
    ...(parts.signature ?? SIGNATURE),
    parts.end ?? 'push-cert-end\n',
    ...(parts.behind ?? [null]),
  )
}

function feed(bytes: Uint8Array): ReturnType<typeof parsePushRequest> {
  const whole = feedReader(() => {
    const reader = createPushRequestReader()
    return (chunk) => reader.push(chunk)
  }, bytes)
  expect(feedPrefixes(parsePushRequest, bytes)).toEqual(whole)
  return whole
}

const create = { kind: 'create', ref: REF, oldId: ZERO, newId: A }

describe('a signed push', () => {
  it('asks for what its certificate says', () => {
    const bytes = signed({ commands: [`${command(ZERO, A, REF)}\n`, `${command(A, B, 'refs/tags/v1')}\n`] })
    const updates = [create, { kind: 'update', ref: 'refs/tags/v1', oldId: A, newId: B }]
    const value = { kind: 'push', updates, capabilities: ['report-status'], shallow: [], options: [], hasPack: true }
    expect(feed(bytes)).toEqual({ state: 'done', value, size: bytes.length })
  })

  it('says its options twice', () => {
    const headers = [...HEADERS, 'push-option ci.skip\n', 'push-option topic=é\n']
    const bytes = signed({ first: 'push-cert\0push-options\n', headers, behind: [null, 'ci.skip', 'topic=é', null] })
    expect(feed(bytes)).toMatchObject({ state: 'done', value: { options: ['ci.skip', 'topic=é'] }, size: bytes.length })
  })

  it('may only delete', () => {
    const answer = feed(signed({ commands: [`${command(A, ZERO, REF)}\n`] }))
    expect(answer).toMatchObject({ state: 'done', value: { updates: [{ kind: 'delete' }], hasPack: false } })
  })

  it('may come from a shallow clone', () => {
    const answer = feed(Buffer.concat([packets(`shallow ${B}`), signed({})]))
    expect(answer).toMatchObject({ state: 'done', value: { shallow: [B], updates: [create] } })
  })

  it.each(['PGP MESSAGE', 'SIGNED MESSAGE', 'SSH SIGNATURE'])('may be signed by %s', (kind) => {
    const signature = [`-----BEGIN ${kind}-----\n`, 'U1NIU0lH\n', `-----END ${kind}-----\n`]
    expect(feed(signed({ signature }))).toMatchObject({ state: 'done' })
  })

  it.each([
    ['pusher alone', HEADERS.slice(0, 1)],
    ['no pushee', [HEADERS[0], HEADERS[2]].map(String)],
  ])('may have a short header: %s', (_, headers) => {
    expect(feed(signed({ headers }))).toMatchObject({ state: 'done' })
  })

  const id64 = 'a'.repeat(64)
  const refused: [name: string, bytes: Uint8Array][] = [
    ['a command before it', Buffer.concat([packets(command(ZERO, B, 'refs/x/y', 'atomic')), signed({})])],
    ['a command behind it', signed({ behind: [command(ZERO, B, 'refs/x/y'), null] })],
    ['a shallow line behind it', signed({ behind: [`shallow ${A}`, null] })],
    ['a second one', signed({ behind: ['push-cert\0atomic', 'certificate version 0.1\n'] })],
    ['no capabilities', signed({ first: 'push-cert\n' })],
    ['capabilities behind a second NUL', signed({ first: 'push-cert\0atomic\0push-options\n' })],
    ['another version', signed({ version: 'certificate version 0.2\n' })],
    ['no header', signed({ headers: [] })],
    ['an unknown header', signed({ headers: [...HEADERS, 'gift payload\n'] })],
    [
      'an unknown header before it begins anew',
      signed({ headers: [HEADERS[0], 'gift payload\n', HEADERS[0]].map(String) }),
    ],
    ['a control character in a header', signed({ headers: ['pusher Ada\x1b <a@b> 1 +0000\n', ...HEADERS.slice(1)] })],
    [
      'a control character in a signature',
      signed({ signature: [...SIGNATURE.slice(0, 2), 'i\x00\n', ...SIGNATURE.slice(2)] }),
    ],
    [
      'half of an opening line in a signature',
      signed({ signature: [...SIGNATURE.slice(0, 2), '-----BEGIN\n', ...SIGNATURE.slice(2)] }),
    ],
    ['no pusher', signed({ headers: HEADERS.slice(1) })],
    ['a header twice', signed({ headers: [...HEADERS, 'nonce 2\n'] })],
    ['headers out of order', signed({ headers: [HEADERS[0], HEADERS[2], HEADERS[1]].map(String) })],
    ['a header behind an option', signed({ headers: [String(HEADERS[0]), 'push-option a\n', 'nonce 2\n'] })],
    ['no command', signed({ commands: [] })],
    ['a malformed command', signed({ commands: ['give me all\n'] })],
    ['a ref twice', signed({ commands: [`${command(ZERO, A, REF)}\n`, `${command(ZERO, B, REF)}\n`] })],
    ['an id of SHA-256 unannounced', signed({ commands: [`${command('0'.repeat(64), id64, REF)}\n`] })],
    ['capabilities inside', signed({ commands: [`${command(ZERO, A, REF, 'push-options')}\n`] })],
    ['two lines in a packet', signed({ commands: [`${command(ZERO, A, REF)}\n${command(ZERO, A, 'refs/x/y')}\n`] })],
    ['half a line in a packet', signed({ commands: [command(ZERO, A, REF), '-1\n'] })],
    ['a line with a NUL', signed({ commands: [`${command(ZERO, A, REF)}\0x\n`] })],
    ['a line with a CR', signed({ commands: [`${command(ZERO, A, REF)}\r\n`] })],
    ['a line that is not UTF-8', signed({ commands: [Buffer.from(`${command(ZERO, A, REF)}\xff\n`, 'latin1')] })],
    ['an empty packet', signed({ commands: [`${command(ZERO, A, REF)}\n`, ''] })],
    ['an unknown signature', signed({ signature: ['-----BEGIN GIFT-----\n', '-----END GIFT-----\n'] })],
    ['no signature', signed({ signature: [] })],
    ['a signature without an end', signed({ signature: SIGNATURE.slice(0, -1) })],
    ['an end of another kind', signed({ signature: [...SIGNATURE.slice(0, -1), '-----END SSH SIGNATURE-----\n'] })],
    ['two signatures', signed({ signature: [...SIGNATURE, ...SIGNATURE] })],
    ['a signature in a signature', signed({ signature: [...SIGNATURE.slice(0, 2), ...SIGNATURE] })],
    ['a command in the place of its end', signed({ end: `${command(ZERO, B, 'refs/x/y')}\n` })],
    ['an end without an LF', signed({ end: 'push-cert-end' })],
    ['a flush in the place of its end', packets('push-cert\0atomic\n', 'certificate version 0.1\n', null)],
    ['a delimiter within', Buffer.concat([packets('push-cert\0atomic\n'), Buffer.from('0001')])],
    ['options that were not signed', signed({ first: 'push-cert\0push-options\n', behind: [null, 'ci.skip', null] })],
    ['options that were only signed', signed({ headers: [...HEADERS, 'push-option ci.skip\n'] })],
    [
      'other options than were signed',
      signed({
        first: 'push-cert\0push-options\n',
        headers: [...HEADERS, 'push-option a\n', 'push-option b\n'],
        behind: [null, 'b', 'a', null],
      }),
    ],
  ]

  it.each(refused)('is refused for %s', (_, bytes) => {
    expect(feed(bytes)).toMatchObject({ state: 'bad', fault: expect.any(String) })
  })
})

describe('the limits of a certificate', () => {
  it(`${pushUpdatesMax} updates`, () => {
    const commands = Array.from({ length: pushUpdatesMax }, (_, at) => `${command(ZERO, A, `refs/heads/${at}`)}\n`)
    expect(parsePushRequest(signed({ commands }))).toMatchObject({ state: 'done' })
    const more = [...commands, `${command(ZERO, A, 'refs/heads/more')}\n`]
    expect(parsePushRequest(signed({ commands: more }))).toEqual({
      state: 'bad',
      fault: `more than ${pushUpdatesMax} ref updates`,
    })
  })

  it(`${signatureBytesMax} bytes of signature`, () => {
    const [begin = '', , , , end = ''] = SIGNATURE
    const of = (bytes: number): Uint8Array =>
      signed({ signature: [begin, `${'a'.repeat(bytes - end.length - 1)}\n`, end] })
    expect(parsePushRequest(of(signatureBytesMax))).toMatchObject({ state: 'done' })
    expect(parsePushRequest(of(signatureBytesMax + 1))).toMatchObject({
      state: 'bad',
      fault: expect.stringContaining('signature'),
    })
  })

  it(`${certificateHeaderBytesMax} bytes of header`, () => {
    const of = (bytes: number): Uint8Array => signed({ headers: [`pusher ${'a'.repeat(bytes - 8)}\n`] })
    expect(parsePushRequest(of(certificateHeaderBytesMax))).toMatchObject({ state: 'done' })
    expect(parsePushRequest(of(certificateHeaderBytesMax + 1))).toMatchObject({
      state: 'bad',
      fault: expect.stringContaining('header'),
    })
  })
})
