import { describe, expect, it } from 'vitest'
import type { Mutation, Mutations } from '../../src/catalog/graphql-mutation.ts'
import { GITHUB_MUTATIONS } from '../../src/catalog/services/github-graphql.ts'
import { GITLAB_MUTATIONS } from '../../src/catalog/services/gitlab-graphql.ts'
import { familyOf } from '../../src/flow/operation.ts'
import { countOperations, readPublished, readReview, showLine } from './github-review.ts'

const REVIEWED = readReview().filter(({ method }) => method === 'mutation')
const PUBLISHED = readPublished('graphql-mutations.txt')

describe('GitHub’s mutations', () => {
  it('do what a person has reviewed: a change belongs into github-operations.tsv, after a look at it', () => {
    expect(REVIEWED.length).toBeGreaterThan(240)
    const found = Object.entries(GITHUB_MUTATIONS).map(([name, mutation]) => {
      return showLine({
        method: 'mutation',
        name,
        operation: mutation?.operation ?? '',
        lands: mutation ? place(mutation) : '',
      })
    })
    expect(found.toSorted()).toEqual(REVIEWED.map(showLine).toSorted())
    console.log(`Operations of GitHub’s mutations:\n${countOperations(REVIEWED)}`)
  })

  it.skipIf(PUBLISHED === null)('are all reviewed that are published', () => {
    const reviewed = new Set(REVIEWED.map(({ name }) => name))
    expect((PUBLISHED ?? []).filter((name) => !reviewed.has(name))).toEqual([])
  })

  it.each([
    ['createCommitOnBranch', 'file-write', ['branch.id'], 'branch.repositoryNameWithOwner'],
    ['createIssue', 'issue-write', ['repositoryId', 'parentIssueId'], undefined],
    ['addComment', 'issue-write', ['subjectId'], undefined],
    ['transferIssue', 'issue-write', ['repositoryId'], undefined],
    ['updateRefs', 'ref-write', ['repositoryId'], undefined],
  ])('%s is %s', (name, operation, ids, repositoryName) => {
    const mutation = GITHUB_MUTATIONS[name]
    expect([mutation?.operation, mutation?.ids, mutation?.repositoryName]).toEqual([operation, ids, repositoryName])
  })

  it.each(['createRepository', 'cloneTemplateRepository', 'startRepositoryMigration'])('%s lands anywhere', (name) => {
    expect(GITHUB_MUTATIONS[name]).toEqual({ operation: 'repo-create', lands: 'unknown' })
  })
})

describe('GitLab’s mutations', () => {
  it.each([
    ['commitCreate', { operation: 'file-write', repositoryName: 'projectPath' }],
    ['createIssue', { operation: 'issue-write', repositoryName: 'projectPath' }],
    ['issueMove', { operation: 'issue-write', repositoryName: 'targetProjectPath' }],
    ['createNote', { operation: 'issue-write', ids: ['noteableId'] }],
    ['createSnippet', { operation: 'gist-write', lands: 'unknown' }],
    ['designManagementUpload', { operation: 'file-upload', repositoryName: 'projectPath' }],
    ['jobPlay', { operation: 'ci-run', ids: ['id'] }],
    ['pipelineTriggerCreate', { operation: 'access-write', repositoryName: 'projectPath' }],
  ])('%s is %j', (name, mutation) => expect(GITLAB_MUTATIONS[name]).toEqual(mutation))
})

describe.each([
  ['GitHub', GITHUB_MUTATIONS],
  ['GitLab', GITLAB_MUTATIONS],
] satisfies [string, Mutations][])('%s’s list of mutations', (_, list) => {
  it('says of each where it lands, once', () => {
    for (const [name, mutation] of Object.entries(list)) {
      const named = mutation?.ids !== undefined || mutation?.repositoryName !== undefined
      expect([name, named]).toEqual([name, mutation?.lands === undefined])
      const paths = [
        ...(mutation?.ids ?? []),
        ...(mutation?.repositoryName === undefined ? [] : [mutation.repositoryName]),
      ]
      for (const path of paths) expect(path).toMatch(/^[a-zA-Z]+(?:\.[a-zA-Z]+)*$/)
    }
  })

  it('calls none a read, a sign-in or telemetry, and none unknown', () => {
    for (const [name, mutation] of Object.entries(list)) {
      expect([name, ['write', 'admin']]).toEqual([
        name,
        expect.arrayContaining([familyOf(mutation?.operation ?? 'api-read')]),
      ])
      expect([name, mutation?.operation]).not.toContain('unknown-write')
    }
  })

  it.each(['constructor', 'toString', '__proto__', 'createrepository'])('has no %s', (name) => {
    expect(list[name]).toBeUndefined()
  })
})

function place({ lands }: Mutation): string {
  return lands === undefined ? '=' : { none: '-', unknown: '?' }[lands]
}
