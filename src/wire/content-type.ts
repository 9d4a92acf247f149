/** A Content-Type field: one media type and its parameters (RFC 9110 section 8.3). */

export interface ContentType {
  /** `type/subtype` in lower case. */
  readonly type: string
  /** By name in lower case; of one that stands twice, null: two readers could take two. */
  readonly parameters: ReadonlyMap<string, string | null>
}

export const contentTypeCharactersMax = 4_096

const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
const TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})[ \\t]*(?=;|$)`)
const PARAMETER = new RegExp(
  `^;[ \\t]*(?:(${TOKEN})=(?:(${TOKEN}|[^\\s";]+)|"((?:[^"\\\\]|\\\\.)*)"))?[ \\t]*(?=;|$)`,
  's',
)

/** Null where the field is none, or is not read in one way. */
export function parseContentType(field: string | null): ContentType | null {
  if (field === null || field.length > contentTypeCharactersMax) return null
  const [head, type] = TYPE.exec(field) ?? []
  if (head === undefined || type === undefined) return null
  const parameters = new Map<string, string | null>()
  for (let rest = field.slice(head.length); rest !== ''; ) {
    const [whole, name, token, quoted] = PARAMETER.exec(rest) ?? []
    if (whole === undefined) return null
    rest = rest.slice(whole.length)
    if (name === undefined) continue
    const key = name.toLowerCase()
    parameters.set(key, parameters.has(key) ? null : (token ?? quoted?.replaceAll(/\\(.)/gs, '$1') ?? ''))
  }
  return { type: type.toLowerCase(), parameters }
}
