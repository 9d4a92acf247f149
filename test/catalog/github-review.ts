/** The reviewed list of what changes something at GitHub: `github-operations.tsv`, one request a line. */
import { existsSync, readFileSync } from 'node:fs'
import type { Classification } from '../../src/catalog/classification.ts'
import { classifyUrl } from './classified.ts'

export interface Reviewed {
  /** `mutation`, or the method of a route. */
  readonly method: string
  /** The template of the route, or the name of the mutation. */
  readonly name: string
  readonly operation: string
  readonly lands: string
}

const REVIEW = new URL('github-operations.tsv', import.meta.url)
// GitHub's published routes and mutations; kept beside the checkout, where there is one.
const PUBLISHED = new URL('../../../shared/data/github/', import.meta.url)

export function readReview(): readonly Reviewed[] {
  const lines = readFileSync(REVIEW, 'utf8').trim().split('\n')
  return lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [method = '', name = '', operation = '', lands = ''] = line.split('\t')
      return { method, name, operation, lands }
    })
}

/** The lines of a published list; null where it is not here. */
export function readPublished(name: string): readonly string[] | null {
  const file = new URL(name, PUBLISHED)
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : null
}

function fillTemplate(path: string): string {
  return path
    .replace(/\{(template_)?owner\}/, 'acme')
    .replace(/\{(template_)?repo\}/, 'widget')
    .replaceAll(/\{[^}]*\}/g, 'x1')
}

export function classifyRoute(method: string, template: string, host = 'api.github.com'): Classification {
  return classifyUrl(method, `${host}${fillTemplate(template)}`)
}

export function showLine({ method, name, operation, lands }: Reviewed): string {
  return [method, name, operation, lands].join(' ')
}

/** How many there are of each operation, the most frequent first, one a line. */
export function countOperations(reviewed: readonly Reviewed[]): string {
  const groups = Object.entries(Object.groupBy(reviewed, ({ operation }) => operation))
  return groups
    .map(([operation, group = []]) => ({ operation, count: group.length }))
    .toSorted((left, right) => right.count - left.count)
    .map(({ operation, count }) => `${String(count).padStart(5)} ${operation}`)
    .join('\n')
}
