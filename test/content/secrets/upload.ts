/** Scans an upload made of texts, and samples of credentials that no file holds. */
import type { SecretFinding } from '../../../src/flow/content.ts'
import { compileRules, type RuleSet } from '../../../src/content/secrets/rule-set.ts'
import { OWN_RULES } from '../../../src/content/secrets/rules/all.ts'
import { createSecretScan, type SecretScan } from '../../../src/content/secrets/secret-scan.ts'
import { ALNUM, createRandom } from '../../secrets/random.ts'
import { checksum62 } from '../../secrets/kinds/kind.ts'

export const RULES = compileRules(OWN_RULES)

export interface Piece {
  readonly within: readonly string[]
  readonly content: Uint8Array
}

/** Each piece of content pushed in parts of `size` bytes, in one buffer that is used again. */
export function scanOf(pieces: readonly Piece[], size = Number.POSITIVE_INFINITY, rules: RuleSet = RULES): SecretScan {
  const scan = createSecretScan(rules)
  for (const { within, content } of pieces) {
    const reader = scan.open({ place: { commit: null, within }, declaredType: null, size: content.length })
    const buffer = Buffer.alloc(Math.min(size, content.length))
    for (let at = 0; at < content.length; at += size) {
      const part = content.subarray(at, Math.min(content.length, at + size))
      buffer.set(part)
      void reader?.push(buffer.subarray(0, part.length))
      buffer.fill(0)
    }
    void reader?.end(null)
  }
  return scan
}

export function findingsIn(text: string | Uint8Array, size?: number): readonly SecretFinding[] {
  return scanOf([{ within: [], content: typeof text === 'string' ? Buffer.from(text) : text }], size).findings
}

/** Another one for each number. */
export function githubToken(number: number): string {
  const body = createRandom(number + 1).text(ALNUM, 30)
  return `ghp_${body}${checksum62(body)}`
}
