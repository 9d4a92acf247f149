/** Whether a Content-Type field is of a media type (RFC 9110 section 8.3.1); fields that came twice are joined by commas. */

const TOKEN = "[A-Za-z0-9!#$&'*+.^_`|~-]+"
const ONE_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(?:;[^,]*)?$`)
const PATTERN = /^[a-z]+\/(?:[a-z0-9.+-]+|\*)$/

/** A media type as rows name it: lower case, without parameters; `multipart/*` is all of a kind. */
export function isTypePattern(text: string): boolean {
  return PATTERN.test(text)
}

/** It names one type and no other, and that is one of them. */
export function isOfType(field: string | null, types: readonly string[]): boolean {
  const [, type = null] = ONE_TYPE.exec(field ?? '') ?? []
  return type !== null && isAmong(type, types)
}

/** Some server may take it for one of them. */
export function mayBeOfType(field: string | null, types: readonly string[]): boolean {
  const parts = (field ?? '').split(',')
  return parts.some((part) => isAmong(part.split(';', 1)[0] ?? '', types))
}

function isAmong(type: string, types: readonly string[]): boolean {
  const folded = type.trim().toLowerCase()
  return types.includes(folded) || types.includes(`${folded.split('/', 1)[0]}/*`)
}
