/** Redaction: what may be a credential never stays, and what people look for in a record does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redactTarget } from '../../src/audit/redact.ts'

// Shapes of credentials, none of which was ever valid.
const GITHUB = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'
const GITLAB = 'glpat-0123456789abcdefABCD'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'
const TELEGRAM = 'bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'
const SLACK = 'Xy0123456789abcdefABCDEF'
const DISCORD = 'aB3-dE6_gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kM9nP2rS5uV8xA1cD4fG7iL0oR'
const HEX = '0123456789abcdef0123456789abcdef01234567'

const SECRETS = [GITHUB, GITLAB, JWT, TELEGRAM, SLACK, DISCORD]

describe('redactTarget', () => {
  it.each([
    ['a GitHub token', `/?x=${GITHUB}`, GITHUB],
    ['a GitLab token by its name', '/api?private_token=short', 'short'],
    ['an access token', '/api?access_token=short', 'short'],
    ['a name in upper case', '/api?ACCESS_TOKEN=short', 'short'],
    ['a name that is encoded', '/api?access%5Ftok%65n=short', 'short'],
    ['an API key', '/maps?apikey=short', 'short'],
    ['an AWS signature', '/o?X-Amz-Signature=short&X-Amz-Date=20260101T000000Z', 'short'],
    ['an AWS credential', '/o?X-Amz-Credential=AKIDEXAMPLE', 'AKIDEXAMPLE'],
    ['an Azure SAS', '/c/b?sv=2024-01-01&sig=short', 'short'],
    ['a password', '/login?user=ada&password=short', 'short'],
    ['an OAuth code', '/callback?code=short', 'short'],
    ['an OAuth state', '/callback?state=short', 'short'],
    ['a JWT in a value', `/?x=${JWT}`, JWT.slice(-20)],
    ['a JWT in the path', `/verify/${JWT}`, JWT.slice(-20)],
    ['a value without a name', `/?${GITHUB}`, GITHUB],
    ['a token as a name', `/?${GITHUB}=1`, GITHUB],
    ['a second pair behind a semicolon', '/?a=1;token=short', 'short'],
    ['a value behind a second question mark', '/?a=1?token=short&token=other', 'other'],
    ['a value with an equals sign', `/?q=a=${GITHUB}`, GITHUB],
    ['an array of tokens', '/?tokens[]=short', 'short'],
    ['Telegram’s path', `/${TELEGRAM}/sendMessage`, TELEGRAM],
    ['Slack’s path', `/services/T0000/B0000/${SLACK}`, SLACK],
    ['Discord’s path', `/api/webhooks/123/${DISCORD}`, DISCORD],
    ['a hexadecimal token in a value', `/?x=${HEX}`, HEX],
    ['a token in the first of several queries', `/?x=${GITLAB}&y=1`, GITLAB],
  ])('takes out %s', (_, target, secret) => {
    const { path, query } = redactTarget(target)
    expect(`${path}?${query ?? ''}`).not.toContain(secret)
    expect(`${path}?${query ?? ''}`).toContain('***')
  })

  it.each([
    '/acme/weir.git/git-receive-pack',
    '/acme/weir.git/info/refs?service=git-upload-pack',
    `/repos/acme/weir/commits/${HEX}`,
    '/acme/weir/releases/download/v1.2.3/weir_1.2.3_linux_amd64.tar.gz',
    '/search?q=egress+proxy&page=2&sort=stars',
    '/some-long-page-name-with-2-numbers-and-42-words',
    '/jquery-3.7.1.min.js?v=3.7.1',
    '/',
    '*',
    '/?',
    '/?&&;=',
  ])('leaves %s as it is', (target) => {
    const { path, query } = redactTarget(target)
    expect(query === null ? path : `${path}?${query}`).toBe(target)
  })

  it('leaves names and the other pairs', () => {
    expect(redactTarget(`/a?page=2&access_token=short;x=${GITHUB}&y=3`)).toEqual({
      path: '/a',
      query: 'page=2&access_token=***;x=***&y=3',
    })
    expect(redactTarget('/a')).toEqual({ path: '/a', query: null })
  })

  it('never lets one of them through, wherever it stands', () => {
    const word = fc.stringMatching(/^[a-z]{0,8}$/)
    const place = fc.constantFrom('path', 'value', 'bare', 'name')
    fc.assert(
      fc.property(fc.constantFrom(...SECRETS), place, word, word, (secret, where, before, behind) => {
        const target = {
          path: `/${before}/${secret}/${behind}?a=1`,
          value: `/${before}?${behind}=${secret}&z=2`,
          bare: `/${before}?${secret}`,
          name: `/${before}?${secret}=${behind}`,
        }[where]
        const { path, query } = redactTarget(target)
        expect(`${path}?${query ?? ''}`).not.toContain(secret.slice(-16))
      }),
      { seed: 41, numRuns: 200 },
    )
  })

  it('takes time linear in the target', () => {
    const target = `/${'a-'.repeat(15_000)}?${'b='.repeat(15_000)}`
    const begun = performance.now()
    redactTarget(target)
    expect(performance.now() - begun).toBeLessThan(500)
  })
})
