/**
 * Says what a request does, from its head alone: the service, the operation, and where the data lands (weir.md,
 * "Operations"). What the catalogue does not know and is no plain reading request is a write, and one whose repository
 * cannot be told.
 */
import { ABSENT, type Fact, NEVER } from '../flow/fact.ts'
import type { Repository } from '../flow/subject.ts'
import {
  type Catalog,
  type CompiledSurface,
  type LocatedHost,
  locate,
  repositoryHosts,
  type Service,
} from './catalog.ts'
import { repositoryOfGitPath } from './git-naming.ts'
import { type GitShape, recogniseGit } from './git-shape.ts'
import { type PathReading, readPath, readPathAround, type Segments, TARGET_CHARACTERS_MAX } from './path.ts'
import { endsLikePush, mentionsPush } from './push-likeness.ts'
import { nameRepository } from './repository-name.ts'
import { findRoute, PROJECT_PATH, type RouteMatch } from './route-table.ts'
import type { InnerOperation, Landing, Surface } from './service-entry.ts'
import { doubtsReads } from './vocabulary.ts'

export interface RequestHead {
  /** A host, or the text of an address: nothing in the catalogue, and what is named there is named under it. */
  readonly host: string
  /** As sent; methods are case-sensitive (RFC 9110 section 9.1), so that `get` is no reading method. */
  readonly method: string
  /** Origin-form as sent: path and query. */
  readonly target: string
  readonly contentType: string | null
  readonly hasContent: boolean
}

export interface Classification {
  readonly service: Service | null
  readonly operation: InnerOperation
  /**
   * `known`: HOST/OWNER/REPO. `absent`: there is none in it. `never`: the address does not tell, because nothing matched,
   * because it can be read in more than one way, or because the data lands where only the body or the server knows.
   */
  readonly repository: Fact<Repository>
  /** How its payload is found; `git-push` is a receive-pack request. */
  readonly body: BodyForm
  /** The template that matched, for the record. */
  readonly route: string | null
}

/**
 * How the payload of a body is told from what stands around it.
 * - `plain`: all of it is payload.
 * - `git-push`: a list of refs, then the pack.
 * - `git-fetch`, `lfs-locks`: a read that is a POST, and one only while its body is what that protocol asks with; anything
 *   else in it makes it an `unknown-write`.
 * - `mega-commands`: a list of commands, which alone say what is done; unread, it is taken for an upload.
 * - `{ base64 }`: JSON in which that field carries the payload as base64.
 */
export type BodyForm = 'plain' | 'git-push' | 'git-fetch' | 'lfs-locks' | 'mega-commands' | { readonly base64: string }

/** How much a sign-in may carry: a password, an assertion, a code; more is something else on the same path. */
export const SIGN_IN_BYTES_MAX = 65_536

/** Total: whatever the target is, the answer is one that a rule can judge. */
export function classify(catalog: Catalog, head: RequestHead): Classification {
  const located = locate(catalog, head.host)
  const reads = isReading(head.method) && !head.hasContent
  if (head.target.length > TARGET_CHARACTERS_MAX) return unknownWrite(located)
  if (located?.surfaces.some(({ surface }) => surface.ssh === true)) return unknownWrite(located)
  // A body on a reading method is an upload to a server that reads it, and no reading to anyone.
  if (isReading(head.method) && head.hasContent) return unknownWrite(located)
  const { path, query } = splitTarget(head.target)
  const reading = readPath(path)
  if (reading.state === 'excess') return unknownWrite(located)
  if (reading.state === 'odd') {
    return reads && !mentionsPush(path) ? plainRead(located, null, NEVER) : unknownWrite(located)
  }
  // For a write, a slash at the end is one more thing that servers disagree on; for a reading request they agree, or
  // know no such page.
  if (reading.trailingSlash && !reads) return unknownWrite(located)
  const answers = answersTo(located, head, path, query, reading)
  const [first] = answers
  if (first === undefined || !answers.every((answer) => agree(answer, first))) {
    return answers.every((answer) => isPlainRead(answer)) ? plainRead(located, null, NEVER) : unknownWrite(located)
  }
  const looksLikePush = endsLikePush(reading.decoded) || reading.readings.some(endsLikePush)
  return looksLikePush && first.body !== 'git-push' ? unknownWrite(located) : first
}

/** The content types that prove something, and none. */
const CONTENT_TYPES = [
  null,
  'application/x-git-upload-pack-request',
  'application/x-git-upload-archive-request',
  'application/vnd.git-lfs+json',
]

/** All that a request may turn out to be whose method and target are known, but neither its type nor whether it has content. */
export function classifyAnnounced(
  catalog: Catalog,
  head: Pick<RequestHead, 'host' | 'method' | 'target'>,
): readonly Classification[] {
  return CONTENT_TYPES.flatMap((contentType) =>
    [true, false].map((hasContent) => classify(catalog, { ...head, contentType, hasContent })),
  )
}

/** One answer for each way to read the path. */
function answersTo(
  located: LocatedHost | null,
  head: RequestHead,
  path: string,
  query: string,
  reading: Extract<PathReading, { state: 'normal' }>,
): readonly Classification[] {
  const answer = (segments: Segments): Classification => classifyReading(located, head, segments, query)
  const [literal = [], ...others] = reading.readings
  const at = located === null ? -1 : encodedProjectAt(located, literal)
  if (at === -1) return [literal, ...others].map(answer)
  const around = readPathAround(path, at)
  const otherwise = others.map(answer)
  // A server behind something that decodes slashes reads the long path; it must be one that leads nowhere.
  if (around.state !== 'normal' || otherwise.some(({ route }) => route !== null)) return [answer(literal), ...otherwise]
  return around.readings.map(answer)
}

/** Where the segment stands that names a repository with encoded slashes; -1 where there is none. */
function encodedProjectAt(located: LocatedHost, segments: Segments): number {
  const projects = findSurface(located, segments)?.projects ?? null
  if (projects === null || !projects.every((segment, at) => segments[at] === segment)) return -1
  return PROJECT_PATH.test(segments[projects.length] ?? '') ? projects.length : -1
}

function classifyReading(
  located: LocatedHost | null,
  head: RequestHead,
  segments: Segments,
  query: string,
): Classification {
  const { host, method, contentType, hasContent } = head
  const compiled = located === null ? null : findSurface(located, segments)
  const own = segments.slice(compiled?.below.length ?? 0)
  const ownerBelow = compiled?.surface.ownerBelow
  const rest = ownerBelow === undefined ? own : withOwnerOfHost(host, ownerBelow, own)
  const shape = recogniseGit({ method, query, contentType, segments: rest })
  if (shape !== null) return fromShape(located, compiled?.surface ?? null, host, shape)
  if (located === null || compiled === null) {
    return isReading(method) ? plainRead(located, null, located === null ? ABSENT : NEVER) : unknownWrite(located)
  }
  const match = findRoute(compiled.routes, isReading(method) ? 'GET' : method, rest, hasContent)
  if (match !== null) return fromRoute(located, compiled.surface, host, match)
  const repository = landing(compiled.surface.unmatched ?? 'unknown')
  return isReading(method) ? plainRead(located, compiled.surface, repository) : unknownWrite(located, repository)
}

function fromShape(
  located: LocatedHost | null,
  surface: Surface | null,
  host: string,
  { operation, repository: path, body, route }: GitShape,
): Classification {
  const service = located?.service ?? null
  const answer = { service, operation, body, route }
  if (located === null) return { ...answer, repository: nameRepository(host, path, false) }
  if (surface?.git === undefined) return { ...answer, repository: NEVER }
  return { ...answer, repository: name(located, surface, host, repositoryOfGitPath(surface.git, path) ?? []) }
}

function fromRoute(
  located: LocatedHost,
  surface: Surface,
  host: string,
  { route, repository: path }: RouteMatch,
): Classification {
  const lands = route.lands ?? (path === null ? 'none' : null)
  const repository = lands === null ? name(located, surface, host, path ?? []) : landing(lands)
  const body = route.base64 === undefined ? (route.body ?? 'plain') : { base64: route.base64 }
  return { service: located.service, operation: route.operation, repository, body, route: route.path }
}

/** The operation of a reading request that no route names, or of one whose path can be read in more than one way. */
function plainRead(located: LocatedHost | null, surface: Surface | null, repository: Fact<Repository>): Classification {
  if (located !== null && doubtsReads(located.service.category)) return unknownWrite(located, repository)
  const reads = surface ?? located?.surfaces[located.surfaces.length - 1]?.surface
  return {
    service: located?.service ?? null,
    operation: reads?.reads ?? 'web-read',
    repository,
    body: 'plain',
    route: null,
  }
}

function unknownWrite(located: LocatedHost | null, repository: Fact<Repository> = NEVER): Classification {
  return { service: located?.service ?? null, operation: 'unknown-write', repository, body: 'plain', route: null }
}

function findSurface(located: LocatedHost, segments: Segments): CompiledSurface | null {
  return located.surfaces.find(({ below }) => below.every((segment, at) => segments[at] === segment)) ?? null
}

/** `/app` at `acme.x` as `/acme/app`: hosts of owners stand right below their domain. */
function withOwnerOfHost(host: string, domain: string, segments: Segments): Segments {
  const label = host.slice(0, -domain.length - 1)
  // What stands deeper is another service of the same company, and says nothing of an owner: `*` is nobody's name.
  const owner = label.includes('.') ? '*' : label
  const [first = ''] = segments
  if (first === '') return segments
  // The collection's name is optional where there is one collection to an owner.
  return [owner, ...(first.toLowerCase() === 'defaultcollection' ? segments.slice(1) : segments)]
}

function name(located: LocatedHost, surface: Surface, host: string, path: Segments): Fact<Repository> {
  const [repositoryHost = host] = repositoryHosts(surface, located.base, host)
  return nameRepository(repositoryHost, path, located.foldsCase)
}

function landing(lands: Landing): Fact<Repository> {
  return lands === 'none' ? ABSENT : NEVER
}

function agree(left: Classification, right: Classification): boolean {
  return (
    [left.operation, showBody(left.body), show(left.repository)].join() ===
    [right.operation, showBody(right.body), show(right.repository)].join()
  )
}

function show(repository: Fact<Repository>): string {
  return repository.state === 'known' ? repository.value : repository.state
}

function showBody(body: BodyForm): string {
  return typeof body === 'string' ? body : body.base64
}

function isPlainRead({ operation }: Classification): boolean {
  return operation === 'api-read' || operation === 'web-read' || operation === 'download'
}

/** The methods that ask and change nothing (RFC 9110 section 9.2.1), as far as servers keep to it. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?')
  return mark === -1 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}
