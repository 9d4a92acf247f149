/** Whatever bytes come, a parser answers: it neither throws nor waits for more than its limit. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { helloBytesMax, parseClientHello } from '../../src/wire/client-hello.ts'
import { sniffBytesMax, sniffProtocol } from '../../src/wire/first-bytes.ts'
import { createBase64FieldCounter } from '../../src/wire/json-base64.ts'
import { parsePackHeader } from '../../src/wire/pack-header.ts'
import type { Parse } from '../../src/wire/parse.ts'
import { parsePktLine, pktLineBytesMax } from '../../src/wire/pkt-line.ts'
import { createPushRequestReader, parsePushRequest } from '../../src/wire/push-request.ts'
import { checkHead } from '../../src/wire/request-head.ts'
import { parseTarget } from '../../src/wire/request-target.ts'
import { alpn, hello, sni, supportedVersions } from '../wire/hello.ts'
import { A, B, command, packets, ZERO } from '../wire/push.ts'

const RUNS = { seed: 20, numRuns: 600 }

const HELLOS = [
  hello({ extensions: [sni('git.example'), alpn('h2', 'http/1.1'), supportedVersions(0x0304), [0xfe0d, [1]]] }),
  hello({ extensions: [sni('git.example'), alpn('h2')] }, 9),
]
const PUSHES = [
  packets(`shallow ${A}`, command(ZERO, A, 'refs/heads/main', 'report-status'), command(A, B, 'refs/x/y'), null),
  packets(command(A, ZERO, 'refs/heads/main', 'push-options atomic'), null, 'one', 'two', null),
]

interface Subject {
  readonly name: string
  readonly parse: (bytes: Uint8Array) => Parse<unknown>
  readonly samples: readonly Uint8Array[]
  readonly bytesMax: number
}

const SUBJECTS: readonly Subject[] = [
  { name: 'ClientHello', parse: parseClientHello, samples: HELLOS, bytesMax: helloBytesMax },
  { name: 'first bytes', parse: sniffProtocol, samples: [Buffer.from('PRI * HTTP/2.0')], bytesMax: sniffBytesMax },
  { name: 'pkt-line', parse: parsePktLine, samples: PUSHES, bytesMax: pktLineBytesMax },
  { name: 'pack header', parse: parsePackHeader, samples: [Buffer.from('PACK\0\0\0\x02\0\0\0\x01')], bytesMax: 12 },
  { name: 'push', parse: parsePushRequest, samples: PUSHES, bytesMax: Number.POSITIVE_INFINITY },
]

/** A sample with some bytes changed, put in, or taken out. */
function mutated(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({ at: fc.nat(2_000), cut: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) })
  return fc.tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 4 })).map(([sample, edits]) => {
    let bytes = Buffer.from(sample)
    for (const { at, cut, insert } of edits) {
      const start = at % (bytes.length + 1)
      bytes = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + cut)])
    }
    return Uint8Array.from(bytes)
  })
}

describe.each(SUBJECTS)('$name', ({ parse, samples, bytesMax }) => {
  it('answers mutated bytes, and answers the same when more of them come', () => {
    fc.assert(
      fc.property(mutated(samples), fc.nat(400), (bytes, cut) => {
        const whole = parse(bytes)
        expect(['done', 'more', 'bad']).toContain(whole.state)
        if (whole.state === 'done') expect(whole.size).toBeLessThanOrEqual(bytes.length)
        const early = parse(bytes.slice(0, cut))
        if (early.state !== 'more') expect(early).toEqual(whole)
      }),
      RUNS,
    )
  })

  it('never asks for more than its limit', () => {
    fc.assert(
      fc.property(mutated(samples), fc.nat(255), (bytes, filler) => {
        if (!Number.isFinite(bytesMax)) return
        const longest = Buffer.concat([bytes, Buffer.alloc(bytesMax, filler)]).subarray(0, bytesMax + 1)
        expect(parse(longest).state).not.toBe('more')
      }),
      { seed: 21, numRuns: 60 },
    )
  })
})

it('a push is read the same in any chunks', () => {
  fc.assert(
    fc.property(mutated(PUSHES), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (bytes, sizes) => {
      const reader = createPushRequestReader()
      let answer = reader.push(new Uint8Array())
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1
        answer = reader.push(bytes.subarray(at, at + size))
        at += size
      }
      expect(answer).toEqual(parsePushRequest(bytes))
    }),
    RUNS,
  )
})

it('a request head is judged, whatever stands in it', () => {
  const name = fc.constantFrom('Host', 'content-length', 'Transfer-Encoding', 'Expect', 'Upgrade', 'Connection', 'X')
  const value = fc.oneof(fc.constantFrom('1', 'chunked', 'a.example', '100-continue'), fc.string({ maxLength: 12 }))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(name, value), { maxLength: 6 }),
      fc.constantFrom('1.0', '1.1'),
      (fields, httpVersion) => {
        const head = checkHead({ method: 'POST', httpVersion, target: '/', rawHeaders: fields.flat() })
        if ('fault' in head) return
        const count = (wanted: string): number => fields.filter(([field]) => field.toLowerCase() === wanted).length
        const [lengths, codings] = [count('content-length'), count('transfer-encoding')]
        // One reading, or none: what passes has one way to tell where its body ends, and at most one Host.
        expect(lengths + codings).toBe(head.framing.kind === 'none' ? 0 : 1)
        expect(count('host')).toBe(head.host === null ? 0 : 1)
      },
    ),
    RUNS,
  )
})

it('a request target is judged, whatever stands in it', () => {
  const part = fc.constantFrom(
    'http://',
    'https://',
    '/',
    '//',
    '@',
    ':',
    '443',
    'git.example',
    '*',
    '?',
    '#',
    '\\',
    '[',
    ']',
    '%',
  )
  const target = fc.array(fc.oneof({ weight: 6, arbitrary: part }, fc.string({ maxLength: 3 })), { maxLength: 8 })
  fc.assert(
    fc.property(target, fc.constantFrom('GET', 'CONNECT', 'OPTIONS'), (parts, method) => {
      const parsed = parseTarget(method, parts.join(''))
      if (parsed.form === 'bad') return
      expect(parsed.form === 'authority').toBe(method === 'CONNECT')
      if ('path' in parsed) expect(parsed.path).toMatch(/^(?:\/[!-~]*|\*)$/)
    }),
    RUNS,
  )
})

it('a JSON body is counted, or bad where it is not JSON', () => {
  const samples = [Buffer.from('{"a":[1,-2.5e3,true,null,{"content":"x"}],"content":"YWJj\\u002b\\n"}')]
  fc.assert(
    fc.property(mutated(samples), (bytes) => {
      const counter = createBase64FieldCounter('content')
      counter.push(bytes)
      const size = counter.end()
      if (size === 'bad') return
      expect(() => JSON.parse(Buffer.from(bytes).toString())).not.toThrow()
      expect(size.decoded + size.other).toBeLessThanOrEqual(bytes.length)
    }),
    RUNS,
  )
})
