/**
 * Says what a request does, from its head alone: the service, the operation, and where the data lands (weir.md,
 * "Operations"). What the catalogue does not know and is no plain reading request is a write, and one whose repository
 * cannot be told.
 */
import { ABSENT, type Fact, NEVER } from '../flow/fact.ts'
import { familyOf } from '../flow/operation.ts'
import type { Repository } from '../flow/subject.ts'
import { type Catalog, type CompiledSurface, type LocatedHost, locate, repositoryHosts } from './catalog.ts'
import { asksResolver } from './doh-shape.ts'
import { isCiFile } from './ci-files.ts'
import type { RequestHead, Classification, BodyForm } from './classification.ts'
import { repositoryOfGitPath } from './git-naming.ts'
import { type GitShape, recogniseGit } from './git-shape.ts'
import { isUtf8OfType } from './media-type.ts'
import { PACKAGE_TYPES, recognisePackage } from './package-shape.ts'
import { type PathReading, readPath, readPathAround, type Segments, TARGET_CHARACTERS_MAX } from './path.ts'
import { endsLikePush, mentionsPush } from './push-likeness.ts'
import { nameRepository } from './repository-name.ts'
import { findRoute, PROJECT_PATH, type RouteMatch, takesDocuments } from './route-table.ts'
import type { Landing, Route, Surface } from './service-entry.ts'
import { type Category, doubtsReads } from './vocabulary.ts'

type NormalPath = Extract<PathReading, { state: 'normal' }>

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
  return withShape(located, head, query, reading, classifyNormal(located, head, path, query, reading))
}

function classifyNormal(
  located: LocatedHost | null,
  head: RequestHead,
  path: string,
  query: string,
  reading: NormalPath,
): Classification {
  // For a write, a slash at the end is one more thing that servers disagree on; for a reading request they agree, or
  // know no such page.
  if (reading.trailingSlash && (head.hasContent || !isReading(head.method))) return unknownWrite(located)
  const answers = answersTo(located, head, path, query, reading)
  const [first] = answers
  if (first === undefined || !answers.every((answer) => agree(answer, first))) {
    return answers.every((answer) => isPlainRead(answer)) ? plainRead(located, null, NEVER) : unknownWrite(located)
  }
  return looksLikePush(reading) && first.body !== 'git-push' ? unknownWrite(located) : first
}

function looksLikePush({ decoded, readings }: NormalPath): boolean {
  return endsLikePush(decoded) || readings.some(endsLikePush)
}

/** Where a package may be published; elsewhere a file that is put under its name is a file. */
const PACKAGE_CATEGORIES: readonly (Category | null)[] = [null, 'package-registry', 'code-repository', 'site-hosting']

/**
 * What the shape of the request tells beyond the rows: a read that asks a resolver is none, and a write that no row names may
 * be the publishing of a package. It lands where the service says that what it does not know lands.
 */
function withShape(
  located: LocatedHost | null,
  { method, contentType }: RequestHead,
  query: string,
  reading: NormalPath,
  answer: Classification,
): Classification {
  if (isReading(method)) {
    const asks = reading.readings.some((segments) => asksResolver(query, segments))
    return asks && familyOf(answer.operation) === 'read' ? unknownWrite(located) : answer
  }
  if (answer.operation !== 'unknown-write' || answer.route !== null || looksLikePush(reading)) return answer
  const category = located?.service.category ?? null
  if (!PACKAGE_CATEGORIES.includes(category)) return answer
  const rootIsPackage = category === null || category === 'package-registry'
  const { trailingSlash } = reading
  const [match = null, ...others] = reading.readings.map((segments) =>
    recognisePackage({ method, contentType, segments, trailingSlash, rootIsPackage }),
  )
  if (match === null || others.some((other) => other?.operation !== match.operation)) return answer
  return { ...answer, ...match, repository: located === null ? ABSENT : answer.repository }
}

/** The content types that prove something, and none. */
const CONTENT_TYPES = [
  null,
  'application/x-git-upload-pack-request',
  'application/x-git-upload-archive-request',
  'application/vnd.git-lfs+json',
  'application/json',
  ...PACKAGE_TYPES,
]

/** All that a request may turn out to be whose method and target are known, but neither its type nor whether it has content. */
export function classifyAnnounced(
  catalog: Catalog,
  head: Pick<RequestHead, 'host' | 'method' | 'target'>,
): readonly Classification[] {
  const asked = locate(catalog, head.host)?.surfaces.flatMap(({ routes }) => routes.types) ?? []
  return [...CONTENT_TYPES, ...new Set(asked)].flatMap((contentType) =>
    [true, false].map((hasContent) => classify(catalog, { ...head, contentType, hasContent })),
  )
}

/** One answer for each way to read the path. */
function answersTo(
  located: LocatedHost | null,
  head: RequestHead,
  path: string,
  query: string,
  reading: NormalPath,
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
  // Which of two documents is carried out, that of the query or that of the body, is the server's own reading.
  if (query !== '' && takesDocuments(compiled.routes, rest)) return unknownWrite(located)
  const asked = isReading(method) ? 'GET' : method
  const match = findRoute(compiled.routes, { method: asked, segments: rest, query, contentType, hasContent })
  if (match !== null) return fromRoute(located, compiled.surface, host, match, rest, isPlainJson(contentType, query))
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
  const served = surface?.git !== undefined || service?.category === 'code-repository'
  // Where a GET can be the upload itself, one in the shape of git's can be too.
  if (service !== null && !served && doubtsReads(service.category) && familyOf(operation) === 'read') {
    return unknownWrite(located)
  }
  const answer = { ...BARE, service, operation, body: served ? body : SHORT[body], route }
  if (located === null) return { ...answer, repository: nameRepository(host, path, false) }
  if (surface?.git === undefined) return { ...answer, repository: NEVER }
  return { ...answer, repository: name(located, surface, host, repositoryOfGitPath(surface.git, path) ?? []) }
}

/** What may be asked of a host that is none of a git service's. */
const SHORT = {
  plain: 'plain',
  'git-push': 'git-push',
  'git-fetch': 'short-git-fetch',
  'lfs-locks': 'short-lfs-locks',
  'lfs-batch': 'short-lfs-batch',
} as const satisfies Record<GitShape['body'], BodyForm>

function fromRoute(
  located: LocatedHost,
  surface: Surface,
  host: string,
  { route, repository: path }: RouteMatch,
  segments: Segments,
  isJson: boolean,
): Classification {
  const lands = route.lands ?? (path === null ? 'none' : null)
  const repository = lands === null ? name(located, surface, host, path ?? []) : landing(lands)
  const { operation, path: template, announces = null } = route
  return {
    service: located.service,
    operation,
    repository,
    ids: repository.state === 'never' ? numbersIn(template, segments) : NO_IDS,
    file: route.namesFile === true ? segments.slice(template.slice(1).split('/').indexOf('**')).join('/') : null,
    body: formOf(route, located, surface, host, isJson),
    route: template,
    announces,
  }
}

const NO_IDS: readonly string[] = Object.freeze([])
/** What most requests have nothing of. */
const BARE = Object.freeze({ ids: NO_IDS, file: null, announces: null })

/** The number that stands where a template names a repository. */
function numbersIn(template: string, segments: Segments): readonly string[] {
  const at = template
    .slice(1)
    .split('/')
    .findIndex((part) => part === '{repository_id}' || part === '{project}')
  const number = segments[at] ?? ''
  return /^\d+$/.test(number) ? [number] : NO_IDS
}

/**
 * To a server that takes parameters from wherever they stand, a query adds to the body, and a text of JSON that is sent as a form
 * has a `&query=` in one of its strings.
 */
function isPlainJson(contentType: string | null, query: string): boolean {
  return query === '' && isUtf8OfType(contentType, ['application/json'])
}

function formOf(
  { base64, fields, body }: Route,
  located: LocatedHost,
  surface: Surface,
  host: string,
  isJson: boolean,
): BodyForm {
  if (base64 !== undefined) return { base64 }
  if (fields !== undefined) return { fields, isJson }
  if (typeof body !== 'object') return body ?? 'plain'
  if (!isJson) return 'plain'
  const [named = host] = repositoryHosts(surface, located.base, host)
  return { graphql: body.graphql, host: named, foldsCase: located.foldsCase }
}

/** The operation of a reading request that no route names, or of one whose path can be read in more than one way. */
function plainRead(located: LocatedHost | null, surface: Surface | null, repository: Fact<Repository>): Classification {
  if (located !== null && doubtsReads(located.service.category)) return unknownWrite(located, repository)
  const reads = surface ?? located?.surfaces[located.surfaces.length - 1]?.surface
  return {
    service: located?.service ?? null,
    operation: reads?.reads ?? 'web-read',
    ...BARE,
    repository,
    body: 'plain',
    route: null,
  }
}

function unknownWrite(located: LocatedHost | null, repository: Fact<Repository> = NEVER): Classification {
  const service = located?.service ?? null
  return { ...BARE, service, operation: 'unknown-write', repository, body: 'plain', route: null }
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

/** What an answer at this address calls a repository, as policies name it. */
export function repositoryNamer(catalog: Catalog, host: string, target: string): (name: string) => Fact<Repository> {
  const located = locate(catalog, host)
  const reading = readPath(splitTarget(target).path)
  const surface = located === null || reading.state !== 'normal' ? null : findSurface(located, reading.decoded)
  if (located === null || surface === null) return () => NEVER
  return (named) => name(located, surface.surface, host, named.split('/'))
}

function landing(lands: Landing): Fact<Repository> {
  return lands === 'none' ? ABSENT : NEVER
}

function agree(left: Classification, right: Classification): boolean {
  return showAll(left) === showAll(right)
}

function showAll(answer: Classification): string {
  const { operation, body, repository, ids, file } = answer
  // Of two paths of files it matters only whether a forge runs what is there.
  const runs = file !== null && isCiFile(file)
  return [operation, showBody(body), show(repository), ...ids, runs, showAnnouncement(answer)].join()
}

function show(repository: Fact<Repository>): string {
  return repository.state === 'known' ? repository.value : repository.state
}

function showBody(body: BodyForm): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function showAnnouncement({ announces }: Classification): string {
  return announces?.in === 'json' ? announces.field : (announces?.in ?? '')
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
