import { describe, expect, it } from 'vitest'
import { authorityOf } from '../../src/net/destination.ts'
import { parseTarget, type RequestTarget, targetCharactersMax } from '../../src/wire/request-target.ts'

/** A target as one line: its form, authority and path. */
function shown(target: RequestTarget): string {
  switch (target.form) {
    case 'authority':
      return `authority ${authorityOf(target.destination)}`
    case 'absolute':
      return `absolute ${authorityOf(target.destination)} ${target.path}`
    case 'origin':
      return `origin ${target.path}`
    default:
      return target.form
  }
}

describe('a request target', () => {
  it.each([
    ['CONNECT', 'git.example:443', 'authority git.example:443'],
    ['CONNECT', 'GIT.example.:8443', 'authority git.example:8443'],
    ['CONNECT', '[2001:DB8::1]:443', 'authority [2001:db8::1]:443'],
    ['CONNECT', '192.0.2.1:22', 'authority 192.0.2.1:22'],
    ['GET', 'http://git.example', 'absolute git.example:80 /'],
    ['GET', 'HTTP://git.example/', 'absolute git.example:80 /'],
    ['GET', 'http://git.example:8080/a/../b?c=%2e#'.slice(0, -1), 'absolute git.example:8080 /a/../b?c=%2e'],
    ['GET', 'http://git.example?a=b', 'absolute git.example:80 /?a=b'],
    ['GET', 'http://git.example/?u=http://x@y/', 'absolute git.example:80 /?u=http://x@y/'],
    ['OPTIONS', 'http://git.example', 'absolute git.example:80 *'],
    ['OPTIONS', 'http://git.example/', 'absolute git.example:80 /'],
    ['OPTIONS', '*', 'asterisk'],
    ['GET', '/', 'origin /'],
    ['GET', '/a%2Fb?c', 'origin /a%2Fb?c'],
    ['GET', '//git.example/a', 'origin //git.example/a'],
    ['GET', '/a\\b', 'origin /a\\b'],
  ])('%s %s', (method, target, expected) => {
    expect(shown(parseTarget(method, target))).toBe(expected)
  })

  it.each([
    ['CONNECT', '/x'],
    ['CONNECT', '*'],
    ['CONNECT', 'git.example'],
    ['CONNECT', 'git.example:'],
    ['CONNECT', 'git.example:0'],
    ['CONNECT', 'git.example:65536'],
    ['CONNECT', 'git.example:443/'],
    ['CONNECT', 'http://git.example:443'],
    ['CONNECT', 'user@git.example:443'],
    ['CONNECT', 'git.example:443#a'],
    ['CONNECT', 'git.example:443,b.example:443'],
    ['CONNECT', '2001:db8::1:443'],
    ['CONNECT', '0x7f.1:443'],
    ['GET', 'git.example:443'],
    ['GET', 'git.example'],
    ['GET', '*'],
    ['GET', ''],
    ['GET', 'a b'],
    ['GET', '/a b'],
    ['GET', '/a\tb'],
    ['GET', '/a\0'],
    ['GET', '/\xe9'],
    ['GET', '/a#b'],
    ['GET', 'http://git.example/#b'],
    ['GET', 'http://git.example#@b.example/'],
    ['GET', 'http://'],
    ['GET', 'http:///a'],
    ['GET', 'http:/git.example/'],
    ['GET', 'http://user@git.example/'],
    ['GET', 'http://user:password@git.example/'],
    ['GET', 'http://git.example\\@b.example/'],
    ['GET', 'http://git.example\\/'],
    ['GET', 'http://git%2eexample/'],
    ['GET', 'http://git.example:80:80/'],
    ['GET', 'https://git.example/'],
    ['GET', 'ftp://git.example/'],
    ['GET', 'ws://git.example/'],
    ['GET', 'http:git.example'],
    ['GET', '1http://git.example/'],
    ['GET', 'xhttp://git.example/'],
    ['GET', 'httpx://git.example/'],
    ['GET', 'xhttps://git.example/'],
    ['GET', 'httpsx://git.example/'],
  ])('%s %j is refused', (method, target) => {
    expect(parseTarget(method, target)).toEqual({ form: 'bad', fault: expect.any(String) })
  })

  it('says how an https:// URL is asked for', () => {
    expect(parseTarget('GET', 'https://git.example/')).toMatchObject({ fault: expect.stringContaining('CONNECT') })
  })

  it(`may have ${targetCharactersMax} characters and not one more`, () => {
    const target = '/'.padEnd(targetCharactersMax, 'a')
    expect(parseTarget('GET', target)).toEqual({ form: 'origin', path: target })
    expect(parseTarget('GET', `${target}a`)).toMatchObject({ form: 'bad' })
  })
})
