/** Writes a large policy where a loader finds it. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largePolicy } from '../policy/large.ts'

/** The folder with the policy and its lists; whoever asks for it removes it. */
export function writeLargePolicy(rules: number, hosts: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-large-policy-'))
  const { text, lists } = largePolicy(rules, hosts)
  writeFileSync(join(folder, 'policy.yaml'), text)
  for (const [name, list] of lists) writeFileSync(join(folder, name), list)
  return folder
}
