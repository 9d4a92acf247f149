/** What an answer is believed: a client chooses under which names fields come back, and poisons nothing by it. */
import { describe, expect, it } from 'vitest'
import { partsOfGraphql } from '../../src/catalog/graphql.ts'
import { type AnswerShape, answerFieldsMax } from '../../src/catalog/graphql-answer.ts'
import { graphqlSchemaOf } from '../../src/catalog/graphql-schemas.ts'

const GITHUB = graphqlSchemaOf({ graphql: 'github', host: 'github.com', foldsCase: true })

function shapesOf(...queries: readonly string[]): readonly AnswerShape[] {
  const calls = queries.map((query) => ({ query, variables: {} }))
  return partsOfGraphql(GITHUB, calls).flatMap(({ answer }) => answer ?? [])
}

function below(selection: string): string {
  return `{repository(owner:"o",name:"n"){${selection}}}`
}

const NONE = { nameWithOwner: null, owner: null, name: null, visibility: null, isPrivate: null, ids: [] }

describe('an answer', () => {
  it.each<[string, string, Partial<AnswerShape>]>([
    [
      'names a repository',
      below('nameWithOwner id'),
      { nameWithOwner: 'repository.nameWithOwner', ids: ['repository.id'] },
    ],
    [
      'names it in two parts',
      below('owner{login} name visibility isPrivate'),
      {
        owner: 'repository.owner.login',
        name: 'repository.name',
        visibility: 'repository.visibility',
        isPrivate: 'repository.isPrivate',
      },
    ],
    [
      'comes under other names',
      '{r:repository(owner:"o",name:"n"){a:nameWithOwner b:id c:issue(number:1){d:id}}}',
      { nameWithOwner: 'r.a', ids: ['r.b', 'r.c.d'] },
    ],
    [
      'lists what is in it',
      below('nameWithOwner issues(first:9){nodes{id}} pullRequests{n:nodes{i:id}}'),
      {
        nameWithOwner: 'repository.nameWithOwner',
        ids: ['repository.issues.nodes.*.id', 'repository.pullRequests.n.*.i'],
      },
    ],
    [
      'comes through fragments',
      `${below('...F')} fragment F on Repository{nameWithOwner ...{id}}`,
      { nameWithOwner: 'repository.nameWithOwner', ids: ['repository.id'] },
    ],
    [
      'leaves out what is of others',
      below('nameWithOwner parent{id} owner{id} forks{nodes{id}} issue(number:1){author{id}} issues{edges{node{id}}}'),
      { nameWithOwner: 'repository.nameWithOwner' },
    ],
  ])('%s', (_, query, shape) => expect(shapesOf(query)).toEqual([{ ...NONE, ...shape }]))

  it.each<[string, string]>([
    ['it does not name it', below('id')],
    ['it names half of it', below('name id')],
    ['a description has its name', below('nameWithOwner:description id')],
    ['a description has its owner', below('owner{login:bio} name id')],
    ['another field has its place too', below('nameWithOwner ...{nameWithOwner:description} id')],
    [
      'the owner’s place is taken, for another kind of owner',
      below('owner{...on Organization{login} ...on User{login:email}} name id'),
    ],
    ['the owner is asked for twice', below('owner{...on Organization{login}} owner{...on User{login:email}} name id')],
    [
      'a second root comes back in its place',
      '{r:repository(owner:"o",name:"n"){nameWithOwner id} r:repository(owner:"o",name:"n"){nameWithOwner:description}}',
    ],
    ['another root comes back in its place', '{r:repository(owner:"o",name:"n"){nameWithOwner id} r:node(id:"x"){id}}'],
    ['it is something else by that name', '{repository:node(id:"x"){...on Repository{nameWithOwner id}}}'],
    [
      'another operation may be answered',
      `query A${below('nameWithOwner id')} query B${below('nameWithOwner:description id')}`,
    ],
    [
      'a mutation may be answered',
      `query A${below('nameWithOwner id')} mutation B{repository:createIssue(input:{repositoryId:"x"}){id}}`,
    ],
  ])('tells nothing where %s', (_, query) => expect(shapesOf(query)).toEqual([]))

  it('tells nothing where there are several', () => {
    expect(shapesOf(below('nameWithOwner id'))).toHaveLength(1)
    expect(shapesOf(below('nameWithOwner id'), below('nameWithOwner id'))).toEqual([])
  })

  it('has no ids where two kinds of things come back under one name', () => {
    const query = below('nameWithOwner issueOrPullRequest(number:1){...on Issue{id} ...on PullRequest{id:headRefOid}}')
    expect(shapesOf(query)).toMatchObject([{ ids: [] }])
  })

  it(`is of ${answerFieldsMax} fields, and of more tells nothing`, () => {
    // One for each selection and one for each field.
    const of = (fields: number): string => {
      const issues = Array.from({ length: 18 }, (_, at) => `i${at}:issue{...F}`).join(' ')
      const rest = fields - (1 + 20) - 18 * 101
      const last = Array.from({ length: rest - 1 }, (_, at) => `x${at}:id`).join(' ')
      const wide = Array.from({ length: 100 }, (_, at) => `f${at}:id`).join(' ')
      return `${below(`nameWithOwner ${issues} j:issue{${last}}`)} fragment F on Issue{${wide}}`
    }
    expect(shapesOf(of(answerFieldsMax))).toHaveLength(1)
    expect(shapesOf(of(answerFieldsMax + 1))).toEqual([])
  })
})
