/** The settings that bound the caches of leaves and of proofs, at the limit and one past it. */
import { describe, expect, it } from 'vitest'
import { createRuntime } from '../../src/proxy/create-runtime.ts'
import type { Runtime } from '../../src/proxy/runtime.ts'
import type { Limits } from '../../src/settings/schema.ts'
import { createTrust } from '../../src/tls/trust.ts'
import { createTestCa } from '../tls/pki.ts'
import { startTls } from '../tls/servers.ts'
import { temporaryFolder } from './folder.ts'
import { addressOf, destinationOf, makeWorld } from './world.ts'

const ca = createTestCa({ name: 'Site Root' })
const trust = createTrust({ extraPem: [{ file: 'ca.pem', text: ca.certificatePem }] })
const here = addressOf('127.0.0.1')

function runtimeWith(limits: Partial<Limits>): Runtime {
  const { settings, policy, sink, version } = makeWorld({ limits })
  const options = { settings: { ...settings, data: temporaryFolder('data') }, policy, trust, sink, version }
  return createRuntime({ ...options, authority: ca.authority }, () => null).weir
}

describe('leafCacheEntriesMax', () => {
  it('is how many names keep a leaf, and one past it the name least used lets go', () => {
    const { contexts } = runtimeWith({ leafCacheEntriesMax: 3 })
    if (contexts === null) throw new Error('there is a CA')
    const [first, second] = ['a.example', 'b.example', 'c.example'].map((name) => contexts.contextFor(name))
    expect(contexts.size).toBe(3)
    expect(contexts.contextFor('a.example')).toBe(first)
    contexts.contextFor('d.example')
    expect(contexts.size).toBe(3)
    expect(contexts.contextFor('a.example')).toBe(first)
    expect(contexts.contextFor('b.example')).not.toBe(second)
  })

  it('is never reached by names that no leaf can be made for', () => {
    const { contexts } = runtimeWith({ leafCacheEntriesMax: 3 })
    expect(() => contexts?.contextFor('a b')).toThrow()
    expect(contexts?.size).toBe(0)
  })
})

describe('proofCacheEntriesMax', () => {
  it('is how many pairs of name and address are kept proven, and one past it the pair least used is proven anew', async () => {
    const names = ['a.example', 'b.example', 'c.example', 'd.example']
    const server = await startTls(ca.issue({ names }))
    const { proofs } = runtimeWith({ proofCacheEntriesMax: 3 })
    const prove = async (name: string): Promise<number> => {
      await proofs.prove(destinationOf(`${name}:443`), here, server.port)
      return server.connections()
    }
    for (const [at, name] of names.slice(0, 3).entries()) expect(await prove(name)).toBe(at + 1)
    expect(proofs.size).toBe(3)
    expect(await prove('a.example')).toBe(3)
    expect(await prove('d.example')).toBe(4)
    expect(proofs.size).toBe(3)
    expect(await prove('a.example')).toBe(4)
    expect(await prove('b.example')).toBe(5)
  })
})
