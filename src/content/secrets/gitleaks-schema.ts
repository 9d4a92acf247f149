/** Rules for credentials in the format of gitleaks: what of it Weir reads. */
import { z } from 'zod'

const Regex = z.string().min(1).max(4096)
const Texts = z.array(z.string().max(512)).max(1000)

const Allowlist = z.strictObject({
  id: z.string().optional(),
  description: z.string().optional(),
  condition: z.enum(['OR', 'AND', '||', '&&', 'or', 'and']).optional(),
  commits: Texts.optional(),
  paths: z.array(Regex).max(200).optional(),
  regexTarget: z.enum(['match', 'line', 'secret']).optional(),
  regexes: z.array(Regex).max(200).optional(),
  stopwords: Texts.optional(),
  targetRules: Texts.optional(),
})

export type GitleaksAllowlist = z.output<typeof Allowlist>

const Rule = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i, 'an id is words joined by hyphens')
    .max(100),
  description: z.string().max(500).optional(),
  title: z.string().optional(),
  regex: Regex.optional(),
  secretGroup: z.int().min(0).max(99).optional(),
  entropy: z.number().min(0).max(8).optional(),
  path: Regex.optional(),
  keywords: z.array(z.string().min(1).max(64)).max(100).optional(),
  tags: Texts.optional(),
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).max(50).optional(),
  skipReport: z.boolean().optional(),
  required: z.array(z.unknown()).optional(),
})

export type GitleaksRule = z.output<typeof Rule>

export const GITLEAKS_RULES_MAX = 500

export const GitleaksFile = z.strictObject({
  title: z.string().optional(),
  description: z.string().optional(),
  minVersion: z.string().optional(),
  extend: z
    .strictObject({
      useDefault: z.boolean().optional(),
      path: z.string().optional(),
      url: z.string().optional(),
      disabledRules: Texts.optional(),
    })
    .optional(),
  rules: z.array(Rule).max(GITLEAKS_RULES_MAX).optional(),
  allowlist: Allowlist.optional(),
  allowlists: z.array(Allowlist).max(50).optional(),
})

export type GitleaksFile = z.output<typeof GitleaksFile>
