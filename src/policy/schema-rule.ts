/** The shape of one rule: whom, where, what and when it judges, and what it does. */
import { z } from 'zod'
import { CATEGORIES } from '../catalog/vocabulary.ts'
import { OPERATION_NAMES } from '../flow/operation.ts'
import { VISIBILITIES } from '../flow/subject.ts'
import {
  cidrSchema,
  clockSchema,
  daysSchema,
  hostPatternSchema,
  instantSchema,
  nameSchema,
  oneOrMany,
  portSchema,
  sizeSchema,
  userSchema,
  zoneSchema,
} from './schema-values.ts'

const fromSchema = z
  .union([
    oneOrMany(nameSchema),
    z.strictObject({
      groups: oneOrMany(nameSchema)
        .optional()
        .meta({ description: 'Members of any of these groups.', examples: [['engineering', 'build']] }),
      networks: z
        .array(cidrSchema)
        .min(1)
        .optional()
        .meta({ description: 'Clients in any of these networks.', examples: [['10.0.0.0/8']] }),
      users: oneOrMany(userSchema)
        .optional()
        .meta({ description: 'Any of these users.', examples: [['linus']] }),
    }),
  ])
  .meta({
    description: 'Who: names of groups, or a mapping. Several keys must all hold; of a list, any. Left out: everyone.',
    examples: [['build'], { networks: ['10.0.0.0/8'] }, { users: ['linus'] }],
  })

const repositoryItemSchema = z
  .string()
  .min(1)
  .meta({
    description:
      'The name of a set, or with a `/` a pattern HOST/OWNER/REPO: `*` stands within one part, `**` for any number of parts.',
    examples: ['ours', 'github.com/acme/*'],
  })

export const destinationSchema = z
  .strictObject({
    category: oneOrMany(z.enum(CATEGORIES))
      .optional()
      .meta({ description: 'Services of these categories.', examples: ['code-repository', ['file-sharing', 'paste']] }),
    services: oneOrMany(nameSchema)
      .optional()
      .meta({ description: 'Services by id: of the catalogue, or of `services`.', examples: ['github'] }),
    repositories: oneOrMany(repositoryItemSchema)
      .optional()
      .meta({ description: 'Repositories in which data lands, or from which it is read.', examples: ['ours'] }),
    lists: oneOrMany(nameSchema)
      .optional()
      .meta({ description: 'Named host lists. Together with `hosts` they form one set.', examples: ['partners'] }),
    hosts: oneOrMany(hostPatternSchema)
      .optional()
      .meta({
        description:
          'Host names. Without `ports` they mean 80 and 443 in the `to` of an allow rule, and every port elsewhere.',
        examples: [['wiki.acme.example', '*.partner.example']],
      }),
    networks: oneOrMany(cidrSchema)
      .optional()
      .meta({ description: 'Networks of the address that is dialled.', examples: [['192.0.2.0/24']] }),
    ports: oneOrMany(portSchema)
      .optional()
      .meta({ description: 'Destination ports.', examples: [[443]] }),
  })
  .meta({ description: 'Where. Several keys must all hold; of a list, any.', examples: [{ category: 'paste' }] })

/** More than so much: a threshold that is passed or not. */
const overSchema = z.strictObject({ over: sizeSchema })

const mediaTypeSchema = z
  .string()
  .regex(
    /^[a-z]+\/(?:\*|[a-z0-9][a-z0-9.+-]*)$/,
    'must be a media type in small letters, such as application/zip or image/*',
  )

const filesSchema = z.union([
  oneOrMany(z.string().min(1)),
  z.strictObject({
    outside: oneOrMany(z.string().min(1)).meta({ description: 'None of these.', examples: ['docs/**'] }),
  }),
])

const authorSchema = z
  .string()
  .regex(/^(?:\*|[^\s@*]+)@[^\s@*]+$/, 'must be an address such as ada@acme.example, or *@acme.example')

const authorsSchema = z.union([
  oneOrMany(authorSchema),
  z.strictObject({
    outside: oneOrMany(authorSchema).meta({ description: 'None of these.', examples: ['*@acme.example'] }),
  }),
])

const ownSourceSchema = z.strictObject({
  share: z
    .strictObject({
      over: z
        .number()
        .min(0)
        .max(1)
        .meta({ description: 'Of 1.', examples: [0.2] }),
    })
    .optional()
    .meta({ description: 'More than this share of all that is in it.', examples: [{ over: 0.2 }] }),
  size: overSchema.optional().meta({ description: 'More than so much of it.', examples: [{ over: '10 KB' }] }),
  repositories: oneOrMany(z.string().min(1))
    .optional()
    .meta({ description: 'Of these repositories, as `weir index` names them.', examples: ['github.com/acme/*'] }),
})

const whenSchema = z
  .strictObject({
    methods: oneOrMany(z.string().regex(/^[A-Z][A-Z-]{0,31}$/, 'must be a method in capital letters'))
      .optional()
      .meta({ description: 'Request methods.', examples: [['PUT', 'DELETE']] }),
    refs: oneOrMany(z.string().min(1))
      .optional()
      .meta({
        description: 'Refs that a push changes, as patterns. Without `refs/` in front, a branch is meant.',
        examples: ['main', 'refs/tags/*', 'release/**'],
      }),
    deletes: z
      .boolean()
      .optional()
      .meta({ description: 'true: the push deletes the ref. false: it creates or updates it.', examples: [true] }),
    paths: oneOrMany(z.string().min(1))
      .optional()
      .meta({
        description:
          'Paths of requests, decoded and without the query, as patterns: `*` stands within one part, `**` for any number of parts.',
        examples: ['/api/**', ['/*/settings', '/admin/**']],
      }),
    visibility: oneOrMany(z.enum(VISIBILITIES))
      .optional()
      .meta({
        description:
          'Who can read the repository once the request is done: by what the request says, else by what its forge last said to a client. A deny rule refuses where nobody knows.',
        examples: ['public'],
      }),
    ciFiles: z
      .boolean()
      .optional()
      .meta({
        description:
          'true: files are written that the forge runs, such as `.github/workflows/`: by an address, or in the pack of a push.',
        examples: [true],
      }),
    size: overSchema
      .optional()
      .meta({ description: 'The payload is larger, counted as `limits` count.', examples: [{ over: '10 MB' }] }),
    types: oneOrMany(mediaTypeSchema)
      .optional()
      .meta({
        description:
          'Something of this media type is in it, by its bytes and whatever its name: in fields, forms, archives and pushes too.',
        examples: ['application/zip', ['image/*', 'application/pdf']],
      }),
    encrypted: z
      .boolean()
      .optional()
      .meta({ description: 'true: something in it is enciphered: an archive, a document, a file.', examples: [true] }),
    archive: z
      .boolean()
      .optional()
      .meta({ description: 'true: it is an archive, or has one in it.', examples: [true] }),
    entropy: z
      .strictObject({
        over: z
          .number()
          .min(0)
          .max(8)
          .meta({ description: 'Bits a byte.', examples: [7.9] }),
      })
      .optional()
      .meta({
        description:
          'A piece of 1 KiB or more in it has more bits a byte: text has about 5, what is packed or enciphered nearly 8.',
        examples: [{ over: 7.9 }],
      }),
    files: filesSchema.optional().meta({
      description:
        'Files in it, as patterns of paths: of a push, in archives, in forms and JSON, of an address. Without `/` in whatever folder. `outside`: a file that is none of these.',
      examples: ['*.pem', ['src/**', 'lib/**'], { outside: 'docs/**' }],
    }),
    secrets: z
      .union([z.boolean(), oneOrMany(nameSchema)])
      .optional()
      .meta({
        description: 'true: a credential is in it. Names: one that these rules of the scanner find.',
        examples: [true, ['private-key', 'aws-access-key']],
      }),
    ownSource: z
      .union([z.boolean(), ownSourceSchema])
      .optional()
      .meta({
        description:
          'true: source is in it that `weir index` knows. More than a share, a size, or of some repositories.',
        examples: [true, { share: { over: 0.2 }, repositories: 'github.com/acme/*' }],
      }),
    newRoot: z
      .boolean()
      .optional()
      .meta({
        description: 'true: a push brings a commit without parents, and so a history of its own.',
        examples: [true],
      }),
    largestBlob: overSchema
      .optional()
      .meta({ description: 'A file in a push is larger, unpacked.', examples: [{ over: '10 MB' }] }),
    objects: z
      .strictObject({
        over: z
          .int()
          .min(0)
          .meta({ description: 'So many.', examples: [10_000] }),
      })
      .optional()
      .meta({ description: 'A push carries more objects.', examples: [{ over: 10_000 }] }),
    authors: authorsSchema.optional().meta({
      description:
        'Addresses of authors and committers of a push; `*@` is all of a domain. `outside`: one who is none of these.',
      examples: ['*@partner.example', { outside: '*@acme.example' }],
    }),
    sentBytes: overSchema.optional().meta({
      description: 'URL, header fields and body together are larger, for reads too.',
      examples: [{ over: '16 KB' }],
    }),
  })
  .meta({
    description: 'What must be seen inside the flow. Several keys must all hold.',
    examples: [{ refs: ['main'], deletes: true }],
  })

export const limitSchema = z
  .union([
    z.strictObject({
      per: z.literal('request').meta({ description: 'Counted for one request, or one tunnel.' }),
      size: sizeSchema,
    }),
    z.strictObject({
      per: z.literal('request').meta({ description: 'Counted for one request, or one tunnel.' }),
      sentBytes: sizeSchema.meta({
        description: 'In place of `size`: counts URL, header fields and body together, of reads too.',
        examples: ['16 KB'],
      }),
    }),
    z.strictObject({ budget: nameSchema.meta({ description: 'The name of a budget.', examples: ['daily'] }) }),
  ])
  .meta({ description: 'What an upload is held to.', examples: [{ per: 'request', size: '50 MB' }] })

const hoursSchema = z
  .strictObject({
    days: oneOrMany(daysSchema)
      .optional()
      .meta({
        description: 'Days on which the hours begin. Left out: every day.',
        examples: ['mon-fri', ['mon', 'thu-sat']],
      }),
    from: clockSchema.optional(),
    to: clockSchema.optional().meta({ description: 'The first minute after. Before `from`, it is of the next day.' }),
    zone: zoneSchema,
  })
  .superRefine(({ from, to }, context) => {
    const message = 'needs both `from` and `to`, or neither'
    if ((from === undefined) !== (to === undefined)) context.addIssue({ code: 'custom', message })
    if (from !== undefined && from === to) {
      const hint = 'leave out both for the whole day'
      context.addIssue({ code: 'custom', message: '`from` and `to` are the same', path: ['to'], params: { hint } })
    }
  })
  .meta({
    description: 'The rule matches only in these hours.',
    examples: [{ days: 'mon-fri', from: '07:00', to: '20:00', zone: 'Europe/Zurich' }],
  })

export const ruleSchema = z
  .strictObject({
    name: nameSchema.meta({ description: 'Named in every record and refusal.', examples: ['no-file-drops'] }),
    from: fromSchema.optional(),
    to: destinationSchema.optional(),
    except: destinationSchema
      .optional()
      .meta({ description: 'Destinations that the rule leaves alone: all keys must hold for it to.' }),
    operations: oneOrMany(z.enum(OPERATION_NAMES))
      .optional()
      .meta({
        description:
          'Operations, or families of them. Left out: every operation in a deny rule; in an allow rule all but `ssh` and `unknown-protocol`, which is what in a tunnel is neither TLS, nor SSH, nor HTTP/1.',
        examples: [['write', 'admin']],
      }),
    when: whenSchema.optional(),
    limits: z
      .array(limitSchema)
      .min(1)
      .optional()
      .meta({ description: 'Limits of an allow rule; all hold.', examples: [[{ per: 'request', size: '50 MB' }]] }),
    mode: z
      .enum(['enforce', 'report'])
      .optional()
      .meta({ description: '`report` says what the rule would do, and does nothing. Left out: enforce.' }),
    until: instantSchema.optional().meta({ description: 'The rule ends by itself at this instant.' }),
    hours: hoursSchema.optional(),
    action: z.enum(['allow', 'deny']).meta({ description: 'What the rule does with what it matches.' }),
    message: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({
        description: 'Said to the person who is refused: why, and what to do instead.',
        examples: ['Use https:// remotes.'],
      }),
  })
  .meta({ description: 'One rule. All its keys must hold for it to match.' })

export type RuleInput = z.infer<typeof ruleSchema>
export type DestinationInput = z.infer<typeof destinationSchema>
export type LimitInput = z.infer<typeof limitSchema>
