import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type CaseResult,
  coverageOf,
  findUnknownRules,
  judgeCases,
  readCases,
  warnUncovered,
} from '../../src/policy/case-file.ts'
import { caseFileSchema, casesMax } from '../../src/policy/case-schema.ts'
import { loadText } from './load.ts'

const POLICY = `version: 1
default: deny
budgets:
  daily: { per: user, window: 1 day, size: 10 MB }
  upload: { per: request, size: 2 MB }
rules:
  - { name: watch, to: { hosts: site.example }, mode: report, action: deny }
  - { name: by-address, to: { hosts: intra.example, networks: [10.0.0.0/8] }, action: allow }
  - { name: gets, to: { hosts: api.example }, when: { methods: [GET] }, action: allow }
  - { name: no-main, to: { repositories: [github.com/acme/*] }, operations: [git-push], when: { refs: [main] }, action: deny, message: main is protected }
  - { name: ours, to: { repositories: [github.com/acme/*] }, operations: [write], limits: [{ budget: daily }, { budget: upload }], action: allow }
  - { name: tunnel, to: { hosts: tunnel.example }, limits: [{ per: request, size: 1 kB }], action: allow }
  - { name: site, to: { hosts: site.example }, action: allow }
  - { name: ada, from: { users: ada }, to: { hosts: ada.example }, action: allow }
  - { name: watch-allow, to: { hosts: a.example }, mode: report, action: allow }
`

const { policy, source: written } = loadText(POLICY)

function judge(row: string): CaseResult {
  const { source, problems } = readCases(`cases:\n  - { name: it, ${row} }\n`, 'a.test.yaml')
  if (source === null) throw new Error(JSON.stringify(problems))
  const [result] = judgeCases(policy, source)
  if (result === undefined) throw new Error('no case')
  return result
}

/** What came out otherwise, as `KEY: EXPECTED, not GOT`. */
function mismatches(row: string): readonly string[] {
  return judge(row).mismatches.map(({ key, expected, got }) => `${key}: ${expected}, not ${got}`)
}

const PUSH = 'to: github.com, operation: git-push, repository: github.com/acme/app'

describe('a case holds', () => {
  it.each([
    ['by its action alone', `${PUSH}, ref: topic, expect: { action: allow }`],
    ['by its rule', `${PUSH}, ref: topic, expect: { action: allow, rule: ours }`],
    ['by the default as null', 'to: other.example, expect: { action: deny, rule: null, code: default }'],
    ['by the place where it is said', `${PUSH}, ref: main, expect: { action: deny, checkpoint: body, opened: true }`],
    ['by the message', `${PUSH}, ref: refs/heads/main, expect: { action: deny, message: main is protected }`],
    ['by a budget and a size', `${PUSH}, ref: topic, expect: { action: allow, limits: [daily, 2 MB] }`],
    ['by the names of both budgets', `${PUSH}, ref: topic, expect: { action: allow, limits: [daily, upload] }`],
    ['by what only reports', 'to: site.example, expect: { action: allow, wouldDeny: [watch], opened: false }'],
    [
      'as a ref in full',
      `${PUSH}, ref: { name: refs/heads/main, kind: delete }, expect: { action: deny, rule: no-main }`,
    ],
    ['at the limit', `${PUSH}, ref: topic, size: 2 MB, expect: { action: allow }`],
    [
      'past the limit',
      `${PUSH}, ref: topic, size: 2000001, expect: { action: deny, rule: ours, code: limit, checkpoint: body }`,
    ],
    ['as a tunnel at its limit', 'to: tunnel.example, size: 1 kB, expect: { action: allow }'],
    [
      'as a tunnel past its limit',
      'to: tunnel.example, size: 1001, expect: { action: deny, code: limit, checkpoint: tls, message: this tunnel reached its limit of bytes sent }',
    ],
    [
      'asked who it is',
      'to: ada.example, expect: { action: deny, code: credentials-needed, rule: null, checkpoint: connect }',
    ],
    ['having said who it is', 'to: ada.example, user: ada, expect: { action: allow, rule: ada }'],
    ['by its address', 'to: intra.example, address: 10.1.2.3, expect: { action: allow, rule: by-address }'],
    [
      'as a URL',
      'url: "https://github.com/acme/app.git/git-receive-pack", method: POST, ref: main, expect: { action: deny, rule: no-main }',
    ],
    [
      'as the URL of a plain request',
      'url: "http://api.example/a", expect: { action: allow, rule: gets, checkpoint: connect, opened: false }',
    ],
    ['with a method by default', 'url: "https://api.example/a", expect: { action: allow, rule: gets }'],
    ['with another method', 'url: "https://api.example/a", method: DELETE, expect: { action: deny, rule: null }'],
  ])('%s', (_, row) => {
    expect(mismatches(row)).toEqual([])
  })
})

describe('a case fails', () => {
  it.each([
    ['by its action', `${PUSH}, ref: main, expect: { action: allow, limits: [] }`, ['action: allow, not deny']],
    ['by its rule', 'to: other.example, expect: { action: deny, rule: ours }', ['rule: ours, not null']],
    ['by the default', 'to: site.example, expect: { action: allow, rule: null }', ['rule: null, not site']],
    ['by its place', 'to: other.example, expect: { action: deny, checkpoint: tls }', ['checkpoint: tls, not connect']],
    ['by its ground', 'to: other.example, expect: { action: deny, code: doubt }', ['code: doubt, not default']],
    [
      'by its message',
      'to: other.example, expect: { action: deny, message: no }',
      ['message: no, not no rule allows this'],
    ],
    ['by being opened', 'to: site.example, expect: { action: allow, opened: true }', ['opened: true, not false']],
    ['by a report less', 'to: site.example, expect: { action: allow, wouldDeny: [] }', ['wouldDeny: [], not [watch]']],
    [
      'by a report too many',
      'to: site.example, expect: { action: allow, wouldDeny: [watch, ours] }',
      ['wouldDeny: [watch, ours], not [watch]'],
    ],
    [
      'by a limit less',
      `${PUSH}, ref: topic, expect: { action: allow, limits: [daily] }`,
      ['limits: [daily], not [daily, upload]'],
    ],
    [
      'by another limit',
      `${PUSH}, ref: topic, expect: { action: allow, limits: [daily, 3 MB] }`,
      ['limits: [daily, 3 MB], not [daily, upload]'],
    ],
    [
      'by the size of a budget, which is no limit for a request',
      `${PUSH}, ref: topic, expect: { action: allow, limits: [10 MB, upload] }`,
      ['limits: [10 MB, upload], not [daily, upload]'],
    ],
  ])('%s', (_, row, expected) => {
    expect(mismatches(row)).toEqual(expected)
  })

  it.each([
    ['the ref', `${PUSH}, expect: { action: deny }`, 'deny'],
    ['the repository', 'to: github.com, operation: git-push, ref: main, expect: { action: allow }', 'allow'],
    ['the address', 'to: intra.example, expect: { action: allow }', 'allow'],
    ['the method', 'to: api.example, operation: api-read, expect: { action: allow }', 'allow'],
  ])('where its verdict hangs on %s, which it does not name', (what, row, action) => {
    const [mismatch, ...others] = mismatches(row)
    expect(mismatch).toMatch(
      new RegExp(`^action: ${action}, not undecided: it depends on ${what}\\b.*, which the case does not name$`),
    )
    expect(others).toEqual([])
  })
})

describe('a file of cases', () => {
  it('says for all of them who and when', () => {
    const { source } = readCases(
      `client: 10.5.0.1\nat: 2026-01-01T00:00Z\ncases:\n  - { name: a, to: a.example, expect: { action: deny } }\n  - { name: b, client: 10.6.0.1, at: 2026-01-02T00:00Z, to: a.example, expect: { action: deny } }\n`,
      'a.test.yaml',
    )
    const subjects = source === null ? [] : judgeCases(policy, source).map(({ walked }) => walked.subject)
    expect(subjects.map(({ client, at }) => [client.address.text, new Date(at).toISOString()])).toEqual([
      ['10.5.0.1', '2026-01-01T00:00:00.000Z'],
      ['10.6.0.1', '2026-01-02T00:00:00.000Z'],
    ])
  })

  it.each([
    ['an unknown key', 'too: a.example, expect: { action: deny }', 'unknown key `too`', 'did you mean `to`?'],
    [
      'an unknown action',
      'to: a.example, expect: { action: denny }',
      '`denny` is not known here',
      'did you mean `deny`?',
    ],
    ['nothing expected', 'to: a.example', '`expect` is missing', undefined],
    ['nowhere to go', 'expect: { action: deny }', 'needs either `to` or `url`', 'name `to`, or `url`'],
    [
      'two places to go',
      'to: a.example, url: "https://a.example", expect: { action: deny }',
      'needs either `to` or `url`',
      'keep one of them',
    ],
    [
      'a URL as `to`',
      'to: a.example/b, expect: { action: deny }',
      '`a.example/b` is not HOST or HOST:PORT',
      'write it as `url`',
    ],
    [
      'a port that is none',
      'to: "a.example:70000", expect: { action: deny }',
      '`a.example:70000` is not HOST or HOST:PORT',
      undefined,
    ],
    [
      'a URL that is none',
      'url: "https://", expect: { action: deny }',
      '`https://` is not a URL',
      'write it as https://github.com/acme/widgets',
    ],
    [
      'a URL of another protocol',
      'url: "ssh://github.com/a/b", expect: { action: deny }',
      'ssh: has no requests to read',
      'write it as `to`, with its `operation`',
    ],
    [
      'a client by name',
      'client: ada, to: a.example, expect: { action: deny }',
      '`ada` is not an IP address',
      'write it as 10.0.0.1',
    ],
    [
      'a time without a zone',
      'at: "2026-01-01T00:00", to: a.example, expect: { action: deny }',
      '`2026-01-01T00:00` has no zone',
      'write `2026-01-01T00:00Z` for UTC, or an offset as +01:00',
    ],
    [
      'an unknown operation',
      'to: a.example, operation: git-psh, expect: { action: deny }',
      '`git-psh` is not known here',
      'did you mean `git-push`?',
    ],
    [
      'a repository without its host',
      'to: a.example, operation: git-push, repository: /a, expect: { action: deny }',
      '`/a` is not HOST/OWNER/REPO',
      undefined,
    ],
    [
      'a repository, and no request',
      'to: a.example, repository: a.example/b, expect: { action: deny }',
      '`repository` is inside a request, and the case names none',
      'name its `operation`',
    ],
    [
      'a method of SSH',
      'to: a.example, operation: ssh, method: GET, expect: { action: deny }',
      '`method` is inside a request, and the case names none',
      'name its `operation`',
    ],
    [
      'a ref of no push',
      'to: a.example, operation: git-fetch, ref: main, expect: { action: deny }',
      'only a push changes a ref',
      'name `operation: git-push`',
    ],
    [
      'SSH as plain HTTP',
      'to: a.example, operation: ssh, speaks: http, expect: { action: deny }',
      'a plain request is no `ssh`',
      'remove one of them',
    ],
    [
      'a plain URL over TLS',
      'url: "http://a.example", speaks: tls, expect: { action: deny }',
      '`http://a.example` speaks plain http',
      'remove it',
    ],
    [
      'a message of an allow',
      'to: a.example, expect: { action: allow, message: hello }',
      '`message` is of a denial',
      'remove it',
    ],
    [
      'limits of a denial',
      'to: a.example, expect: { action: deny, limits: [] }',
      '`limits` are of an allow',
      'remove them',
    ],
    [
      'a name with a line break',
      'to: a.example, expect: { action: deny }, name: "a\\nb"',
      '`name` stands twice',
      'keep one of them',
    ],
  ])('is refused with %s', (_, row, message, hint) => {
    const { source, problems } = readCases(`cases:\n  - { name: it, ${row} }\n`, 'a.test.yaml')
    expect(source).toBeNull()
    expect(problems.map((problem) => [problem.message, problem.hint])).toContainEqual([message, hint])
    for (const { file, line } of problems) expect([file, line]).toEqual(['a.test.yaml', 2])
  })

  it('is refused with a name that would break a line of a report', () => {
    const { problems } = readCases(
      'cases:\n  - { name: "a\\nb", to: a.example, expect: { action: deny } }\n',
      'a.test.yaml',
    )
    expect(problems[0]?.message).toBe('must not have control characters')
  })

  it('is refused with one name twice, at the second', () => {
    const row = '  - { name: it, to: a.example, expect: { action: deny } }\n'
    const { source, problems } = readCases(`cases:\n${row}${row}`, 'a.test.yaml')
    expect(source).toBeNull()
    expect(problems).toMatchObject([{ message: 'two cases are named `it`', line: 3, column: 13 }])
  })

  it.each([
    [casesMax, 0],
    [casesMax + 1, 1],
  ])('of %i cases has %i problems', (count, expected) => {
    const rows = Array.from({ length: count }, (_, at) => `- {name: ${at}a, to: a.example, expect: {action: deny}}`)
    const { problems } = readCases(`cases:\n${rows.join('\n')}\n`, 'a.test.yaml')
    expect(problems).toHaveLength(expected)
  })

  it('of no cases is refused', () => {
    expect(readCases('cases: []\n', 'a.test.yaml').problems[0]?.message).toBe('must not be empty')
  })
})

describe('rules', () => {
  const text = `cases:
  - { name: a, to: site.example, expect: { action: allow, rule: site } }
  - { name: b, ${PUSH}, ref: main, expect: { action: allow, rule: our } }
  - { name: c, ${PUSH}, expect: { action: deny, rule: default, wouldDeny: [wach] } }
`
  const { source } = readCases(text, 'a.test.yaml')
  if (source === null) throw new Error('the cases do not load')

  it('that a policy does not have are told at their place', () => {
    const found = findUnknownRules(policy, source).map(({ line, message, hint }) => [line, message, hint])
    expect(found).toEqual([
      [3, 'the policy has no rule `our`', 'did you mean `ours`?'],
      [4, 'the policy has no rule `default`', 'write `rule: null` for the default'],
      [4, 'the policy has no rule `wach`', 'did you mean `watch`?'],
    ])
  })

  it('are covered where they decide or report, whatever was expected; what is undecided shows nothing', () => {
    const coverage = coverageOf(policy, judgeCases(policy, source))
    expect(coverage).toEqual({ covered: 3, uncovered: ['by-address', 'gets', 'ours', 'tunnel', 'ada'] })
  })

  it('that no case shows are told at their place in the policy', () => {
    const coverage = coverageOf(policy, judgeCases(policy, source))
    expect(warnUncovered(written, coverage, 'a.test.yaml')[0]).toEqual({
      severity: 'warning',
      message: 'no case decides by rule by-address',
      hint: 'add one to a.test.yaml',
      file: 'policy.yaml',
      line: 8,
      column: 13,
      endColumn: 23,
    })
  })
})

describe('the schema of cases', () => {
  const schema = z.toJSONSchema(caseFileSchema, { target: 'draft-7', io: 'input' })

  it('becomes a JSON Schema for editors', () => {
    expect(schema).toMatchObject({ type: 'object', required: ['cases'], additionalProperties: false })
  })

  it('describes every key', () => {
    const silent: string[] = []
    walk(schema, '')
    expect(silent).toEqual([])

    function walk(node: unknown, path: string): void {
      if (typeof node !== 'object' || node === null) return
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
            if (property.description === undefined) silent.push(`${path}/${name}`)
          }
        }
        walk(value, `${path}/${key}`)
      }
    }
  })
})
