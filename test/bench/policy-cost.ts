/** What a large policy costs a running Weir to load, measured in a process of its own: the one that asks is busy with other things. */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeLargePolicy } from './policy-folder.ts'
import type { LoadCost } from './policy-load.ts'

const SCRIPT = fileURLToPath(new URL('policy-load.ts', import.meta.url))

/** Of the first load, and of two that replace a policy by the same. */
export async function measureLoads(rules: number, hosts: number): Promise<readonly LoadCost[]> {
  const folder = writeLargePolicy(rules, hosts)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, folder])
    return JSON.parse(stdout) as LoadCost[]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
