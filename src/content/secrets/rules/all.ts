/** All rules that Weir brings along: its own first, then secretlint's. */
import type { SecretRule } from '../rule.ts'
import { SECRETLINT_RULES } from '../secretlint-rules.ts'
import { ASSIGNMENT_RULES } from './assignments.ts'
import { CLOUD_RULES } from './clouds.ts'
import { FILE_RULES } from './files.ts'
import { FORGE_RULES } from './forges.ts'
import { SERVICE_RULES } from './services.ts'

export const OWN_RULES: readonly SecretRule[] = [
  ...FORGE_RULES,
  ...CLOUD_RULES,
  ...SERVICE_RULES,
  ...FILE_RULES,
  ...ASSIGNMENT_RULES,
  ...SECRETLINT_RULES,
]
