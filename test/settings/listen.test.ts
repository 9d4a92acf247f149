import { describe, expect, it } from 'vitest'
import { formatListen, parseListen } from '../../src/settings/listen.ts'

describe('parseListen', () => {
  it.each([
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['[::1]:65535', '::1', 65_535],
    ['[::ffff:127.0.0.1]:80', '127.0.0.1', 80],
  ])('reads %s', (text, address, port) => {
    const listen = parseListen(text)
    expect([listen?.address.text, listen?.port]).toEqual([address, port])
  })

  it.each([
    ['a name', 'localhost:8080'],
    ['no port', '127.0.0.1'],
    ['no address', ':8080'],
    ['an empty port', '127.0.0.1:'],
    ['a port past the last', '127.0.0.1:65536'],
    ['a negative port', '127.0.0.1:-1'],
    ['IPv6 without brackets', '::1:8080'],
    ['IPv4 in brackets', '[127.0.0.1]:8080'],
    ['a zone', '[fe80::1%eth0]:8080'],
    ['an octal spelling', '0177.0.0.1:8080'],
    ['white space', ' 127.0.0.1:8080'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseListen(text)).toBeNull()
  })
})

it.each(['127.0.0.1:8080', '[::1]:0'])('formatListen writes what parseListen reads: %s', (text) => {
  const listen = parseListen(text)
  if (listen === null) throw new Error('does not parse')
  expect(formatListen(listen.address, listen.port)).toBe(text)
})
