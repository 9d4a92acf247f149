/** What answers tell: upload addresses, at other hosts too, and the repositories behind numbers and node ids. */
import type { Service } from '../catalog/catalog.ts'
import type { Classification } from '../catalog/classification.ts'
import { repositoryNamer } from '../catalog/classify.ts'
import { newsReader } from '../catalog/repository-news.ts'
import type { Announcement } from '../catalog/service-entry.ts'
import { valuesAt } from '../catalog/values-at.ts'
import { decodeWhole } from '../content/whole-body.ts'
import type { Announced } from '../flow/bindings.ts'
import type { Fact } from '../flow/fact.ts'
import type { Flow } from '../flow/flow.ts'
import type { Repository } from '../flow/subject.ts'
import { type LfsAction, lfsReplyBytesMax, parseLfsBatchReply } from '../wire/lfs-batch-reply.ts'
import { parseStrictJson } from '../wire/json-object.ts'
import { nameOf } from '../net/destination.ts'
import { type Field, fieldValues } from '../wire/fields.ts'
import { clientKeyOf } from './judge.ts'
import type { RequestCase } from './request-case.ts'
import type { Runtime } from './runtime.ts'

/** Reads one answer beside its way to the client. */
export interface AnswerTap {
  /** Whether the body is to be kept until it is whole; what the head tells is heeded at once. */
  begin(status: number, fields: readonly Field[]): boolean
  /** The whole body, as sent, before the client has any of it. */
  end(body: Buffer): void
}

/** Bytes of an answer that is kept until it is whole, as sent; of a longer one nothing is heeded. */
export const answerBytesMax = 2 * 1024 * 1024

/** git-lfs tries an object again eight times (lfs.transfer.maxretries). */
const LFS_TRIES_MAX = 9
/** A session takes as many pieces as its client likes. */
const SESSION_TRIES_MAX = 10_000
/** Where the answer does not say how long its address is good for. */
const LIFETIME_MS = 60 * 60 * 1000
/** What git-lfs asks behind an upload, to have it checked. */
const VERIFY_BYTES_MAX = 4 * 1024

/** Null for an answer that tells nothing. */
export function answerTapOf(
  weir: Runtime,
  flow: Flow,
  { asked, classification, told }: Pick<RequestCase, 'asked' | 'classification' | 'told'>,
): AnswerTap | null {
  const { service, body, announces } = classification
  // Whoever sits on a wire in the clear could announce what it likes.
  if (service === null || flow.request?.scheme !== 'https') return null
  const announce = announcer(weir, flow, service, classification)
  if (body === 'lfs-batch') {
    return bodyTap(lfsReplyBytesMax, (reply) => {
      const actions = parseLfsBatchReply(reply, weir.now())
      if (actions.state === 'done') for (const action of actions.value) announce(hopOfLfs(action, weir.now()))
    })
  }
  if (announces !== null) return tapOfAnnouncement(announces, weir, announce)
  const { method, target, destination } = asked
  const { operation } = classification
  const nameIn = (name: string): Fact<Repository> =>
    repositoryNamer(weir.policy.catalog, nameOf(destination), target)(name)
  const read = newsReader({ service, operation, body, method, target, told, nameOf: nameIn })
  if (read === null) return null
  return bodyTap(answerBytesMax, (reply) => {
    const json = parseStrictJson(reply)
    if (json.state !== 'done') return
    for (const news of read(json.value)) weir.repositories.learn(clientKeyOf(flow), news, weir.now())
  })
}

type Hop = Pick<Announced, 'url' | 'methods' | 'bytesMax' | 'triesMax' | 'expiresAt'> & {
  readonly operation?: Announced['operation']
}

function announcer(
  weir: Runtime,
  flow: Flow,
  { id: service }: Service,
  { operation, repository }: Classification,
): (hop: Hop) => void {
  return (hop) => {
    weir.bindings.announce(clientKeyOf(flow), { service, operation, repository, ...hop }, weir.now())
  }
}

function hopOfLfs({ kind, href, bytesMax, expiresAt }: LfsAction, now: number): Hop {
  const hop = { url: href, triesMax: LFS_TRIES_MAX, expiresAt: expiresAt ?? now + LIFETIME_MS }
  if (kind === 'download') return { ...hop, methods: ['GET', 'HEAD'], bytesMax: 0, operation: 'download' }
  if (kind === 'verify') return { ...hop, methods: ['POST'], bytesMax: VERIFY_BYTES_MAX }
  return { ...hop, methods: ['PUT', 'POST'], bytesMax }
}

function tapOfAnnouncement(announces: Announcement, weir: Runtime, announce: (hop: Hop) => void): AnswerTap {
  const announceSession = (url: unknown): void => {
    if (typeof url !== 'string') return
    const expiresAt = weir.now() + LIFETIME_MS
    announce({ url, methods: ['PUT', 'POST', 'PATCH'], bytesMax: null, triesMax: SESSION_TRIES_MAX, expiresAt })
  }
  if (announces.in === 'json') {
    return bodyTap(answerBytesMax, (reply) => {
      const json = parseStrictJson(reply)
      if (json.state === 'done') for (const url of valuesAt(json.value, announces.field)) announceSession(url)
    })
  }
  return {
    begin: (status, fields) => {
      const [location, ...more] = fieldValues(fields, 'location')
      if (status < 300 && more.length === 0) announceSession(location)
      return false
    },
    end: () => undefined,
  }
}

function bodyTap(bytesMax: number, read: (body: Uint8Array) => void): AnswerTap {
  let coding: string | null = null
  return {
    begin: (status, fields) => {
      const [type = '', ...more] = fieldValues(fields, 'content-type')
      coding = fieldValues(fields, 'content-encoding').join(', ')
      // A part of an answer (206) is whatever the client cut out of it.
      return (status === 200 || status === 201) && JSON_TYPE.test(type) && more.length === 0
    },
    end: (body) => {
      const decoded = decodeWhole(coding, body, bytesMax)
      if (decoded !== null) read(decoded)
    },
  }
}

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i
