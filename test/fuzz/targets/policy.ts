/** Policies: YAML of any shape, whole policies, the patterns in them, and what the catalogue makes of a path. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as fc from 'fast-check'
import { parse } from 'yaml'
import { compileCatalog } from '../../../src/catalog/catalog.ts'
import { classify } from '../../../src/catalog/classify.ts'
import { PATH_SEGMENTS_MAX, readPath, readPathAround } from '../../../src/catalog/path.ts'
import { hasExactly, mayHave, readQuery } from '../../../src/catalog/query.ts'
import { isOperation } from '../../../src/flow/operation.ts'
import { readCases } from '../../../src/policy/case-file.ts'
import { compilePolicy } from '../../../src/policy/compile.ts'
import { decide } from '../../../src/policy/decide.ts'
import { parseRepositoryPattern } from '../../../src/policy/repository-index.ts'
import { parseRequestUrl } from '../../../src/policy/request-url.ts'
import { matchesSegments, parseSegmentPattern, patternCharactersMax } from '../../../src/policy/segment-pattern.ts'
import { listFilesOf, readPolicies, readPolicy } from '../../../src/policy/source.ts'
import type { Problem } from '../../../src/text/problem.ts'
import { renderProblem } from '../../../src/text/problem-render.ts'
import { parseYaml } from '../../../src/text/yaml.ts'
import { glob } from '../../policy/reference.ts'
import { subject, type Words } from '../../policy/subjects.ts'
import { mutatedText } from '../corpus.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const read = (...path: readonly string[]): string => readFileSync(join(ROOT, ...path), 'utf8')
const GOOD = [
  read('policies/default.yaml'),
  ...readdirSync(join(ROOT, 'policies/examples')).map((name) => read('policies/examples', name)),
  read('test/policy/policies/weir.yaml'),
]
const BROKEN = (parse(read('test/policy/broken.yaml')) as readonly { readonly policy?: string }[]).flatMap(
  ({ policy = '' }) => (policy === '' ? [] : [policy]),
)
const WORDS = [
  'version: 1\n',
  'rules:\n',
  '  - name: x\n',
  'action: allow\n',
  'to: { hosts: [x.example] }\n',
  'limits: [{ }]\n',
  '&a ',
  '*a',
  '!!js/function x',
  '? ',
  '<<: *a',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '|\n',
  '\t',
  'until: 2026-02-30T0Z',
  'inspection: { mode: always }\n',
  'services: { x: { kind: gitlab, hosts: [x.example] } }\n',
  'budget: b\n',
  '[[[[',
]

function checkProblems(problems: readonly Problem[], texts: ReadonlyMap<string, string>): void {
  for (const problem of problems) {
    const text = texts.get(problem.file)
    assert(text !== undefined, `a problem in a file that is not there: ${problem.file}`)
    assert(problem.line >= 1 && problem.line <= text.split('\n').length + 1, `no line ${problem.line}`)
    assert(problem.column >= 1)
    assert(problem.message.length > 0 && problem.message.length < 20_000)
    const shown = renderProblem(problem, text, { colour: false })
    assert(!/[^\P{Cc}\n\t]/u.test(shown), 'control characters in what is shown')
  }
}

const yaml = defineTarget({
  name: 'yaml',
  parsers: ['text/yaml.ts#parseYaml'],
  inputs: fc.oneof(
    mutatedText([...BROKEN, 'a: [1, {b: "c"}]\nd: |\n  x\n', '- - - 1\n'], WORDS),
    fc
      .tuple(fc.constantFrom('[', '{', '- ', '? ', 'a: {', '&a [', '!x ', '"', '|\n '), fc.nat(5_000))
      .map(([word, times]) => word.repeat(times)),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  ),
  shortRuns: 200,
  cpuMaxMs: 3_000,
  check(text) {
    const { source, problems } = parseYaml(text, 'a.yaml')
    assert.equal(
      source === null,
      problems.some(({ severity }) => severity === 'error'),
    )
    checkProblems(problems, new Map([['a.yaml', text]]))
    if (source === null) return
    const { line, column } = source.locate(['rules', 0, 'to', 'hosts'])
    assert(line >= 1 && column >= 1)
    JSON.stringify(source.value)
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
  },
})

const SUBJECTS: readonly Words[] = [
  {},
  { operation: 'tunnel', repository: 'unseen', method: 'unseen', address: 'unseen' },
  {
    to: 'github.com:443',
    operation: 'git-push',
    repository: 'github.com/acme/app',
    method: 'POST',
    ref: { name: 'refs/heads/main', kind: 'update' },
  },
  { to: '192.0.2.7:22', operation: 'ssh', repository: 'never' },
]

const policy = defineTarget({
  name: 'policy',
  parsers: ['policy/source.ts#readPolicy', 'policy/source.ts#readPolicies'],
  inputs: fc.tuple(
    mutatedText([...GOOD, ...BROKEN], WORDS),
    fc.option(mutatedText(BROKEN, WORDS)),
    mutatedText(['a.example\n', 'x']),
  ),
  shortRuns: 60,
  cpuMaxMs: 5_000,
  check([text, more, list]) {
    const files = [text, ...(more === null ? [] : [more])].map((one, at) => ({ file: `${at}.yaml`, text: one }))
    const { source, problems } = files.length === 1 ? readPolicy(text, '0.yaml') : readPolicies(files)
    const lists = new Map(source === null ? [] : listFilesOf(source).map((name) => [name, list] as const))
    const texts = new Map([...files.map(({ file, text: one }) => [file, one] as const), ...lists])
    checkProblems(problems, texts)
    if (source === null) {
      assert(
        problems.some(({ severity }) => severity === 'error'),
        'no policy, and no error',
      )
      return
    }
    const compiled = compilePolicy(source, lists)
    checkProblems(compiled.problems, texts)
    const { policy: made } = compiled
    if (made === null) {
      assert(compiled.problems.some(({ severity }) => severity === 'error'))
      return
    }
    for (const one of SUBJECTS) assert(['allow', 'deny', 'undecided'].includes(decide(made, subject(one)).action))
  },
})

const { catalog } = compileCatalog([{ id: 'ours', kind: 'gitlab', hosts: ['git.acme.example', '*.git.example'] }])
const segment = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', 'main', ''),
  fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 6 }),
)
const pattern = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom('*', '**', 'a*', '*b', 'a*b', '*a*b*'), segment), { maxLength: 7 })
    .map((all) => all.join('/')),
  mutatedText(['a/**/b', 'release/*', '**', 'refs/heads/*x*'], ['**', '*/', '/']),
  fc.tuple(fc.constantFrom('*a', '**/', 'a*/', '**/a/'), fc.nat(120)).map(([word, times]) => `${word.repeat(times)}b`),
)

const segments = defineTarget({
  name: 'segment-pattern',
  parsers: ['policy/segment-pattern.ts#parseSegmentPattern'],
  inputs: fc.tuple(
    pattern,
    fc.oneof(fc.array(segment, { maxLength: 8 }), fc.array(segment, { minLength: 100, maxLength: 300 })),
  ),
  shortRuns: 1_000,
  check([text, names]) {
    const parsed = parseSegmentPattern(text)
    if (parsed === null) return
    assert(text.length <= patternCharactersMax)
    const matches = matchesSegments(parsed, names)
    // The reference tries every way, which is too long for long ones, and has NUL for a use of its own.
    if (text.length + names.length < 40 && names.length > 0 && !names.includes('') && !text.includes('\0'))
      assert.equal(matches, glob(text, names.join('/')))
    if (!text.includes('*')) assert(matchesSegments(parsed, text.split('/')))
  },
})

const REPOSITORIES = ['github.com/acme/*', 'git.acme.example/a/b.git', '**', 'GitHub.com/Acme/App', 'x.git.example/**']
const URLS = [
  'https://github.com/acme/app.git/info/refs?service=git-receive-pack',
  'ssh://x.example/a',
  'a.example:80/x',
  'ftp://x',
]

const references = defineTarget({
  name: 'request-reference',
  parsers: ['policy/repository-index.ts#parseRepositoryPattern', 'policy/request-url.ts#parseRequestUrl'],
  inputs: mutatedText([...REPOSITORIES, ...URLS], ['//', '@', '%2f', '..', '**']),
  shortRuns: 600,
  check(text) {
    const repository = parseRepositoryPattern(text, catalog)
    if (repository !== null) assert.equal(repository.host, repository.host.toLowerCase())
    const url = parseRequestUrl(text)
    if (url === null) return
    assert(url.target === '' || /^[/?]/.test(url.target))
    assert(url.destination.port >= 0 && url.destination.port <= 65_535)
  },
})

const PATHS = [
  '/acme/app.git/git-receive-pack',
  '/api/v4/projects/acme%2Fapp/repository/files/a%2Fb',
  '/repos/acme/app/contents/x',
  '/',
  '/a/../b',
  '/a//b',
  '/%2e%2e/x',
  '/a%2fb',
  '/a;x=y',
  '/a%00',
  '/acme/app/',
  '/%E2%80%8B',
  '/ａ',
  '/a%EF%BC%8Fb',
]
const targets = fc.oneof(
  mutatedText(PATHS, ['%2f', '%2F', '%252f', '/', '.git', '?service=git-receive-pack', '%c0%af', 'git-receive-pack']),
  fc
    .array(fc.constantFrom('/', 'a', '%2e', '.', '%2f', '..', '%5c', '%', ';', 'git-upload-pack'), { maxLength: 12 })
    .map((all) => `/${all.join('')}`),
)

const path = defineTarget({
  name: 'path',
  parsers: ['catalog/path.ts#readPath', 'catalog/path.ts#readPathAround', 'catalog/classify.ts#classify'],
  inputs: fc.record({
    target: targets,
    host: fc.constantFrom(
      'github.com',
      'api.github.com',
      'git.acme.example',
      'gitlab.com',
      'g.api.mega.co.nz',
      'x.example',
    ),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'get', 'OPTIONS'),
    contentType: fc.constantFrom(null, 'application/x-git-receive-pack-request', 'application/vnd.git-lfs+json'),
    hasContent: fc.boolean(),
    at: fc.nat(5),
  }),
  shortRuns: 1_000,
  check({ at, ...head }) {
    const [bare = ''] = head.target.split('?', 1)
    const reading = readPath(bare)
    if (reading.state === 'normal') {
      for (const names of [...reading.readings, reading.decoded]) {
        assert(
          names.every((name) => name !== '' && !/^[.\s]+$/.test(name)),
          'a gap in a normal path',
        )
      }
      assert(reading.decoded.length <= PATH_SEGMENTS_MAX)
      const again = `/${reading.readings[0]?.join('/') ?? ''}${reading.trailingSlash ? '/' : ''}`
      assert.deepEqual(readPath(again), reading, 'another reading when written again')
    }
    const slashes = bare.split('/').length - 1
    if (slashes > 0) assert(['normal', 'odd', 'excess'].includes(readPathAround(bare, at % slashes).state))
    const { operation, repository } = classify(catalog, head)
    assert(isOperation(operation))
    if (repository.state === 'known') assert(/^[a-z0-9.-]+(?:\/[A-Za-z0-9._~+@-]+)+$/.test(repository.value))
    // What servers read in several ways never is a write to a repository that a rule could allow.
    if (reading.state !== 'normal') assert.notEqual(repository.state, 'known')
  },
})

const QUERIES = [
  'uploads',
  'comp=block&blockid=eA==',
  'uploadType=resumable&upload_id=x',
  'acl&x=1;comp=acl',
  '%75ploads[]=',
]

const query = defineTarget({
  name: 'query',
  parsers: ['catalog/query.ts#readQuery'],
  inputs: mutatedText(QUERIES, ['&', ';', '?', '=', '+', '%', '%25', '%u0075', '%00', '[', 'comp=block', 'uploads']),
  shortRuns: 1_000,
  check(text) {
    const found = readQuery(text)
    assert(found.parameters.length <= text.length)
    for (const wanted of [{ uploads: true as const }, { comp: 'block' }]) {
      if (hasExactly(found, wanted)) assert(mayHave(found, wanted), 'surely there, and perhaps not')
      assert(mayHave(readQuery(`${text}&uploads&comp=block`), wanted), 'hidden by what stands in front')
      assert(!hasExactly(readQuery(`uploads&comp=block&${text}&uploads&comp=block`), wanted), 'surely there, twice')
    }
  },
})

const CASE_FILES = ['users', 'values', 'weir'].map((name) => read('test/policy/cases', `${name}.yaml`))

const cases = defineTarget({
  name: 'case-file',
  parsers: ['policy/case-file.ts#readCases'],
  inputs: mutatedText(CASE_FILES, [
    'cases:\n',
    '  - name: x\n',
    'expect: { action: deny }\n',
    'at: 2026-02-30T0Z',
    'ref: x',
  ]),
  shortRuns: 60,
  cpuMaxMs: 3_000,
  check(text) {
    const { source, problems } = readCases(text, 'a.test.yaml')
    assert.equal(
      source === null,
      problems.some(({ severity }) => severity === 'error'),
    )
    checkProblems(problems, new Map([['a.test.yaml', text]]))
  },
})

export const POLICY_TARGETS: readonly FuzzTarget[] = [yaml, policy, segments, references, path, query, cases]
