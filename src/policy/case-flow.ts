/** The life of the flow that a case describes: at each checkpoint, what is seen of it by then (weir.md, "Order and values"). */
import assert from 'node:assert'
import { foldsCase } from '../catalog/catalog.ts'
import { nameRepository } from '../catalog/repository-name.ts'
import { isCiFile } from '../catalog/ci-files.ts'
import { type Part, partOf } from '../catalog/part.ts'
import { pathFact } from '../catalog/path.ts'
import type { InnerOperation } from '../catalog/service-entry.ts'
import { ABSENT, type Fact, known, NEVER, UNSEEN } from '../flow/fact.ts'
import type { OpaqueOperation, Operation } from '../flow/operation.ts'
import {
  contentFacts,
  type InsideFacts,
  insideFacts,
  NO_HOP,
  type OperationFact,
  type RefUpdate,
  type Repository,
  type Subject,
} from '../flow/subject.ts'
import type { Checkpoint } from '../flow/verdict.ts'
import { type Address, parseAddress } from '../net/address.ts'
import { type Destination, parseAuthority } from '../net/destination.ts'
import { parseHost } from '../net/host.ts'
import { parseSize } from '../text/quantity.ts'
import type { CaseInput } from './case-schema.ts'
import { contentSaid } from './content-said.ts'
import type { CompiledPolicy } from './compiled.ts'
import { insideOf, inspectionOf } from './inspection.ts'
import { classifyRequest, parseRequestUrl } from './request-url.ts'
import { parseInstant } from './time.ts'

/** What a file of cases says for all of them. */
export interface CaseFrame {
  readonly client?: string | undefined
  readonly at?: string | undefined
}

export interface CaseFlow {
  readonly stages: readonly Stage[]
  /** Bytes of upload; null where the case names none. */
  readonly size: number | null
  /** Bytes that go out in all; null where the case names none. */
  readonly sentBytes: number | null
  /** What is held to limits: the request, or the tunnel that it ends as. */
  readonly upload: 'request' | 'tunnel'
  /** Whether the request is in TLS, which is then opened to see it. */
  readonly secure: boolean
}

export interface Stage {
  readonly checkpoint: Checkpoint
  readonly subject: Subject
}

const CLIENT = '127.0.0.1'
const AT = '2026-11-24T12:00Z'

/** Each value in a case was held against its schema: one that does not parse here is a bug, and throws. */
export function flowOf(policy: CompiledPolicy, row: CaseInput, frame: CaseFrame): CaseFlow {
  const request = requestOf(policy, row)
  const { destination, plain } = placeOf(row)
  const start: Subject = {
    client: { address: knownAddress(row.client ?? frame.client ?? CLIENT), user: row.user ?? null },
    destination,
    address: destination.literal === null ? UNSEEN : known(destination.literal),
    operation: { state: 'unseen' },
    ...insideFacts(UNSEEN),
    hop: NO_HOP,
    at: parsed(parseInstant(row.at ?? frame.at ?? AT)),
  }
  // The head of a plain request is there from the start.
  const hidden = row.content === undefined ? {} : contentFacts(UNSEEN)
  const head = plain && request !== null ? { ...start, ...request, ...hidden } : start
  const dialled = row.address === undefined ? head : { ...head, address: known(knownAddress(row.address)) }
  const stages: Stage[] = [
    { checkpoint: 'connect', subject: head },
    { checkpoint: 'dial', subject: dialled },
  ]
  if (!plain)
    stages.push({ checkpoint: 'tls', subject: { ...dialled, ...firstBytesOf(policy, row, destination, request) } })
  if (request !== null) {
    const opened = { ...dialled, ...request }
    // What is in a body is known when all of it is.
    stages.push({ checkpoint: 'request', subject: { ...opened, ...hidden } })
    const ref = row.ref === undefined ? {} : { ref: known(readRef(row.ref)) }
    if (row.ref !== undefined || row.content !== undefined)
      stages.push({ checkpoint: 'body', subject: { ...opened, ...ref } })
  }
  const size = row.size === undefined ? null : parsed(parseSize(row.size))
  const sentBytes = row.sentBytes === undefined ? null : parsed(parseSize(row.sentBytes))
  const isTunnel = request === null || row.operation === 'upgrade'
  return { stages, size, sentBytes, upload: isTunnel ? 'tunnel' : 'request', secure: !plain }
}

function placeOf({ to, url, speaks }: CaseInput): { destination: Destination; plain: boolean } {
  if (url === undefined) return { destination: parsed(parseAuthority(to ?? '', 443)), plain: speaks === 'http' }
  const { destination, secure } = parsed(parseRequestUrl(url))
  return { destination, plain: !secure }
}

type Request = InsideFacts & Pick<Subject, 'operation'>

/** What the head of the request shows; null where there is none to read. */
function requestOf(policy: CompiledPolicy, row: CaseInput): Request | null {
  if (row.operation !== undefined && isOuter(row.operation)) return null
  const named = row.repository === undefined ? null : nameOfRepository(policy, row.repository)
  if (row.url === undefined) {
    if (row.operation === undefined) return null
    const repository = named ?? (ON_REPOSITORY.includes(row.operation) ? UNSEEN : ABSENT)
    const method = row.method === undefined ? UNSEEN : known(row.method)
    return insideOfRequest(row, row.operation, partOf(innerOf(row.operation), repository), method, UNSEEN)
  }
  const method = row.method ?? (row.operation === 'git-push' ? 'POST' : 'GET')
  const size = row.size === undefined ? null : parsed(parseSize(row.size))
  const classified = classifyRequest(policy, parsed(parseRequestUrl(row.url)), method, size)
  const operation = row.operation ?? classified.operation
  const files = classified.file === null ? {} : { ciFiles: known(isCiFile(classified.file)) }
  const part = partOf(innerOf(operation), named ?? classified.repository, files)
  return insideOfRequest(row, operation, part, known(method), pathFact(parsed(parseRequestUrl(row.url)).target))
}

/** What the case says stands over what the address tells. */
function insideOfRequest(
  row: CaseInput,
  operation: Exclude<Operation, 'tunnel'>,
  { repository, ref, visibility, ciFiles }: Part,
  method: Fact<string>,
  path: Fact<string>,
): Request {
  // Of an upgrade the line is read, and nothing of what is said behind it.
  if (operation === 'upgrade')
    return { operation: factOf(operation), ...insideFacts(NEVER), method: known('GET'), path }
  return {
    operation: factOf(operation),
    repository,
    method,
    path,
    ref,
    visibility: row.visibility === undefined ? visibility : known(row.visibility),
    ciFiles: row.ciFiles === undefined ? ciFiles : known(row.ciFiles),
    size: row.size === undefined ? UNSEEN : known(parsed(parseSize(row.size))),
    sentBytes: row.sentBytes === undefined ? UNSEEN : known(parsed(parseSize(row.sentBytes))),
    ...contentSaid(row.content, operation, method.state === 'known' ? method.value : null),
  }
}

function innerOf(operation: Operation): InnerOperation | null {
  return isOuter(operation) || operation === 'upgrade' ? null : operation
}

/** These are always of a repository: a case that does not say which has not said that there is none. */
const ON_REPOSITORY: readonly Operation[] = [
  'git-push',
  'git-fetch',
  'lfs-upload',
  'release-upload',
  'file-write',
  'ref-write',
]

function firstBytesOf(
  policy: CompiledPolicy,
  row: CaseInput,
  destination: Destination,
  request: Request | null,
): Partial<Subject> {
  if (row.operation === 'ssh' || row.operation === 'unknown-protocol') {
    return { operation: factOf(row.operation), ...insideFacts(NEVER) }
  }
  const inside = row.speaks === 'pinned' ? 'never' : insideOf(policy, destination)
  const isAlways = inside === 'unseen' && request !== null && inspectionOf(policy, destination) === 'always'
  const operation: OperationFact = isAlways ? { state: 'opened' } : { state: 'tunnel', inside }
  const hidden = inside === 'absent' ? ABSENT : inside === 'never' ? NEVER : UNSEEN
  return { operation, ...insideFacts(hidden) }
}

/** Judged from outside: no request of it is ever read. */
function isOuter(operation: Operation): operation is Exclude<OpaqueOperation, 'upgrade'> {
  return operation === 'tunnel' || operation === 'ssh' || operation === 'unknown-protocol'
}

function factOf(operation: Exclude<Operation, 'tunnel'>): OperationFact {
  if (operation === 'ssh' || operation === 'unknown-protocol' || operation === 'upgrade') {
    return { state: 'opaque', operation }
  }
  return { state: 'known', operation }
}

function nameOfRepository(policy: CompiledPolicy, text: string): Fact<Repository> {
  const [hostText = '', ...path] = text.split('/')
  const host = parsed(parseHost(hostText))
  return nameRepository(host, path, foldsCase(policy.catalog, host))
}

function readRef(ref: NonNullable<CaseInput['ref']>): RefUpdate {
  if (typeof ref !== 'string') return ref
  return { name: ref.startsWith('refs/') ? ref : `refs/heads/${ref}`, kind: 'update' }
}

function knownAddress(text: string): Address {
  return parsed(parseAddress(text))
}

function parsed<T>(value: T | null): T {
  assert(value !== null, 'a case was not held against its schema')
  return value
}
