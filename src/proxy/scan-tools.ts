/** What a scan thread searches with, made of what the operator gave. */
import { loadFingerprints } from '../content/fingerprints/fingerprint-index.ts'
import type { LookTools } from '../content/look.ts'
import { parseGitleaksRules } from '../content/secrets/gitleaks.ts'
import type { SecretRule } from '../content/secrets/rule.ts'
import { compileRules } from '../content/secrets/rule-set.ts'
import { OWN_RULES } from '../content/secrets/rules/all.ts'
import type { ScanKnowledge } from './scan-setup.ts'

/** The files were read and found good before: what does not load here is a defect, and throws. */
export function toolsOf({ secretRules, fingerprints }: ScanKnowledge, store: LookTools['store']): LookTools {
  const brought = secretRules === null ? [] : rulesOf(secretRules)
  return {
    secrets: compileRules([...OWN_RULES, ...brought]),
    fingerprints: fingerprints === null ? null : indexOf(fingerprints),
    store,
  }
}

function rulesOf({ file, text }: NonNullable<ScanKnowledge['secretRules']>): readonly SecretRule[] {
  const { rules, problems } = parseGitleaksRules(text, file)
  if (rules === null) throw new Error(`${file} does not load: ${problems[0]?.message ?? 'no rules'}`)
  return rules
}

function indexOf({ index, key }: NonNullable<ScanKnowledge['fingerprints']>): LookTools['fingerprints'] {
  const loaded = loadFingerprints(index, key)
  if ('problem' in loaded) throw new Error(`the index of own source does not load: ${loaded.problem}`)
  return loaded
}
