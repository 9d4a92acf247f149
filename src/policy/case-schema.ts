/** The shape of a file of cases: who does what, and what the policy must say to it. `weir test` and the project's own tables read it. */
import { z } from 'zod'
import { nameRepository } from '../catalog/repository-name.ts'
import { OPERATIONS } from '../flow/operation.ts'
import { VISIBILITIES } from '../flow/subject.ts'
import { CHECKPOINTS, type DenialCode } from '../flow/verdict.ts'
import { parseAddress } from '../net/address.ts'
import { parseAuthority } from '../net/destination.ts'
import { parseHost } from '../net/host.ts'
import { contentSchema } from './content-said.ts'
import { parseRequestUrl } from './request-url.ts'
import { checked, type Fault, instantSchema, nameSchema, sizeSchema, userSchema } from './schema-values.ts'

/** Of one file; a longer table is better read as several. */
export const casesMax = 5_000
const nameCharactersMax = 200

/** Of what a policy says; the guards above it are not walked. */
const CODES = [
  'rule',
  'default',
  'doubt',
  'limit',
  'budget',
  'tenant-unset',
  'credentials-needed',
] as const satisfies readonly DenialCode[]

const addressSchema = checked((text) =>
  parseAddress(text) === null ? { message: `\`${text}\` is not an IP address`, hint: 'write it as 10.0.0.1' } : null,
)

const refSchema = z
  .union([
    checked((text) => (/^[^\s~^:?*[\\]+$/.test(text) ? null : { message: `\`${text}\` is not the name of a ref` })),
    z.strictObject({
      name: z
        .string()
        .min(1)
        .meta({ description: 'The whole ref.', examples: ['refs/heads/main', 'refs/tags/v1'] }),
      kind: z.enum(['create', 'update', 'delete']).meta({ description: 'What becomes of it.' }),
    }),
  ])
  .meta({
    description: 'The ref that a push changes: a branch by its name, or a whole ref, is updated by it.',
    examples: ['main', { name: 'refs/tags/v1', kind: 'delete' }],
  })

const limitSchema = z.union([sizeSchema, nameSchema])

const expectSchema = z
  .strictObject({
    action: z.enum(['allow', 'deny']).meta({ description: 'What the policy says.' }),
    rule: nameSchema
      .nullable()
      .optional()
      .meta({
        description: 'The rule that says so; `null` for the default. Left out: any.',
        examples: ['no-writes-elsewhere', null],
      }),
    checkpoint: z.enum(CHECKPOINTS).optional().meta({
      description: 'The place in the life of the flow at which it is said. A plain request is known at `connect`.',
    }),
    code: z.enum(CODES).optional().meta({
      description:
        'Of a denial, its ground: `doubt` where something could not be seen, `tenant-unset` where a tenant header could not be set, `credentials-needed` where the client is asked who it is.',
    }),
    message: z
      .string()
      .optional()
      .meta({ description: 'Of a denial, what the person reads, word by word.', examples: ['Use https:// remotes.'] }),
    opened: z
      .boolean()
      .optional()
      .meta({ description: 'Whether TLS is opened for it.', examples: [false] }),
    wouldDeny: z
      .array(nameSchema)
      .optional()
      .meta({ description: 'The reporting rules that would have denied it, in order.', examples: [['watch-deletes']] }),
    limits: z
      .array(limitSchema)
      .optional()
      .meta({
        description: 'What an allow holds it to, in order: a size for one request, or the name of a budget.',
        examples: [['50 MB', 'daily'], []],
      }),
  })
  .meta({
    description: 'What the policy must say. What is left out is not looked at.',
    examples: [{ action: 'deny', rule: 'no-writes-elsewhere' }],
  })

export const caseSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(nameCharactersMax)
      .regex(/^\P{Cc}*$/u, 'must not have control characters')
      .meta({ description: 'What the case shows; once in a file.', examples: ['a push elsewhere'] }),
    client: addressSchema.optional().meta({
      description: 'The address of the client. Left out: `client` of the file.',
      examples: ['10.30.0.7'],
    }),
    user: userSchema.optional().meta({
      description: 'The user that the client proves to be. Left out: it gives no credentials.',
      examples: ['ada'],
    }),
    to: checked(whyNotAuthority)
      .optional()
      .meta({
        description: 'Where to: HOST, or HOST:PORT where the port is not 443. This or `url`.',
        examples: ['github.com', 'git.acme.example:22'],
      }),
    url: checked(whyNotUrl)
      .optional()
      .meta({
        description:
          'Where to, as a URL; with `method` it says what is done to which repository, as in `weir explain`.',
        examples: ['https://api.github.com/repos/mallory/stolen/contents/a'],
      }),
    address: addressSchema.optional().meta({
      description: 'What the name resolves to. Left out: the verdict must not depend on it.',
      examples: ['192.0.2.4'],
    }),
    speaks: z.enum(['tls', 'http', 'pinned']).optional().meta({
      description:
        '`tls` (where it is left out), `http` for a request in the clear, plain or inside a CONNECT, `pinned` for TLS that nobody may open.',
    }),
    operation: z.enum(OPERATIONS).optional().meta({
      description: 'What is done. Left out: what `url` and `method` say, or TLS of which nothing else is known.',
    }),
    repository: checked(whyNotRepository)
      .optional()
      .meta({
        description:
          'Where the data lands, or comes from: HOST/OWNER/REPO. Left out: what `url` says; else there is none, but of an operation that always has one the verdict must not depend on it.',
        examples: ['github.com/acme/app'],
      }),
    method: z
      .string()
      .regex(/^[A-Z][A-Z-]{0,31}$/, 'must be a method in capital letters')
      .optional()
      .meta({
        description:
          'The request method. Left out: GET with `url` (POST for a push); else the verdict must not depend on it.',
        examples: ['PUT'],
      }),
    ref: refSchema.optional(),
    size: sizeSchema.optional().meta({
      description: 'How much is uploaded, held against limits and against whole budgets.',
      examples: ['60 MB'],
    }),
    sentBytes: sizeSchema.optional().meta({
      description: 'How much goes out in all: URL, fields and body. Left out: the verdict must not depend on it.',
      examples: ['20 KB'],
    }),
    visibility: z
      .enum(VISIBILITIES)
      .optional()
      .meta({
        description: 'Who can read the repository in the end. Left out: nobody knows.',
        examples: ['public'],
      }),
    ciFiles: z
      .boolean()
      .optional()
      .meta({
        description: 'Whether files are written that the forge runs. Left out: what `url` says.',
        examples: [true],
      }),
    content: contentSchema.optional(),
    at: instantSchema
      .optional()
      .meta({ description: 'When. Left out: `at` of the file.', examples: ['2026-12-31T18:00Z'] }),
    expect: expectSchema,
  })
  .superRefine((row, context) => {
    const fault = faultOf(row)
    if (fault === null || context.issues.length > 0) return
    const { message, key, hint } = fault
    context.addIssue({ code: 'custom', message, path: key === null ? [] : [key], params: { hint } })
  })
  .meta({ description: 'One flow, and what the policy must say to it.' })

export const caseFileSchema = z
  .strictObject({
    policy: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          'The policy: a file or a folder, from the folder of this file. Left out: `x.yaml` for `x.test.yaml`, else the folder it is in.',
        examples: ['../default.yaml'],
      }),
    inspection: z.enum(['auto', 'never', 'always']).optional().meta({
      description: "Stands over the policy's own `inspection.mode`.",
    }),
    client: addressSchema.optional().meta({
      description: 'The client of the cases that name none. Left out: 127.0.0.1.',
      examples: ['10.1.1.1'],
    }),
    at: instantSchema.optional().meta({
      description: 'When the cases are that do not say. Left out: 2026-11-24T12:00Z, a Tuesday.',
      examples: ['2026-12-24T09:00Z'],
    }),
    cases: z.array(caseSchema).min(1).max(casesMax).meta({ description: 'The cases, each alone.' }),
  })
  .meta({ title: 'Cases for a Weir policy', description: 'Who does what, and what the policy must say to it.' })

export type CaseFileInput = z.infer<typeof caseFileSchema>
export type CaseInput = z.infer<typeof caseSchema>
export type Expected = CaseInput['expect']

type Draft = Pick<CaseInput, 'to' | 'url' | 'speaks' | 'operation' | 'repository' | 'method' | 'ref' | 'expect'>

/** What no flow can be, or no policy can say: a case that held it would show something else than it says. */
function faultOf(row: Draft): { key: keyof Draft | null; message: string; hint?: string } | null {
  if ((row.to === undefined) === (row.url === undefined)) {
    const hint = row.to === undefined ? 'name `to`, or `url`' : 'keep one of them'
    return { key: row.url === undefined ? null : 'url', message: 'needs either `to` or `url`', hint }
  }
  const secure = row.url === undefined ? undefined : parseRequestUrl(row.url)?.secure
  if (secure !== undefined && row.speaks !== undefined && secure === (row.speaks === 'http')) {
    return { key: 'speaks', message: `\`${row.url ?? ''}\` speaks ${secure ? 'TLS' : 'plain http'}`, hint: 'remove it' }
  }
  if (row.speaks === 'http' && row.operation !== undefined && OUTER.includes(row.operation)) {
    return { key: 'speaks', message: `a plain request is no \`${row.operation}\``, hint: 'remove one of them' }
  }
  const isInner = row.url !== undefined || (row.operation !== undefined && !OUTER.includes(row.operation))
  const inner = (['repository', 'method'] as const).find((key) => row[key] !== undefined)
  if (!isInner && inner !== undefined) {
    return {
      key: inner,
      message: `\`${inner}\` is inside a request, and the case names none`,
      hint: 'name its `operation`',
    }
  }
  if (row.ref !== undefined && row.operation !== 'git-push' && row.url === undefined) {
    return { key: 'ref', message: 'only a push changes a ref', hint: 'name `operation: git-push`' }
  }
  const ofDenial = (['code', 'message'] as const).find((key) => row.expect[key] !== undefined)
  if (row.expect.action === 'allow' && ofDenial !== undefined) {
    return { key: 'expect', message: `\`${ofDenial}\` is of a denial`, hint: 'remove it' }
  }
  if (row.expect.action === 'deny' && row.expect.limits !== undefined) {
    return { key: 'expect', message: '`limits` are of an allow', hint: 'remove them' }
  }
  return null
}

/** No request of these is ever read. */
const OUTER: readonly string[] = ['tunnel', 'ssh', 'unknown-protocol']

function whyNotAuthority(text: string): Fault | null {
  if (parseAuthority(text, 443) !== null) return null
  return {
    message: `\`${text}\` is not HOST or HOST:PORT`,
    ...(text.includes('/') ? { hint: 'write it as `url`' } : {}),
  }
}

function whyNotUrl(text: string): Fault | null {
  const url = parseRequestUrl(text)
  if (url === null) return { message: `\`${text}\` is not a URL`, hint: 'write it as https://github.com/acme/widgets' }
  if (url.scheme === 'http' || url.scheme === 'https') return null
  return { message: `${url.scheme}: has no requests to read`, hint: 'write it as `to`, with its `operation`' }
}

function whyNotRepository(text: string): Fault | null {
  const [hostText = '', ...path] = text.split('/')
  const host = parseHost(hostText)
  const isName = host !== null && path.length > 0 && nameRepository(host, path, false).state === 'known'
  return isName ? null : { message: `\`${text}\` is not HOST/OWNER/REPO` }
}
