import { describe, expect, it } from 'vitest'
import { ca, refusal } from './attempts.ts'
import { createTestCa, type Issued, selfSigned } from './pki.ts'
import { startTls } from './servers.ts'

const stranger = createTestCa({ name: 'Strange Root' })

const BAD: readonly (readonly [string, string, Issued, string | RegExp])[] = [
  [
    'another name',
    'github.com',
    ca.issue({ names: ['*.example.net'] }),
    'The certificate of github.com is for *.example.net.',
  ],
  [
    'many other names',
    'github.com',
    ca.issue({ names: ['a.example', 'b.example', '192.0.2.1', 'c.example', 'd.example'] }),
    'The certificate of github.com is for a.example, b.example, 192.0.2.1 and 2 more.',
  ],
  ['a wildcard for the name itself', 'github.com', ca.issue({ names: ['*.github.com'] }), /is for \*\.github\.com/],
  ['a wildcard two labels up', 'a.b.github.com', ca.issue({ names: ['*.github.com'] }), /is for \*\.github\.com/],
  ['a wildcard over everything', 'github.com', ca.issue({ names: ['*.com', '*'] }), /is for \*\.com, \*\./],
  ['the name as common name only', 'github.com', ca.issue({ names: [], commonName: 'github.com' }), /names no host/],
  [
    'the name as common name beside an address',
    'github.com',
    ca.issue({ names: ['192.0.2.1'], commonName: 'github.com' }),
    /is for 192\.0\.2\.1/,
  ],
  [
    'another address',
    '127.0.0.1',
    ca.issue({ names: ['127.0.0.2'] }),
    'The certificate of 127.0.0.1 is for 127.0.0.2.',
  ],
  [
    'an address as common name',
    '127.0.0.1',
    ca.issue({ names: ['x.example'], commonName: '127.0.0.1' }),
    /is for x\.exam/,
  ],
  [
    'an expired certificate',
    'github.com',
    ca.issue({ names: ['github.com'], expired: true }),
    /^The certificate of github.com expired on 2\d{3}-\d\d-\d\d\.$/,
  ],
  [
    'a certificate of tomorrow',
    'github.com',
    ca.issue({ names: ['github.com'], future: true }),
    /github.com is not valid before 2/,
  ],
  [
    'an expired authority',
    'github.com',
    ca.intermediate({ expired: true }).issue({ names: ['github.com'] }),
    /^The certificate of github.com rests on "Test Intermediate", which expired on 2/,
  ],
  [
    'a self-signed one',
    'github.com',
    selfSigned({ names: ['github.com'] }),
    'The certificate of github.com is self-signed.',
  ],
  [
    'an unknown authority',
    'github.com',
    stranger.issue({ names: ['github.com'] }),
    /^The certificate of github.com is signed by an unknown authority "Strange Root"/,
  ],
  [
    'an unknown authority that is sent along',
    'github.com',
    withChain(stranger.issue({ names: ['github.com'] }), stranger.certificatePem),
    'The certificate of github.com is signed by an unknown authority "Strange Root".',
  ],
  [
    'a missing intermediate',
    'github.com',
    withoutChain(ca.intermediate().issue({ names: ['github.com'] })),
    /"Test Intermediate", or the server does not send its intermediate/,
  ],
  [
    'a certificate for clients',
    'github.com',
    ca.issue({ names: ['github.com'], usage: 'client' }),
    /is not for a server/,
  ],
]

function withChain(issued: Issued, more: string): Issued {
  return { key: issued.key, cert: issued.cert + more }
}

function withoutChain(issued: Issued): Issued {
  const [leaf = ''] = issued.cert.split(/(?<=-----END CERTIFICATE-----\n)/)
  return { key: issued.key, cert: leaf }
}

describe('a bad certificate is refused in words', () => {
  it.each(BAD)('%s', async (_case, name, issued, message) => {
    const { port } = await startTls(issued)
    const error = await refusal(port, `${name}:443`)
    expect(error.code).toBe('upstream-certificate')
    if (typeof message === 'string') expect(error.message).toBe(message)
    else expect(error.message).toMatch(message)
  })

  it('that carry nothing of what a stranger would like to have printed', async () => {
    const evil = createTestCa({ name: `x"\r\nSet-Cookie: a=b\u001b[2J\u202e${'y'.repeat(200)}` })
    const { port } = await startTls(evil.issue({ names: ['github.com'] }))
    const { message } = await refusal(port)
    expect(message).toMatch(/^[\x20-\x7e]+…", or/)
    expect(message.length).toBeLessThan(300)
  })

  it('even where the environment asks for no verification', async () => {
    const { port } = await startTls(selfSigned({ names: ['github.com'] }))
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      expect((await refusal(port)).code).toBe('upstream-certificate')
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    }
  })
})
