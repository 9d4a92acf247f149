/** The names of git objects: SHA-1 or SHA-256 in lower-case hexadecimal (gitprotocol-common, "ABNF Notation"). */

export function isObjectId(text: string): boolean {
  return OBJECT_ID.test(text)
}

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
