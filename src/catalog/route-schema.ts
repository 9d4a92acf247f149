/** The schema of `Route`: the form in which a policy writes rows of its own, word for word that of the catalogue. */
import { z } from 'zod'
import { familyOf, OPERATIONS } from '../flow/operation.ts'
import { isTypePattern } from './media-type.ts'
import { whyNotTemplate } from './route-template.ts'
import type { InnerOperation } from './service-entry.ts'

/** The rows of one service. */
export const serviceRoutesMax = 500
/** The parts that one row may ask for: types, parameters, fields. */
export const routePartsMax = 50
const textCharactersMax = 1_000

const INNER_OPERATIONS = OPERATIONS.filter((operation): operation is InnerOperation => familyOf(operation) !== 'opaque')

const operationSchema = z.enum(INNER_OPERATIONS)
const textSchema = z.string().min(1).max(textCharactersMax)

const pathSchema = z
  .string()
  .min(1)
  .max(textCharactersMax)
  .superRefine((path, context) => {
    const fault = path === '' ? null : whyNotTemplate(path)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault.message, params: { hint: fault.hint } })
  })

const typeSchema = z.string().superRefine((type, context) => {
  if (isTypePattern(type)) return
  const [bare = ''] = type.toLowerCase().split(';')
  const hint = isTypePattern(bare) ? `write \`${bare}\`` : 'write it as text/plain, or multipart/* for all of a kind'
  context.addIssue({ code: 'custom', message: `\`${type}\` is not a media type`, params: { hint } })
})

export const routeSchema = z
  .strictObject({
    methods: z
      .array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
      .min(1)
      .max(routePartsMax)
      .meta({
        description: 'On these methods. `GET` stands for every reading method: GET, HEAD and OPTIONS.',
        examples: [['POST', 'PUT']],
      }),
    path: pathSchema.meta({
      description:
        'On paths of this template: `{name}` is one part, `**` any number of them, none included. `{owner}` and `{repo}`, `{project}`, or `{path}` at the beginning name the repository.',
      examples: ['/upload/**', '/api/{owner}/{repo}/files'],
    }),
    operation: operationSchema.meta({ description: 'What such a request does.' }),
    lands: z.enum(['none', 'unknown']).exactOptional().meta({
      description:
        'Where the data lands: in no repository, or in one that the address does not tell. Left out: the repository that the path names, and none where it names none.',
    }),
    base64: textSchema.exactOptional().meta({
      description: 'The field of a JSON body that carries a file in base64: its size is that of the file.',
      examples: ['content'],
    }),
    body: z
      .union([
        z.literal('mega-commands'),
        z.strictObject({
          graphql: z.enum(['github', 'gitlab']).meta({ description: 'GraphQL with the mutations of this service.' }),
        }),
      ])
      .exactOptional()
      .meta({
        description:
          'The form of the body, where the body alone tells what is done. `operation` is what it is taken for unread.',
        examples: [{ graphql: 'gitlab' }],
      }),
    fields: z
      .record(textSchema, operationSchema)
      .exactOptional()
      .meta({
        description:
          'Fields of a JSON body that do one thing more each; `private` and `visibility` tell who will read the repository.',
        examples: [{ private: 'repo-visibility' }],
      }),
    namesFile: z.literal(true).exactOptional().meta({
      description: '`**`, at the end of the path, is the path of the file that is written.',
    }),
    empty: z.literal(true).exactOptional().meta({ description: 'Only where the request has no content.' }),
    query: z
      .record(textSchema, z.union([z.string().max(textCharactersMax), z.literal(true)]))
      .exactOptional()
      .meta({
        description: 'Only with these parameters in the query; `true` is any value, none included.',
        examples: [{ uploadType: 'media' }, { acl: true }],
      }),
    types: z
      .array(typeSchema)
      .min(1)
      .max(routePartsMax)
      .exactOptional()
      .meta({
        description: 'Only with one of these media types as Content-Type; `multipart/*` is all of a kind.',
        examples: [['multipart/form-data']],
      }),
    announces: z
      .union([
        z.strictObject({ in: z.literal('location').meta({ description: 'In the field Location of the answer.' }) }),
        z.strictObject({
          in: z.literal('json').meta({ description: 'In a JSON answer.' }),
          field: textSchema.meta({
            description: 'The field, by a dotted path; `*` is each item of a list.',
            examples: ['uploadUrl', 'links.*.href'],
          }),
        }),
      ])
      .exactOptional()
      .meta({
        description:
          'Where the answer says that the rest of this upload goes: what is sent there is this operation on this repository. Heeded inside TLS alone.',
        examples: [{ in: 'location' }, { in: 'json', field: 'uploadUrl' }],
      }),
  })
  .superRefine((route, context) => {
    for (const { key, message, hint } of faultsOf(route)) {
      context.addIssue({ code: 'custom', message, path: [key], params: { hint } })
    }
  })
  .meta({
    description: 'One row: these methods on this path do this. Of the rows that match a request the first counts.',
    examples: [{ methods: ['POST', 'PUT'], path: '/upload/**', operation: 'file-upload' }],
  })

type RouteInput = Readonly<z.infer<typeof routeSchema>>

interface RowFault {
  readonly key: keyof RouteInput
  readonly message: string
  readonly hint: string | undefined
}

/** What each key may say alone, and no row with the others. */
function* faultsOf(route: RouteInput): Iterable<RowFault> {
  const { operation, path, base64, body, fields, query, namesFile, empty, announces } = route
  if (announces !== undefined && !writes(operation)) {
    // What is put to the address that is announced would pass for a read.
    yield { key: 'announces', message: `${operation} announces no upload`, hint: 'name an operation that writes' }
  }
  if (operation === 'git-push') {
    // Without its body in the form of a push nobody would see which refs it changes.
    yield { key: 'operation', message: 'git pushes are known by themselves', hint: 'remove the row' }
  }
  const free = Object.entries(fields ?? {}).find(([, does]) => does === 'git-push' || !writes(does))
  if (free !== undefined) {
    // A body of that field alone would pass for it, whatever stands in the field.
    yield { key: 'fields', message: `a field is never ${free[1]}`, hint: 'name an operation that writes' }
  }
  const [first, second] = [
    base64 === undefined ? [] : (['base64'] as const),
    body === undefined ? [] : (['body'] as const),
    fields === undefined ? [] : (['fields'] as const),
  ].flat()
  if (first !== undefined && second !== undefined) {
    yield { key: second, message: `a row has \`${first}\` or \`${second}\`, not both`, hint: 'write two rows' }
  }
  if (empty === true && first !== undefined) {
    yield { key: 'empty', message: `a request without content has no \`${first}\``, hint: 'keep one of them' }
  }
  if (namesFile === true && (!path.endsWith('/**') || path.startsWith('/{path}/'))) {
    yield { key: 'namesFile', message: '`namesFile` wants a path that ends with `/**`', hint: undefined }
  }
  for (const [key, parts] of [
    ['query', query],
    ['fields', fields],
  ] as const) {
    const count = Object.keys(parts ?? {}).length
    if (count > routePartsMax) yield { key, message: `must have at most ${routePartsMax} names`, hint: undefined }
  }
  if (query !== undefined && Object.keys(query).length === 0) {
    yield { key: 'query', message: 'must not be empty', hint: undefined }
  }
}

function writes(operation: InnerOperation): boolean {
  return ['write', 'admin'].includes(familyOf(operation))
}
