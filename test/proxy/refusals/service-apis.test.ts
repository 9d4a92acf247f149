/** The error objects of services, as their own clients read them. */
import { describe, expect, it } from 'vitest'
import { renderRefusal } from '../../../src/proxy/refusals/forms.ts'
import { HOSTILE, makeAsker, makeRefusal } from './asker.ts'

const SAID = 'weir: Push to acme instead. (event 0123456789abc)'

const FORMS: readonly (readonly [string, { kind: string; host?: string; target: string }, unknown])[] = [
  ['GitLab REST', { kind: 'gitlab', target: '/api/v4/projects/1/issues' }, { message: SAID }],
  ['GitLab GraphQL', { kind: 'gitlab', target: '/api/graphql' }, { errors: [{ message: SAID }] }],
  ['GitLab OAuth', { kind: 'gitlab', target: '/oauth/token' }, { error: 'access_denied', error_description: SAID }],
  [
    'Bitbucket',
    { kind: 'bitbucket', host: 'api.bitbucket.org', target: '/2.0/repositories/a/b/src' },
    { type: 'error', error: { message: SAID, id: '0123456789abc' } },
  ],
  [
    'Bitbucket’s pages',
    { kind: 'bitbucket', host: 'bitbucket.org', target: '/!api/2.0/snippets' },
    { type: 'error', error: { message: SAID, id: '0123456789abc' } },
  ],
  [
    'Bitbucket Server',
    { kind: 'bitbucket', target: '/rest/api/1.0/projects/K/repos/r' },
    { errors: [{ context: null, message: SAID, exceptionName: null }] },
  ],
  ['Gitea', { kind: 'gitea', target: '/api/v1/repos/a/b' }, { message: SAID, url: 'urn:weir:event:0123456789abc' }],
  ['Forgejo', { kind: 'forgejo', target: '/api/v1/user' }, { message: SAID, url: 'urn:weir:event:0123456789abc' }],
  ['Gitee', { kind: 'gitee', target: '/api/v5/gists' }, { message: SAID, url: 'urn:weir:event:0123456789abc' }],
]

function render(
  fields: { kind: string; host?: string; target: string },
  message?: string,
): { status: number; body: unknown } {
  const rendered = renderRefusal(makeRefusal(message === undefined ? {} : { message }), makeAsker(fields))
  expect(rendered.contentType).toMatch(/^application\/json/)
  return { status: rendered.status, body: JSON.parse(String(rendered.body)) }
}

describe('the error object', () => {
  it.each(FORMS)('of %s', (_, fields, body) => expect(render(fields)).toEqual({ status: 403, body }))

  it('of Azure DevOps', () => {
    expect(render({ kind: 'azure-devops', target: '/acme/_apis/projects' })).toMatchObject({
      status: 403,
      body: { $id: '1', innerException: null, message: SAID, errorCode: 0 },
    })
    expect(render({ kind: 'azure-devops', target: '/acme/_APIS/projects' }).body).toHaveProperty('typeKey')
  })

  it.each(FORMS)('keeps a hostile message one text: %s', (_, fields, body) => {
    const hostile = JSON.stringify(body).replaceAll(SAID, '@')
    expect(
      JSON.stringify(render(fields, HOSTILE).body).replaceAll(
        JSON.stringify(`weir: ${HOSTILE} (event 0123456789abc)`).slice(1, -1),
        '@',
      ),
    ).toBe(hostile)
  })

  it.each([
    ['GitLab', 'gitlab'],
    ['Bitbucket', 'bitbucket'],
    ['Gitea', 'gitea'],
    ['Azure DevOps', 'azure-devops'],
    ['MEGA', 'mega'],
  ])('is not for the pages of %s, nor for another service at such a path', (_, kind) => {
    for (const asker of [
      { kind, target: '/acme/weir' },
      { kind: null, target: '/api/v4/x' },
    ]) {
      expect(renderRefusal(makeRefusal(), makeAsker(asker)).contentType).toBe('application/problem+json')
    }
  })
})

describe('MEGA’s number', () => {
  it.each(['/cs?id=1', '/cs', '/sc?sn=x', '/wsc', '/ul/token/0'])('answers %s under 200', (target) => {
    expect(render({ kind: 'mega', target })).toEqual({ status: 200, body: -11 })
  })

  it.each(['/dl/token', '/csx', '/file/x'])('does not stand in for %s', (target) => {
    expect(renderRefusal(makeRefusal(), makeAsker({ kind: 'mega', target })).status).toBe(403)
  })
})

describe('git-lfs', () => {
  it('hears why, and the event', () => {
    const target = '/acme/weir.git/info/lfs/objects/batch'
    const rendered = renderRefusal(makeRefusal(), makeAsker({ target, kind: 'gitlab' }))
    expect(rendered).toMatchObject({ status: 403, contentType: 'application/vnd.git-lfs+json' })
    expect(JSON.parse(String(rendered.body))).toEqual({ message: SAID, request_id: '0123456789abc' })
  })
})
