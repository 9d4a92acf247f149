/** What an answer of a forge tells of its repositories: their names, their ids, and who may read them. */
import { isJsonObject, type JsonObject } from '../wire/json.ts'
import type { RepositoryNews } from '../flow/bindings.ts'
import { type Fact, NEVER } from '../flow/fact.ts'
import { type Repository, VISIBILITIES, type Visibility } from '../flow/subject.ts'
import type { Service } from './catalog.ts'
import type { BodyForm, GraphqlForm } from './classification.ts'
import type { AnswerShape } from './graphql-answer.ts'
import type { Told } from './part.ts'
import { nameRepository } from './repository-name.ts'
import type { InnerOperation } from './service-entry.ts'
import { valuesAt } from './values-at.ts'

type Read = (answer: unknown) => readonly RepositoryNews[]

/** Repositories in one answer; of more nothing is remembered. */
export const newsMax = 200

// Only where the service itself makes the JSON: a file that somebody wrote may come back as JSON too. A name has no escape in it,
// so that nobody reads the path in another way.
const GITHUB_REPOSITORY = /^(?:\/api\/v3)?\/(?:repos\/([\w.-]+\/[\w.-]+)|repositories\/(\d+))$/
const GITHUB_LISTS = /^(?:\/api\/v3)?\/(?:user\/repos|(?:orgs|users)\/[\w.-]+\/repos)$/
const GITHUB_ITEM = /^(?:\/api\/v3)?\/repos\/([\w.-]+\/[\w.-]+)\/(?:issues|pulls)\/\d+$/
const GITLAB_PROJECT = /^\/api\/v4\/projects\/(?:([\w.-]+(?:%2F[\w.-]+)+)|(\d+))$/i
const GITLAB_LIST = /^\/api\/v4\/projects$/
const DOTS = /\/\.+(?:\/|$)/

/** What was asked, and how repositories are named there. */
export interface NewsQuestion {
  readonly service: Service
  readonly operation: InnerOperation
  readonly body: BodyForm
  readonly method: string
  readonly target: string
  /** What the request's body says that it asks. */
  readonly told: readonly Told[]
  nameOf(name: string): Fact<Repository>
}

/** Null where an answer tells nothing. */
export function newsReader(question: NewsQuestion): Read | null {
  const { service, operation, body, method, target, told } = question
  if (typeof body === 'object' && 'graphql' in body) {
    const shapes = told.flatMap(({ answer }) => answer ?? [])
    const nameOf = (name: unknown): string | null => nameIn(body, name)
    return shapes.length === 0 ? null : (answer) => newsOfShapes(service, shapes, answer, nameOf)
  }
  const [path = ''] = target.split('?', 1)
  if (DOTS.test(path) || !(method === 'GET' ? operation === 'api-read' : method === 'POST')) return null
  const nameOf = (name: unknown): string | null => {
    const named = typeof name === 'string' ? question.nameOf(name) : NEVER
    return named.state === 'known' ? named.value : null
  }
  if (service.kind === 'github') return githubReader(service, method, path, nameOf)
  return service.kind === 'gitlab' ? gitlabReader(service, path, nameOf) : null
}

function githubReader(service: Service, method: string, path: string, nameOf: NameOf): Read | null {
  if (GITHUB_LISTS.test(path)) return (answer) => listOf(answer).flatMap((item) => newsOfGithub(service, item, nameOf))
  const [isOne, name, number] = GITHUB_REPOSITORY.exec(path) ?? []
  if (isOne !== undefined) {
    return (answer) => {
      const isAsked = isJsonObject(answer) && isThat(answer['full_name'], answer['id'], name, number, nameOf)
      return isAsked ? newsOfGithub(service, answer, nameOf) : []
    }
  }
  const [, item] = method === 'GET' ? (GITHUB_ITEM.exec(path) ?? []) : []
  return item === undefined ? null : (answer) => newsOfItem(service, answer, item, nameOf)
}

function gitlabReader(service: Service, path: string, nameOf: NameOf): Read | null {
  if (GITLAB_LIST.test(path)) return (answer) => listOf(answer).flatMap((item) => newsOfGitlab(service, item, nameOf))
  const [isOne, spelled, number] = GITLAB_PROJECT.exec(path) ?? []
  if (isOne === undefined) return null
  const name = spelled?.replaceAll(/%2F/gi, '/')
  return (answer) => {
    const isAsked = isJsonObject(answer) && isThat(answer['path_with_namespace'], answer['id'], name, number, nameOf)
    return isAsked ? newsOfGitlab(service, answer, nameOf) : []
  }
}

/** Whether an answer is of what was asked for: of another it tells nothing, wherever it came from. */
function isThat(
  name: unknown,
  id: unknown,
  askedName: string | undefined,
  askedNumber: string | undefined,
  nameOf: NameOf,
): boolean {
  if (askedNumber !== undefined) return String(id) === askedNumber
  const asked = nameOf(askedName)
  return asked !== null && nameOf(name) === asked
}

function newsOfGithub(service: Service, item: JsonObject, nameOf: NameOf): readonly RepositoryNews[] {
  const { full_name: name, id, node_id: node, visibility, private: isPrivate } = item
  return newsOf(service, nameOf(name), [id, node], visibilityOf(visibility, isPrivate))
}

function newsOfItem(service: Service, answer: unknown, item: string, nameOf: NameOf): readonly RepositoryNews[] {
  if (!isJsonObject(answer)) return []
  // An issue may have moved since: then the address in the answer is another one.
  const { node_id: node, repository_url: url = null, base = null } = answer
  const isThere =
    (typeof url === 'string' && url.toLowerCase().endsWith(`/repos/${item.toLowerCase()}`)) ||
    valuesAt(base, 'repo.full_name').some((name) => typeof name === 'string' && nameOf(name) === nameOf(item))
  return isThere ? newsOf(service, nameOf(item), [node], null) : []
}

function newsOfGitlab(service: Service, item: JsonObject, nameOf: NameOf): readonly RepositoryNews[] {
  const { path_with_namespace: name, id, visibility } = item
  return newsOf(service, nameOf(name), [id, `gid://gitlab/Project/${String(id)}`], visibilityOf(visibility, undefined))
}

function newsOfShapes(
  service: Service,
  shapes: readonly AnswerShape[],
  answer: unknown,
  nameOf: NameOf,
): readonly RepositoryNews[] {
  const found = isJsonObject(answer) ? answer['data'] : null
  const textAt = (path: string | null): string | null => {
    const [value] = path === null ? [] : valuesAt(found, path)
    return typeof value === 'string' ? value : null
  }
  return shapes.flatMap((shape) => {
    const [owner, name] = [textAt(shape.owner), textAt(shape.name)]
    const whole = textAt(shape.nameWithOwner) ?? (owner === null || name === null ? null : `${owner}/${name}`)
    const ids = shape.ids.flatMap((path) => valuesAt(found, path))
    const [isPrivate] = shape.isPrivate === null ? [] : valuesAt(found, shape.isPrivate)
    const visibility = visibilityOf(textAt(shape.visibility)?.toLowerCase(), isPrivate)
    return newsOf(service, whole === null ? null : nameOf(whole), ids, visibility)
  })
}

type NameOf = (name: unknown) => string | null
function newsOf(
  { id: service }: Service,
  repository: string | null,
  ids: readonly unknown[],
  visibility: Visibility | null,
): readonly RepositoryNews[] {
  if (repository === null) return []
  const texts = ids.flatMap((id) => (typeof id === 'number' || typeof id === 'string' ? [String(id)] : []))
  return [{ service, repository, ids: texts, visibility }]
}

function nameIn({ host, foldsCase }: GraphqlForm, name: unknown): string | null {
  const named = typeof name === 'string' ? nameRepository(host, name.split('/'), foldsCase) : NEVER
  return named.state === 'known' ? named.value : null
}

/** Private is not public, and that is all that `private` says: internal repositories are private to it. */
function visibilityOf(word: unknown, isPrivate: unknown): Visibility | null {
  const named = VISIBILITIES.find((visibility) => visibility === word)
  if (named !== undefined) return named
  return typeof isPrivate === 'boolean' ? (isPrivate ? 'private' : 'public') : null
}

function listOf(answer: unknown): readonly JsonObject[] {
  const items = Array.isArray(answer) ? answer : [answer]
  return items.length > newsMax ? [] : items.filter(isJsonObject)
}
