/** Whether a Content-Type field is of a media type (RFC 9110 section 8.3.1); fields that came twice are joined by commas. */

const TOKEN = "[A-Za-z0-9!#$&'*+.^_`|~-]+"
const ONE_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(?:;[^,]*)?$`)
// What is read here is read as UTF-8: under another name a server may read another text from the same bytes.
const OTHER_CHARSET = /charset(?![ \t]*=[ \t]*"?(?:utf-?8|us-ascii)"?[ \t]*(?:;|$))/i
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

/** The same, for a text that nobody is told to read as anything but UTF-8. */
export function isUtf8OfType(field: string | null, types: readonly string[]): boolean {
  return isOfType(field, types) && !OTHER_CHARSET.test(field ?? '')
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
