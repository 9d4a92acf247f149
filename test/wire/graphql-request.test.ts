import { describe, expect, it } from 'vitest'
import { type GraphqlCall, graphqlBytesMax, graphqlCallsMax, parseGraphqlBody } from '../../src/wire/graphql-request.ts'

function parse(body: unknown): readonly GraphqlCall[] | string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const parsed = parseGraphqlBody(Buffer.from(text))
  if (parsed.state === 'more') throw new Error('it never wants more')
  return parsed.state === 'bad' ? parsed.fault : parsed.value
}

const CALL = { query: '{viewer{login}}' }

describe('a GraphQL request', () => {
  it.each<[string, unknown, readonly GraphqlCall[]]>([
    ['of one call', CALL, [{ query: '{viewer{login}}', variables: {} }]],
    [
      'with all its members',
      { ...CALL, variables: { a: 1 }, operationName: 'Q', extensions: {} },
      [{ query: '{viewer{login}}', variables: { a: 1 } }],
    ],
    [
      'of several',
      [CALL, { query: 'x' }],
      [
        { ...CALL, variables: {} },
        { query: 'x', variables: {} },
      ],
    ],
    ['with nulls', { ...CALL, variables: null, operationName: null, extensions: null }, [{ ...CALL, variables: {} }]],
    ['without a query', { variables: {} }, [{ query: null, variables: {} }]],
    ['with a query of null', { query: null }, [{ query: null, variables: {} }]],
    ['with an empty query', { query: '' }, [{ query: null, variables: {} }]],
    [
      'of a client that names itself',
      { ...CALL, extensions: { clientLibrary: { name: 'x' } } },
      [{ ...CALL, variables: {} }],
    ],
  ])('%s', (_, body, calls) => expect(parse(body)).toEqual(calls))

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', 'query=x'],
    ['no calls', []],
    ['null', null],
    ['a text', JSON.stringify('{viewer{login}}')],
    ['a call in a list in a list', [[CALL]]],
    ['one call that is none', [CALL, null]],
    ['a query that is a list', { query: ['x'] }],
    ['a query that is a number', { query: 1 }],
    ['variables that are text', { ...CALL, variables: '{"a":1}' }],
    ['variables that are a list', { ...CALL, variables: [] }],
    ['extensions that are text', { ...CALL, extensions: 'x' }],
    ['the hash of a stored query', { ...CALL, extensions: { persistedQuery: { version: 1, sha256Hash: 'd' } } }],
    ['the id of a stored query', { ...CALL, id: '42' }],
    ['another name for it', { ...CALL, Query: 'x' }],
    ['calls inside of a call', { ...CALL, _json: [{ query: 'x' }] }],
    ['the name of every object', '{"query":"{viewer{login}}","__proto__":{"query":"x"}}'],
    ['its query twice', '{"query":"{viewer{login}}","query":"x"}'],
    ['a variable twice', '{"query":"x","variables":{"id":"a","\\u0069d":"b"}}'],
  ])('is none with %s', (_, body) => expect(parse(body)).toEqual(expect.any(String)))

  it(`has ${graphqlBytesMax} bytes and no more`, () => {
    const of = (bytes: number): string => `{"query":"${'x'.repeat(bytes - 12)}"}`
    expect(parse(of(graphqlBytesMax))).toHaveLength(1)
    expect(parse(of(graphqlBytesMax + 1))).toBe(`it is longer than ${graphqlBytesMax} bytes`)
  })

  it(`has ${graphqlCallsMax} calls and no more`, () => {
    expect(parse(Array.from({ length: graphqlCallsMax }, () => CALL))).toHaveLength(graphqlCallsMax)
    expect(parse(Array.from({ length: graphqlCallsMax + 1 }, () => CALL))).toMatch(/more than 50 calls/)
  })
})
