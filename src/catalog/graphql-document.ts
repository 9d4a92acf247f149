/** A GraphQL document within bounds, and the fields that it selects, through fragments. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'

export const graphqlTokensMax = 20_000
/** Root fields of all the operations of a request together, and of one selection further in. */
export const graphqlFieldsMax = 200

/** Null for what is no document, or is too large. */
export function parseDocument(query: string): DocumentNode | null {
  // To graphql-ruby, which GitHub and GitLab run on, a comment does not end at a carriage return: what ends it for one reader
  // and not for the other can hide a whole mutation in what looks like a string.
  if (/\r(?!\n)/.test(query)) return null
  try {
    return parse(query, { maxTokens: graphqlTokensMax, noLocation: true })
  } catch {
    // A syntax error, too many tokens, or braces so deep that the stack ends: a server would read it no better.
    return null
  }
}

/** The fields of a selection, those of its fragments included; null where a fragment is missing or there are too many. */
export function selectedFields(document: DocumentNode, selection: SelectionSetNode): readonly FieldNode[] | null {
  const fragments = fragmentsOf(document)
  if (fragments === null) return null
  const fields: FieldNode[] = []
  const spread = new Set<string>()
  const waiting = [selection]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const item of at.selections) {
      if (item.kind === Kind.FIELD) fields.push(item)
      else if (item.kind === Kind.INLINE_FRAGMENT) waiting.push(item.selectionSet)
      else {
        const name = item.name.value
        const fragment = fragments.get(name)
        if (fragment === undefined) return null
        // What is spread twice is selected once.
        if (!spread.has(name)) waiting.push(fragment.selectionSet)
        spread.add(name)
      }
      if (fields.length > graphqlFieldsMax) return null
    }
  }
  return fields
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** A document is asked for its fragments once for each selection. */
const FRAGMENTS = new WeakMap<DocumentNode, Fragments | null>()

function fragmentsOf(document: DocumentNode): Fragments | null {
  const found = FRAGMENTS.get(document)
  if (found !== undefined) return found
  const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  const byName = new Map(definitions.map((definition) => [definition.name.value, definition] as const))
  // Of two fragments of one name a server takes one, and nobody knows which.
  const fragments = byName.size === definitions.length ? byName : null
  FRAGMENTS.set(document, fragments)
  return fragments
}
