/** A line of the record as it is read again: its form, and its texts without what a terminal would act on. */
import { z } from 'zod'
import { printable } from '../text/problem-render.ts'

/** Null for what is no record of a flow in the words of this version. Whoever sent the flow chose many of its texts. */
export function parseRecord(value: unknown): FlowRecord | null {
  return recordSchema.safeParse(value).data ?? null
}

export type FlowRecord = z.infer<typeof recordSchema>

const text = z.string().transform(printable)
const texts = z.array(text)
const count = z.number().nonnegative()

const secretSchema = z.object({
  rule: text,
  title: text,
  commit: text.optional(),
  within: texts,
  line: count,
  excerpt: text,
})
export type FoundSecret = z.infer<typeof secretSchema>

const ownRepositorySchema = z.object({ name: text, blobs: count, partial: count, bytes: count })
export type FoundRepository = z.infer<typeof ownRepositorySchema>

const recordSchema = z.object({
  '@timestamp': z.iso.datetime(),
  'event.id': text,
  'event.action': z.enum(['denied', 'challenged', 'failed', 'alive', 'allowed', 'ended']),
  'event.duration': z.number().optional(),
  'source.ip': text,
  'user.name': text.optional(),
  'destination.address': text.optional(),
  'destination.port': count.optional(),
  'http.request.method': text.optional(),
  'http.response.status_code': count.optional(),
  'url.scheme': text.optional(),
  'url.domain': text.optional(),
  'url.port': count.optional(),
  'url.path': text.optional(),
  'url.query': text.optional(),
  'rule.name': text.optional(),
  message: text.optional(),
  'error.code': text.optional(),
  'error.message': text.optional(),
  'weir.operation': text.optional(),
  'weir.service': text.optional(),
  'weir.repository': text.optional(),
  'weir.refs': z.array(z.object({ name: text, kind: z.enum(['create', 'update', 'delete']) })).optional(),
  'weir.refCount': count.optional(),
  'weir.lfs.objects': count.optional(),
  'weir.lfs.bytes': count.optional(),
  'weir.bytes.up': count,
  'weir.bytes.down': count,
  'weir.upload.size': count.optional(),
  'weir.content.types': texts.optional(),
  'weir.content.encrypted': texts.optional(),
  'weir.content.archives': texts.optional(),
  'weir.content.entropy': count.optional(),
  'weir.content.incomplete': texts.optional(),
  'weir.secrets.count': count.optional(),
  'weir.secrets.found': z.array(secretSchema).optional(),
  'weir.ownSource.bytes': count.optional(),
  'weir.ownSource.share': count.optional(),
  'weir.ownSource.repositories': z.array(ownRepositorySchema).optional(),
  'weir.pack.objects': count.optional(),
  'weir.pack.largestBlob': count.optional(),
  'weir.pack.newRoot': z.boolean().optional(),
  'weir.pack.authors': texts.optional(),
  'weir.pack.ciFiles': texts.optional(),
  'weir.verdict': text.optional(),
  'weir.reason': text.optional(),
  'weir.unseen': texts.optional(),
  'weir.checkpoint': text.optional(),
  'weir.openedFor': text.optional(),
  'weir.wouldDeny': texts.optional(),
  'weir.upstream.bodyBytes': count.optional(),
})
