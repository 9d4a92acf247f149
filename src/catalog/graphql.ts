/**
 * What a GraphQL document does (GraphQL specification, October 2021): each field of each operation in it, whichever of them the
 * server is asked to run. An alias, a fragment or a variable changes nothing of what a field is.
 */
import {
  type FieldNode,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'
import { ABSENT, type Fact, known, NEVER } from '../flow/fact.ts'
import { type Repository, VISIBILITIES, type Visibility } from '../flow/subject.ts'
import type { GraphqlCall } from '../wire/graphql-request.ts'
import { isCiFile } from './ci-files.ts'
import { Answers } from './graphql-answer.ts'
import { graphqlFieldsMax, parseDocument, selectedFields } from './graphql-document.ts'
import type { Mutation, Mutations } from './graphql-mutation.ts'
import type { Told } from './part.ts'
import { valuesAt } from './values-at.ts'

/** The GraphQL of one service. */
export interface GraphqlSchema {
  readonly mutations: Mutations
  /** Turns OWNER/NAME, as an input or a query names it, into the repository; null where it is no name. */
  repositoryOf(name: string): Fact<Repository>
  /** Root fields of a query that are about no repository. */
  readonly aboutNone: ReadonlySet<string>
}

/** What all calls of a request do. `unknown-write` for what cannot be read, or is not known here. */
export function partsOfGraphql(schema: GraphqlSchema, calls: readonly GraphqlCall[]): readonly Told[] {
  const parts: Told[] = []
  const answers = new Answers()
  for (const call of calls) {
    const document = call.query === null ? null : parseDocument(call.query)
    if (document === null) return UNKNOWN
    // An answer to several calls is another one, and of several operations only one is answered: nobody knows which.
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    const isAlone = calls.length === 1 && operations.length === 1
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) continue
      if (definition.kind !== Kind.OPERATION_DEFINITION) return UNKNOWN
      const fields = selectedFields(document, definition.selectionSet)
      // An operation that selects nothing is none: fragments that only spread each other.
      if (fields === null || fields.length === 0 || parts.length + fields.length > graphqlFieldsMax) return UNKNOWN
      const defaults = defaultsOf(definition)
      if (defaults === null) return UNKNOWN
      const variables = { ...defaults, ...call.variables }
      for (const field of fields) {
        const part = partOfField(schema, definition, field, variables)
        const answer = isAlone && part.operation === 'api-read' ? answers.of(document, fields, field) : null
        parts.push(answer === null ? part : { ...part, answer })
      }
    }
  }
  return parts.length === 0 ? UNKNOWN : parts
}

const UNKNOWN: readonly Told[] = Object.freeze([{ operation: 'unknown-write', repository: NEVER }])

/** The arguments of a field, with the variables filled in; null where one stands twice, in which a server takes either. */
function argumentsOf(
  { arguments: given = [] }: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  if (hasTwin(given) || given.some(({ value }) => someTwin(value))) return null
  return Object.fromEntries(
    given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)] as const),
  )
}

function hasTwin(named: readonly { readonly name: NameNode }[]): boolean {
  return new Set(named.map(({ name }) => name.value)).size < named.length
}

function someTwin(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(someTwin)
  return value.kind === Kind.OBJECT && (hasTwin(value.fields) || value.fields.some((field) => someTwin(field.value)))
}

/** The defaults of an operation's variables; null where something stands twice, in which a server takes either. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Readonly<Record<string, unknown>> | null {
  const isTwice = hasTwin(variableDefinitions.map(({ variable }) => variable))
  if (isTwice || variableDefinitions.some(({ defaultValue }) => defaultValue !== undefined && someTwin(defaultValue)))
    return null
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
    ),
  )
}

function partOfField(
  schema: GraphqlSchema,
  { operation }: OperationDefinitionNode,
  field: FieldNode,
  variables: Readonly<Record<string, unknown>>,
): Told {
  const name = field.name.value
  const given = argumentsOf(field, variables)
  if (given === null) return { operation: 'unknown-write', repository: NEVER }
  if (operation === 'query') return { operation: 'api-read', ...landingOfQuery(schema, name, given) }
  // A mutation may ask what kind of thing it is talking to.
  if (name === '__typename') return { operation: 'api-read', repository: ABSENT }
  const mutation =
    operation === 'mutation' && Object.hasOwn(schema.mutations, name) ? schema.mutations[name] : undefined
  if (mutation === undefined) return { operation: 'unknown-write', repository: NEVER }
  return partOfMutation(schema, mutation, given['input'] ?? given)
}

function landingOfQuery(
  schema: GraphqlSchema,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Pick<Told, 'repository' | 'ids'> {
  if (schema.aboutNone.has(name)) return { repository: ABSENT }
  const { owner, name: repository, fullPath, id } = given
  if (name === 'repository' && typeof owner === 'string' && typeof repository === 'string') {
    return { repository: schema.repositoryOf(`${owner}/${repository}`) }
  }
  if (name === 'project' && typeof fullPath === 'string') return { repository: schema.repositoryOf(fullPath) }
  return { repository: NEVER, ids: name === 'node' && typeof id === 'string' ? [id] : [] }
}

function partOfMutation(schema: GraphqlSchema, mutation: Mutation, input: unknown): Told {
  const { operation, ids = [], repositoryName, lands } = mutation
  const visibility = visibilityIn(input)
  const files = valuesAt(input, 'fileChanges.additions.*.path').concat(valuesAt(input, 'actions.*.filePath'))
  const more = {
    ...(visibility === null ? {} : { visibility: known(visibility) }),
    ...(files.length === 0 ? {} : { ciFiles: known(files.some((path) => typeof path !== 'string' || isCiFile(path))) }),
  }
  if (lands !== undefined) return { operation, repository: lands === 'none' ? ABSENT : NEVER, ...more }
  const [name] = repositoryName === undefined ? [] : valuesAt(input, repositoryName)
  const named = ids.flatMap((path) => valuesAt(input, path))
  // A name and an id may name two: then only an answer seen before tells, and it tells of the id.
  if (typeof name === 'string' && named.length === 0) {
    return { operation, repository: schema.repositoryOf(name), ...more }
  }
  const texts = named.filter((id) => typeof id === 'string')
  const complete = texts.length > 0 && texts.length === named.length && name === undefined
  return { operation, repository: NEVER, ids: complete ? texts : [], ...more }
}

function visibilityIn(input: unknown): Visibility | null {
  const [value] = valuesAt(input, 'visibility')
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  return VISIBILITIES.find((visibility) => visibility === word) ?? null
}
