/** A whole run: origin and load generator, then the measures by the way the proxies treat TLS, each proxy started anew. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeAuthority, makeOriginCertificate } from './certificates.ts'
import { type Contestants, contest, type Rounds } from './contest.ts'
import type { Stage } from './contestant.ts'
import type { Measure } from './measures.ts'
import type { Options } from './options.ts'
import { nextMessage, type Program, startProgram } from './program.ts'
import { type SquidInstallation, startSquid } from './squid.ts'
import { startWeir } from './weir.ts'
import { portsSchema } from './work.ts'

export interface Result {
  readonly measure: Measure
  readonly rounds: Rounds
}

const originReadyTimeoutMs = 30_000

export async function runMeasures(
  options: Options,
  squid: SquidInstallation | null,
  cleanup: AsyncDisposableStack,
  report: (text: string) => void,
): Promise<readonly Result[]> {
  report('starting the origin and the load generator')
  const stage = await setStage(cleanup)
  const load = startOwn('load', [], stage)
  const results: Result[] = []
  for (const inspected of [false, true]) {
    const measures = options.measures.filter((measure) => measure.inspected === inspected)
    if (measures.length === 0) continue
    report(`starting the proxies, ${inspected ? 'inspecting' : 'splicing'}`)
    const contestants = await startContestants(options, squid, stage, inspected)
    for (const measure of measures) {
      const rounds = await contest(measure, contestants, { stage, load, options, report })
      results.push({ measure, rounds })
    }
    await Promise.all(Object.values(contestants).map(({ program }) => program.end()))
  }
  return results
}

async function setStage(cleanup: AsyncDisposableStack): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  cleanup.defer(() => rm(folder, { recursive: true, force: true }))
  // Squid runs as another user where the bench runs as root, and must reach its own folder in this one.
  await chmod(folder, 0o711)
  const authority = await makeAuthority(folder, 'origin-authority')
  const { certificateFile, keyFile } = await makeOriginCertificate(folder, authority)
  const origin = startOwn('origin', [certificateFile, keyFile], { folder, cleanup })
  const ports = portsSchema.parse(await nextMessage(origin, originReadyTimeoutMs))
  return { folder, cleanup, ports, originAnchorFile: authority.certificateFile }
}

function startOwn(
  name: 'origin' | 'load',
  parameters: readonly string[],
  surroundings: Pick<Stage, 'folder' | 'cleanup'>,
): Program {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url))
  const { folder, cleanup } = surroundings
  return startProgram(name, [process.execPath, file, ...parameters], { folder, cleanup, channel: true })
}

async function startContestants(
  { proxies }: Options,
  squid: SquidInstallation | null,
  stage: Stage,
  inspected: boolean,
): Promise<Contestants> {
  return {
    ...(proxies.includes('weir') && { weir: await startWeir(stage, inspected) }),
    ...(squid !== null && { squid: await startSquid(squid, stage, inspected) }),
  }
}
