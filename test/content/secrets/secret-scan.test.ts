/** Whatever carries it, a credential is found once, at its line, and never shown. */
import { describe, expect, it } from 'vitest'
import { FINDINGS_MAX } from '../../../src/content/secrets/findings.ts'
import { WINDOW_BYTES } from '../../../src/content/secrets/scanner.ts'
import { createSecretScan } from '../../../src/content/secrets/secret-scan.ts'
import { findingsIn, githubToken, RULES, scanOf } from './upload.ts'

const TOKEN = githubToken(0)

function rulesIn(text: string | Uint8Array): readonly string[] {
  return findingsIn(text).map(({ rule, line }) => `${rule}:${line}`)
}

describe('a credential in an upload', () => {
  it('is told with its rule, title, place and line', () => {
    const scan = scanOf([
      { within: ['app.zip', 'src/config.ts'], content: Buffer.from(`one\ntwo\nconst t = '${TOKEN}'\n`) },
    ])
    expect(scan.findings).toEqual([
      {
        rule: 'github-token',
        title: 'an access token of GitHub',
        place: { commit: null, within: ['app.zip', 'src/config.ts'] },
        line: 3,
        excerpt: "const t = 'ghp_****'",
      },
    ])
    expect(scan.more).toBe(0)
    expect(scan.isCutShort).toBe(false)
  })

  it('is not there where only words are', () => {
    expect(findingsIn('The password is kept in the vault, and the token with it.\n')).toEqual([])
  })

  it.each([1, 2, 3, 7, 64, 1000])('is found however it is cut: pieces of %d bytes', (size) => {
    const text = `a\n${'x = 1\n'.repeat(40)}token: "${TOKEN}"\n`
    expect(findingsIn(text, size)).toEqual(findingsIn(text))
    expect(findingsIn(text, size)).toHaveLength(1)
  })

  it('is found once over each edge of a window, at its line', () => {
    for (let shift = -TOKEN.length - 30; shift <= 30; shift += 7) {
      for (const edge of [WINDOW_BYTES, WINDOW_BYTES + 512]) {
        const lines = 'line of text\n'.repeat(Math.floor((edge + shift) / 13))
        const text = `${lines}${' '.repeat(edge + shift - lines.length)}"${TOKEN}"\n${'more\n'.repeat(4000)}`
        expect(rulesIn(text), `edge ${edge}, shift ${shift}`).toEqual([`github-token:${lines.length / 13 + 1}`])
      }
    }
  })

  it('is found far behind, in the sixth window', () => {
    const lines = 'line of text\n'.repeat(30_000)
    expect(rulesIn(`${lines}${TOKEN}\n`)).toEqual(['github-token:30001'])
  })

  it('is found in two pieces of content that come in turns', () => {
    const scan = createSecretScan(RULES)
    const [outer, inner] = ['outer', 'inner'].map((name) =>
      scan.open({ place: { commit: null, within: [name] }, declaredType: null, size: null }),
    )
    void outer?.push(Buffer.from(TOKEN.slice(0, 10)))
    void inner?.push(Buffer.from(`\n${githubToken(1)}`))
    void outer?.push(Buffer.from(TOKEN.slice(10)))
    void inner?.end(null)
    void outer?.end(null)
    expect(scan.findings.map(({ place, line }) => `${place.within.join()}:${line}`)).toEqual(['inner:2', 'outer:1'])
  })

  it('is one finding where several rules see it, by the rule that knows it best', () => {
    expect(rulesIn(`github_token = "${TOKEN}"`)).toEqual(['github-token:1'])
  })

  it('shows nothing of what was scanned before it', () => {
    const scan = scanOf([
      { within: ['long'], content: Buffer.from(`password of nobody ${'words of the first '.repeat(9000)}`) },
      { within: ['short'], content: Buffer.from(TOKEN) },
    ])
    expect(scan.findings.map(({ excerpt }) => excerpt)).toEqual(['ghp_****'])
  })

  it('is two findings where there are two on a line, and neither shows the other', () => {
    const [first, second] = [githubToken(2), githubToken(3)]
    const findings = findingsIn(`{"a":"${first}","b":"${second}"}`)
    expect(findings).toHaveLength(2)
    for (const { excerpt } of findings) {
      for (const secret of [first, second]) expect(excerpt).not.toContain(secret.slice(4, 9))
    }
  })
})

describe('what is encoded', () => {
  const wrap = (text: string): string => text.replace(/.{76}/g, '$&\n')
  const env = Buffer.from(`REGION=eu-central-1\nGITHUB_TOKEN=${TOKEN}\nDEBUG=false\n`)

  it.each<readonly [string, Uint8Array]>([
    ['base64 in JSON', Buffer.from(`{"content":"${env.toString('base64')}"}`)],
    ['base64url', Buffer.from(`{"content":"${env.toString('base64url')}"}`)],
    ['base64 behind other letters of its alphabet', Buffer.from(`path/a/${env.toString('base64')}`)],
    ['base64 in lines', Buffer.from(wrap(env.toString('base64')))],
    [
      'base64 in lines with an indent',
      Buffer.from(`data: |\n  ${wrap(env.toString('base64')).replaceAll('\n', '\n  ')}`),
    ],
    ['base64 in a string with \\n', Buffer.from(`"${wrap(env.toString('base64')).replaceAll('\n', '\\n')}"`)],
    ['UTF-16, little end first', Buffer.from(`\ufeff${env.toString()}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(env.toString(), 'utf16le').swap16()],
    ['UTF-16 in base64', Buffer.from(Buffer.from(env.toString(), 'utf16le').toString('base64'))],
    ['between bytes of a binary', Buffer.concat([Buffer.from([0, 1, 0xff, 0xd8]), env, Buffer.from([0xff, 0, 7])])],
    ['a string with escapes', Buffer.from(JSON.stringify({ text: `\n${TOKEN}\t` }))],
  ])('is read: %s', (_, content) => {
    expect(findingsIn(content).map(({ rule }) => rule)).toEqual(['github-token'])
  })

  it('tells the line of the run', () => {
    expect(rulesIn(`a\nb\n"${env.toString('base64')}"`)).toEqual(['github-token:3'])
  })

  it('tells the line in UTF-16', () => {
    expect(rulesIn(Buffer.from(`a\nb\nc = "${TOKEN}"`, 'utf16le'))).toEqual(['github-token:3'])
  })

  it('is read in a run over many windows, wherever in it', () => {
    for (const at of [0, 49_000, 49_150, 98_305, 200_000]) {
      const file = Buffer.concat([Buffer.alloc(at, 'some words of a file\n'), env, Buffer.alloc(60_000, 'and more\n')])
      for (const text of [file.toString('base64'), wrap(file.toString('base64'))]) {
        expect(
          findingsIn(`{"content":"${text}"}`).map(({ rule }) => rule),
          String(at),
        ).toEqual(['github-token'])
      }
    }
  })

  it('is undone once', () => {
    const twice = Buffer.from(Buffer.from(env.toString('base64')).toString('base64')).toString('base64')
    expect(findingsIn(`"${twice}"`)).toEqual([])
  })

  it('tells two credentials of one run', () => {
    const both = Buffer.from(`a=${githubToken(4)}\nb=${githubToken(5)}\n`).toString('base64')
    expect(findingsIn(`"${both}"`)).toHaveLength(2)
  })
})

describe('many findings', () => {
  const lines = (count: number): string => Array.from({ length: count }, (_, at) => `${githubToken(at)}\n`).join('')

  it('are all told up to the limit', () => {
    const scan = scanOf([{ within: [], content: Buffer.from(lines(FINDINGS_MAX)) }])
    expect(scan.findings).toHaveLength(FINDINGS_MAX)
    expect(scan.more).toBe(0)
  })

  it('are counted past it', () => {
    const scan = scanOf([{ within: [], content: Buffer.from(lines(FINDINGS_MAX + 1)) }])
    expect(scan.findings).toHaveLength(FINDINGS_MAX)
    expect(scan.more).toBeGreaterThanOrEqual(1)
  })
})
