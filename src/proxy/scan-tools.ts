/** What a scan thread searches with, made of what the operator gave. */
import { loadFingerprints } from '../content/fingerprints/fingerprint-index.ts'
import type { LookTools } from '../content/look.ts'
import { OWN_RULES } from '../content/secrets/rules/all.ts'
import { compileRules } from '../content/secrets/rule-set.ts'
import type { ScanKnowledge } from './scan-setup.ts'

/** The files were read and found good before: what does not load here is a defect, and throws. */
export function toolsOf({ fingerprints }: ScanKnowledge, store: LookTools['store']): LookTools {
  return {
    secrets: compileRules(OWN_RULES),
    fingerprints: fingerprints === null ? null : indexOf(fingerprints),
    store,
  }
}

function indexOf({ index, key }: NonNullable<ScanKnowledge['fingerprints']>): LookTools['fingerprints'] {
  const loaded = loadFingerprints(index, key)
  if ('problem' in loaded) throw new Error(`the index of own source does not load: ${loaded.problem}`)
  return loaded
}
