/** The one error of the shells: its code, its cause, and the status that goes with it. */
import { describe, expect, it } from 'vitest'
import { ProxyError, type ProxyErrorCode, STATUS_OF } from '../../src/flow/proxy-error.ts'

describe('ProxyError', () => {
  it('carries code, message and cause', () => {
    const cause = new Error('ECONNREFUSED')
    const error = new ProxyError('upstream-refused', 'nobody there', cause)
    expect(error).toMatchObject({ name: 'ProxyError', code: 'upstream-refused', message: 'nobody there', cause })
    expect(error).toBeInstanceOf(Error)
    expect('cause' in new ProxyError('weir-fault', 'alone')).toBe(false)
  })

  it('has a status for each code: the client’s fault is 4xx, all others 5xx', () => {
    for (const [code, status] of Object.entries(STATUS_OF) as [ProxyErrorCode, number][]) {
      const [from, to] = code.startsWith('client-') ? [400, 499] : [500, 599]
      expect(status, code).toBeGreaterThanOrEqual(from)
      expect(status, code).toBeLessThanOrEqual(to)
    }
    expect([STATUS_OF['client-timeout'], STATUS_OF['upstream-timeout'], STATUS_OF['weir-limit']]).toEqual([
      408, 504, 503,
    ])
  })
})
