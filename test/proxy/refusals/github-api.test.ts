/** GitHub's error object, as gh and octokit read it. */
import { describe, expect, it } from 'vitest'
import { githubApiForm } from '../../../src/proxy/refusals/github-api.ts'
import { HOSTILE, makeAsker, makeRefusal } from './asker.ts'

describe('the GitHub form', () => {
  it.each([
    ['api.github.com', '/repos/acme/weir'],
    ['uploads.github.com', '/repos/acme/weir/releases/1/assets'],
    ['github.acme.example', '/api/v3/repos/acme/weir'],
  ])('speaks at %s', (host, target) => {
    const rendered = githubApiForm.render(makeRefusal(), makeAsker({ host, target, kind: 'github' }))
    expect(rendered).toMatchObject({ status: 403, contentType: 'application/json; charset=utf-8' })
    expect(JSON.parse(String(rendered?.body))).toEqual({
      message: 'weir: Push to acme instead. (event 0123456789abc)',
      errors: [{ resource: 'weir', code: 'custom', field: 'event', message: '0123456789abc' }],
      status: '403',
    })
  })

  it('keeps a hostile message one text', () => {
    const asker = makeAsker({ host: 'api.github.com', kind: 'github' })
    const body = JSON.parse(String(githubApiForm.render(makeRefusal({ message: HOSTILE }), asker)?.body))
    expect(body).toMatchObject({ message: `weir: ${HOSTILE} (event 0123456789abc)` })
  })

  it.each([
    ['another kind of service', { host: 'api.site.example', kind: 'gitlab' }],
    ['no service', { host: 'api.github.com.evil.example', kind: null }],
    ['GitHub’s pages', { host: 'github.com', kind: 'github', target: '/acme/weir' }],
  ])('does not speak at %s', (_, fields) => {
    expect(githubApiForm.render(makeRefusal(), makeAsker(fields))).toBeNull()
  })
})
