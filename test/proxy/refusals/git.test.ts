/** What git prints behind `remote:` when a request of its own other than a push is refused. */
import { describe, expect, it } from 'vitest'
import { gitForm } from '../../../src/proxy/refusals/git.ts'
import { makeAsker, makeRefusal } from './asker.ts'

describe('the git form', () => {
  it.each([
    '/acme/weir.git/info/refs?service=git-upload-pack',
    '/acme/weir.git/info/refs?service=git-receive-pack',
    '/acme/weir.git/git-upload-pack',
    '/acme/weir/git-receive-pack',
  ])('speaks to who asks for %s', (target) => {
    expect(gitForm.render(makeRefusal(), makeAsker({ target }))).toEqual({
      status: 403,
      contentType: 'text/plain; charset=utf-8',
      body: 'weir: Push to acme instead.\nweir: event 0123456789abc\n',
    })
  })

  it.each(['/', '/acme/weir', '/acme/weir.git', '/search?q=git-upload-pack', '/info/refs?service=svn'])(
    'does not speak to who asks for %s',
    (target) => {
      expect(gitForm.render(makeRefusal(), makeAsker({ target }))).toBeNull()
    },
  )
})
