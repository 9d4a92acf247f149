/**
 * The catalogue of ways round: what an attacker may try, the file that keeps it out, and the test that holds it. Each of these
 * tests sees that nothing of the request arrived, or that it was judged as what it is; `npm run guards` sees that it fails
 * without its guard.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const FORGE = 'e2e/ways-round-forge'
const TUNNEL = 'e2e/ways-round-tunnel'
const CONNECTION = 'e2e/ways-round-connection'
const ANSWER = 'e2e/ways-round-answer'
const GUARDS = 'e2e/guards'
const USERS = 'e2e/users'
const BUDGETS = 'e2e/budgets'
const PATHS = 'catalog/attack-paths'

type Way = readonly [way: string, guard: string, test: string, named: string]

const WAYS: readonly Way[] = [
  ['`..`, `.`, `//`, encoded dots and slashes in the path of a push', 'catalog/path', FORGE, 'a push to somebody else'],
  ['the same over plain HTTP', 'catalog/path', FORGE, 'in the clear, by %s'],
  ['the same in REST', 'catalog/path', FORGE, 'by PUT %s'],
  [
    'every spelling of a path that some server undoes',
    'catalog/push-likeness',
    PATHS,
    'is found by every lenient server',
  ],
  [
    'a push in upper case, encoded, with a parameter, a dot or a NUL',
    'catalog/push-likeness',
    PATHS,
    'is never a read',
  ],
  ['`.git` and not, other case', 'catalog/repository-name', FORGE, 'what is allowed goes through'],
  ['a wiki, a gist, the same name on another host', 'catalog/git-naming', FORGE, 'of the same name at %s%s'],
  ['a push as GET, PUT, or `post`', 'catalog/git-shape', FORGE, 'a push under another method'],
  ['X-HTTP-Method-Override and its kin', 'proxy/readings', FORGE, 'a read is none that a server may take for a write'],
  ['`_method` and an override to a read', 'catalog/classify', FORGE, 'a write is none the less one'],
  ['a body on GET, HEAD or OPTIONS', 'catalog/classify', FORGE, 'is no read of anything with a body'],
  ['info/refs under two services', 'catalog/git-shape', 'catalog/classify', 'calls a mixture of services no fetch'],
  ['info/refs ahead of a push', 'proxy/exchange', FORGE, 'is judged as the read that it is'],
  ['a push or data under the type of a fetch', 'wire/fetch-request', FORGE, 'a push that says it is a fetch'],
  ['data in a check of LFS locks', 'wire/lfs-locks', FORGE, 'a check of LFS locks with data'],
  ['a sign-in longer than one', 'proxy/stated-read', FORGE, 'a sign-in longer than one'],
  ['an upload hidden among reads of MEGA', 'wire/mega-commands', FORGE, 'an upload hidden among reads'],
  ['data in a comment, name or extra field of gzip', 'proxy/upload-meter', FORGE, 'data in a comment of gzip'],
  ['a second member of gzip, data behind one', 'content/content-coding', FORGE, 'a second member of gzip'],
  ['a frame of zstd that is passed over', 'proxy/upload-meter', FORGE, 'data in a frame of zstd'],
  ['a push under brotli, deflate or two codings', 'proxy/upload-meter', FORGE, 'gzip twice'],
  ['a gzip that grows past the limit', 'proxy/gate', FORGE, 'a pack under gzip that grows past the limit'],
  ['data behind a probe', 'proxy/upload-meter', 'e2e/abuse', 'do not leave %s'],
  ['another ref beside, or behind the flush', 'wire/push-head', FORGE, 'another ref behind the flush'],
  ['a certificate for another ref', 'wire/push-certificate', FORGE, 'a certificate for another ref'],
  ['data in the place of a pack, or behind a deletion', 'wire/pack-header', FORGE, 'no pack but data'],
  ['a forge’s name in other case, with a dot', 'net/host', TUNNEL, 'the name of a forge in another spelling'],
  ['letters that look alike', 'net/host', TUNNEL, 'letters that look alike'],
  ['the address of a forge in place of its name', 'proxy/tunnel', TUNNEL, 'a forge, to its address'],
  ['no SNI, another SNI, a front', 'proxy/tunnel', TUNNEL, 'that names %s ends'],
  ['an alias for another site’s address', 'tls/proof', GUARDS, 'does not take an alias'],
  ['a Host of another name or port inside', 'proxy/request', TUNNEL, 'with a Host of %s is refused'],
  ['a connection reused for another name (421)', 'proxy/request', GUARDS, 'refuses a Host inside the tunnel'],
  ['absolute-form inside a tunnel', 'proxy/request', TUNNEL, 'does not take %s for a target'],
  ['CONNECT inside a tunnel', 'proxy/server', TUNNEL, 'carries no tunnel of its own'],
  ['Upgrade to websocket and others', 'proxy/request', TUNNEL, 'does not become %s'],
  ['h2c, the preface of HTTP/2', 'wire/fields', TUNNEL, 'the offer is not passed on'],
  [
    'SSH on 22 and 443, HTTP on 80 and 8443, git’s own',
    'proxy/tunnel',
    TUNNEL,
    'another protocol in a tunnel to a forge',
  ],
  ['SSH that stays silent', 'proxy/tunnel', TUNNEL, 'is SSH before a byte is said'],
  ['a hello in many records', 'wire/client-hello', GUARDS, 'is the same hello in records'],
  ['a second request to another repository', 'proxy/exchange', CONNECTION, 'is judged anew for each repository'],
  ['pipelined requests', 'proxy/answers', 'e2e/exchange', 'is judged request by request'],
  ['a request hidden in a body', 'wire/request-head', CONNECTION, 'does not take the body of one request for the next'],
  ['more than the length says, and less', 'proxy/exchange', CONNECTION, 'carries no more of a push than its length'],
  ['every framing that readers disagree on', 'wire/request-head', 'framing/framing', 'the corpus of requests'],
  ['trailers', 'proxy/body-reader', CONNECTION, 'heeds no trailer'],
  ['an answer that comes early', 'proxy/forward', CONNECTION, 'carries nothing behind an answer that came early'],
  ['an early answer to a push', 'proxy/forward', 'e2e/exchange', 'waits until git has sent all of its pack'],
  ['100 Continue', 'proxy/exchange', CONNECTION, 'promises nothing by 100'],
  ['ranges and conditions', 'catalog/classify', CONNECTION, 'with %s a push is a push'],
  ['no name where a rule denies one', 'proxy/credentials', USERS, 'does not dodge a deny rule'],
  ['the name of an earlier request', 'proxy/request', CONNECTION, 'is who says so with each request'],
  ['another name inside a tunnel', 'proxy/exchange', CONNECTION, 'inside a tunnel is who opened it'],
  ['a rule on names waited out in a tunnel', 'proxy/credentials', CONNECTION, 'cannot be waited out'],
  ['passwords tried', 'identity/guesses', USERS, 'wrong passwords are slowed'],
  ['a budget split over requests and connections', 'proxy/budget', CONNECTION, 'is not dodged by many small uploads'],
  ['a budget split over clients at once', 'proxy/gate', BUDGETS, 'never pass it by a byte'],
  ['a budget spent in a tunnel', 'proxy/open-tunnel', BUDGETS, 'cuts an opaque tunnel'],
  ['an upload across a reload', 'proxy/exchange', CONNECTION, 'half-way through an upload'],
  ['a tunnel kept open across one', 'proxy/rejudge', 'e2e/rejudge', 'cuts an open tunnel'],
  ['a redirect to a private address', 'proxy/dial', ANSWER, 'is passed on, and where it leads'],
  ['addresses in disguise', 'net/host', ANSWER, 'leads nowhere, however a client spells it'],
  ['an answer of DNS that mixes or changes', 'proxy/dial', ANSWER, 'reaches those alone that may be reached'],
  ['an answer of DNS that is rebound', 'proxy/dial', GUARDS, 'is judged anew and not dialled'],
  ['this proxy itself', 'proxy/dial', GUARDS, 'never dials itself'],
  ['Alt-Svc', 'proxy/forward', ANSWER, 'is taken out of an answer'],
  ['leave by preflight', 'proxy/preflight', 'proxy/preflight', 'gets none'],
]

const root = join(import.meta.dirname, '../..')

describe('the catalogue', () => {
  it.each(WAYS)('%s: there is the guard (%s) and the test (%s, %s)', (_, guard, test, named) => {
    expect(readFileSync(join(root, `src/${guard}.ts`), 'utf8').length).toBeGreaterThan(0)
    expect(readFileSync(join(root, `test/${test}.test.ts`), 'utf8')).toContain(named)
  })

  it('names each way once', () => {
    expect(new Set(WAYS.map(([way]) => way)).size).toBe(WAYS.length)
  })
})
