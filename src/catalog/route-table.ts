/** Compiles a surface's rows and finds the first that matches a path. */
import assert from 'node:assert'
import { familyOf } from '../flow/operation.ts'
import { isOfType, isTypePattern, mayBeOfType } from './media-type.ts'
import type { Segments } from './path.ts'
import { hasExactly, mayHave, type Query, readQuery } from './query.ts'
import { isName, isWord, whyNotTemplate } from './route-template.ts'
import type { Route, RouteMethod, Surface } from './service-entry.ts'

type SegmentTest = (segment: string) => boolean

interface CompiledRoute {
  readonly route: Route
  /** The segment that ends `{path}`; null where the template does not begin with it. */
  readonly pathEnd: string | null
  readonly before: readonly SegmentTest[]
  /** Tests of the segments after `**`; null where the template has none and the length is fixed. */
  readonly after: readonly SegmentTest[] | null
  /** Where the parts of the repository's name stand, in order; empty where the template names none. */
  readonly names: readonly number[]
  readonly projectAt: number
  readonly leave: boolean
}

/** What of a request tells its row. */
export interface RouteQuestion {
  readonly method: string
  readonly segments: Segments
  /** As sent, without the mark in front. */
  readonly query: string
  readonly contentType: string | null
  readonly hasContent: boolean
}

export interface RouteTable {
  readonly rows: ReadonlyMap<RouteMethod, readonly CompiledRoute[]>
  readonly reserved: ReadonlySet<string>
  readonly lenient: boolean
  /** Those whose bodies are documents: a server of GraphQL takes one from the query too, by whatever method. */
  readonly documents: readonly CompiledRoute[]
  /** A content type for each that a row asks for. */
  readonly types: readonly string[]
}

export interface RouteMatch {
  readonly route: Route
  /** The segments that name the repository, none where they name it by number; null where the template names none. */
  readonly repository: Segments | null
}

/** How `{project}` names a repository: by its number, or by its path with every slash encoded. */
const PROJECT_NUMBER = /^\d+$/
export const PROJECT_PATH = /^[A-Za-z0-9._-]+(?:%2F[A-Za-z0-9._-]+)+$/
const FORMAT = /\.(?:json|xml|atom|txt)$/i

// The same rows serve many hosts, and every policy that is loaded: what they compile to depends on nothing else.
const COMPILED = new WeakMap<readonly Route[], RouteTable>()

/** The table of a surface's rows; surfaces that share their rows share their reserved words and their leniency too. */
export function routeTableOf(surface: Surface): RouteTable {
  const compiled = COMPILED.get(surface.routes) ?? compileRoutes(surface)
  assert(compiled.lenient === (surface.lenient === true) && compiled.reserved.size === (surface.reserved?.length ?? 0))
  COMPILED.set(surface.routes, compiled)
  return compiled
}

function compileRoutes(surface: Surface): RouteTable {
  const reserved = new Set(surface.reserved)
  const lenient = surface.lenient === true
  const rows = new Map<RouteMethod, CompiledRoute[]>()
  for (const route of surface.routes) {
    const compiled = compileRoute(route, reserved, lenient)
    for (const method of route.methods) {
      const ofMethod = rows.get(method)
      if (ofMethod === undefined) rows.set(method, [compiled])
      else ofMethod.push(compiled)
    }
  }
  const types = [...new Set(surface.routes.flatMap((route) => route.types ?? []))]
  const documents = surface.routes.filter(takesDocument).map((route) => compileRoute(route, reserved, true))
  return { rows, reserved, lenient, documents, types: types.map((type) => type.replace('/*', '/mixed')) }
}

export function findRoute(table: RouteTable, question: RouteQuestion): RouteMatch | null {
  const { method, segments } = question
  let query: Query | null = null
  for (const compiled of table.rows.get(method as RouteMethod) ?? []) {
    const { route, leave } = compiled
    if (!suits(compiled, question)) continue
    const start = compiled.pathEnd === null ? 0 : pathLength(table, compiled.pathEnd, segments)
    if (start === -1 || !matches(compiled, segments, start)) continue
    if (route.query !== undefined) {
      query ??= readQuery(question.query)
      if (!(leave ? hasExactly : mayHave)(query, route.query)) continue
    }
    return { route, repository: repositoryOf(table, compiled, segments, start) }
  }
  return null
}

/** Whether the path is one at which documents are taken, in any spelling. */
export function takesDocuments({ documents }: RouteTable, segments: Segments): boolean {
  return documents.some((compiled) => matches(compiled, segments, 0))
}

function takesDocument({ body }: Route): boolean {
  return typeof body === 'object'
}

function suits({ route, leave }: CompiledRoute, { contentType, hasContent }: RouteQuestion): boolean {
  if (route.empty === true && hasContent) return false
  return route.types === undefined || (leave ? isOfType : mayBeOfType)(contentType, route.types)
}

/** How many segments `{path}` takes; -1 where there is no such path. */
function pathLength({ reserved }: RouteTable, pathEnd: string, segments: Segments): number {
  const end = segments.indexOf(pathEnd)
  return end >= 2 && !reserved.has(segments[0]?.toLowerCase() ?? '') ? end : -1
}

function matches({ before, after }: CompiledRoute, segments: Segments, start: number): boolean {
  const least = start + before.length + (after?.length ?? 0)
  if (after === null ? segments.length !== least : segments.length < least) return false
  if (!before.every((test, at) => test(segments[start + at] ?? ''))) return false
  const tail = segments.length - (after?.length ?? 0)
  return after === null || after.every((test, at) => test(segments[tail + at] ?? ''))
}

function repositoryOf(
  { lenient }: RouteTable,
  { pathEnd, names, projectAt }: CompiledRoute,
  segments: Segments,
  start: number,
): Segments | null {
  if (pathEnd !== null) return segments.slice(0, start)
  const last = names[names.length - 1] ?? projectAt
  if (last === -1) return null
  // Whether `x.json` is a name or a name and a format, each server decides for itself.
  if (lenient && last === segments.length - 1 && FORMAT.test(segments[last] ?? '')) return []
  if (projectAt === -1) return names.map((at) => segments[at] ?? '')
  const project = segments[projectAt] ?? ''
  return PROJECT_NUMBER.test(project) ? [] : project.split('%2F')
}

function compileRoute(route: Route, reserved: ReadonlySet<string>, lenient: boolean): CompiledRoute {
  assert(whyNotTemplate(route.path) === null, route.path)
  const parts = route.path === '/' ? [] : route.path.slice(1).split('/')
  const begins = parts[0] === '{path}'
  const body = begins ? parts.slice(1) : parts
  const pathEnd = begins ? (body[0] ?? '') : null
  const rest = body.indexOf('**')
  const head = rest === -1 ? body : body.slice(0, rest)
  const tail = rest === -1 ? null : body.slice(rest + 1)
  for (const type of route.types ?? []) assert(isTypePattern(type), `not a media type: ${type}`)
  const leave = isLeave(route)
  const wide = lenient && !leave
  const compile = (part: string): SegmentTest => compileSegment(part, reserved, wide)
  const [ownerAt, repoAt] = [head.indexOf('{owner}'), head.indexOf('{repo}')]
  const names = [ownerAt, head.indexOf('{team_project}'), repoAt].filter((at) => at !== -1)
  return {
    route,
    pathEnd,
    before: head.map(compile),
    after: tail?.map(compile) ?? null,
    names: ownerAt === -1 || repoAt === -1 ? [] : names,
    projectAt: head.indexOf('{project}'),
    leave,
  }
}

/** A row of what policies give away freely: it matches what it says and nothing that looks like it. */
function isLeave({ operation }: Route): boolean {
  return ['read', 'sign-in', 'telemetry'].includes(familyOf(operation))
}

function compileSegment(part: string, reserved: ReadonlySet<string>, wide: boolean): SegmentTest {
  if (part === '{owner}') return (segment) => !reserved.has(segment.toLowerCase())
  if (part === '{reserved}') return (segment) => reserved.has(segment)
  if (part === '{project}') return (segment) => PROJECT_NUMBER.test(segment) || PROJECT_PATH.test(segment)
  if (isName(part)) return () => true
  assert(isWord(part), `not a segment of a template: ${part}`)
  if (!wide) return (segment) => segment === part
  const folded = part.toLowerCase()
  return (segment) => {
    const spelled = segment.toLowerCase()
    return spelled === folded || spelled.startsWith(`${folded}.`)
  }
}
