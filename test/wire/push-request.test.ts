import { describe, expect, it } from 'vitest'
import {
  createPushRequestReader,
  type Push,
  parsePushRequest,
  pushOptionsMax,
  pushRequestBytesMax,
  pushUpdatesMax,
} from '../../src/wire/push-request.ts'
import { bytesOf, feedPrefixes, feedReader } from './feed.ts'
import { A, B, command, packets, ZERO } from './push.ts'

const REF = 'refs/heads/main'
const [SHA256_ZERO, SHA256_A] = ['0'.repeat(64), 'a'.repeat(64)]

function feed(bytes: Uint8Array): ReturnType<typeof parsePushRequest> {
  const whole = feedReader(() => {
    const reader = createPushRequestReader()
    return (chunk) => reader.push(chunk)
  }, bytes)
  expect(feedPrefixes(parsePushRequest, bytes)).toEqual(whole)
  return whole
}

function push(parts: Partial<Push>): Push {
  const updates = [{ kind: 'create', ref: REF, oldId: ZERO, newId: A }] as const
  return { kind: 'push', updates, capabilities: [], shallow: [], options: [], hasPack: true, ...parts }
}

describe('a push', () => {
  const cases: [name: string, bytes: Uint8Array, value: Push][] = [
    ['without capabilities', packets(command(ZERO, A, REF), null), push({})],
    ['with an LF', packets(`${command(ZERO, A, REF)}\n`, null), push({})],
    [
      'with capabilities',
      packets(command(ZERO, A, REF, ' report-status side-band-64k  agent=git/2.39.5\n'), null),
      push({ capabilities: ['report-status', 'side-band-64k', 'agent=git/2.39.5'] }),
    ],
    [
      'of several refs',
      packets(command(ZERO, A, REF, ''), command(A, B, 'refs/tags/v1'), command(B, ZERO, 'refs/heads/é'), null),
      push({
        updates: [
          { kind: 'create', ref: REF, oldId: ZERO, newId: A },
          { kind: 'update', ref: 'refs/tags/v1', oldId: A, newId: B },
          { kind: 'delete', ref: 'refs/heads/é', oldId: B, newId: ZERO },
        ],
      }),
    ],
    [
      'of a ref whose name ends like a certificate',
      packets(command(ZERO, A, 'refs/heads/push-cert'), null),
      push({ updates: [{ kind: 'create', ref: 'refs/heads/push-cert', oldId: ZERO, newId: A }] }),
    ],
    ...[`0${A.slice(1)}`, `${A.slice(1)}0`, `${ZERO.slice(1)}a`, `a${ZERO.slice(1)}`].map(
      (id): [string, Uint8Array, Push] => [
        `from and to an id that is all but zero: ${id}`,
        packets(command(A, id, REF), command(id, A, 'refs/heads/x'), null),
        push({
          updates: [
            { kind: 'update', ref: REF, oldId: A, newId: id },
            { kind: 'update', ref: 'refs/heads/x', oldId: id, newId: A },
          ],
        }),
      ],
    ),
    [
      'that only deletes',
      packets(command(A, ZERO, REF, 'delete-refs'), null),
      push({
        updates: [{ kind: 'delete', ref: REF, oldId: A, newId: ZERO }],
        capabilities: ['delete-refs'],
        hasPack: false,
      }),
    ],
    [
      'from a shallow clone',
      packets(`shallow ${A}`, `shallow ${B}\n`, command(ZERO, A, REF), null),
      push({ shallow: [A, B] }),
    ],
    [
      'with options',
      packets(command(ZERO, A, REF, 'push-options'), null, 'ci.skip', '', 'topic=é\n', null),
      push({ capabilities: ['push-options'], options: ['ci.skip', '', 'topic=é'] }),
    ],
    [
      'with options announced by a value',
      packets(command(ZERO, A, REF, 'push-options=1'), null, 'a', null),
      push({ capabilities: ['push-options=1'], options: ['a'] }),
    ],
    [
      'in SHA-256',
      packets(`shallow ${SHA256_A}`, command(SHA256_ZERO, SHA256_A, REF, 'object-format=sha256'), null),
      push({
        updates: [{ kind: 'create', ref: REF, oldId: SHA256_ZERO, newId: SHA256_A }],
        capabilities: ['object-format=sha256'],
        shallow: [SHA256_A],
      }),
    ],
    [
      'in SHA-1, said so',
      packets(command(ZERO, A, REF, 'object-format=sha1'), null),
      push({ capabilities: ['object-format=sha1'] }),
    ],
  ]

  it.each(cases)('%s', (_, bytes, value) => {
    expect(feed(bytes)).toEqual({ state: 'done', value, size: bytes.length })
  })

  it('has its pack behind it', () => {
    const head = packets(command(ZERO, A, REF), null)
    const reader = createPushRequestReader()
    const answer = reader.push(Buffer.concat([head, bytesOf('PACK')]))
    expect(answer).toMatchObject({ state: 'done', size: head.length })
    expect(reader.push(bytesOf('\0\0\0\x02')), 'more bytes change nothing').toBe(answer)
  })

  it('may be the probe that git sends first', () => {
    expect(feed(packets(null))).toEqual({ state: 'done', value: { kind: 'probe' }, size: 4 })
  })
})

describe('a push that is refused', () => {
  const cases: [name: string, bytes: Uint8Array][] = [
    ['a pack alone', bytesOf('PACK\0\0\0\x02')],
    ['a delimiter in the place of the probe', bytesOf('0001')],
    ['an empty line after a command', packets(command(ZERO, A, REF), '', null)],
    ['shallow lines without a command', packets(`shallow ${A}`, null)],
    ['a shallow line with what is no id', packets(`shallow ${'g'.repeat(40)}`, command(ZERO, A, REF), null)],
    ['a ref that is one without its space', packets(command(ZERO, A, 'refs/heads/a b'), null)],
    [
      'an unknown object format of that length',
      packets(command(SHA256_ZERO, SHA256_A, REF, 'object-format=sha512'), null),
    ],
    ['a shallow line without an id', packets('shallow ', command(ZERO, A, REF), null)],
    ['a shallow line after a command', packets(command(ZERO, A, REF), `shallow ${A}`, null)],
    ['an empty line', packets('', command(ZERO, A, REF), null)],
    ['an upper-case id', packets(command(ZERO, 'A'.repeat(40), REF), null)],
    ['a short id', packets(command(ZERO, 'a'.repeat(39), REF), null)],
    ['an id of SHA-256 unannounced', packets(command(SHA256_ZERO, SHA256_A, REF), null)],
    ['ids of two lengths', packets(command(ZERO, SHA256_A, REF), null)],
    ['an id of SHA-1 under SHA-256', packets(command(ZERO, A, REF, 'object-format=sha256'), null)],
    ['a later id of another length', packets(command(ZERO, A, REF), command(SHA256_ZERO, SHA256_A, 'refs/x/y'), null)],
    ['a shallow id of another length', packets(`shallow ${SHA256_A}`, command(ZERO, A, REF), null)],
    ['an unknown object format', packets(command(ZERO, A, REF, 'object-format=md5'), null)],
    ['two object formats', packets(command(ZERO, A, REF, 'object-format=sha1 object-format=sha256'), null)],
    ['a ref that never is', packets(command(ZERO, ZERO, REF), null)],
    ['a ref twice', packets(command(ZERO, A, REF), command(ZERO, B, REF), null)],
    ['two spaces', packets(`${ZERO}  ${A} ${REF}`, null)],
    ['no ref', packets(`${ZERO} ${A}`, null)],
    ['an empty ref', packets(`${ZERO} ${A} `, null)],
    ['a ref with an LF inside', packets(command(ZERO, A, `${REF}\n`, 'report-status'), null)],
    ['a ref that is not UTF-8', packets(bytesOf(command(ZERO, A, 'refs/heads/\xff')), null)],
    ['capabilities on the second command', packets(command(ZERO, A, REF, ''), command(ZERO, A, 'refs/x/y', 'b'), null)],
    ['capabilities split by a tab', packets(command(ZERO, A, REF, 'atomic\tpush-options'), null)],
    ['capabilities behind a second NUL', packets(command(ZERO, A, REF, 'atomic\0push-options'), null)],
    ['an option with a NUL', packets(command(ZERO, A, REF, 'push-options'), null, 'a\0b', null)],
    ['an option that is not UTF-8', packets(command(ZERO, A, REF, 'push-options'), null, bytesOf('\xff'), null)],
  ]

  it.each(cases)('%s', (_, bytes) => {
    expect(feed(bytes)).toMatchObject({ state: 'bad', fault: expect.any(String) })
  })

  it('stays refused', () => {
    const reader = createPushRequestReader()
    const answer = reader.push(bytesOf('x'))
    expect(answer).toMatchObject({ state: 'bad' })
    expect(reader.push(packets(command(ZERO, A, REF), null))).toBe(answer)
  })

  it('has a delimiter in the middle', () => {
    const head = packets(command(ZERO, A, REF))
    for (const special of ['0001', '0002', '0003']) {
      expect(feed(Buffer.concat([head, bytesOf(special)]))).toMatchObject({ state: 'bad' })
    }
  })
})

describe('the limits of a push', () => {
  it(`${pushUpdatesMax} updates`, () => {
    expect(parsePushRequest(packets(...refs(pushUpdatesMax), null))).toMatchObject({ state: 'done' })
    expect(parsePushRequest(packets(...refs(pushUpdatesMax + 1)))).toMatchObject({
      state: 'bad',
      fault: expect.stringContaining('ref updates'),
    })
  })

  it(`${pushOptionsMax} options`, () => {
    const head = [command(ZERO, A, REF, 'push-options'), null]
    expect(parsePushRequest(packets(...head, ...options(pushOptionsMax), null))).toMatchObject({ state: 'done' })
    expect(parsePushRequest(packets(...head, ...options(pushOptionsMax + 1)))).toMatchObject({
      state: 'bad',
      fault: expect.stringContaining('push options'),
    })
  })

  it(`${pushRequestBytesMax} bytes`, () => {
    const largest = headOf(pushRequestBytesMax)
    expect(largest.length).toBe(pushRequestBytesMax)
    expect(parsePushRequest(largest)).toMatchObject({ state: 'done', size: pushRequestBytesMax })
    const over = headOf(pushRequestBytesMax + 1)
    expect(parsePushRequest(over)).toMatchObject({ state: 'bad', fault: expect.stringContaining('longer than') })
  })

  it('are judged by the length that a packet announces', () => {
    const line = packets(`shallow ${A}`)
    const head = Buffer.concat(Array<Uint8Array>(Math.floor((pushRequestBytesMax - 1_000) / line.length)).fill(line))
    expect(parsePushRequest(head)).toEqual({ state: 'more' })
    expect(parsePushRequest(Buffer.concat([head, bytesOf('fff0')]))).toMatchObject({ state: 'bad' })
  })

  it('reads the largest head byte by byte in linear time', () => {
    const bytes = headOf(pushRequestBytesMax)
    const reader = createPushRequestReader()
    let answer = reader.push(new Uint8Array())
    // Parsing the whole head again at every byte would read 8 * 10^12 of them: the deadline of the test is its assertion.
    for (let at = 0; at < bytes.length; at++) answer = reader.push(bytes.subarray(at, at + 1))
    expect(answer).toMatchObject({ state: 'done', size: pushRequestBytesMax })
  })

  it('looks at the ids of a shallow clone once, and not at every update', () => {
    const updates = packets(...refs(pushUpdatesMax), null)
    const line = packets(`shallow ${A}`)
    const shallows = Math.floor((pushRequestBytesMax - updates.length) / line.length)
    const bytes = Buffer.concat([...Array<Uint8Array>(shallows).fill(line), updates])
    // Every update with every id would be 6 * 10^8 pairs, and take half a minute: the deadline is the assertion.
    expect(parsePushRequest(bytes)).toMatchObject({ state: 'done', size: bytes.length })
  }, 10_000)
})

/** A head of exactly so many bytes: shallow lines, and one long ref. */
function headOf(bytes: number): Uint8Array {
  const line = packets(`shallow ${A}`)
  const rest = packets(command(ZERO, A, REF), null).length
  const shallows = Math.floor((bytes - rest) / line.length)
  const ref = REF + 'x'.repeat(bytes - rest - shallows * line.length)
  return Buffer.concat([...Array<Uint8Array>(shallows).fill(line), packets(command(ZERO, A, ref), null)])
}

function refs(count: number): string[] {
  return Array.from({ length: count }, (_, at) => command(ZERO, A, `refs/heads/${at}`))
}

function options(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `option-${at}`)
}
