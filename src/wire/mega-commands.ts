/** The commands in a request to MEGA's API: a JSON list of objects, or one object, each with its name in `a`. */

import { isUtf8 } from 'node:buffer'
import { parseJson } from './json.ts'
import { bad, done, type Parse } from './parse.ts'

/** The whole body. Clients that read send some 100 bytes a command. */
export const megaCommandsBytesMax = 16 * 1024
export const megaCommandsMax = 200

// White space between tokens; in the text, what stands within quotes is taken first and kept.
const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|[\t\n\r ]+/g

/**
 * Reads a whole body, without its Content-Encoding. The names come in their order. It is bad where it could mean something
 * else to another reader of JSON (a name twice, an escape that need not be), where a command carries more than plain values
 * and lists of these, and past the limits; it never wants more.
 */
export function parseMegaCommands(body: Uint8Array): Parse<readonly string[]> {
  if (body.length > megaCommandsBytesMax) return bad(`a list of commands is longer than ${megaCommandsBytesMax} bytes`)
  const text = isUtf8(body) ? Buffer.from(body).toString('utf8') : ''
  const parsed = parseJson(text)
  const commands = Array.isArray(parsed) ? parsed : [parsed]
  if (commands.length > megaCommandsMax) return bad(`there are more than ${megaCommandsMax} commands`)
  const names = commands.map(nameOf).filter((name) => name !== null)
  if (names.length === 0 || names.length !== commands.length) return bad('this is no list of commands')
  // One spelling, one meaning: of two values under one name a reader heeds one, and nobody knows which.
  if (JSON.stringify(parsed) !== text.replace(STRING_OR_SPACE, '$1')) return bad('its JSON can be read in two ways')
  return done(names, body.length)
}

function nameOf(command: unknown): string | null {
  if (typeof command !== 'object' || command === null || Array.isArray(command)) return null
  const { a: name } = command as { readonly a?: unknown }
  return typeof name === 'string' && Object.values(command).every(isFlat) ? name : null
}

function isFlat(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isScalar) : isScalar(value)
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}
