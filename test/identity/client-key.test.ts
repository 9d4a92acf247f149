import { describe, expect, it } from 'vitest'
import { clientKey } from '../../src/identity/client-key.ts'
import { addressOf } from './accounts.ts'

describe('one client', () => {
  it.each([
    ['is an IPv4 address', '192.0.2.1', '192.0.2.1', true],
    ['is not its neighbour', '192.0.2.1', '192.0.2.2', false],
    ['is the same wrapped in IPv6', '192.0.2.1', '::ffff:192.0.2.1', true],
    ['is an IPv6 network of 64 bits', '2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff', true],
    ['is not the network beside it', '2001:db8:0:1::1', '2001:db8:0:2::1', false],
  ])('%s', (_, left, right, same) => {
    expect(clientKey(addressOf(left)) === clientKey(addressOf(right))).toBe(same)
  })
})
