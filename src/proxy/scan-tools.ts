/** What a scan thread searches with, made of what the operator gave. */
import type { LookTools } from '../content/look.ts'
import { loadFingerprints } from '../content/fingerprints/fingerprint-index.ts'
import { builtInRules } from '../content/secrets/rules/list.ts'
import { parseGitleaksRules } from '../content/secrets/gitleaks.ts'
import { compileRules } from '../content/secrets/rule-set.ts'
import type { ScanKnowledge } from './scan-setup.ts'

/** The files were read and found good before: what does not load here is a defect, and throws. */
export function toolsOf({ secretRules, fingerprints }: ScanKnowledge, store: LookTools['store']): LookTools {
  const own = secretRules === null ? [] : rulesOf(secretRules.file, secretRules.text)
  return {
    secrets: compileRules([...builtInRules, ...own]),
    fingerprints: fingerprints === null ? null : indexOf(fingerprints),
    store,
  }
}
