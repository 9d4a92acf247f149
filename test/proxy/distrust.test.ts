import { describe, expect, it } from 'vitest'
import { type Distrust, DISTRUST_ENTRIES_MAX, DistrustLog } from '../../src/proxy/distrust.ts'
import { addressOf } from './world.ts'

function noted(fields: Partial<Omit<Distrust, 'client'>> & { readonly client?: string } = {}): Distrust {
  const { client = '10.0.0.1', ...rest } = fields
  return { host: 'github.com', sign: 'alert unknown_ca', certain: true, at: 1, ...rest, client: addressOf(client) }
}

describe('clients that did not take the inspection CA', () => {
  it('are counted by host, the last one first', () => {
    const log = new DistrustLog()
    log.note(noted({ at: 1 }))
    log.note(noted({ at: 2, client: '10.0.0.2', sign: 'closed in the handshake', certain: false }))
    log.note(noted({ at: 3, host: 'gitlab.com' }))
    log.note(noted({ at: 4 }))
    expect(log.recent(10)).toEqual([
      {
        host: 'github.com',
        clients: 2,
        count: 3,
        certain: true,
        sign: 'alert unknown_ca',
        lastClient: '10.0.0.1',
        lastAt: 4,
      },
      {
        host: 'gitlab.com',
        clients: 1,
        count: 1,
        certain: true,
        sign: 'alert unknown_ca',
        lastClient: '10.0.0.1',
        lastAt: 3,
      },
    ])
  })

  it('are told as many as are asked for, each whole', () => {
    const log = new DistrustLog()
    log.note(noted({ client: '10.0.0.2' }))
    log.note(noted({ host: 'gitlab.com' }))
    log.note(noted())
    expect(log.recent(1)).toMatchObject([{ host: 'github.com', clients: 2 }])
    expect(log.recent(0)).toEqual([])
  })

  it('are as many pairs as the limit, and the one longest ago goes first', () => {
    const log = new DistrustLog(2)
    log.note(noted({ host: 'a.example' }))
    log.note(noted({ host: 'b.example' }))
    expect(log.recent(10)).toHaveLength(2)
    log.note(noted({ host: 'a.example' }))
    log.note(noted({ host: 'c.example' }))
    expect(log.recent(10).map(({ host }) => host)).toEqual(['c.example', 'a.example'])
  })

  it('are as many as the default limit at most', () => {
    const log = new DistrustLog()
    for (let at = 0; at <= DISTRUST_ENTRIES_MAX; at++) log.note(noted({ host: `h${at}.example`, at }))
    const hosts = log.recent(DISTRUST_ENTRIES_MAX + 1)
    expect(hosts).toHaveLength(DISTRUST_ENTRIES_MAX)
    expect(hosts.at(-1)?.host).toBe('h1.example')
  })

  it('are taken back where it was only likely', () => {
    const log = new DistrustLog()
    log.note(noted({ certain: false }))
    log.takeBack(addressOf('10.0.0.2'), 'github.com')
    log.takeBack(addressOf('10.0.0.1'), 'gitlab.com')
    expect(log.recent(1)).toHaveLength(1)
    log.takeBack(addressOf('10.0.0.1'), 'github.com')
    expect(log.recent(1)).toEqual([])
  })

  it('stay where the client said it itself, also before', () => {
    const log = new DistrustLog()
    log.note(noted())
    log.note(noted({ certain: false }))
    log.takeBack(addressOf('10.0.0.1'), 'github.com')
    expect(log.recent(1)).toMatchObject([{ count: 2, certain: true }])
  })
})
