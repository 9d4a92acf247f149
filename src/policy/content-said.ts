/** What a case or a question says is in an upload, as the facts that a look into it would find. */
import { z } from 'zod'
import type { Place } from '../flow/content.ts'
import { ABSENT, known, UNSEEN } from '../flow/fact.ts'
import { familyOf, type Operation } from '../flow/operation.ts'
import { type ContentFacts, contentFacts } from '../flow/subject.ts'
import { NOTHING_IN_IT } from '../flow/unlooked.ts'
import { parseSize } from '../text/quantity.ts'
import { listOf, nameSchema, oneOrMany, sizeSchema } from './schema-values.ts'

const textSchema = oneOrMany(z.string().min(1))

export const contentSchema = z
  .strictObject({
    types: textSchema.optional().meta({ description: 'Media types by the bytes.', examples: ['application/zip'] }),
    files: textSchema.optional().meta({ description: 'Paths of files.', examples: [['src/a.ts', 'id_rsa']] }),
    encrypted: z
      .boolean()
      .optional()
      .meta({ description: 'Something in it is enciphered.', examples: [true] }),
    archive: z
      .boolean()
      .optional()
      .meta({ description: 'An archive is in it.', examples: [true] }),
    entropy: z
      .number()
      .min(0)
      .max(8)
      .optional()
      .meta({ description: 'The highest, in bits a byte.', examples: [7.99] }),
    secrets: oneOrMany(nameSchema)
      .optional()
      .meta({ description: 'Rules of the scanner that find a secret.', examples: ['private-key'] }),
    ownSource: z
      .strictObject({
        repository: z
          .string()
          .min(1)
          .meta({ description: 'As `weir index` names it.', examples: ['github.com/acme/app'] }),
        share: z
          .number()
          .min(0)
          .max(1)
          .meta({ description: 'Of all that is in it.', examples: [0.5] }),
        size: sizeSchema.meta({ description: 'How much of it.', examples: ['40 KB'] }),
      })
      .optional()
      .meta({
        description: 'Source of one’s own is in it.',
        examples: [{ repository: 'github.com/acme/app', share: 0.5, size: '40 KB' }],
      }),
    newRoot: z
      .boolean()
      .optional()
      .meta({ description: 'A push brings a history of its own.', examples: [true] }),
    largestBlob: sizeSchema.optional().meta({ description: 'Of the files in a push.', examples: ['12 MB'] }),
    objects: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'In a push.', examples: [120] }),
    authors: textSchema.optional().meta({ description: 'Of the commits in a push.', examples: ['ada@acme.example'] }),
    ciFiles: textSchema
      .optional()
      .meta({ description: 'Files in a push that the forge runs.', examples: ['.github/workflows/ci.yml'] }),
    incomplete: textSchema
      .optional()
      .meta({ description: 'What could not be looked at, in words.', examples: ['an archive that is enciphered'] }),
  })
  .meta({
    description:
      'What is in the upload; what is left out is not in it. Without `content` the verdict must not depend on it.',
    examples: [{ types: 'application/zip', secrets: 'private-key' }],
  })

export type ContentInput = z.infer<typeof contentSchema>

const HERE: Place = { commit: null, within: [] }
const SIZE_UNSAID = 1_000_000

/** Of a request with this operation and method, null where none is named. */
export function contentSaid(said: ContentInput | undefined, operation: Operation, method: string | null): ContentFacts {
  const asks = method === null ? familyOf(operation) === 'read' : ['GET', 'HEAD', 'OPTIONS'].includes(method)
  const facts = said === undefined ? (asks ? NOTHING_IN_IT : contentFacts(UNSEEN)) : factsOf(said)
  return operation === 'git-push' ? facts : { ...facts, pack: ABSENT }
}

function factsOf(said: ContentInput): ContentFacts {
  const incomplete = said.incomplete === undefined ? [] : listOf(said.incomplete)
  return {
    payload: known({
      types: listOf(said.types ?? []),
      files: listOf(said.files ?? []),
      encrypted: said.encrypted === true ? ['as the case says'] : [],
      archives: said.archive === true ? ['as the case says'] : [],
      entropy: said.entropy ?? 0,
      incomplete,
    }),
    secrets: known({
      findings: listOf(said.secrets ?? []).map((rule) => ({ rule, title: rule, place: HERE, line: 1, excerpt: '' })),
      incomplete,
    }),
    ownSource: known({ source: sourceSaid(said.ownSource), incomplete }),
    pack: known({
      objects: said.objects ?? 0,
      largestBlob: parseSize(said.largestBlob ?? 0) ?? 0,
      newRoot: said.newRoot ?? false,
      authors: listOf(said.authors ?? []),
      ciFiles: listOf(said.ciFiles ?? []),
      ciNamed: [],
      incomplete,
    }),
  }
}

function sourceSaid(said: ContentInput['ownSource']) {
  if (said === undefined) return { bytes: 0, ofBytes: SIZE_UNSAID, repositories: [] }
  const bytes = parseSize(said.size) ?? 0
  const ofBytes = said.share > 0 ? bytes / said.share : SIZE_UNSAID
  return { bytes, ofBytes, repositories: [{ name: said.repository, blobs: 1, partial: 0, bytes }] }
}
