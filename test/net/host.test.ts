/** Host names: what folds into one name, and what is an address or something else in disguise. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHost } from '../../src/net/host.ts'

const LABEL_63 = 'a'.repeat(63)
const NAME_253 = `${LABEL_63}.${LABEL_63}.${LABEL_63}.${'a'.repeat(61)}`

describe('parseHost', () => {
  it.each([
    ['as it is', 'github.com', 'github.com'],
    ['upper case', 'GitHub.COM', 'github.com'],
    ['a trailing dot', 'github.com.', 'github.com'],
    ['fullwidth letters', 'ｇｉｔｈｕｂ.com', 'github.com'],
    ['a circled letter', 'ⓖithub.com', 'github.com'],
    ['the Kelvin sign', '\u212Aernel.example', 'kernel.example'],
    ['the long s', 'gi\u017Ft.github.com', 'gist.github.com'],
    ['a soft hyphen', 'git\u00adhub.com', 'github.com'],
    ['a zero-width joiner that IDNA drops', 'git\u200bhub.com', 'github.com'],
    ['an ideographic full stop', 'github。com', 'github.com'],
    ['a halfwidth full stop', 'github｡com', 'github.com'],
    ['an umlaut', 'bücher.example', 'xn--bcher-kva.example'],
    ['an A-label', 'XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['one label', 'localhost', 'localhost'],
    ['one label of no Latin letter', '\u4f8b\u3048', 'xn--r8jz45g'],
    ['a last label that ends in digits', 'git.b12', 'git.b12'],
    ['a last label that ends like hexadecimal', 'git.a0x1f', 'git.a0x1f'],
    ['an underscore', '_dmarc.example.com', '_dmarc.example.com'],
    ['digits inside', '1e100.net', '1e100.net'],
    ['a label of digits, not the last', '127.0.0.1.nip.example', '127.0.0.1.nip.example'],
    ['a last label that begins like hexadecimal', 'a.0xyz', 'a.0xyz'],
    ['the longest label', `${LABEL_63}.example`, `${LABEL_63}.example`],
    ['the longest name', NAME_253, NAME_253],
    ['the longest name with its dot', `${NAME_253}.`, NAME_253],
  ])('reads %s', (_, text, host) => {
    expect(parseHost(text)).toBe(host)
  })

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['a name that is one character too long', `${LABEL_63}.${LABEL_63}.${LABEL_63}.${'a'.repeat(62)}`],
    ['the same with a dot', `${LABEL_63}.${LABEL_63}.${LABEL_63}.${'a'.repeat(62)}.`],
    ['two dots at the end', 'github.com..'],
    ['two dots inside', 'github..com'],
    ['a dot before', '.github.com'],
    ['an ideographic full stop at the end', 'github.com。'],
    ['a label one too long', `${LABEL_63}a.example`],
    ['a name one too long', `a${NAME_253.slice(0, -1)}aa`.slice(0, 254)],
    ['a hyphen before a label', '-a.example'],
    ['a hyphen behind a label', 'a-.example'],
    ['a space', 'git hub.com'],
    ['a tab', 'git\thub.com'],
    ['a NUL', 'github.com\0.evil.example'],
    ['a line feed at the end', 'github.com\n'],
    ['a percent', 'github%2ecom'],
    ['a percent beside a letter of another script', 'é%2ecom'],
    ['a tab beside it', 'é\tb.example'],
    ['a line feed beside it', 'é\n.example'],
    ['a slash beside it', 'é.example/github.com'],
    ['a backslash beside it', 'é.example\\github.com'],
    ['a question mark beside it', 'é.example?github.com'],
    ['a hash beside it', 'é.example#github.com'],
    ['a port beside it', 'é.example:80'],
    ['userinfo beside it', 'é@github.com'],
    ['a fullwidth slash', 'a／github.com'],
    ['a fullwidth percent', 'github％2ecom'],
    ['a fullwidth commercial at', 'a＠github.com'],
    ['a fullwidth colon', 'github.com：80'],
    ['a wildcard', '*.github.com'],
    ['a slash', 'github.com/a'],
    ['a colon', 'github.com:443'],
    ['userinfo', 'a@github.com'],
    ['a lone surrogate', 'a\ud800.example'],
    ['an address', '127.0.0.1'],
    ['an address with a dot', '127.0.0.1.'],
    ['octal', '0177.0.0.1'],
    ['octal with 8, which is none', '0188.0.0.8'],
    ['hexadecimal', '0x7f.0.0.1'],
    ['one hexadecimal number', '0x7f000001'],
    ['one hexadecimal number in upper case', '0X7F000001'],
    ['a bare 0x', '0x'],
    ['one decimal number', '2130706433'],
    ['one octal number', '017700000001'],
    ['a short form', '127.1'],
    ['a last label of digits', 'example.1'],
    ['a last label of hexadecimal', 'example.0x7f'],
    ['a last label of digits with a dot', 'example.1.'],
    ['an address in fullwidth digits', '１２７.0.0.1'],
    ['a short form in fullwidth digits', '１２７。１'],
    ['fullwidth hexadecimal', '０ｘ７ｆ.1'],
    ['circled digits', '①②⑦.0.0.①'],
    ['IPv6', '::1'],
    ['IPv6 in brackets', '[::1]'],
  ])('does not read %s', (_, text) => {
    expect(parseHost(text)).toBeNull()
  })

  it('reads its own answer as itself, and answers only with name characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.domain()), (text) => {
        const host = parseHost(text)
        if (host === null) return
        expect(host).toMatch(/^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/)
        expect(parseHost(host)).toBe(host)
      }),
      { seed: 21, numRuns: 1_000 },
    )
  })
})
