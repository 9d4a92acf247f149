/** The shape of a policy file. Types, validation, the editor's JSON Schema and the reference page all come from here. */
import { z } from 'zod'
import { BUDGET_SCOPES } from '../flow/verdict.ts'
import { ruleSchema } from './schema-rule.ts'
import { serviceSchema } from './schema-service.ts'
import { tenantsSchema } from './schema-tenants.ts'
import { cidrSchema, hostPatternSchema, nameSchema, sizeSchema, userSchema, windowSchema } from './schema-values.ts'

const groupSchema = z
  .strictObject({
    users: z
      .array(userSchema)
      .min(1)
      .optional()
      .meta({ description: 'These users.', examples: [['ada', 'grace']] }),
    networks: z
      .array(cidrSchema)
      .min(1)
      .optional()
      .meta({
        description: 'Clients in these networks. They need no credentials, and without them are no user.',
        examples: [['10.30.0.0/16']],
      }),
  })
  .superRefine(({ users, networks }, context) => {
    // A key that is misspelt is said once, as what it is.
    if (users !== undefined || networks !== undefined || context.issues.length > 0) return
    const hint = 'name `users`, `networks`, or both'
    context.addIssue({ code: 'custom', message: 'the group has no members', params: { hint } })
  })
  .meta({
    description: 'A group: all its users, and all clients in its networks.',
    examples: [{ users: ['ada', 'grace'] }, { networks: ['10.30.0.0/16'] }],
  })

const repositorySetSchema = z
  .array(
    z
      .string()
      .min(1)
      .meta({
        description: 'A pattern HOST/OWNER/REPO: `*` stands within one part, `**` for any number of parts.',
        examples: ['github.com/acme/*', 'git.acme.example/**'],
      }),
  )
  .min(1)

const listSchema = z
  .union([
    z.array(hostPatternSchema).min(1),
    z.strictObject({
      hosts: z
        .array(hostPatternSchema)
        .min(1)
        .meta({ description: 'The hosts of the list.', examples: [['partner.example', '*.partner.example']] }),
    }),
    z.strictObject({
      file: z
        .string()
        .min(1)
        .meta({
          description: 'A file beside the policy, one host a line, `#` begins a comment.',
          examples: ['partners.txt'],
        }),
    }),
  ])
  .meta({ examples: [{ file: 'partners.txt' }, ['partner.example', '*.partner.example']] })

const budgetSchema = z
  .strictObject({
    per: z.enum(['request', ...BUDGET_SCOPES]).meta({
      description:
        'Whose uploads it adds up, each for itself. `request`: one request, or one tunnel, alone. `user`: without a user, the address of the client. `group`: every group that the client is in; those in none count together. `owner`: HOST/OWNER of the repository. `service`: all its hosts and channels.',
      examples: ['user', 'repository'],
    }),
    window: windowSchema.optional().meta({
      description: 'The budget holds at any time over so long a span before it. Needed, except with `per: request`.',
    }),
    size: sizeSchema.optional(),
    sentBytes: sizeSchema.optional().meta({
      description:
        'In place of `size`: counts all that goes out, URL and header fields too, so that reads count as well.',
      examples: ['20 MB'],
    }),
  })
  .superRefine(({ per, window, size, sentBytes }, context) => {
    if (size !== undefined && sentBytes !== undefined) {
      const message = 'a budget counts `size` or `sentBytes`'
      context.addIssue({ code: 'custom', message, path: ['sentBytes'], params: { hint: 'make two budgets' } })
    }
    if (size === undefined && sentBytes === undefined && context.issues.length === 0) {
      context.addIssue({ code: 'invalid_type', expected: 'string', input: undefined, path: ['size'] })
    }
    if (per === 'request' && window !== undefined) {
      const message = 'a budget per request has no window'
      context.addIssue({ code: 'custom', message, path: ['window'], params: { hint: 'remove it' } })
    }
    if (per !== 'request' && window === undefined) {
      context.addIssue({ code: 'invalid_type', expected: 'string', input: undefined, path: ['window'] })
    }
  })
  .meta({
    description: 'What all rules that name it may upload together.',
    examples: [
      { per: 'user', window: '1 day', size: '1 GB' },
      { per: 'group', window: '1 h', sentBytes: '200 MB' },
      { per: 'request', size: '50 MB' },
    ],
  })

const inspectionSchema = z
  .strictObject({
    mode: z.enum(['auto', 'never', 'always']).optional().meta({
      description:
        'auto: TLS is opened only where a rule needs what is inside. never, always: whatever the rules need.',
    }),
    open: z
      .array(hostPatternSchema)
      .min(1)
      .optional()
      .meta({ description: 'Opened as well, although no rule needs it.', examples: [['wiki.acme.example']] }),
    bypass: z
      .array(hostPatternSchema)
      .min(1)
      .optional()
      .meta({
        description: 'Never opened, on ports 80 and 443: conditions on the inside do not hold there.',
        examples: [['*.bank.example']],
      }),
  })
  .meta({ description: 'Which TLS is opened.', examples: [{ mode: 'auto', bypass: ['*.bank.example'] }] })

export const policySchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'The version of the policy language.' }),
    default: z.enum(['deny', 'allow']).optional().meta({
      description: 'What no rule decides. Left out: deny. `ssh` and unknown protocols are never allowed by it.',
    }),
    groups: z
      .record(nameSchema, groupSchema)
      .optional()
      .meta({
        description: 'Who.',
        examples: [{ engineering: { users: ['ada', 'grace'] }, build: { networks: ['10.30.0.0/16'] } }],
      }),
    services: z
      .record(nameSchema, serviceSchema)
      .optional()
      .meta({
        description: 'Services of your own: instances of a kind, and others by their rows.',
        examples: [
          { 'our-git': { kind: 'git', hosts: ['git.acme.example'] } },
          { 'our-files': { category: 'file-sharing', hosts: ['files.acme.example'] } },
        ],
      }),
    repositories: z
      .record(nameSchema, repositorySetSchema)
      .optional()
      .meta({ description: 'Named sets of repositories.', examples: [{ ours: ['github.com/acme/*'] }] }),
    lists: z
      .record(nameSchema, listSchema)
      .optional()
      .meta({ description: 'Named lists of hosts.', examples: [{ partners: { file: 'partners.txt' } }] }),
    budgets: z
      .record(nameSchema, budgetSchema)
      .optional()
      .meta({
        description: 'Limits that rules share by name.',
        examples: [{ daily: { per: 'user', window: '1 day', size: '1 GB' } }],
      }),
    rules: z
      .array(ruleSchema)
      .optional()
      .meta({
        description: 'Read in order; the first that matches decides.',
        examples: [[{ name: 'no-file-drops', to: { category: 'paste' }, action: 'deny' }]],
      }),
    inspection: inspectionSchema.optional(),
    tenants: tenantsSchema.optional(),
  })
  .meta({ title: 'Weir policy', description: 'What may leave the network, and how.' })

export type PolicyInput = z.infer<typeof policySchema>
export type GroupInput = z.infer<typeof groupSchema>
export type BudgetInput = z.infer<typeof budgetSchema>
