/** Questions to resolvers over HTTPS, at hosts that are known for it and at any other. */
import { describe, expect, it } from 'vitest'
import { classifyUrl } from './classified.ts'

/** `www.example.com` A, from RFC 8484 section 4.1.1, and a message of 17 bytes that asks for the root. */
const QUESTION = 'AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB'
const ROOT = Buffer.from('0000010000010000000000000000010001', 'hex').toString('base64url')
const SHORT = Buffer.from('00000100000100000000000000000100', 'hex').toString('base64url')
const ANSWER = Buffer.from('0000810000010000000000000000010001', 'hex').toString('base64url')
const NO_QUESTION = Buffer.from('0000010000000000000000000000010001', 'hex').toString('base64url')

describe('a question to a resolver', () => {
  it.each([
    `GET r.acme.example/dns-query?dns=${QUESTION}`,
    `GET r.acme.example/any/path?dns=${QUESTION}`,
    `HEAD r.acme.example/?x=1&dns=${ROOT}`,
    `GET r.acme.example/?dns=1&dns=${ROOT}`,
    `GET r.acme.example/?d%6Es=${ROOT}`,
    `GET github.com/acme/widget?dns=${QUESTION}`,
    'GET cloudflare-dns.com/dns-query?name=a.acme.example',
    'GET dns.google/resolve?name=a.acme.example',
    'GET dns.google/anything',
    'POST r.acme.example/dns-query',
    'POST dns.google/dns-query',
  ])('is a write: %s', (line) => {
    const [method = '', url = ''] = line.split(' ')
    const contentType = method === 'POST' ? 'application/dns-message' : null
    expect(classifyUrl(method, url, { contentType }).operation).toBe('unknown-write')
  })

  it.each([
    `r.acme.example/?dns=${SHORT}`,
    `r.acme.example/?dns=${ANSWER}`,
    `r.acme.example/?dns=${NO_QUESTION}`,
    'r.acme.example/?dns=on',
    `r.acme.example/?DNS=${ROOT}`,
    'r.acme.example/dns-query',
    'r.acme.example/dns-query/x?name=a',
    'r.acme.example/resolve?host=a',
    'r.acme.example/api/resolve?name=a',
  ])('is not what only looks like it: %s', (url) => expect(classifyUrl('GET', url).operation).toBe('web-read'))

  it.each(['/dns-query?name=a.acme.example&type=TXT', '/resolve?name=a.acme.example'])(
    'is one at an address: %s',
    (path) => {
      const answer = classifyUrl('GET', `r.acme.example${path}`, { host: '192.0.2.7' })
      expect(answer.operation).toBe('unknown-write')
    },
  )

  it('is known at resolvers by their category', () => {
    expect(classifyUrl('GET', 'mozilla.cloudflare-dns.com/').service?.category).toBe('dns-over-https')
    expect(classifyUrl('GET', 'cloudflare-dns.com.acme.example/').service).toBeNull()
  })
})
