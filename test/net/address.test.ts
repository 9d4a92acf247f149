/** Addresses: one spelling each, and the range of every special-purpose block at its edges. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Address,
  contains,
  isLoopback,
  parseAddress,
  parseCidr,
  rangeOf,
  sameAddress,
} from '../../src/net/address.ts'

function known(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new Error(`not an address: ${text}`)
  return address
}

describe('parseAddress', () => {
  it.each([
    ['127.0.0.1', 4, '127.0.0.1'],
    ['255.255.255.255', 4, '255.255.255.255'],
    ['::1', 6, '::1'],
    ['[::1]', 6, '::1'],
    ['0:0:0:0:0:0:0:1', 6, '::1'],
    ['2001:DB8:0:0:0:0:0:A', 6, '2001:db8::a'],
    ['2001:db8:0:1:0:0:0:0', 6, '2001:db8:0:1::'],
    ['::1.2.3.4', 6, '::102:304'],
    ['64:ff9b::10.0.0.1', 6, '64:ff9b::a00:1'],
  ] as const)('reads %s as family %i %s', (text, family, canonical) => {
    expect(parseAddress(text)).toMatchObject({ family, text: canonical })
  })

  it.each([
    '::ffff:127.0.0.1',
    '::FFFF:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:127.0.0.1',
    '0:0:0:0:0:FFFF:7F00:0001',
    '0000:0000:0000:0000:0000:ffff:7f00:0001',
    '::0:ffff:127.0.0.1',
    '[::ffff:127.0.0.1]',
  ])('reads the IPv4-mapped %s as 127.0.0.1', (text) => {
    expect(parseAddress(text)).toMatchObject({ family: 4, text: '127.0.0.1', bytes: [127, 0, 0, 1] })
  })

  it.each([
    ['octal', '0177.0.0.1'],
    ['octal, several digits', '00000177.0.0.1'],
    ['octal that looks decimal', '127.0.0.01'],
    ['hexadecimal parts', '0x7f.0.0.1'],
    ['one hexadecimal number', '0x7f000001'],
    ['one decimal number', '2130706433'],
    ['one octal number', '017700000001'],
    ['two parts', '127.1'],
    ['three parts', '127.0.1'],
    ['five parts', '127.0.0.0.1'],
    ['a part above 255', '127.0.0.256'],
    ['an empty part', '127..0.1'],
    ['a dot at the end', '127.0.0.1.'],
    ['a space behind', '127.0.0.1 '],
    ['a space before', ' 127.0.0.1'],
    ['a line feed', '127.0.0.1\n'],
    ['a NUL', '127.0.0.1\0'],
    ['a sign', '+127.0.0.1'],
    ['Arabic digits', '١٢٧.0.0.1'],
    ['fullwidth digits', '１２７.0.0.1'],
    ['brackets around IPv4', '[127.0.0.1]'],
    ['half of a bracket', '[::1'],
    ['the other half', '1::1]'],
    ['another bracket', '(::1]'],
    ['two brackets', '[[::1]]'],
    ['nothing in brackets', '[]'],
    ['nothing', ''],
    ['a name', 'localhost'],
    ['a zone', 'fe80::1%eth0'],
    ['a zone in brackets', '[fe80::1%eth0]'],
    ['an encoded zone', '[fe80::1%25eth0]'],
    ['two gaps', '1::2::3'],
    ['a group of five digits', '00001::'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['IPv4 inside with octal', '::ffff:0177.0.0.1'],
    ['IPv4 inside, short', '::ffff:127.1'],
    ['IPv4 in the middle', '::127.0.0.1:1'],
    ['a prefix', '10.0.0.0/8'],
    ['a port', '127.0.0.1:80'],
  ])('does not read %s', (_, text) => {
    expect(parseAddress(text)).toBeNull()
  })

  it('reads its own canonical text as the same address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const address = known(text)
        expect(parseAddress(address.text)).toEqual(address)
        expect(sameAddress(address, known(address.text))).toBe(true)
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})

describe('rangeOf', () => {
  it.each([
    // [block, first, last, range]
    ['0.0.0.0/8', '0.0.0.0', '0.255.255.255', 'unspecified'],
    ['10.0.0.0/8', '10.0.0.0', '10.255.255.255', 'private'],
    ['100.64.0.0/10', '100.64.0.0', '100.127.255.255', 'shared'],
    ['127.0.0.0/8', '127.0.0.0', '127.255.255.255', 'loopback'],
    ['169.254.0.0/16', '169.254.0.0', '169.254.255.255', 'link-local'],
    ['172.16.0.0/12', '172.16.0.0', '172.31.255.255', 'private'],
    ['192.0.0.0/24', '192.0.0.0', '192.0.0.255', 'reserved'],
    ['192.0.2.0/24', '192.0.2.0', '192.0.2.255', 'reserved'],
    ['192.88.99.0/24', '192.88.99.0', '192.88.99.255', 'reserved'],
    ['192.168.0.0/16', '192.168.0.0', '192.168.255.255', 'private'],
    ['198.18.0.0/15', '198.18.0.0', '198.19.255.255', 'reserved'],
    ['198.51.100.0/24', '198.51.100.0', '198.51.100.255', 'reserved'],
    ['203.0.113.0/24', '203.0.113.0', '203.0.113.255', 'reserved'],
    ['224.0.0.0/4', '224.0.0.0', '239.255.255.255', 'multicast'],
    ['240.0.0.0/4', '240.0.0.0', '255.255.255.254', 'reserved'],
    ['broadcast', '255.255.255.255', '255.255.255.255', 'multicast'],
    ['168.63.129.16 (Azure)', '168.63.129.16', '168.63.129.16', 'link-local'],
    ['64:ff9b:1::/48', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', 'private'],
    ['100::/64', '100::', '100::ffff:ffff:ffff:ffff', 'reserved'],
    ['::ffff:0:0:0/96 (SIIT)', '::ffff:0:0:0', '::ffff:0:8.8.8.8', 'reserved'],
    ['2001::/32 (Teredo)', '2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
    ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
    ['3fff::/20', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
    ['fc00::/7', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private'],
    ['fe80::/10', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'link-local'],
    ['fec0::/10', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'private'],
    ['ff00::/8', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'multicast'],
    ['what lies below 2000::/3', '200::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
    ['what lies above 2000::/3', '4000::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'reserved'],
  ] as const)('%s', (_, first, last, range) => {
    expect([rangeOf(known(first)), rangeOf(known(last))]).toEqual([range, range])
  })

  it.each([
    '1.0.0.0',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '168.63.129.15',
    '168.63.129.17',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '191.255.255.255',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '140.82.121.3',
    '2000::',
    '2001:200::',
    '2606:50c0:8000::153',
    '3ffe:ffff::',
    '3fff:1000::',
    '::ffff:140.82.121.3',
    '64:ff9b::140.82.121.3',
    '2002:8c52:7903::1',
  ])('%s is public', (text) => {
    expect(rangeOf(known(text))).toBe('public')
  })

  it.each([
    ['the metadata service of AWS, GCP and Azure', '169.254.169.254', 'link-local'],
    ['the metadata service of AWS over IPv6', 'fd00:ec2::254', 'private'],
    ['the metadata service of Alibaba', '100.100.100.200', 'shared'],
    ['the metadata service of Oracle', '192.0.0.192', 'reserved'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1', 'loopback'],
    ['IPv4-mapped metadata in hexadecimal', '::ffff:a9fe:a9fe', 'link-local'],
    ['NAT64 of a private address', '64:ff9b::10.0.0.1', 'private'],
    ['NAT64 of metadata', '64:ff9b::a9fe:a9fe', 'link-local'],
    ['NAT64 of loopback', '64:ff9b::127.0.0.1', 'loopback'],
    ['NAT64 of 0.0.0.0', '64:ff9b::', 'unspecified'],
    ['6to4 of loopback', '2002:7f00:1::', 'loopback'],
    ['6to4 of a private address', '2002:c0a8:101::1', 'private'],
    ['6to4 of metadata', '2002:a9fe:a9fe::', 'link-local'],
    ['IPv4-compatible loopback', '::127.0.0.1', 'loopback'],
    ['IPv4-compatible private', '::192.168.0.1', 'private'],
    ['IPv4-compatible public', '::8.8.8.8', 'reserved'],
    ['loopback', '::1', 'loopback'],
    ['unspecified', '::', 'unspecified'],
    ['beside loopback', '::2', 'unspecified'],
    ['Teredo around a public address', '2001:0:8c52:7903::1', 'reserved'],
  ] as const)('%s is refused', (_, text, range) => {
    expect(rangeOf(known(text))).toBe(range)
  })

  it('is the same whatever way an IPv4 address is wrapped', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const bare = rangeOf(known(text))
        expect(rangeOf(known(`::ffff:${text}`))).toBe(bare)
        expect(rangeOf(known(`64:ff9b::${text}`))).toBe(bare)
        const [a = 0, b = 0, c = 0, d = 0] = known(text).bytes
        expect(rangeOf(known(`2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::`))).toBe(bare)
        expect(rangeOf(known(`::${text}`))).not.toBe('public')
      }),
      { seed: 12, numRuns: 300 },
    )
  })
})

describe('isLoopback', () => {
  it.each([
    ['127.0.0.0', true],
    ['127.255.255.255', true],
    ['::ffff:127.0.0.1', true],
    ['::1', true],
    ['126.255.255.255', false],
    ['128.0.0.0', false],
    ['::2', false],
    ['::', false],
    ['::127.0.0.1', false],
    ['64:ff9b::127.0.0.1', false],
    ['2002:7f00:1::', false],
    ['7f00::1', false],
  ])('%s: %s', (text, expected) => {
    expect(isLoopback(known(text))).toBe(expected)
  })
})

describe('parseCidr', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['10.1.2.3/32', '10.1.2.3/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
    ['fd00::/8', 'fd00::/8'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['100.64.0.0/10', '100.64.0.0/10'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    ['::ffff:10.0.0.1', '10.0.0.1/32'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseCidr(text)?.text).toBe(canonical)
  })

  it.each([
    ['bits beyond the prefix', '10.0.0.1/8'],
    ['bits beyond the prefix in its byte', '100.65.0.0/10'],
    ['bits beyond the prefix, IPv6', 'fd00::1/8'],
    ['a prefix one too long', '10.0.0.0/33'],
    ['a prefix one too long, IPv6', '::/129'],
    ['a negative prefix', '10.0.0.0/-8'],
    ['an empty prefix', '10.0.0.0/'],
    ['a prefix that is no number, of an even block', '128.0.0.0/x'],
    ['a mask', '10.0.0.0/255.0.0.0'],
    ['a fraction', '10.0.0.0/8.0'],
    ['a space', '10.0.0.0/ 8'],
    ['two prefixes', '10.0.0.0/8/8'],
    ['a short address', '10/8'],
    ['a name', 'localhost/8'],
    ['a mapped block larger than IPv4', '::ffff:0:0/95'],
    ['nothing', ''],
  ])('does not read %s', (_, text) => {
    expect(parseCidr(text)).toBeNull()
  })
})

it('another address is not the same', () => {
  expect(sameAddress(known('10.0.0.1'), known('10.0.0.2'))).toBe(false)
  expect(sameAddress(known('::ffff:10.0.0.1'), known('10.0.0.1'))).toBe(true)
})

describe('contains', () => {
  it.each([
    ['100.64.0.0/10', '100.63.255.255', false],
    ['100.64.0.0/10', '100.64.0.0', true],
    ['100.64.0.0/10', '100.127.255.255', true],
    ['100.64.0.0/10', '100.128.0.0', false],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['10.0.0.0/8', '64:ff9b::10.1.1.1', false],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '127.0.0.1', false],
    ['::/0', '2001:db8::1', true],
    ['10.0.0.1/32', '10.0.0.1', true],
    ['10.0.0.1/32', '10.0.0.2', false],
    ['2001:db8:8000::/33', '2001:db8:8000::1', true],
    ['2001:db8:8000::/33', '2001:db8:7fff::1', false],
  ])('%s has %s: %s', (block, text, expected) => {
    const cidr = parseCidr(block)
    expect(cidr !== null && contains(cidr, known(text))).toBe(expected)
  })
})
