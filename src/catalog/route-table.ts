/** Compiles a surface's rows and finds the first that matches a path. */
import assert from 'node:assert'
import { familyOf } from '../flow/operation.ts'
import type { Segments } from './path.ts'
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
}

export interface RouteTable {
  readonly rows: ReadonlyMap<RouteMethod, readonly CompiledRoute[]>
  readonly reserved: ReadonlySet<string>
  readonly lenient: boolean
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
  return { rows, reserved, lenient }
}

export function findRoute(
  table: RouteTable,
  method: string,
  segments: Segments,
  hasContent: boolean,
): RouteMatch | null {
  for (const compiled of table.rows.get(method as RouteMethod) ?? []) {
    if (compiled.route.empty === true && hasContent) continue
    const start = compiled.pathEnd === null ? 0 : pathLength(table, compiled.pathEnd, segments)
    if (start === -1 || !matches(compiled, segments, start)) continue
    return { route: compiled.route, repository: repositoryOf(table, compiled, segments, start) }
  }
  return null
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
  assert(route.path.startsWith('/'), route.path)
  const parts = route.path === '/' ? [] : route.path.slice(1).split('/')
  const begins = parts[0] === '{path}'
  const body = begins ? parts.slice(1) : parts
  const pathEnd = begins ? (body[0] ?? '') : null
  assert(pathEnd === null || isWord(pathEnd), `{path} ends at a word: ${route.path}`)
  const rest = body.indexOf('**')
  assert(rest === body.lastIndexOf('**'), `** stands once: ${route.path}`)
  const head = rest === -1 ? body : body.slice(0, rest)
  const tail = rest === -1 ? null : body.slice(rest + 1)
  const wide = lenient && !isLeave(route)
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
  if (/^\{[a-z_]+\}$/.test(part)) return () => true
  assert(isWord(part), `not a segment of a template: ${part}`)
  if (!wide) return (segment) => segment === part
  const folded = part.toLowerCase()
  return (segment) => {
    const spelled = segment.toLowerCase()
    return spelled === folded || spelled.startsWith(`${folded}.`)
  }
}

function isWord(part: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(part)
}
