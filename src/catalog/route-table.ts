/** Compiles a surface's rows and finds the first that matches a path. */
import assert from 'node:assert'
import type { Segments } from './path.ts'
import type { Route, RouteMethod, Surface } from './service-entry.ts'

type SegmentTest = (segment: string) => boolean

interface CompiledRoute {
  readonly route: Route
  readonly before: readonly SegmentTest[]
  /** Tests of the segments after `**`; null where the template has none and the length is fixed. */
  readonly after: readonly SegmentTest[] | null
  readonly ownerAt: number
  readonly repoAt: number
}

export type RouteTable = ReadonlyMap<RouteMethod, readonly CompiledRoute[]>

export interface RouteMatch {
  readonly route: Route
  /** Owner and repository, where the template names both. */
  readonly repository: Segments | null
}

export function compileRoutes(surface: Surface): RouteTable {
  const reserved = new Set(surface.reserved)
  const table = new Map<RouteMethod, CompiledRoute[]>()
  for (const route of surface.routes) {
    const compiled = compileRoute(route, reserved)
    for (const method of route.methods) {
      const rows = table.get(method)
      if (rows === undefined) table.set(method, [compiled])
      else rows.push(compiled)
    }
  }
  return table
}

export function findRoute(table: RouteTable, method: string, segments: Segments): RouteMatch | null {
  for (const compiled of table.get(method as RouteMethod) ?? []) {
    if (!matches(compiled, segments)) continue
    const { route, ownerAt, repoAt } = compiled
    const named = ownerAt !== -1 && repoAt !== -1
    return { route, repository: named ? [segments[ownerAt] ?? '', segments[repoAt] ?? ''] : null }
  }
  return null
}

function matches({ before, after }: CompiledRoute, segments: Segments): boolean {
  const least = before.length + (after?.length ?? 0)
  if (after === null ? segments.length !== least : segments.length < least) return false
  if (!before.every((test, at) => test(segments[at] ?? ''))) return false
  const start = segments.length - (after?.length ?? 0)
  return after === null || after.every((test, at) => test(segments[start + at] ?? ''))
}

function compileRoute(route: Route, reserved: ReadonlySet<string>): CompiledRoute {
  assert(route.path.startsWith('/'), route.path)
  const parts = route.path === '/' ? [] : route.path.slice(1).split('/')
  const rest = parts.indexOf('**')
  assert(rest === parts.lastIndexOf('**'), `** stands once: ${route.path}`)
  const head = rest === -1 ? parts : parts.slice(0, rest)
  const tail = rest === -1 ? null : parts.slice(rest + 1)
  const [ownerAt, repoAt] = [head.indexOf('{owner}'), head.indexOf('{repo}')]
  const compile = (part: string): SegmentTest => compileSegment(part, reserved)
  return { route, before: head.map(compile), after: tail?.map(compile) ?? null, ownerAt, repoAt }
}

function compileSegment(part: string, reserved: ReadonlySet<string>): SegmentTest {
  if (part === '{owner}') return (segment) => !reserved.has(segment.toLowerCase())
  if (part === '{reserved}') return (segment) => reserved.has(segment)
  if (/^\{[a-z_]+\}$/.test(part)) return () => true
  assert(/^[A-Za-z0-9._-]+$/.test(part), `not a segment of a template: ${part}`)
  return (segment) => segment === part
}
