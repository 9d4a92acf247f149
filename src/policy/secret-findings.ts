/** Names of rules for secrets that Weir does not bring along: typing errors, or rules that have to be brought. */
import { OWN_RULES } from '../content/secrets/rules/all.ts'
import { suggestion } from '../text/suggest.ts'
import type { Finding } from './finding.ts'
import type { PolicyInput } from './schema.ts'
import { listOf } from './schema-values.ts'

const KNOWN: ReadonlySet<string> = new Set(OWN_RULES.map(({ id }) => id))

export function findSecretRules({ rules = [] }: PolicyInput): readonly Finding[] {
  return rules.flatMap(({ when }, position) => {
    const asked = when?.secrets
    if (asked === undefined || typeof asked === 'boolean') return []
    const isMany = Array.isArray(asked)
    return listOf(asked).flatMap((name, at): readonly Finding[] => {
      if (KNOWN.has(name)) return []
      const path = ['rules', position, 'when', 'secrets', ...(isMany ? [at] : [])]
      const hint = suggestion(name, [...KNOWN]) ?? 'a rule of your own is brought with --secret-rules'
      return [{ path, message: `Weir has no rule for secrets named \`${name}\``, hint }]
    })
  })
}
