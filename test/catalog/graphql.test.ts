import { describe, expect, it } from 'vitest'
import { partsOfGraphql } from '../../src/catalog/graphql.ts'
import { graphqlFieldsMax, graphqlTokensMax, parseDocument } from '../../src/catalog/graphql-document.ts'
import { graphqlSchemaOf } from '../../src/catalog/graphql-schemas.ts'
import type { Told } from '../../src/catalog/part.ts'
import { valuesMax } from '../../src/catalog/values-at.ts'

const GITHUB = graphqlSchemaOf({ graphql: 'github', host: 'github.com', foldsCase: true })
const GITLAB = graphqlSchemaOf({ graphql: 'gitlab', host: 'gitlab.com', foldsCase: true })

function partsOf(query: string | null, variables: Readonly<Record<string, unknown>> = {}, schema = GITHUB) {
  return partsOfGraphql(schema, [{ query, variables }])
}

/** `OPERATION REPOSITORY IDS`, a part each; `-` is none and `?` one that cannot be told. */
function show(parts: readonly Told[]): string {
  return parts
    .map(({ operation, repository, ids = [] }) => {
      const where = repository?.state === 'known' ? repository.value : repository?.state === 'absent' ? '-' : '?'
      return [operation, where, ...ids].join(' ')
    })
    .join(', ')
}

describe('a document', () => {
  it.each<[string, string, string]>([
    ['reads the viewer', '{viewer{login}}', 'api-read -'],
    ['reads a repository', '{repository(owner:"Acme",name:"App.git"){id}}', 'api-read github.com/acme/app'],
    ['reads a node', 'query Q{node(id:"R_1"){id}}', 'api-read ? R_1'],
    ['reads what nobody knows', '{search(query:"x",type:ISSUE){issueCount}}', 'api-read ?'],
    ['reads under another name', '{deleteRef:viewer{login}}', 'api-read -'],
    ['writes', 'mutation{addComment(input:{subjectId:"I_1",body:"x"}){clientMutationId}}', 'issue-write ? I_1'],
    ['writes under the name of a read', 'mutation{viewer:addComment(input:{subjectId:"I_1"}){x}}', 'issue-write ? I_1'],
    ['names two in one', 'mutation{addSubIssue(input:{issueId:"I_1",subIssueId:"I_2"}){x}}', 'issue-write ? I_1 I_2'],
    ['writes in a fragment', 'mutation{...F} fragment F on Mutation{deleteRef(input:{refId:"R"}){x}}', 'ref-write ? R'],
    [
      'writes in a fragment of a fragment',
      'mutation{...F} fragment F on M{...{...G}} fragment G on M{deleteRef(input:{refId:"R"}){x}}',
      'ref-write ? R',
    ],
    ['writes where it is left out', 'mutation{deleteRef(input:{refId:"R"})@skip(if:true){x}}', 'ref-write ? R'],
    [
      'reads and writes',
      'query A{viewer{login}} mutation B{deleteRef(input:{refId:"R"}){x}}',
      'api-read -, ref-write ? R',
    ],
    ['writes what nobody knows', 'mutation{deleteEverything{x}}', 'unknown-write ?'],
    [
      'writes by a name of every object',
      'mutation{constructor{x} __proto__{x} toString{x}}',
      'unknown-write ?, unknown-write ?, unknown-write ?',
    ],
    ['asks what a mutation is', 'mutation{__typename}', 'api-read -'],
    ['listens', 'subscription{addComment(input:{subjectId:"I_1"}){x}}', 'unknown-write ?'],
    [
      'names a repository by its name',
      'mutation{createCommitOnBranch(input:{branch:{repositoryNameWithOwner:"acme/app"}}){x}}',
      'file-write github.com/acme/app',
    ],
    [
      'names it by name and by id',
      'mutation{createCommitOnBranch(input:{branch:{repositoryNameWithOwner:"acme/app",id:"R"}}){x}}',
      'file-write ?',
    ],
    [
      'names it by a way that leads elsewhere',
      'mutation{createCommitOnBranch(input:{branch:{repositoryNameWithOwner:"acme/../mallory/loot"}}){x}}',
      'file-write ?',
    ],
    [
      'names it by an empty step',
      'mutation{createCommitOnBranch(input:{branch:{repositoryNameWithOwner:"acme//app"}}){x}}',
      'file-write ?',
    ],
    [
      'names ids of which one is no text',
      'mutation{addSubIssue(input:{issueId:"I_1",subIssueId:5}){x}}',
      'issue-write ?',
    ],
    ['names a list of ids', 'mutation{addComment(input:{subjectId:["I_1","I_2"]}){x}}', 'issue-write ?'],
    ['names nothing', 'mutation{addComment(input:{body:"x"}){x}}', 'issue-write ?'],
    ['lands in no repository', 'mutation{changeUserStatus(input:{message:"x"}){x}}', 'account-write -'],
  ])('%s', (_, query, parts) => expect(show(partsOf(query))).toBe(parts))

  it.each<[string, string | null]>([
    ['there is none', null],
    ['it is no document', 'viewer{login}'],
    ['it is empty', ' '],
    ['it has only fragments', 'fragment F on Query{viewer{login}}'],
    ['it defines a type', '{viewer{login}} type T{a:Int}'],
    ['it extends one', '{viewer{login}} extend type Query{a:Int}'],
    ['a fragment is missing', '{viewer{login} ...F}'],
    ['a fragment stands twice', '{...F} fragment F on Q{viewer{login}} fragment F on Q{viewer{id}}'],
    ['fragments only spread each other', '{...F} fragment F on Q{...G} fragment G on Q{...F}'],
    ['an argument stands twice', 'mutation{addComment(input:{subjectId:"a"},input:{subjectId:"b"}){x}}'],
    ['a field of an input stands twice', 'mutation{addComment(input:{subjectId:"a",subjectId:"b"}){x}}'],
    ['it stands twice in a list', 'mutation{updateRefs(input:{repositoryId:"a",refUpdates:[{name:"a",name:"b"}]}){x}}'],
    ['a variable stands twice', 'mutation($a:ID="x",$a:ID="y"){addComment(input:{subjectId:$a}){x}}'],
    ['a field of a default stands twice', 'mutation($i:X={subjectId:"a",subjectId:"b"}){addComment(input:$i){x}}'],
  ])('is unknown where %s', (_, query) => expect(show(partsOf(query))).toBe('unknown-write ?'))

  it('is unknown where a mutation hides in what looks like a string to one reader', () => {
    const hidden = [
      'query A{repository(name:"n",owner:#\r"""',
      '"o"){id}} mutation B{deleteRef(input:{refId:"R"}){x}} query C{repository(name:"n",owner:"o"#\r"""',
      '){id}}',
    ].join('\n')
    expect(show(partsOf(hidden))).toBe('unknown-write ?')
    expect(parseDocument(hidden)).toBeNull()
    expect(parseDocument('{viewer{login}}\r')).toBeNull()
    expect(show(partsOf('{viewer{login}} # x\r\n'))).toBe('api-read -')
  })

  it('fills in variables, and their defaults where none is given', () => {
    const query = 'mutation($i:AddCommentInput!={subjectId:"I_1"}){addComment(input:$i){x}}'
    expect(show(partsOf(query))).toBe('issue-write ? I_1')
    expect(show(partsOf(query, { i: { subjectId: 'I_2' } }))).toBe('issue-write ? I_2')
    expect(show(partsOf(query, { i: null }))).toBe('issue-write ?')
    expect(show(partsOf('mutation{addComment(input:$constructor){x}}'))).toBe('issue-write ?')
    expect(
      show(partsOf('query($o:String!,$n:String!){repository(owner:$o,name:$n){id}}', { o: 'acme', n: 'app' })),
    ).toBe('api-read github.com/acme/app')
    const [owner, proto] = [
      'query($__proto__:ID){node(id:$__proto__){id}}',
      JSON.parse('{"__proto__":"R_1"}') as object,
    ]
    expect(show(partsOf(owner, { ...proto }))).toBe('api-read ? R_1')
  })

  it('is all that several calls do', () => {
    const calls = ['{viewer{login}}', 'mutation{deleteRef(input:{refId:"R"}){x}}'].map((query) => ({
      query,
      variables: {},
    }))
    expect(show(partsOfGraphql(GITHUB, calls))).toBe('api-read -, ref-write ? R')
    expect(show(partsOfGraphql(GITHUB, [...calls, { query: null, variables: {} }]))).toBe('unknown-write ?')
    expect(show(partsOfGraphql(GITHUB, []))).toBe('unknown-write ?')
  })

  it('names projects of GitLab by their path', () => {
    expect(show(partsOf('{project(fullPath:"Group/Sub/App"){id}}', {}, GITLAB))).toBe(
      'api-read gitlab.com/group/sub/app',
    )
    expect(show(partsOf('{project(fullPath:"group/../app"){id}}', {}, GITLAB))).toBe('api-read ?')
    const commit = 'mutation($i:X){commitCreate(input:$i){errors}}'
    const i = { projectPath: 'group/app', actions: [{ filePath: '.gitlab-ci.yml' }] }
    expect(partsOf(commit, { i }, GITLAB)).toMatchObject([{ operation: 'file-write', ciFiles: { value: true } }])
  })
})

describe('the files of a commit', () => {
  const commit = (additions: unknown) =>
    partsOf('mutation($i:X){createCommitOnBranch(input:$i){x}}', { i: { fileChanges: { additions } } })[0]?.ciFiles

  it.each<[unknown, unknown]>([
    [[{ path: 'README.md' }], { state: 'known', value: false }],
    [[{ path: 'README.md' }, { path: '.github/workflows/x.yml' }], { state: 'known', value: true }],
    [[{ path: ['README.md'] }], { state: 'known', value: true }],
    [[{ contents: 'x' }], undefined],
    [[], undefined],
  ])('%j', (additions, fact) => expect(commit(additions)).toEqual(fact))

  it(`are ${valuesMax} and, where there are more, may be any`, () => {
    const of = (count: number) => Array.from({ length: count }, () => ({ path: 'a' }))
    expect(commit(of(valuesMax))).toEqual({ state: 'known', value: false })
    expect(commit(of(valuesMax + 1))).toEqual({ state: 'known', value: true })
  })
})

describe('the limits of a document', () => {
  it(`are ${graphqlTokensMax} tokens`, () => {
    const of = (tokens: number): string => `{viewer(a:[${'1 '.repeat(tokens - 9)}])}`
    expect(show(partsOf(of(graphqlTokensMax)))).toBe('api-read -')
    expect(show(partsOf(of(graphqlTokensMax + 1)))).toBe('unknown-write ?')
  })

  it(`are ${graphqlFieldsMax} fields, of all operations and calls together`, () => {
    const of = (fields: number): string => `{${Array.from({ length: fields }, (_, at) => `a${at}:viewer`).join(' ')}}`
    expect(partsOf(of(graphqlFieldsMax))).toHaveLength(graphqlFieldsMax)
    expect(show(partsOf(of(graphqlFieldsMax + 1)))).toBe('unknown-write ?')
    expect(show(partsOf(`query A${of(graphqlFieldsMax)} query B${of(1)}`))).toBe('unknown-write ?')
    const calls = [of(graphqlFieldsMax), of(1)].map((query) => ({ query, variables: {} }))
    expect(show(partsOfGraphql(GITHUB, calls))).toBe('unknown-write ?')
  })

  it('are braces as deep as the stack', () => {
    expect(show(partsOf('{a'.repeat(9_000) + '}'.repeat(9_000)))).toMatch(/^(?:unknown-write \?|api-read \?)$/)
  })

  it.each<[string, () => readonly Told[]]>([
    ['fields below fields below fields', () => partsOf(`${spreading(60)} ${FRAGMENTS}`)],
    [
      'operations that spread one fragment',
      () => partsOf(`${'{...F}'.repeat(2_000)} fragment F on Q{${'...F '.repeat(4_000)}}`),
    ],
    [
      'fragments that select nothing',
      () =>
        partsOf(
          `{r:repository(owner:"o",name:"n"){nameWithOwner ${named(190, 'issue{...E}')}}} fragment E on I{${'...E '.repeat(9_000)}}`,
        ),
    ],
    [
      'a list in a variable of many mutations',
      () =>
        partsOf(`mutation($i:X){${named(graphqlFieldsMax, 'createCommitOnBranch(input:$i){x}')}}`, {
          i: { fileChanges: { additions: Array.from({ length: 1_000_000 }, () => 0) } },
        }),
    ],
  ])('make %s take bounded time', (_, read) => {
    const before = process.cpuUsage()
    expect(read().length).toBeGreaterThan(0)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(5_000)
  })
})

function named(count: number, field: string): string {
  return Array.from({ length: count }, (_, at) => `a${at}:${field}`).join(' ')
}

function spreading(count: number): string {
  return [
    `{${named(count, 'repository(owner:"o",name:"n"){...F}')}}`,
    `fragment F on R{nameWithOwner ${named(100, 'issues{...G}')}}`,
    `fragment G on I{${named(100, 'nodes{...H}')}}`,
    `fragment H on N{${named(100, 'id')}}`,
  ].join(' ')
}

const FRAGMENTS = Array.from({ length: 1_500 }, (_, at) => `fragment a${at} on B{c}`).join(' ')
