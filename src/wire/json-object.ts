/** A JSON text that means one thing to every reader: no name twice in an object, no byte that some would skip (RFC 8259). */

import { isUtf8 } from 'node:buffer'
import { parseJson } from './json.ts'
import { bad, done, type Parse } from './parse.ts'

/** How deep values may stand in one another. */
export const strictJsonDepthMax = 128
/** Lists, objects and members of objects; a commit of 10,000 files has some 30,000. */
export const strictJsonMarksMax = 500_000

/** Reads a whole text of any length; the caller bounds it. Never wants more. */
export function parseStrictJson(bytes: Uint8Array): Parse<unknown> {
  if (!isUtf8(bytes)) return bad('it is not UTF-8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  const fault = faultOf(text)
  // Before they are made: objects by the million take a second.
  if (fault === TOO_MANY) return bad(fault)
  const value = parseJson(text)
  if (value === undefined) return bad('it is no JSON')
  return fault === null ? done(value, bytes.length) : bad(fault)
}

const TOO_MANY = `it has more than ${strictJsonMarksMax} lists, objects and members`

/** Of a text that is JSON, whether a name stands twice in one object, values stand too deep, or there are too many. */
function faultOf(text: string): string | null {
  const names: (Set<string> | null)[] = []
  let [start, end, marks] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      start = at
      at = endOfString(text, at)
      end = at + 1
    } else if (character === '{' || character === '[') {
      names.push(null)
      if (names.length > strictJsonDepthMax) return `its values stand more than ${strictJsonDepthMax} deep`
      if (++marks > strictJsonMarksMax) return TOO_MANY
    } else if (character === '}' || character === ']') names.pop()
    else if (character === ':') {
      if (++marks > strictJsonMarksMax) return TOO_MANY
      const own = names.pop() ?? new Set<string>()
      names.push(own)
      // Names with different escapes can be one name.
      const name = String(parseJson(text.slice(start, end)))
      if (own.has(name)) return `it names \`${name.slice(0, 64)}\` twice in one object`
      own.add(name)
    }
  }
  return null
}

/** No regular expression: of a string that is megabytes long it would use up the stack. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
