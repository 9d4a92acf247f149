/** A random value under a telling name: in which forms it is seen, and what looks like one and is none. */
import { describe, expect, it } from 'vitest'
import { isPlaceholder } from '../../../src/content/secrets/placeholder.ts'
import { entropyOf, JUDGED_CHARACTERS_MAX, looksRandom, wordiness } from '../../../src/content/secrets/randomness.ts'
import { ALNUM, createRandom } from '../../secrets/random.ts'
import { findingsIn } from './upload.ts'

const random = createRandom(77)
const TOKEN = random.text(ALNUM, 32)
const PASSWORD = `w${random.text(ALNUM, 9)}7!x`

describe('is found', () => {
  it.each([
    `TOKEN=${TOKEN}`,
    `export API_KEY='${TOKEN}'`,
    `secret: ${TOKEN}`,
    `  "clientSecret" : "${TOKEN}",`,
    `auth_token => '${TOKEN}'`,
    `apiKey := "${TOKEN}"`,
    `private readonly accessToken: string = '${TOKEN}'`,
    `const SECRET_KEY: &str = "${TOKEN}";`,
    `os.environ["AUTH_TOKEN"] = "${TOKEN}"`,
    `define('AUTH_TOKEN',      '${TOKEN}');`,
    `client.setToken("${TOKEN}")`,
    `<accessToken>${TOKEN}</accessToken>`,
    `<entry key="api.token">${TOKEN}</entry>`,
    `<add key="ApiKey" value="${TOKEN}" />`,
    `<key>ApiToken</key>\n<string>${TOKEN}</string>`,
    `- name: API_TOKEN\n  value: ${TOKEN}`,
    `{ "name": "API_TOKEN", "value": "${TOKEN}" }`,
    `token: >-\n  ${TOKEN}`,
    `| api token | ${TOKEN} |`,
    `--auth-token ${TOKEN}`,
    `--api-key=${TOKEN}`,
    `?page=1&access_token=${TOKEN}&x=1`,
    `ENV API_TOKEN ${TOKEN}`,
    `"source": ["api_key = \\"${TOKEN}\\"\\n"]`,
    `X-Api-Key: ${TOKEN}`,
    `DB_PASSWORD=${PASSWORD}`,
    `the password is ${PASSWORD}`,
    `password:${PASSWORD}`,
    `smtp.pass = "${PASSWORD}"`,
    `pw: ${PASSWORD}`,
  ])('%j', (text) => {
    expect(findingsIn(`first\n${text}\nlast\n`).map(({ rule }) => rule)).toEqual([
      text.includes(PASSWORD) ? 'assigned-password' : 'assigned-secret',
    ])
  })
})

describe('is none', () => {
  it.each([
    'token = getToken(user2, options)',
    'password: process.env.DB_PASSWORD_2',
    'secret = config.auth.v2.clientSecret',
    'const tokenKind = "IDENTIFIER_2_LONG_NAME"',
    `tokenId: "${TOKEN}"`,
    `nextPageToken = "${TOKEN}"`,
    `public_key: ${TOKEN}`,
    `cache_key = "${TOKEN}"`,
    `if (token == "${TOKEN}")`,
    'password = "Enter your password (8+ characters)"',
    'api_key = "your_api_key_here_1234"',
    'secret: sha256:0123456789abcdef0123456789abcdef',
    'password: $(pass show db9)',
    'token: {{ .Values.token2 }}',
    'HEX_PAT = "[0-9A-Fa-f]{1,4}"',
    `monkey=${'abcdefgh'.repeat(3)}`,
    'bypass: "crc16Bypass"',
    'path/to/token-ring-2/driver.c',
  ])('%j', (text) => {
    expect(findingsIn(`${text}\n`)).toEqual([])
  })
})

describe('how random', () => {
  it('entropy is, in bits for each character', () => {
    expect(entropyOf('aaaa')).toBe(0)
    expect(entropyOf('abab')).toBe(1)
    expect(entropyOf('abcdefgh')).toBe(3)
  })

  it('a long text is, is judged by its start', () => {
    const start = 'ab'.repeat(JUDGED_CHARACTERS_MAX / 2)
    expect(entropyOf(`${start}cdefghij`)).toBe(1)
    expect(entropyOf(`${start.slice(1)}c`)).toBeGreaterThan(1)
  })

  it('words are told from chance', () => {
    expect(wordiness('authenticationTokenProvider')).toBeGreaterThan(0.9)
    expect(wordiness('x9Kq2mZ7vTb4')).toBe(0)
    expect(looksRandom('x9Kq2mZ7vTb4')).toBe(true)
    expect(looksRandom('authentication-token-2')).toBe(false)
  })
})

describe('a placeholder', () => {
  it.each([
    'changeme',
    'YOUR_KEY',
    'xxxxxxxx',
    'aaaaaaaaaaaa',
    '<token>',
    '%TOKEN%',
    'vault:kv/db#pw',
    'my-secret-token',
    '/run/secrets/x',
  ])('is %s', (text) => expect(isPlaceholder(text)).toBe(true))

  it.each([TOKEN, PASSWORD, 'Tr0ub4dor&3', 'abc/def+ghi9ABC'])('is not %s', (text) =>
    expect(isPlaceholder(text)).toBe(false),
  )
})
