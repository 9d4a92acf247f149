/** Settings: the values that flags and variables have, amounts and times, and all of them together. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expandDays, isZone, parseClock, parseInstant } from '../../../src/policy/time.ts'
import { parseClientCertificate } from '../../../src/settings/client-certificate.ts'
import { formatListen, parseBracketed, parseListen } from '../../../src/settings/listen.ts'
import { parseParentProxy } from '../../../src/settings/parent-proxy.ts'
import { resolveSettings } from '../../../src/settings/resolve.ts'
import { parseStaticRule } from '../../../src/settings/static-resolution.ts'
import { parseDuration } from '../../../src/text/duration.ts'
import { renderProblem } from '../../../src/text/problem-render.ts'
import { formatSize, parseSize } from '../../../src/text/quantity.ts'
import { parseYaml } from '../../../src/text/yaml.ts'
import { mutatedText } from '../corpus.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const amount = fc.oneof(
  mutatedText(['50 MB', '1.5 GiB', '64kB', '0 B', '9007199254740991', '16383.999999 GiB'], ['TiB', '.', 'e', 'K']),
  fc.tuple(fc.nat(), fc.constantFrom('B', 'kB', 'MB', 'TiB', 'mb', 'constructor')).map((parts) => parts.join(' ')),
)

const size = defineTarget({
  name: 'size',
  parsers: ['text/quantity.ts#parseSize'],
  inputs: fc.tuple(amount, fc.oneof(fc.integer(), fc.double())),
  shortRuns: 1_000,
  check([text, number]) {
    const bytes = parseSize(text)
    if (bytes !== null) {
      assert(Number.isSafeInteger(bytes) && bytes >= 0)
      assert.equal(parseSize(bytes), bytes)
      // Shown with two places behind the point; what is shown of the very largest is too large to be read.
      const again = parseSize(formatSize(bytes)) ?? (bytes > 9e15 ? bytes : Number.NaN)
      assert(Math.abs(again - bytes) <= bytes * 0.005, `${bytes} is shown as ${formatSize(bytes)}`)
    }
    assert.equal(parseSize(number) === number, Number.isSafeInteger(number) && number >= 0)
  },
})

const times = fc.oneof(
  mutatedText(['250 ms', '30 s', '1.5 h', '10min', '7 days', '1 day'], ['.', 'm', 'hours']),
  mutatedText([
    '07:00',
    '24:00',
    '23:59',
    '2026-12-31T18:00Z',
    '2024-02-29T00:00:59+01:00',
    'mon-fri',
    'fri-mon',
    'sun',
  ]),
  mutatedText(['Europe/Berlin', 'UTC', '+01:00', 'EST']),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(8e13) }).map((date) => date.toISOString()),
)

const time = defineTarget({
  name: 'time',
  parsers: [
    'text/duration.ts#parseDuration',
    'policy/time.ts#parseClock',
    'policy/time.ts#parseInstant',
    'policy/time.ts#expandDays',
  ],
  inputs: times,
  shortRuns: 1_000,
  check(text) {
    const duration = parseDuration(text)
    if (duration !== null) {
      assert(Number.isSafeInteger(duration) && duration >= 0)
      assert.equal(parseDuration(`${duration} ms`) ?? duration, duration)
    }
    const clock = parseClock(text)
    if (clock !== null) assert(clock >= 0 && clock <= 1_440)
    const instant = parseInstant(text)
    if (instant !== null) assert.equal(parseInstant(`${new Date(instant).toISOString().slice(0, 19)}Z`), instant)
    const days = expandDays(text)
    if (days !== null) assert(days.length >= 1 && days.length <= 7 && new Set(days).size === days.length)
    assert.equal(typeof isZone(text), 'boolean')
  },
})

const VALUES = [
  '127.0.0.1:8080',
  '[::1]:0',
  'a.example:443:127.0.0.1:8443',
  '*.x.example:80:[::1]:80',
  '*:443:10.0.0.1:1',
]
const PARENTS = ['http://u:p%40ss@proxy.example:3128', 'http://[::1]:80/', 'http://proxy.example']
const CERTIFICATES = ['git.acme.example:/etc/weir/a.pem', '*.acme.example:b.p12']

const value = defineTarget({
  name: 'setting-value',
  parsers: [
    'settings/listen.ts#parseListen',
    'settings/listen.ts#parseBracketed',
    'settings/static-resolution.ts#parseStaticRule',
    'settings/parent-proxy.ts#parseParentProxy',
    'settings/client-certificate.ts#parseClientCertificate',
  ],
  inputs: mutatedText([...VALUES, ...PARENTS, ...CERTIFICATES], ['@', ':', '//', '%zz', '*.', '[', ']']),
  shortRuns: 1_500,
  check(text) {
    const listen = parseListen(text)
    if (listen !== null) assert.deepEqual(parseListen(formatListen(listen.address, listen.port)), listen)
    const bracketed = parseBracketed(text)
    if (bracketed?.family === 6) assert(text.startsWith('[') || !text.includes(':'))
    const rule = parseStaticRule(text)
    if (rule !== null) {
      assert([rule.port, rule.answer.port].every((port) => port >= 1 && port <= 65_535))
      assert.equal(rule.names.kind === 'any', text.startsWith('*:'))
    }
    const parent = parseParentProxy(text)
    if (parent !== null) {
      assert(parent.port >= 0 && parent.port <= 65_535)
      assert(parent.authorization === null || /^Basic [A-Za-z0-9+/]+=*$/.test(parent.authorization))
    }
    const certificate = parseClientCertificate(text)
    if (certificate !== null) assert(certificate.file !== '' && text.endsWith(`:${certificate.file}`))
  },
})

const FILES = [
  'listen: 127.0.0.1:0\npolicy: p.yaml\nlimits:\n  headBytesMax: 64 KiB\n  idleTimeoutMs: 10 min\n  dialAttemptsMax: 4\n',
  'allowClients: [10.0.0.0/8]\nlisten: 0.0.0.0:8080\nresolve: ["*:443:127.0.0.1:8443"]\ninspection: auto\n',
  '{}',
]
const FLAGS = ['listen', 'policy', 'certs', 'data', 'users', 'inspection', 'upstreamProxy'] as const
const LISTED = ['resolve', 'allowPrivate', 'allowClients', 'upstreamCa', 'clientCertificate'] as const
const VARIABLES = ['WEIR_LISTEN', 'WEIR_ALLOW_CLIENTS', 'WEIR_RESOLVE', 'WEIR_LISTN', 'WEIR_INSPECTION', 'WEIR_LIMITS']

const words = mutatedText([...VALUES, ...PARENTS, ...CERTIFICATES, '10.0.0.0/8', '::/0', 'never', 'x,y'])

const settings = defineTarget({
  name: 'settings',
  parsers: ['settings/resolve.ts#resolveSettings'],
  inputs: fc.record({
    file: fc.option(mutatedText(FILES, ['limits:', '  spoolBytesMax: 1', 'listen: 0.0.0.0:1\n', 'dialAttemptsMax: 0'])),
    flags: fc.tuple(
      fc.dictionary(fc.constantFrom(...FLAGS), words, { maxKeys: 2 }),
      fc.dictionary(fc.constantFrom(...LISTED), fc.array(words, { maxLength: 3 }), { maxKeys: 2 }),
    ),
    environment: fc.dictionary(fc.constantFrom(...VARIABLES), words, { maxKeys: 2 }),
  }),
  shortRuns: 250,
  check({ file, flags: [single, several], environment }) {
    const source = file === null ? null : parseYaml(file, 'weir.yaml').source
    const { settings: resolved, problems } = resolveSettings({
      file: source,
      environment,
      flags: { ...single, ...several },
    })
    assert.equal(
      resolved === null,
      problems.some(({ severity }) => severity === 'error'),
    )
    for (const problem of problems) {
      assert(problem.file !== '' && problem.line >= 1 && problem.column >= 1)
      assert(renderProblem(problem, file, { colour: false }).length < 5_000)
    }
    if (resolved === null) return
    for (const limit of Object.values(resolved.limits)) assert(Number.isSafeInteger(limit) && limit > 0)
    const isLoopback = resolved.listen.address.text === '::1' || resolved.listen.address.text.startsWith('127.')
    assert(isLoopback || resolved.allowClients.length > 0, 'open to other machines, and for nobody')
  },
})

export const SETTING_TARGETS: readonly FuzzTarget[] = [size, time, value, settings]
