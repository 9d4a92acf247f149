/** One Weir before the site, and what becomes of an upload: who answered, what the record says, and what the site has heard. */
import type { EcsRecord } from '../../../src/audit/ecs.ts'
import type { ScanKnowledge } from '../../../src/proxy/scan-setup.ts'
import type { Limits } from '../../../src/settings/schema.ts'
import { type Outcome, take, type Transport } from '../channels/client.ts'
import type { RequestStep } from '../channels/shape.ts'
import { startWeir, type TestWeir } from '../support/weir.ts'
import { type Heard, type Site, startSite } from './site.ts'

export interface Stage {
  readonly site: Site
  readonly weir: TestWeir
  /** Sends one request. */
  send(step: RequestStep, version?: Transport): Promise<Sent>
  close(): Promise<void>
}

export interface Sent extends Outcome {
  readonly record: EcsRecord
  /** What the site has heard of it. */
  readonly heard: readonly Heard[]
}

interface StageOptions {
  readonly policy: string
  readonly limits?: Partial<Limits>
  readonly scanKnowledge?: ScanKnowledge
}

const READY_WITHIN_MS = 30_000

export async function startStage(options: StageOptions): Promise<Stage> {
  const site = await startSite()
  const weir = await startWeir({ ...options, resolve: site.resolve, upstreamCa: site.ca })
  const ways = { port: weir.port, worldPort: site.port, ca: weir.caPem }
  const stage: Stage = {
    site,
    weir,
    async send(step, version = 'HTTP/1.1') {
      site.forget()
      const before = weir.records.length
      const outcome = await take(ways, step, version)
      const isOwn = (record: EcsRecord): boolean =>
        record['source.port'] === outcome.port && weir.records.indexOf(record) >= before
      const record = await weir.record(isOwn)
      return { ...outcome, record, heard: [...site.heard] }
    },
    async close() {
      await weir.close()
      await site.close()
    },
  }
  return stage
}

/** What could not be looked at, as the record says it. */
export function unlookedOf(record: EcsRecord): readonly string[] {
  const told = record['weir.content.incomplete']
  return Array.isArray(told) ? told.map((why) => JSON.stringify(why)) : []
}

/** A policy with this one rule, which denies; all else is allowed. */
export function policyWith(name: string, when: string, more = ''): string {
  return `
version: 1
default: allow
rules:
  - name: ${name}
    when: ${when}
    action: deny
${more}`
}

/** Until the threads that scan have started: on a busy machine an answer may come later than a client waits. */
export async function warmUp({ weir, send }: Stage, step: RequestStep): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  weir.renew(policyWith('warm-up', '{ secrets: true, types: image/png, ownSource: true }'))
  while ((await send(step)).by === 'ended') {
    if (Date.now() > deadline) throw new Error('nothing is scanned')
  }
}
