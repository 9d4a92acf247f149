/** A new flow: nothing known but where it came from. */
import { describe, expect, it } from 'vitest'
import { createFlow } from '../../src/flow/flow.ts'
import { parseAddress } from '../../src/net/address.ts'
import { parseAuthority } from '../../src/net/destination.ts'

const address = parseAddress('10.0.0.1')

describe('createFlow', () => {
  it('takes what is known and leaves the rest empty', () => {
    if (address === null) throw new Error('not an address')
    const destination = parseAuthority('github.com:443', null)
    const flow = createFlow({ id: 'a', kind: 'tunnel', startedAt: 5, client: { address, port: 9 }, destination })
    expect(flow).toMatchObject({ id: 'a', kind: 'tunnel', startedAt: 5, destination, verdict: null, refs: [] })
    expect([flow.bytesUp, flow.bytesDown, flow.upstreamBodyBytes, flow.uploadSize]).toEqual([0, 0, 0, null])
  })

  it('shares nothing with another flow', () => {
    if (address === null) throw new Error('not an address')
    const seed = { kind: 'request', startedAt: 5, client: { address, port: 9 } } as const
    const [a, b] = [createFlow({ id: 'a', ...seed }), createFlow({ id: 'b', ...seed })]
    a.bytesUp = 7
    expect([b.id, b.bytesUp]).toEqual(['b', 0])
    expect(a.refs).not.toBe(b.refs)
  })
})
