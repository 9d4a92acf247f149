/** GraphQL: the body around the documents, and the documents. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { partsOfGraphql } from '../../../src/catalog/graphql.ts'
import { graphqlFieldsMax, parseDocument } from '../../../src/catalog/graphql-document.ts'
import { graphqlSchemaOf } from '../../../src/catalog/graphql-schemas.ts'
import { graphqlCallsMax, parseGraphqlBody } from '../../../src/wire/graphql-request.ts'
import { mutatedBytes } from '../corpus.ts'
import { checkSentence } from '../pieces.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const QUERIES = [
  'query A($o:String!="x"){r:repository(owner:$o,name:"n"){n:nameWithOwner issues{nodes{id}} ...F}} fragment F on Repository{id}',
  'mutation M($i:X){a:addComment(input:$i){x} deleteRef(input:{refId:"R"})@skip(if:true){x}}',
  '{viewer{login} # x\n """ y """ }',
]
const BODIES = QUERIES.map((query) => Buffer.from(JSON.stringify({ query, variables: { i: { subjectId: 'I_1' } } })))
const WORDS = [
  'mutation{deleteRef{x}}',
  '...F',
  'fragment F on Q{a}',
  '"""',
  '\\"',
  '#',
  '\r',
  '$i:X={a:1}',
  '{',
  '}',
  'query B',
]

const body = defineTarget({
  name: 'graphql-request',
  parsers: ['wire/graphql-request.ts#parseGraphqlBody'],
  inputs: fc.oneof(
    mutatedBytes(BODIES, ['"query":', '\\u0071', '"extensions":{', '"id":1,', '[', ']']),
    fc.json().map((text) => Buffer.from(text)),
  ),
  check(bytes) {
    const parsed = parseGraphqlBody(bytes)
    assert(parsed.state !== 'more')
    if (parsed.state === 'bad') {
      checkSentence(parsed.fault.replaceAll(/`.*`/gs, 'x'))
      return
    }
    assert(parsed.value.length > 0 && parsed.value.length <= graphqlCallsMax)
    const json: unknown = JSON.parse(Buffer.from(bytes).toString())
    const calls = (Array.isArray(json) ? json : [json]) as readonly { readonly query?: unknown }[]
    assert.deepEqual(
      parsed.value.map(({ query }) => query ?? ''),
      calls.map(({ query }) => query ?? ''),
    )
  },
})

const SCHEMAS = (['github', 'gitlab'] as const).map((graphql) =>
  graphqlSchemaOf({ graphql, host: `${graphql}.com`, foldsCase: true }),
)

const documents = defineTarget({
  name: 'graphql-document',
  parsers: ['catalog/graphql-document.ts#parseDocument'],
  inputs: mutatedBytes(
    QUERIES.map((query) => Buffer.from(query)),
    WORDS,
  ),
  check(bytes) {
    const query = Buffer.from(bytes).toString()
    const document = parseDocument(query)
    for (const schema of SCHEMAS) {
      const parts = partsOfGraphql(schema, [{ query, variables: { i: { subjectId: 'I_1' } } }])
      assert(parts.length > 0 && parts.length <= graphqlFieldsMax)
      if (document === null)
        assert.deepEqual(
          parts.map(({ operation }) => operation),
          ['unknown-write'],
        )
      // What only reads has no word of a mutation at the beginning of an operation.
      if (document?.definitions.some((one) => one.kind === 'OperationDefinition' && one.operation !== 'query') !== true)
        continue
      const asksOnly = parts.every(({ operation }) => operation === 'api-read')
      assert(!asksOnly || /__typename/.test(query), 'a mutation that only reads')
    }
  },
})

export const GRAPHQL_TARGETS: readonly FuzzTarget[] = [body, documents]
