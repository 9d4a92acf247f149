import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PATH_SEGMENTS_MAX, TARGET_CHARACTERS_MAX } from '../../src/catalog/path.ts'
import { familyOf } from '../../src/flow/operation.ts'
import { classifyUrl } from './classified.ts'

/** No write of these may be anything but an unknown write to nobody knows where. */
const TRICKS: readonly (readonly [string, string])[] = [
  ['dot segment', '/repos/acme/widget/../../evil/x/contents/a'],
  ['dot segment at the end', '/repos/acme/widget/contents/..'],
  ['single dot', '/repos/acme/./widget/contents/a'],
  ['encoded dots', '/repos/acme/widget/%2e%2e/%2E%2E/evil/x/contents/a'],
  ['half-encoded dots', '/repos/acme/widget/.%2e/x/contents/a'],
  ['dots trimmed from spaces', '/repos/acme/widget/..%20/x/contents/a'],
  ['encoded slash before dots', '/repos/acme/widget/contents/..%2f..%2f..%2f..%2fevil/x/contents/a'],
  ['encoded slash in the owner', '/repos/evil%2Fx/widget/contents/a'],
  ['encoded slash in the repository', '/repos/acme/widget%2Fcontents/a'],
  ['encoded slash that moves the repository', '/repos%2Fevil/x/acme/widget/contents/a'],
  ['encoded slash at the end', '/repos/acme/widget/contents/a%2F'],
  ['two encoded slashes', '/repos/acme/widget/contents/a%2F%2Fb'],
  ['encoded twice', '/repos/acme/widget/contents/%252e%252e%252f'],
  ['encoded twice, harmless', '/repos/acme/widget/contents/%2541'],
  ['empty segment', '/repos//acme/widget/contents/a'],
  ['empty first segment', '//repos/acme/widget/contents/a'],
  ['backslash', '/repos/acme/widget\\contents/a'],
  ['encoded backslash', '/repos/acme/widget/contents/..%5c..%5cevil'],
  ['parameter', '/repos/acme;x/widget/contents/a'],
  ['encoded parameter', '/repos/acme/widget/contents/a%3Bb'],
  ['trailing slash', '/repos/acme/widget/contents/a/'],
  ['NUL', '/repos/acme/widget/contents/a%00b'],
  ['line break', '/repos/acme/widget/contents/a%0d%0ab'],
  ['overlong slash', '/repos/acme/widget/contents/..%c0%af..'],
  ['invalid UTF-8', '/repos/acme/widget/contents/%ff'],
  ['raw non-ASCII', '/repos/acme/widget/contents/\u00e9'],
  ['full-width dots and slash', '/repos/acme/widget/contents/%EF%BC%8E%EF%BC%8E%EF%BC%8Fx'],
  ['escapes within an escape', '/repos/acme/widget/contents/%%34%31'],
  ['broken escape', '/repos/acme/widget/contents/%4'],
  ['no escape at all', '/repos/acme/widget/contents/%zz'],
  ['fragment', '/repos/acme/widget/contents/a#b'],
  ['space', '/repos/acme/widget/contents/a b'],
  ['absolute form', 'http://api.github.com/repos/acme/widget/contents/a'],
  ['asterisk form', '*'],
  ['no path', ''],
]

describe('a path that servers may read in different ways', () => {
  it.each(TRICKS)('is no known write: %s', (_, target) => {
    const { operation, repository } = classifyUrl('PUT', 'api.github.com/', { target })
    expect([operation, repository.state]).toEqual(['unknown-write', 'never'])
  })

  it.each(TRICKS.filter(([name]) => name !== 'trailing slash'))('is a read of nobody knows what: %s', (_, target) => {
    const { operation, repository } = classifyUrl('GET', 'api.github.com/', { target })
    expect([operation, repository.state]).toEqual(['api-read', 'never'])
  })

  it.each(TRICKS)('is never a read where a read may be an upload: %s', (_, target) => {
    expect(classifyUrl('GET', 'webhook.site/', { target }).operation).toBe('unknown-write')
  })

  it('compares all readings: an encoded slash or question mark that changes the row is ambiguous', () => {
    for (const path of [
      'labels/x%2F..',
      'git%2Frefs',
      'contents%3Fa',
      'contents%23a',
      'issues%2Fcomments%2F1',
      'security-advisories/x%2Fforks',
    ]) {
      const { operation, repository } = classifyUrl('POST', `api.github.com/repos/acme/widget/${path}`)
      expect([path, operation, repository.state]).toEqual([path, 'unknown-write', 'never'])
    }
    expect(classifyUrl('POST', 'github.com/login/x%3Fy%2Fgit-receive-pack').operation).toBe('unknown-write')
    expect(classifyUrl('GET', 'api.github.com/repos/acme%2Fwidget/evil/x').repository.state).toBe('never')
    expect(classifyUrl('PUT', 'git.acme.example/api%2Fv3/repos/a/b/contents/c').repository.state).toBe('never')
  })
})

describe('what looks like a push', () => {
  it.each([
    '/acme/widget/GIT-RECEIVE-PACK',
    '/acme/widget/git-receive-pack/',
    '/acme/widget/git-receive-pack.',
    '/acme/widget/git-receive-pack..',
    '/acme/widget/git-receive-pack%20',
    '/acme/widget/git-receive-pack;x',
    '/acme/widget/git-receive-pack%3Bx',
    '/acme/widget%2Fgit-receive-pack',
    '/acme/widget/git%252Dreceive%252Dpack',
    '/acme/widget/git%25252Dreceive%25252Dpack',
    `/acme/widget/git%${'25'.repeat(9)}2Dreceive-pack`,
    '/acme//widget/git-receive-pack',
    '/acme/widget/./git-receive-pack',
    '/acme/widget/git-receive-pack/x/..',
    '/acme/widget\\git-receive-pack',
    '/acme/widget/git-upload-pack/../git-receive-pack',
    '/acme/widget/%c1%a7it-receive-pack',
    '/acme/widget/%e0%81%a7it-receive-pack',
    '/acme/widget/git-receive-pac%E2%84%AA',
    '/acme/widget/git-rec%09eive-pack',
    '/acme/widget/git-receive-pack%00',
    '/acme/widget/git-receive-pack%3Fx',
    '/acme/widget/GIT-receive-pack%3Fx',
    '/acme/widget/git-receive-pack/info/lfs/locks/verify',
    '/login/git-receive-pack',
  ])('%s is never a read, whatever the method', (target) => {
    for (const host of ['github.com', 'gitlab.com', 'git.unknown.example', 'collector.github.com']) {
      for (const contentType of [null, 'application/x-git-upload-pack-request', 'application/vnd.git-lfs+json']) {
        const { operation } = classifyUrl('POST', `${host}/`, { target, contentType })
        expect(['git-push', 'unknown-write']).toContain(operation)
      }
      expect(classifyUrl('GET', `${host}/`, { target }).operation).toBe('unknown-write')
    }
  })

  it('is no fetch where a fetch follows it', () => {
    const contentType = 'application/x-git-upload-pack-request'
    const { operation } = classifyUrl('POST', 'github.com/a/git-receive-pack/git-upload-pack', { contentType })
    expect(operation).toBe('unknown-write')
  })

  it('is not found in a page about it', () => {
    const target = '/git/git/blob/master/Documentation/git-receive-pack.adoc'
    expect(classifyUrl('GET', 'github.com/', { target }).operation).toBe('web-read')
  })

  it('is not found where dots stand within the name', () => {
    expect(classifyUrl('GET', 'github.com/acme/widget/git-receive.-pack').operation).toBe('web-read')
  })

  it('is suspected in what is still encoded after four decodings, and not in what is plain by then', () => {
    const encoded = (times: number): string => `/acme/%${'25'.repeat(times - 1)}41`
    expect(classifyUrl('GET', 'github.com/', { target: encoded(4) }).operation).toBe('web-read')
    expect(classifyUrl('GET', 'github.com/', { target: encoded(5) }).operation).toBe('unknown-write')
  })

  it('is found by every lenient server that is tried', () => {
    fc.assert(
      fc.property(pushPath(), fc.constantFrom('POST', 'GET', 'HEAD', 'PUT'), hostName(), (target, method, host) => {
        fc.pre(lenientlyPushes(target))
        const head = { target, contentType: 'application/x-git-upload-pack-request' }
        const { operation } = classifyUrl(method, `${host}/`, head)
        expect(familyOf(operation)).not.toBe('read')
        expect(['sign-in', 'telemetry']).not.toContain(operation)
      }),
      { seed: 1, numRuns: 3000 },
    )
  })
})

describe('any target at all', () => {
  it('gets an answer, and only a reading method without content gets a plain read', () => {
    const target = fc.array(
      fc.constantFrom('/', '%', '2', 'F', 'e', '.', ';', '\\', '?', 'a', 'git-upload-pack', 'é', '%c0%af'),
    )
    fc.assert(
      fc.property(
        target,
        fc.constantFrom('GET', 'POST', 'PATCH', 'get', ''),
        fc.boolean(),
        (parts, method, hasContent) => {
          const { operation } = classifyUrl(method, 'github.com/', { target: parts.join(''), hasContent })
          if (method !== 'GET' || hasContent) expect(familyOf(operation)).not.toBe('read')
        },
      ),
      { seed: 2, numRuns: 2000 },
    )
  })
})

describe('limits', () => {
  it('looks at a target of TARGET_CHARACTERS_MAX and takes a longer one for a write', () => {
    expect(classifyUrl('GET', 'www.acme.example/', { target: ofLength(TARGET_CHARACTERS_MAX) }).operation).toBe(
      'web-read',
    )
    const { operation, repository } = classifyUrl('GET', 'www.acme.example/', {
      target: ofLength(TARGET_CHARACTERS_MAX + 1),
    })
    expect([operation, repository.state]).toEqual(['unknown-write', 'never'])
  })

  it('counts the query', () => {
    const target = `/?${'a'.repeat(TARGET_CHARACTERS_MAX - 1)}`
    expect(classifyUrl('GET', 'www.acme.example/', { target }).operation).toBe('unknown-write')
    expect(classifyUrl('GET', 'www.acme.example/', { target: target.slice(0, -1) }).operation).toBe('web-read')
  })

  it('looks at PATH_SEGMENTS_MAX segments and takes more for a write, encoded ones included', () => {
    expect(classifyUrl('GET', 'www.acme.example/', { target: ofSegments(PATH_SEGMENTS_MAX) }).operation).toBe(
      'web-read',
    )
    for (const target of [ofSegments(PATH_SEGMENTS_MAX + 1), `${ofSegments(PATH_SEGMENTS_MAX)}%2Fa`]) {
      expect(classifyUrl('GET', 'www.acme.example/', { target }).operation).toBe('unknown-write')
    }
  })
})

function hostName(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'github.com',
    'api.github.com',
    'gitlab.com',
    'git.unknown.example',
    'www.acme.example',
    'git.acme.example',
  )
}

/** A push's path, with each letter and each separator spelled in one of the ways that some server undoes. */
function pushPath(): fc.Arbitrary<string> {
  const separator = fc.constantFrom(
    '/',
    '/',
    '/',
    '//',
    '/./',
    '/x/../',
    '%2F',
    '%2f',
    '%252F',
    '\\',
    '%5C',
    ';p/',
    '/%2e/',
    '/%2E%2e/',
  )
  const word = fc.tuple(...'git-receive-pack'.split('').map(spell)).map((letters) => letters.join(''))
  const front = fc.constantFrom('/acme', '/login', '/repos', '/api/v3', '/acme/widget/git-upload-pack', '//acme', '')
  const end = fc.constantFrom('', '', '', '/', '//', '/.', '/x/..', '%2F', ';x', '%3Bx', '?service=git-upload-pack')
  return fc.tuple(front, separator, separator, word, end).map(([a, b, c, d, e]) => `${a}${b}widget.git${c}${d}${e}`)
}

/** One letter, in a spelling that some server undoes. */
function spell(letter: string): fc.Arbitrary<string> {
  const code = letter.charCodeAt(0).toString(16)
  const plain = { arbitrary: fc.constant(letter), weight: 20 }
  const odd = fc.constantFrom(letter.toUpperCase(), `%${code}`, `%${code.toUpperCase()}`, `%25${code}`)
  return fc.oneof(plain, { arbitrary: odd, weight: 1 })
}

/** A server that undoes everything: decodes twice, knows backslashes and parameters, resolves dots, folds case. */
function lenientlyPushes(target: string): boolean {
  const path = (target.split('?')[0] ?? '')
    .replaceAll(/%([0-9a-f]{2})/gi, decodeOnce)
    .replaceAll(/%([0-9a-f]{2})/gi, decodeOnce)
  const resolved: string[] = []
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    const bare = segment.split(';')[0] ?? ''
    if (bare === '..') resolved.pop()
    else if (bare !== '.' && bare !== '') resolved.push(bare.toLowerCase())
  }
  return resolved[resolved.length - 1] === 'git-receive-pack'
}

function decodeOnce(_: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16))
}

function ofLength(length: number): string {
  return `/${'a'.repeat(length - 1)}`
}

function ofSegments(count: number): string {
  return '/a'.repeat(count)
}
