/** Loads the policy of a folder beside itself, a first time and twice more as reloads do, and prints what that cost it as JSON. */
import assert from 'node:assert'
import { loadPolicyAside } from '../../src/cli/load-policy-aside.ts'
import type { CompiledPolicy } from '../../src/policy/compiled.ts'
import { type LoopFigures, watchLoop } from './loop-watch.ts'

/** Of one load. */
export interface LoadCost {
  readonly rules: number
  readonly names: number
  readonly wallMs: number
  readonly residentBytes: number
  readonly loop: LoopFigures
}

const LOADS = 3

const [, , folder] = process.argv
assert(folder !== undefined, 'names no folder')
const costs: LoadCost[] = []
let inForce: CompiledPolicy | null = null
for (let load = 0; load < LOADS; load++) {
  const start = performance.now()
  const stop = watchLoop()
  const { policy } = await loadPolicyAside(folder, undefined)
  const loop = stop()
  const wallMs = performance.now() - start
  assert(policy !== null, 'does not load')
  assert(policy.hash === (inForce?.hash ?? policy.hash), 'loads as another policy')
  inForce = policy
  const names = policy.hosts.exact.starts.length + policy.hosts.below.starts.length - 2
  costs.push({ rules: policy.rules.length, names, wallMs, residentBytes: process.memoryUsage().rss, loop })
}
process.stdout.write(`${JSON.stringify(costs)}\n`)
