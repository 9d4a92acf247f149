/** Which form a refusal takes for whom: the most particular that the asker reads. */
import { describe, expect, it } from 'vitest'
import type { Asker } from '../../../src/proxy/refusals/form.ts'
import { renderRefusal } from '../../../src/proxy/refusals/forms.ts'
import { makeAsker, makePush, makeRefusal } from './asker.ts'

const PUSH_TARGET = '/acme/weir.git/git-receive-pack'

describe('renderRefusal', () => {
  it.each<[string, Partial<Asker>, number, string]>([
    [
      'git that pushes',
      { target: PUSH_TARGET, push: makePush(), kind: 'github' },
      200,
      'application/x-git-receive-pack-result',
    ],
    [
      'git that reads no report',
      { target: PUSH_TARGET, push: makePush({ capabilities: [] }) },
      403,
      'text/plain; charset=utf-8',
    ],
    ['git that probes', { target: PUSH_TARGET, push: { kind: 'probe' } }, 403, 'text/plain; charset=utf-8'],
    [
      'git that fetches',
      { target: '/a/b/info/refs?service=git-upload-pack', accept: 'text/html' },
      403,
      'text/plain; charset=utf-8',
    ],
    [
      'gh',
      { host: 'api.github.com', kind: 'github', accept: 'application/json' },
      403,
      'application/json; charset=utf-8',
    ],
    [
      'git-lfs',
      { target: '/a/b.git/info/lfs/objects/batch', accept: 'application/vnd.git-lfs+json' },
      403,
      'application/vnd.git-lfs+json',
    ],
    [
      'glab',
      { host: 'gitlab.com', kind: 'gitlab', target: '/api/v4/projects' },
      403,
      'application/json; charset=utf-8',
    ],
    ['a page of GitLab', { kind: 'gitlab', accept: 'text/html', target: '/a/b' }, 403, 'text/html; charset=utf-8'],
    [
      'a push to GitLab',
      { kind: 'gitlab', target: PUSH_TARGET, push: makePush() },
      200,
      'application/x-git-receive-pack-result',
    ],
    ['a browser at MEGA', { kind: 'mega', accept: 'text/html', target: '/fm' }, 403, 'text/html; charset=utf-8'],
    ['a browser', { accept: 'text/html,*/*;q=0.8' }, 403, 'text/html; charset=utf-8'],
    ['curl', { accept: '*/*' }, 403, 'application/problem+json'],
    ['who says nothing', { accept: '' }, 403, 'application/problem+json'],
  ])('for %s', (_, fields, status, contentType) => {
    const rendered = renderRefusal(makeRefusal(), makeAsker(fields))
    expect(rendered).toMatchObject({ status, contentType })
    expect(Buffer.from(rendered.body).toString()).toContain('0123456789abc')
  })
})
