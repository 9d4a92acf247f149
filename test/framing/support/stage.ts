/** A Weir and all origins behind taps: the stage on which each case is played. */
import { startWeir, type TestWeir } from '../../e2e/support/weir.ts'
import { createTestCa } from '../../tls/pki.ts'
import type { OriginName } from '../corpus/case.ts'
import { type Origins, startOrigins } from './origins.ts'
import type { Way } from './run-case.ts'
import { startTap } from './tap.ts'

const POLICY = `
version: 1
default: allow
inspection: { mode: always }
`

export interface Stage {
  readonly weir: TestWeir
  readonly ways: readonly Way[]
  close(): Promise<void>
}

/** With a way to each origin named: through the open port, or through a tunnel that Weir opens. */
export async function startStage(names: readonly OriginName[], inspected: boolean): Promise<Stage> {
  const origins = await startOrigins()
  try {
    return await join(origins, names, inspected)
  } catch (error) {
    await origins.close()
    throw error
  }
}

async function join(origins: Origins, names: readonly OriginName[], inspected: boolean): Promise<Stage> {
  const ca = createTestCa({ name: 'Framing test upstream CA' })
  const leaf = inspected ? ca.issue({ names: names.map(hostOf) }) : null
  const wanted = origins.all.filter(({ name }) => names.includes(name))
  const ways = await Promise.all(
    wanted.map(async (origin): Promise<Way> => {
      return { origin, host: hostOf(origin.name), tap: await startTap(origin.port, leaf), inspected }
    }),
  )
  // Names outside of the corpus are nowhere: nothing is asked of a real resolver.
  const unknown = (): Promise<never> => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
  const weir = await startWeir({
    policy: POLICY,
    resolve: ways.map(({ host, tap }) => `${host}:${inspected ? 443 : 80}:127.0.0.1:${tap.port}`),
    upstreamCa: ca.certificatePem,
    dns: { resolve4: unknown, resolve6: unknown },
  })
  return {
    weir,
    ways,
    close: async () => {
      await weir.close()
      for (const { tap } of ways) tap.close()
      await origins.close()
    },
  }
}

function hostOf(name: OriginName): string {
  return `${name}.framing.example`
}
