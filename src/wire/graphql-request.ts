/** What a GraphQL request asks to run: documents with their variables, from a body (graphql.org, "Serving over HTTP"). */

import { isJsonObject } from './json.ts'
import { bad, done, type Parse } from './parse.ts'
import { parseStrictJson } from './json-object.ts'

export interface GraphqlCall {
  /** Null where the request names a query that the server is said to know already. */
  readonly query: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

/** The whole body, without its Content-Encoding: a commit by mutation carries its files in it. */
export const graphqlBytesMax = 8 * 1024 * 1024
export const graphqlCallsMax = 50

/** The members of a call that are read, here or by the server alone; any other may name a query that is not seen. */
const MEMBERS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions'])

/** What a client says of itself. */
const EXTENSIONS: ReadonlySet<string> = new Set(['clientLibrary'])

/** Reads a whole body: one call, or a list of them. */
export function parseGraphqlBody(bytes: Uint8Array): Parse<readonly GraphqlCall[]> {
  if (bytes.length > graphqlBytesMax) return bad(`it is longer than ${graphqlBytesMax} bytes`)
  const parsed = parseStrictJson(bytes)
  if (parsed.state !== 'done') return parsed
  const calls = Array.isArray(parsed.value) ? parsed.value : [parsed.value]
  if (calls.length === 0) return bad('it calls nothing')
  if (calls.length > graphqlCallsMax) return bad(`it has more than ${graphqlCallsMax} calls`)
  const read = calls.map((call) => readCall(call))
  const fault = read.find((call) => typeof call === 'string')
  if (fault !== undefined) return bad(fault)
  return done(
    read.filter((call) => typeof call !== 'string'),
    bytes.length,
  )
}

/** The call, or what is wrong with it. */
function readCall(call: unknown): GraphqlCall | string {
  if (!isJsonObject(call)) return 'it is no call'
  const { query = null, variables = null, extensions = null } = call
  const unknown = Object.keys(call).find((member) => !MEMBERS.has(member))
  if (unknown !== undefined) return `it has a member \`${unknown.slice(0, 64)}\``
  if (query !== null && typeof query !== 'string') return 'its query is no text'
  if (variables !== null && !isJsonObject(variables)) return 'its variables are no object'
  if (extensions !== null && !isJsonObject(extensions)) return 'its extensions are no object'
  // A server may run the query whose hash stands there, and not the one that is read here.
  const extension = Object.keys(extensions ?? {}).find((name) => !EXTENSIONS.has(name))
  if (extension !== undefined) return `it has an extension \`${extension.slice(0, 64)}\``
  return { query: query === '' ? null : query, variables: variables ?? {} }
}
