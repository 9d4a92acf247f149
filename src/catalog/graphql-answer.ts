/**
 * Where the answer to a GraphQL query names a repository and what is in it. A client chooses the names under which fields come
 * back, so that only the query tells what a value is: `nameWithOwner: homepageUrl` is no name.
 */
import type { DocumentNode, FieldNode } from 'graphql'
import { selectedFields } from './graphql-document.ts'

/** Dotted paths from the answer's `data`, in which `*` is each item of a list. */
export interface AnswerShape {
  /** The value there is OWNER/NAME; null where owner and name come apart. */
  readonly nameWithOwner: string | null
  readonly owner: string | null
  readonly name: string | null
  readonly visibility: string | null
  readonly isPrivate: string | null
  /** Node ids of the repository, and of what it has. */
  readonly ids: readonly string[]
}

/** What a repository has, and nobody else: behind a fork or an owner stands another one. */
const OWN: ReadonlySet<string> = new Set([
  'discussion',
  'defaultBranchRef',
  'issue',
  'issueOrPullRequest',
  'label',
  'milestone',
  'pullRequest',
  'ref',
  'release',
])
const OWN_LISTS: ReadonlySet<string> = new Set([
  'discussionCategories',
  'discussions',
  'issues',
  'labels',
  'milestones',
  'pullRequests',
  'refs',
  'releases',
])

/** Fields that are looked at in a request, for all that its answer may tell. */
export const answerFieldsMax = 2_000

/** The answers to one request. */
export class Answers {
  #left = answerFieldsMax

  /** Of a root field among all of its operation. Null where its answer would not say which repository it is. */
  of(document: DocumentNode, roots: readonly FieldNode[], field: FieldNode): AnswerShape | null {
    const at = keyOf(field)
    // What else comes back under its key is merged into it.
    if (field.name.value !== 'repository' || roots.filter((root) => keyOf(root) === at).length > 1) return null
    const fields = this.#below(document, field)
    const keyNamed = (name: string): string | null => {
      const found = fields.find((below) => below.name.value === name)
      return found === undefined ? null : `${at}.${keyOf(found)}`
    }
    const owner = fields.find(({ name }) => name.value === 'owner')
    const login = owner && this.#ownNamed(document, owner, 'login')[0]
    const shape = {
      nameWithOwner: keyNamed('nameWithOwner'),
      owner: owner === undefined || login === undefined ? null : `${at}.${keyOf(owner)}.${login}`,
      name: keyNamed('name'),
      visibility: keyNamed('visibility'),
      isPrivate: keyNamed('isPrivate'),
      ids: this.#idsBelow(document, fields).map((path) => `${at}.${path}`),
    }
    const isNamed = shape.nameWithOwner !== null || (shape.owner !== null && shape.name !== null)
    return isNamed && hasOneFieldAKey(fields) && this.#left >= 0 ? shape : null
  }

  #idsBelow(document: DocumentNode, fields: readonly FieldNode[]): readonly string[] {
    return fields.flatMap((field): readonly string[] => {
      const name = field.name.value
      if (name === 'id') return [keyOf(field)]
      if (OWN.has(name)) return this.#ownNamed(document, field, 'id').map((path) => `${keyOf(field)}.${path}`)
      if (!OWN_LISTS.has(name)) return []
      const below = this.#below(document, field)
      if (!hasOneFieldAKey(below)) return []
      return below.flatMap((list) => {
        if (list.name.value !== 'nodes') return []
        return this.#ownNamed(document, list, 'id').map((path) => `${keyOf(field)}.${keyOf(list)}.*.${path}`)
      })
    })
  }

  /** The keys of the fields of that name, further in. */
  #ownNamed(document: DocumentNode, field: FieldNode, name: string): readonly string[] {
    const below = this.#below(document, field)
    return hasOneFieldAKey(below) ? below.filter((own) => own.name.value === name).map(keyOf) : []
  }

  #below(document: DocumentNode, { selectionSet }: FieldNode): readonly FieldNode[] {
    if (selectionSet === undefined || this.#left < 0) return []
    const fields = selectedFields(document, selectionSet) ?? []
    this.#left -= 1 + fields.length
    return this.#left < 0 ? [] : fields
  }
}

/**
 * One key for two fields, as fragments on two types may have it, would be either; and what stands below two fields of one key
 * comes back as one.
 */
function hasOneFieldAKey(fields: readonly FieldNode[]): boolean {
  const names = new Map<string, string>()
  return fields.every((field) => {
    const known = names.get(keyOf(field))
    names.set(keyOf(field), field.name.value)
    return known === undefined || (known === field.name.value && field.selectionSet === undefined)
  })
}

/** The name under which a field comes back. */
function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value
}
