/** What a row asks for besides method and path, and what it tells of the answer. */
import { describe, expect, it } from 'vitest'
import { findRoute, type RouteQuestion, routeTableOf } from '../../src/catalog/route-table.ts'
import type { Announcement, Route } from '../../src/catalog/service-entry.ts'

const QUESTION: RouteQuestion = {
  method: 'POST',
  segments: ['key'],
  query: '',
  contentType: null,
  hasContent: true,
}

const LOCATION: Announcement = { in: 'location' }

const ROUTES: readonly Route[] = [
  { methods: ['POST'], path: '/**', operation: 'access-write', query: { acl: true } },
  { methods: ['POST'], path: '/**', operation: 'file-upload', query: { mode: 'put' }, announces: LOCATION },
  { methods: ['POST'], path: '/**', operation: 'api-read', query: { select: true, type: '2' } },
  { methods: ['POST'], path: '/**', operation: 'paste', types: ['multipart/*', 'text/plain'] },
  { methods: ['POST'], path: '/ask', operation: 'api-read', types: ['application/json'] },
]

function ask(more: Partial<RouteQuestion>, routes = ROUTES): string {
  const table = routeTableOf({ hosts: ['x.example'], reads: 'api-read', routes })
  return findRoute(table, { ...QUESTION, ...more })?.route.operation ?? '-'
}

describe('a row that asks for a parameter', () => {
  it.each([
    ['acl', 'access-write'],
    ['mode=put&acl', 'access-write'],
    ['%61cl', 'access-write'],
    ['x=1;acl', 'access-write'],
    ['mode=put', 'file-upload'],
    ['mode=get', '-'],
    ['mode=get&mode=put', 'file-upload'],
    ['mode=get&mode=p%75t', 'file-upload'],
    ['select&type=2', 'api-read'],
    ['select&type=2&x', 'api-read'],
    ['select&type=2&acl', 'access-write'],
    ['select&type=2;acl', 'access-write'],
    ['select&type=2&Mode=put', 'file-upload'],
    ['select&type=2&select', '-'],
    ['select&type=2&TYPE=3', '-'],
    ['select&type=%32', '-'],
    ['Select&type=2', '-'],
    ['select&type=2;x', '-'],
    ['select', '-'],
    ['', '-'],
  ])('?%s is %s', (query, operation) => expect(ask({ query })).toBe(operation))

  it('asks for its path and its method too', () => {
    expect(ask({ query: 'acl', method: 'PUT' })).toBe('-')
    expect(ask({ query: 'acl', method: 'post' })).toBe('-')
    const [row] = ROUTES
    expect(ask({ query: 'acl' }, row === undefined ? [] : [{ ...row, path: '/other' }])).toBe('-')
  })
})

describe('a row that asks for a type', () => {
  it.each([
    ['multipart/form-data; boundary=x', 'paste'],
    ['TEXT/PLAIN', 'paste'],
    ['application/json, text/plain', 'paste'],
    ['application/json', 'api-read'],
    ['application/json, application/json', '-'],
    ['application/xml', '-'],
    [null, '-'],
  ])('%s is %s', (contentType, operation) => expect(ask({ contentType, segments: ['ask'] })).toBe(operation))
})

describe('a table', () => {
  it('tells a content type for each that its rows ask for', () => {
    const table = routeTableOf({ hosts: ['x.example'], reads: 'api-read', routes: ROUTES })
    expect(table.types).toEqual(['multipart/mixed', 'text/plain', 'application/json'])
  })

  it('takes no row whose type no field could be', () => {
    for (const type of ['text', 'Text/plain', 'text/plain; x', '*/*']) {
      expect(() => ask({}, [{ methods: ['POST'], path: '/', operation: 'paste', types: [type] }])).toThrow(type)
    }
  })
})
