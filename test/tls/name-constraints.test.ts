import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, createSecureContext, TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { type Address, parseAddress } from '../../src/net/address.ts'
import { type Host, parseHost } from '../../src/net/host.ts'
import { type Authority, loadAuthority } from '../../src/tls/authority.ts'
import { generateAuthority, ONLY_DOMAINS_MAX } from '../../src/tls/authority-creation.ts'
import { parseAuthorityPem } from '../../src/tls/authority-pem.ts'
import { describeLimits } from '../../src/tls/ca-export.ts'
import { createContexts } from '../../src/tls/contexts.ts'
import { leafKey, mintLeaf } from '../../src/tls/leaf.ts'
import {
  describeNameConstraints,
  type NameConstraints,
  parseNameConstraints,
  permits,
} from '../../src/tls/name-constraints.ts'
import { openssl, verifyStrictly } from './openssl.ts'
import { AUTHORITY_EXTENSIONS, makeOwnCa } from './own-ca.ts'
import { destinationOf, dial, startTcp } from './servers.ts'

const now = Date.now()

function nameOf(text: string): Host | Address {
  const name = parseAddress(text) ?? parseHost(text)
  if (name === null) throw new Error(`not a name: ${text}`)
  return name
}

function hostsOf(...texts: string[]): Host[] {
  return texts.map(nameOf).filter((name) => typeof name === 'string')
}

const made = new Map<string, Promise<Authority>>()

function ownCa(constraints: string): Promise<Authority> {
  const known = made.get(constraints)
  if (known !== undefined) return known
  const folder = makeOwnCa({ extensions: [...AUTHORITY_EXTENSIONS, `nameConstraints=${constraints}`] })
  const authority = loadAuthority(folder, Date.now())
  made.set(constraints, authority)
  return authority
}

function weirCa(...only: string[]): Authority {
  const files = { certificate: 'ca.pem', key: 'ca-key.pem' }
  return parseAuthorityPem(generateAuthority({ only: hostsOf(...only), now }), files, now)
}

/** Whether openssl accepts a leaf for this name, made without asking whether it may be. */
function opensslAccepts(authority: Authority, text: string): boolean {
  const name = nameOf(text)
  const leaf = mintLeaf(authority, name, { now: Date.now(), days: 7 }).certificatePem
  const check = typeof name === 'string' ? '-verify_hostname' : '-verify_ip'
  try {
    return verifyStrictly(authority.certificatePem, leaf, [check, text]).includes('OK')
  } catch {
    return false
  }
}

/** Whether a client of Node's accepts it. */
async function nodeAccepts(authority: Authority, text: string): Promise<boolean> {
  const name = nameOf(text)
  const { certificatePem: cert } = mintLeaf(authority, name, { now: Date.now(), days: 7 })
  const secureContext = createSecureContext({ cert, key: leafKey.privatePem })
  const { port } = await startTcp((socket) => {
    new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => socket.destroy())
  })
  const { certificatePem: ca } = authority
  const client = connect({
    socket: await dial(port),
    ca,
    host: text,
    ...(typeof name === 'string' ? { servername: text } : {}),
    rejectUnauthorized: false,
  })
  await new Promise((resolve, reject) => client.once('secureConnect', resolve).once('error', reject))
  client.destroy()
  return client.authorized
}

describe.each<[string, string, readonly string[], readonly string[]]>([
  [
    'a permitted domain',
    'critical,permitted;DNS:acme.example',
    ['acme.example', 'www.acme.example', 'a.b.acme.example', '192.0.2.1'],
    ['xacme.example', 'acme.example.net', 'example', 'github.com'],
  ],
  [
    'what is below a domain',
    'critical,permitted;DNS:.acme.example',
    ['www.acme.example'],
    ['acme.example', 'github.com'],
  ],
  ['a domain in capitals', 'critical,permitted;DNS:ACME.example', ['www.acme.example'], ['github.com']],
  [
    'an excluded domain',
    'critical,excluded;DNS:bank.example',
    ['acme.example', 'xbank.example', '192.0.2.1'],
    ['bank.example', 'www.bank.example'],
  ],
  [
    'a hole in a permitted domain',
    'critical,permitted;DNS:acme.example,excluded;DNS:payroll.acme.example',
    ['acme.example', 'www.acme.example'],
    ['payroll.acme.example', 'x.payroll.acme.example'],
  ],
  [
    'a block of addresses',
    'critical,permitted;IP:10.1.0.0/255.255.0.0',
    ['10.1.2.3', 'github.com'],
    ['10.2.0.1', '192.0.2.1', '2001:db8::1'],
  ],
  ['an excluded block', 'critical,excluded;IP:10.0.0.0/255.0.0.0', ['192.0.2.1', '2001:db8::1'], ['10.2.0.1']],
  [
    'a block of IPv6',
    'critical,permitted;IP:2001:db8:0:0:0:0:0:0/ffff:ffff:0:0:0:0:0:0',
    ['2001:db8::1'],
    // 32.1.13.184 is 2001:db8 in the bytes of an IPv4 address.
    ['2001:db9::1', '192.0.2.1', '32.1.13.184'],
  ],
  [
    'two blocks',
    'critical,permitted;IP:10.1.0.0/255.255.0.0,permitted;IP:192.0.2.0/255.255.255.0',
    ['10.1.2.3', '192.0.2.1'],
    ['10.2.0.1'],
  ],
  ['constraints that are not critical', 'permitted;DNS:acme.example', ['acme.example'], ['github.com']],
  ['constraints on other kinds of name', 'critical,permitted;email:acme.example', ['github.com', '192.0.2.1'], []],
  [
    'two domains',
    'critical,permitted;DNS:acme.example,permitted;DNS:github.com',
    ['api.github.com', 'acme.example'],
    ['gitlab.com'],
  ],
])('under %s', (_name, constraints, good, bad) => {
  it.each([...good.map((name) => [name, true] as const), ...bad.map((name) => [name, false] as const)])(
    'a leaf for %s is accepted: %s; so says Weir, openssl and Node',
    async (text, expected) => {
      const authority = await ownCa(constraints)
      expect([
        authority.permits(nameOf(text)),
        opensslAccepts(authority, text),
        await nodeAccepts(authority, text),
      ]).toEqual([expected, expected, expected])
    },
  )
})

it('an excluded `.acme.example` is read as clients read it that refuse the most', async () => {
  const authority = await ownCa('critical,excluded;DNS:.acme.example')
  expect(authority.permits(nameOf('acme.example'))).toBe(false)
  expect(authority.permits(nameOf('xacme.example'))).toBe(true)
  expect(opensslAccepts(authority, 'www.acme.example')).toBe(false)
})

it('constraints on the subject do not stand in the way of a leaf', async () => {
  const extensions = [...AUTHORITY_EXTENSIONS, 'nameConstraints=critical,permitted;dirName:dn']
  const authority = await loadAuthority(makeOwnCa({ extensions }), Date.now())
  expect([authority.permits(nameOf('github.com')), opensslAccepts(authority, 'github.com')]).toEqual([true, true])
})

describe('a CA of Weir for some domains alone', () => {
  it('signs for them and what is below, and for nothing else', async () => {
    const authority = weirCa('acme.example', 'github.com')
    for (const [text, expected] of [
      ['acme.example', true],
      ['git.acme.example', true],
      ['api.github.com', true],
      ['gitlab.com', false],
      ['notgithub.com', false],
      ['192.0.2.1', false],
      ['2001:db8::1', false],
    ] as const) {
      const judged = [
        authority.permits(nameOf(text)),
        opensslAccepts(authority, text),
        await nodeAccepts(authority, text),
      ]
      expect(judged, text).toEqual([expected, expected, expected])
    }
  })

  it('says so critically', () => {
    const { certificatePem } = weirCa('acme.example')
    const text = openssl({ 'ca.pem': certificatePem }, 'x509', '-noout', '-text', '-in', 'ca.pem')
    expect(text).toMatch(
      /Name Constraints: critical\s+Permitted:\s+DNS:acme.example\s+Excluded:\s+IP:0.0.0.0\/0.0.0.0\s+IP:0:0:0:0:0:0:0:0\/0:0:0:0:0:0:0:0/,
    )
    expect(describeLimits(weirCa('acme.example'))).toBe('only acme.example; never any IPv4 address, any IPv6 address')
    expect(describeLimits(weirCa())).toBeNull()
  })

  it('has as many domains as the limit, and not one more', () => {
    const many = Array.from({ length: ONLY_DOMAINS_MAX + 1 }, (_, at) => `d${at}.example`)
    expect(weirCa(...many.slice(1)).permits(nameOf('d100.example'))).toBe(true)
    expect(() => weirCa(...many)).toThrow(RangeError)
  })

  it('has no context for another name, and the proxy is told before', () => {
    const contexts = createContexts(weirCa('acme.example'), { now: Date.now })
    expect(contexts.permits(destinationOf('www.acme.example:443'))).toBe(true)
    expect(contexts.permits(destinationOf('github.com:443'))).toBe(false)
    expect(contexts.permits(destinationOf('192.0.2.1:443'))).toBe(false)
    contexts.contextFor('www.acme.example')
    expect(() => contexts.contextFor('github.com')).toThrow(/may not sign for this name/)
    expect(contexts.size).toBe(1)
  })
})

describe('the constraints of a chain', () => {
  it('hold all together', async () => {
    const constrained = (constraints: string) => [...AUTHORITY_EXTENSIONS, `nameConstraints=critical,${constraints}`]
    const root = makeOwnCa({ extensions: constrained('permitted;DNS:acme.example') })
    const below = makeOwnCa({ issuer: root, extensions: constrained('excluded;DNS:payroll.acme.example') })
    const authority = parseAuthorityPem(
      { certificatePem: read(below) + read(root), keyPem: read(below, 'ca-key.pem') },
      { certificate: 'ca.pem', key: 'ca-key.pem' },
      Date.now(),
    )
    expect(authority.permits(nameOf('www.acme.example'))).toBe(true)
    expect(authority.permits(nameOf('payroll.acme.example'))).toBe(false)
    expect(authority.permits(nameOf('github.com'))).toBe(false)
    expect(describeLimits(authority)).toBe('never payroll.acme.example; and only acme.example')
  })
})

describe('the empty domain', () => {
  it.each([
    ['permitted', '3006a00430028200', true, 'only any name'],
    ['excluded', '3006a10430028200', false, 'never any name'],
  ])('stands for every name where it is %s', (_name, hex, expected, text) => {
    const constraints = parsed(hex)
    expect(permits(constraints, nameOf('github.com'))).toBe(expected)
    expect(permits(constraints, nameOf('192.0.2.1'))).toBe(true)
    expect(describeNameConstraints(constraints)).toBe(text)
  })
})

describe('a person is told', () => {
  it.each([
    ['a block of IPv4', '300ea00c300a 8708 0a010000ffff0000', 'only 10.1.0.0/255.255.0.0'],
    [
      'a block of IPv6',
      `3026a0243022 8720 20010db8${'00'.repeat(12)} ffffffff${'00'.repeat(12)}`,
      'only 2001:0db8:0000:0000:0000:0000:0000:0000/ffff:ffff:0000:0000:0000:0000:0000:0000',
    ],
    ['other kinds of name', '3009a0073005 8103 612e62', 'nothing that concerns hosts'],
  ])('of %s', (_name, hex, text) => {
    expect(describeNameConstraints(parsed(hex))).toBe(text)
  })
})

describe('constraints that cannot be used', () => {
  it.each([
    ['nothing', '3000', 'they permit nothing and exclude nothing'],
    ['no DER', '30', 'they are not DER'],
    ['an empty list', '3002a000', 'they hold an empty list'],
    ['an unknown list', '3002a200', 'they hold an unknown list'],
    ['a list of another class', '300960073005 8203 612e62', 'they hold an unknown list'],
    ['a wildcard', '300ca00a3008 8206 2a2e612e6263', '"*.a.bc" is no domain; it is written without wildcard'],
    ['a wildcard in a label', '300ba0093007 8205 2a612e6263', '"*a.bc" is no domain'],
    ['a trailing dot', '300aa0083006 8204 612e622e', '"a.b." is no domain'],
    ['an address without mask', '300aa0083006 8704 0a000000', 'an address that is not one with its mask'],
    ['a mask with holes', '300ea00c300a 8708 0a000000ff00ff00', 'an address that is not one with its mask'],
    ['a mask with a hole in a byte', '300ea00c300a 8708 0a000000ff010000', 'an address that is not one with its mask'],
    ['a minimum', '300da00b3009 8204 612e6263 800101', 'they set a minimum or maximum'],
    ['no name', '3004a0023000', 'they hold something that is no name'],
    ['a name of another class', '3009a0073005 4203 612e62', 'they hold something that is no name'],
    ['a name made of parts', '3006a0043002 a200', 'they hold a name that cannot be read'],
  ])('are told: %s', (_name, hex, problem) => {
    expect(parseNameConstraints(bytesOf(hex))).toContain(problem)
  })
})

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

function parsed(hex: string): NameConstraints {
  const constraints = parseNameConstraints(bytesOf(hex))
  if (typeof constraints === 'string') throw new Error(constraints)
  return constraints
}

function read(folder: string, name = 'ca.pem'): string {
  return readFileSync(join(folder, name), 'utf8')
}
