/** What the fields of a JSON body do besides what its address says: a `private` among the settings of a repository. */
import { isJsonObject } from '../wire/json.ts'
import { type Fact, known, NEVER } from '../flow/fact.ts'
import { VISIBILITIES, type Visibility } from '../flow/subject.ts'
import { bad, type Parse } from '../wire/parse.ts'
import type { Told } from './part.ts'
import type { InnerOperation } from './service-entry.ts'

/** The whole body of a request that settings are changed with. */
export const jsonFieldsBytesMax = 256 * 1024

/** `stated` is what the address says. Of a body that cannot be read, each field may stand in it. */
export function partsOfFields(
  stated: InnerOperation,
  fields: Readonly<Record<string, InnerOperation>>,
  body: Parse<unknown>,
): readonly Told[] {
  if (body.state !== 'done' || !isJsonObject(body.value)) {
    return [stated, ...new Set(Object.values(fields))].map((operation) => ({ operation, visibility: NEVER }))
  }
  const given = body.value
  const names = Object.keys(given)
  // A server in Go takes `Private` for `private`, and of two the last.
  if (names.some((name) => !Object.hasOwn(fields, name) && Object.keys(fields).includes(fold(name)))) {
    return partsOfFields(stated, fields, bad('it spells a name in another way'))
  }
  const visibility = visibilityOf(given)
  const more = visibility === null ? {} : { visibility }
  const done = Object.keys(fields).flatMap((field) => (Object.hasOwn(given, field) ? (fields[field] ?? []) : []))
  // Where nothing else stands in it, it does what its fields do and not also what the address is taken for.
  const isAll = names.every((field) => Object.hasOwn(fields, field)) && done.length > 0
  return [...new Set([...(isAll ? [] : [stated]), ...done])].map((operation) => ({ operation, ...more }))
}

/** GitHub and Gitea say `private`, newer GitHub and GitLab `visibility`; null where neither stands in it. */
function visibilityOf({ visibility, private: isPrivate }: Readonly<Record<string, unknown>>): Fact<Visibility> | null {
  const named = VISIBILITIES.find((word) => word === visibility)
  const simple = isPrivate === true ? 'private' : isPrivate === false ? 'public' : null
  if (isPrivate === undefined && visibility === undefined) return null
  if (visibility === undefined) return simple === null ? NEVER : known(simple)
  if (named === undefined) return NEVER
  // Of two that say two things nobody knows which one a server heeds.
  const agrees = isPrivate === undefined || (simple !== null && (named === 'public') === (simple === 'public'))
  return agrees ? known(named) : NEVER
}

/** As encoding/json of Go compares names: the long s and the sign of Kelvin included. */
function fold(name: string): string {
  return name.toUpperCase().toLowerCase()
}
