/** What the runtime knows of itself: every way to reach its own listener. */
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createRuntime } from '../../src/proxy/create-runtime.ts'
import type { Runtime } from '../../src/proxy/runtime.ts'
import { temporaryFolder } from './folder.ts'
import { addressOf, makeWorld } from './world.ts'

function listeningAt(address: string | null): Runtime {
  const { settings, policy, trust, sink, version } = makeWorld()
  const options = {
    settings: { ...settings, data: temporaryFolder('data') },
    policy,
    authority: null,
    trust,
    sink,
    version,
  }
  return createRuntime(options, () => (address === null ? null : { address, port: 8080 })).weir
}

describe('isOwn', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['127.0.0.1', '10.0.0.1', false],
    ['::1', '::1', true],
    ['::ffff:127.0.0.1', '127.0.0.1', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['0.0.0.0', '127.9.9.9', true],
    ['0.0.0.0', '0.0.0.0', true],
    ['0.0.0.0', '0.1.2.3', true],
    ['::', '::1', true],
    ['::', '127.9.9.9', true],
    ['::', '::', true],
    ['0.0.0.0', '140.82.121.3', false],
    ['::', '140.82.121.3', false],
  ])('where it listens at %s, %s is its own: %s', (listening, text, expected) => {
    expect(listeningAt(listening).isOwn(addressOf(text), 8080)).toBe(expected)
  })

  it('is every address of this machine where it listens at all of them', () => {
    const weir = listeningAt('0.0.0.0')
    const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
    expect(own.length).toBeGreaterThan(0)
    for (const { address } of own) expect(weir.isOwn(addressOf(address), 8080), address).toBe(true)
  })

  it('is not another port, and nothing before it listens', () => {
    expect(listeningAt('0.0.0.0').isOwn(addressOf('127.0.0.1'), 8081)).toBe(false)
    expect(listeningAt(null).isOwn(addressOf('127.0.0.1'), 8080)).toBe(false)
  })
})
