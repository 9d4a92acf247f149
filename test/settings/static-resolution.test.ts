import { describe, expect, it } from 'vitest'
import { parseHost } from '../../src/net/host.ts'
import { parseStaticRule, staticAnswer } from '../../src/settings/static-resolution.ts'

function answerTo(texts: readonly string[], name: string, port: number): string | null {
  const rules = texts.map((text) => {
    const rule = parseStaticRule(text)
    if (rule === null) throw new Error(`does not parse: ${text}`)
    return rule
  })
  const host = parseHost(name)
  if (host === null) throw new Error(`not a host: ${name}`)
  const answer = staticAnswer(rules, host, port)
  return answer === null ? null : `${answer.address.text} ${answer.port}`
}

describe('parseStaticRule', () => {
  it.each([
    ['IPv4', 'github.com:443:192.0.2.1:8443', { kind: 'exact', host: 'github.com' }, '192.0.2.1'],
    ['IPv6', 'github.com:443:[2001:db8::1]:8443', { kind: 'exact', host: 'github.com' }, '2001:db8::1'],
    ['a folded name', 'GitHub.com.:443:192.0.2.1:8443', { kind: 'exact', host: 'github.com' }, '192.0.2.1'],
    ['names below', '*.github.com:443:192.0.2.1:8443', { kind: 'below', host: 'github.com' }, '192.0.2.1'],
    ['every name', '*:443:192.0.2.1:8443', { kind: 'any' }, '192.0.2.1'],
  ])('reads %s', (_, text, names, address) => {
    const rule = parseStaticRule(text)
    expect(rule).toMatchObject({ names, port: 443, answer: { address: { text: address }, port: 8443 } })
  })

  it.each([
    ['an address for a name', '192.0.2.9:443:192.0.2.1:8443'],
    ['an address in disguise', '0x7f000001:443:192.0.2.1:8443'],
    ['an IPv6 address for a name', '[::1]:443:192.0.2.1:8443'],
    ['an address below a star', '*.1:443:192.0.2.1:8443'],
    ['a star in the middle', 'a.*.com:443:192.0.2.1:8443'],
    ['a star and a dot alone', '*.:443:192.0.2.1:8443'],
    ['a name for an address', 'github.com:443:gitlab.com:8443'],
    ['IPv6 without brackets', 'github.com:443:2001:db8::1:8443'],
    ['IPv4 in brackets', 'github.com:443:[192.0.2.1]:8443'],
    ['port 0', 'github.com:0:192.0.2.1:8443'],
    ['port 0 in the answer', 'github.com:443:192.0.2.1:0'],
    ['a port past the last', 'github.com:443:192.0.2.1:65536'],
    ['no port in the answer', 'github.com:443:192.0.2.1'],
    ['a part too many', 'github.com:443:192.0.2.1:8443:1'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseStaticRule(text)).toBeNull()
  })
})

describe('staticAnswer', () => {
  const star = '*:443:192.0.2.1:1'
  const suffix = '*.github.com:443:192.0.2.2:2'
  const longer = '*.api.github.com:443:192.0.2.3:3'
  const exact = 'api.github.com:443:192.0.2.4:4'

  it.each([
    ['the exact name first', 'api.github.com', 443, '192.0.2.4 4'],
    ['the longest suffix next', 'x.api.github.com', 443, '192.0.2.3 3'],
    ['then a shorter suffix', 'www.github.com', 443, '192.0.2.2 2'],
    ['then the star, also for the name a suffix is below', 'github.com', 443, '192.0.2.1 1'],
    ['the star for a name that only ends alike', 'evilgithub.com', 443, '192.0.2.1 1'],
    ['nothing for another port', 'api.github.com', 80, null],
  ])('gives %s', (_, name, port, expected) => {
    expect(answerTo([star, suffix, longer, exact], name, port)).toBe(expected)
    expect(answerTo([exact, longer, suffix, star], name, port)).toBe(expected)
  })

  it('gives the first of equals', () => {
    expect(answerTo(['a.example:1:192.0.2.1:1', 'a.example:1:192.0.2.2:2'], 'a.example', 1)).toBe('192.0.2.1 1')
  })

  it('gives nothing without rules', () => {
    expect(answerTo([], 'a.example', 1)).toBeNull()
  })
})
