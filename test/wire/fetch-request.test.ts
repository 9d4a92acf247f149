import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFetchRequestReader,
  createShortFetchRequestReader,
  fetchLineBytesMax,
  fetchNameBytesMax,
  fetchRequestBytesMax,
  fetchTextBytesMax,
  shortFetchRequestBytesMax,
} from '../../src/wire/fetch-request.ts'
import { encodePktLine } from '../../src/wire/pkt-line.ts'
import { checkBody } from './check-body.ts'
import { A, B, packets } from './push.ts'

const DELIM = Buffer.from('0001')
const [LONG_A, LONG_B] = ['a'.repeat(64), 'b'.repeat(64)]
const ARGUMENTS = [
  'thin-pack',
  'no-progress',
  'include-tag',
  'ofs-delta',
  'sideband-all',
  'wait-for-done',
  'deepen-relative',
  `shallow ${A}`,
  'deepen 2147483647',
  'filter combine:blob:none+tree:0',
  'packfile-uris https,http',
  'want-ref refs/heads/main',
  'want-ref HEAD',
  `want ${A}\n`,
  `have ${B}\n`,
  'done\n',
]
const CAPABILITIES = 'multi_ack_detailed no-done side-band-64k thin-pack ofs-delta agent=git/2.39.5'

function check(bytes: Uint8Array): string | null {
  return checkBody(createFetchRequestReader, bytes)
}

/** What one push of the whole says, without the three other ways: for bodies of megabytes. */
function checkOnce(bytes: Uint8Array): string | null {
  const reader = createFetchRequestReader()
  reader.push(bytes)
  return reader.end()
}

function v2(command: string, capabilities: readonly string[], args: readonly string[]): Uint8Array {
  return Buffer.concat([packets(`command=${command}`, ...capabilities), DELIM, packets(...args, null)])
}

describe('a fetch request', () => {
  const cases: [name: string, bytes: Uint8Array][] = [
    ['that only tries its credentials', packets(null)],
    ['v0: a clone', packets(`want ${A} ${CAPABILITIES}\n`, `want ${B}\n`, null, 'done\n')],
    ['v0: without capabilities, without LF', packets(`want ${A}`, null, 'done')],
    ['v0: one round', packets(`want ${A} ${CAPABILITIES}\n`, null, `have ${B}\n`, `have ${A}\n`, null)],
    ['v0: the last round', packets(`want ${A} ${CAPABILITIES}\n`, null, `have ${B}\n`, 'done\n')],
    ['v0: what to cut off', packets(`want ${A} ${CAPABILITIES}\n`, 'deepen 1\n', null)],
    [
      'v0: shallow and partial',
      packets(
        `want ${A} ${CAPABILITIES} deepen-since deepen-not filter\n`,
        `shallow ${B}\n`,
        `shallow ${A}\n`,
        'deepen-since 1767323045\n',
        'deepen-not refs/tags/v1.0\n',
        'deepen-not v2.0\n',
        'filter blob:none\n',
        null,
        'done\n',
      ),
    ],
    ['v0: SHA-256', packets(`want ${LONG_A} object-format=sha256\n`, null, `have ${LONG_B}\n`, 'done\n')],
    ['v0: SHA-256 not announced', packets(`want ${LONG_A}\n`, null, 'done\n')],
    ['v2: a flush behind the command', packets('command=ls-refs\n', null)],
    [
      'v2: refs',
      v2(
        'ls-refs',
        ['agent=git/2.39.5', 'object-format=sha1'],
        ['peel', 'symrefs', 'unborn', 'ref-prefix refs/heads/'],
      ),
    ],
    ['v2: refs of one name', v2('ls-refs\n', [], ['ref-prefix HEAD', 'ref-prefix main', 'ref-prefix refs/heads/é'])],
    [
      'v2: fetch',
      v2('fetch', ['agent=git/2.39.5', 'object-format=sha1', 'session-id=a1b2', 'server-option=ci é'], ARGUMENTS),
    ],
    ['v2: SHA-256', v2('fetch', ['object-format=sha256'], [`want ${LONG_A}`, 'done'])],
    ['v2: sizes of objects', v2('object-info', [], ['size', `oid ${A}`, `oid ${B}`])],
    ['v2: bundles', v2('bundle-uri', ['object-format=sha1'], [])],
    ['an archive', packets('argument --format=tar\n', 'argument --prefix=a b/\n', 'argument HEAD\n', null)],
  ]

  it.each(cases)('%s', (_, bytes) => {
    expect(check(bytes)).toBeNull()
  })

  it('is done at its end, and says where that is', () => {
    const bytes = packets(`want ${A}\n`, null, 'done\n')
    expect(createFetchRequestReader().push(bytes)).toEqual({ state: 'done', value: null, size: bytes.length })
  })

  it('may end behind its wants, and goes on if it does not', () => {
    const reader = createFetchRequestReader()
    expect(reader.push(packets(`want ${A}\n`, null))).toEqual({ state: 'more' })
    expect(reader.end()).toBeNull()
    expect(reader.push(packets(`have ${A}\n`))).toEqual({ state: 'more' })
    expect(reader.end()).toBe('a fetch request that ends too early')
    expect(reader.push(packets('done\n'))).toMatchObject({ state: 'done' })
    expect(reader.end()).toBeNull()
    expect(reader.push(new Uint8Array())).toMatchObject({ state: 'done' })
    expect(reader.push(packets(null))).toMatchObject({ state: 'bad' })
  })
})

describe('what is no fetch request', () => {
  const first = `want ${A} ${CAPABILITIES}\n`
  const cases: [name: string, bytes: Uint8Array][] = [
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('PACK of secrets')],
    ['JSON', Buffer.from('{"query":"{viewer{login}}"}')],
    ['half a length', Buffer.from('00')],
    ['a delimiter', DELIM],
    ['the end of a response', Buffer.from('0002')],
    ['two flushes', packets(null, null)],
    ['an empty line', packets('')],
    ['a push', packets(`${A} ${B} refs/heads/main\0report-status\n`, null)],
    ['v0: no flush', packets(first)],
    ['v0: haves without an end', packets(first, null, `have ${A}\n`)],
    ['v0: half a line behind the wants', Buffer.concat([packets(first, null), Buffer.from('0032have')])],
    ['v0: bytes behind done', Buffer.concat([packets(first, null, 'done\n'), Buffer.from('secret')])],
    ['v0: a line behind done', packets(first, null, 'done\n', `have ${A}\n`)],
    ['v0: a flush behind done', packets(first, null, 'done\n', null)],
    ['v0: a second round in the body', packets(first, null, `have ${A}\n`, null, `have ${B}\n`, null)],
    ['v0: done with a value', packets(first, null, 'done secret\n')],
    ['v0: a delimiter', Buffer.concat([packets(first), DELIM])],
    ['v0: the end of a response', Buffer.concat([packets(first, null), Buffer.from('0002')])],
    ['v0: haves alone', packets(`have ${A}\n`, null)],
    ['v0: shallow first', packets(`shallow ${A}\n`, first, null)],
    ['v0: a want behind the wants', packets(first, null, `want ${B}\n`, null)],
    ['v0: a have among the wants', packets(first, `have ${B}\n`, null)],
    ['v0: capabilities on the second want', packets(first, `want ${B} agent=x\n`, null)],
    ['v0: capabilities split by a NUL', packets(`want ${A}\0agent=x\n`, null)],
    ['v0: a capability with other than ASCII', packets(`want ${A} agent=é\n`, null)],
    ['v0: an unknown line', packets(first, 'give me\n', null)],
    ['v0: an upper-case id', packets(`want ${'A'.repeat(40)}\n`, null)],
    ['v0: a short id', packets(first, `want ${A.slice(1)}\n`, null)],
    ['v0: text behind an id', packets(first, null, `have ${A} secret\n`, null)],
    ['v0: ids of two lengths', packets(first, `want ${LONG_A}\n`, null)],
    ['v0: another format than is announced', packets(`want ${A} object-format=sha256\n`, null)],
    ['v0: an unknown format of that length', packets(`want ${LONG_A} object-format=sha512\n`, null)],
    ['v0: an unknown format', packets(`want ${A} object-format=secret\n`, null)],
    ['v0: a depth that is no number', packets(first, 'deepen one\n', null)],
    ['v0: a depth with zeros in front', packets(first, 'deepen 001\n', null)],
    ['v0: a depth of 20 digits', packets(first, `deepen ${'1'.repeat(20)}\n`, null)],
    ['v0: two depths', packets(first, 'deepen 1\n', 'deepen 2\n', null)],
    ['v0: no name to cut off at', packets(first, 'deepen-not a secret name\n', null)],
    ['v0: two filters', packets(first, 'filter blob:none\n', 'filter tree:0\n', null)],
    ['v0: a filter of two words', packets(first, 'filter blob:none and this\n', null)],
    ['v0: two LFs', packets(first, `want ${B}\n\n`, null)],
    ['v0: a line that is not UTF-8', packets(first, Buffer.from('deepen-not \xff', 'latin1'), null)],
    ['v2: an unknown command', packets('command=give\n', null)],
    ['v2: a command of every object', packets('command=constructor\n', null)],
    ['v2: a command with a value', packets('command=fetch secret\n', null)],
    ['v2: no end', Buffer.concat([packets('command=fetch'), DELIM])],
    ['v2: two commands', packets('command=fetch', 'command=ls-refs', null)],
    ['v2: a second request behind it', packets('command=ls-refs', null, 'command=ls-refs', null)],
    ['v2: bytes behind it', Buffer.concat([packets('command=ls-refs', null), Buffer.from('0')])],
    ['v2: an unknown capability', packets('command=fetch', 'gift=secret', null)],
    ['v2: an agent of two words', packets('command=fetch', 'agent=a b', null)],
    ['v2: two agents', packets('command=fetch', 'agent=a', 'agent=b', null)],
    ['v2: two formats', packets('command=fetch', 'object-format=sha1', 'object-format=sha1', null)],
    ['v2: an argument among the capabilities', packets('command=fetch', `want ${A}`, null)],
    ['v2: a capability among the arguments', v2('fetch', [], ['agent=git/2'])],
    ['v2: two delimiters', Buffer.concat([packets('command=fetch'), DELIM, DELIM, packets(null)])],
    ['v2: the end of a response', Buffer.concat([packets('command=fetch'), DELIM, Buffer.from('0002')])],
    ['v2: an argument of another command', v2('ls-refs', [], [`want ${A}`])],
    ['v2: a flag with a value', v2('fetch', [], ['thin-pack secret'])],
    ['v2: a flag twice', v2('ls-refs', [], ['peel', 'peel'])],
    ['v2: an argument for bundles', v2('bundle-uri', [], ['size'])],
    ['v2: another format than is announced', v2('fetch', ['object-format=sha1'], [`want ${LONG_A}`])],
    ['v2: a prefix that is no name', v2('ls-refs', [], ['ref-prefix a secret'])],
    ['v2: an empty prefix', v2('ls-refs', [], ['ref-prefix '])],
    ['v2: a wanted ref that is no full name', v2('fetch', [], ['want-ref main'])],
    ['v2: an option with an escape', packets('command=fetch', 'server-option=a\x1bb', null)],
    ['v2: packfile-uris twice', v2('fetch', [], ['packfile-uris http', 'packfile-uris https'])],
    ['v2: an empty id', v2('fetch', [], ['want '])],
    ['an archive without an end', packets('argument HEAD\n')],
    ['an archive with another line', packets('argument HEAD\n', 'secret\n', null)],
    ['an archive with a delimiter', Buffer.concat([packets('argument HEAD\n'), DELIM, packets(null)])],
    ['an archive that ends in a delimiter', Buffer.concat([packets('argument HEAD\n'), DELIM])],
    ['bytes behind an archive', Buffer.concat([packets('argument HEAD\n', null), Buffer.from('x')])],
  ]

  it.each(cases)('%s', (_, bytes) => {
    expect(check(bytes)).toEqual(expect.any(String))
  })

  it('stays none', () => {
    const reader = createFetchRequestReader()
    const answer = reader.push(Buffer.from('x'))
    expect(reader.push(packets(null))).toBe(answer)
    expect(reader.end()).toEqual(expect.any(String))
  })
})

describe('the limits of a fetch request', () => {
  const first = packets(`want ${A}\n`)

  it(`${fetchRequestBytesMax} bytes`, () => {
    const of = (bytes: number): Uint8Array => {
      const end = packets(null, 'done\n')
      const line = packets(`want ${B}\n`)
      const count = Math.floor((bytes - first.length - end.length) / line.length) - 1
      const rest = bytes - first.length - end.length - count * line.length
      // Two names fill what is left to the byte.
      const fill = packets(`deepen-not ${'x'.repeat(rest - 15)}`)
      return Buffer.concat([first, ...Array<Uint8Array>(count).fill(line), fill, end])
    }
    expect(of(fetchRequestBytesMax).length).toBe(fetchRequestBytesMax)
    expect(checkOnce(of(fetchRequestBytesMax))).toBeNull()
    expect(checkOnce(of(fetchRequestBytesMax + 1))).toBe(
      `the fetch request is longer than ${fetchRequestBytesMax} bytes`,
    )
    const short = (bytes: Uint8Array): string | null => {
      const reader = createShortFetchRequestReader()
      reader.push(bytes)
      return reader.end()
    }
    expect(short(of(shortFetchRequestBytesMax))).toBeNull()
    expect(short(of(shortFetchRequestBytesMax + 1))).toBe(
      `the fetch request is longer than ${shortFetchRequestBytesMax} bytes`,
    )
  })

  it(`${fetchLineBytesMax} bytes in a line, by the length that it announces`, () => {
    const prefix = (bytes: number): string => `ref-prefix ${'x'.repeat(bytes - 15)}`
    expect(checkOnce(v2('ls-refs', [], [prefix(fetchLineBytesMax)]))).toBeNull()
    const over = encodePktLine(prefix(fetchLineBytesMax + 1)).subarray(0, 4)
    expect(createFetchRequestReader().push(Buffer.concat([packets('command=ls-refs'), DELIM, over]))).toEqual({
      state: 'bad',
      fault: `a line of the fetch request is longer than ${fetchLineBytesMax} bytes`,
    })
  })

  it(`${fetchTextBytesMax} bytes of text, over all lines`, () => {
    const text = (bytes: number): readonly string[] => {
      const [agent, option] = ['x'.repeat(1_000), 'x'.repeat(bytes - 2_000)]
      return [`agent=${agent}`, `session-id=${agent}`, `server-option=${option}`]
    }
    expect(checkOnce(v2('fetch', text(fetchTextBytesMax), []))).toBeNull()
    expect(checkOnce(v2('fetch', text(fetchTextBytesMax + 1), []))).toMatch(/bytes of text/)
    const capabilities = (bytes: number): Uint8Array => packets(`want ${A} ${'x'.repeat(bytes)}\n`, null)
    expect(checkOnce(capabilities(fetchTextBytesMax))).toBeNull()
    expect(checkOnce(capabilities(fetchTextBytesMax + 1))).toMatch(/bytes of text/)
    const spaces = (bytes: number): Uint8Array => packets(`want ${A}${' '.repeat(bytes + 1)}\n`, null)
    expect(checkOnce(spaces(fetchTextBytesMax - 1))).toBeNull()
    expect(checkOnce(spaces(fetchTextBytesMax))).toMatch(/bytes of text/)
    const argument = (bytes: number): Uint8Array => packets(`argument ${'x'.repeat(bytes)}\n`, null)
    expect(checkOnce(argument(fetchTextBytesMax))).toBeNull()
    expect(checkOnce(argument(fetchTextBytesMax + 1))).toMatch(/bytes of text/)
    const filter = (bytes: number): Uint8Array => packets(`want ${A}\n`, `filter ${'x'.repeat(bytes)}\n`, null)
    expect(checkOnce(filter(fetchTextBytesMax))).toBeNull()
    expect(checkOnce(filter(fetchTextBytesMax + 1))).toMatch(/bytes of text/)
  })

  it(`${fetchNameBytesMax} bytes of names, over all lines`, () => {
    const name = 'x'.repeat(1_024)
    const names = Array.from({ length: fetchNameBytesMax / 1_024 }, () => `ref-prefix ${name}`)
    expect(checkOnce(v2('ls-refs', [], names))).toBeNull()
    expect(checkOnce(v2('ls-refs', [], [...names, 'ref-prefix y']))).toMatch(/bytes of names/)
  })

  it('reads the largest request byte by byte in linear time', () => {
    const line = packets(`have ${A}\n`)
    const bytes = Buffer.concat([first, packets(null), ...Array<Uint8Array>(80_000).fill(line), packets('done\n')])
    const reader = createFetchRequestReader()
    // Reading from the start again at every byte would read 8 * 10^12 of them: the deadline of the test is its assertion.
    for (let at = 0; at < bytes.length; at++) reader.push(bytes.subarray(at, at + 1))
    expect(reader.end()).toBeNull()
  })
})

describe('any bytes', () => {
  const samples = [
    packets(`want ${A} ${CAPABILITIES}\n`, `shallow ${B}\n`, 'deepen 3\n', null, `have ${B}\n`, 'done\n'),
    v2('fetch', ['agent=git/2.39.5', 'object-format=sha1'], ['thin-pack', `want ${A}`, `have ${B}`, 'done']),
    v2('ls-refs', ['agent=git/2.39.5'], ['peel', 'symrefs', 'ref-prefix refs/heads/']),
    packets('argument HEAD\n', null),
  ]
  const line = fc.oneof(
    fc.constantFrom(
      `want ${A}\n`,
      `have ${B}\n`,
      'done\n',
      'command=fetch',
      'command=ls-refs',
      'peel',
      'deepen 1',
      null,
    ),
    fc.string({ maxLength: 60 }),
  )
  const bodies = fc.oneof(
    fc.array(line, { maxLength: 8 }).map((lines) => packets(...lines)),
    fc
      .tuple(fc.constantFrom(...samples), fc.nat(400), fc.nat(3), fc.uint8Array({ maxLength: 3 }))
      .map(([sample, at, cut, insert]) => {
        const start = at % (sample.length + 1)
        return Buffer.concat([sample.subarray(0, start), insert, sample.subarray(start + cut)])
      }),
  )

  it('are one or not, and are the same however they are cut', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(400), { maxLength: 4 }), (bytes, cuts) => {
        const whole = checkOnce(bytes)
        const reader = createFetchRequestReader()
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((left, right) => left - right), bytes.length]
        for (const [index, end] of at.slice(1).entries()) reader.push(bytes.subarray(at[index], end))
        expect(reader.end()).toBe(whole)
      }),
      { seed: 31, numRuns: 1_500 },
    )
  })

  it('that are one carry nothing but what its lines say', () => {
    // Whatever passes is made of whole lines of these forms: nothing hides between or behind them.
    const known =
      /^(?:(?:want|have|shallow|oid) [0-9a-f]{40}( [\x21-\x7e ]+)?|done|deepen \d+|command=[a-z-]+|agent=\S+|object-format=sha1|ref-prefix \S+|argument .*|peel|symrefs|thin-pack)?$/
    fc.assert(
      fc.property(bodies, (bytes) => {
        fc.pre(checkOnce(bytes) === null)
        for (const text of linesOf(bytes)) expect(text).toMatch(known)
      }),
      { seed: 32, numRuns: 400 },
    )
  })
})

function linesOf(bytes: Uint8Array): string[] {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = Math.max(4, Number.parseInt(Buffer.from(bytes.subarray(at, at + 4)).toString('latin1'), 16))
    lines.push(
      Buffer.from(bytes.subarray(at + 4, at + length))
        .toString('utf8')
        .replace(/\n$/, ''),
    )
    at += length
  }
  return lines
}
