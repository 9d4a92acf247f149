/** The head of a part of a multipart body: its name, file name, type and encoding (RFC 7578 section 4, RFC 2183). */
import { bad, done, type Parse } from './parse.ts'

export interface PartHead {
  /** Of the form field; null where none stands. */
  readonly name: string | null
  readonly fileName: string | null
  /** The whole Content-Type field. */
  readonly contentType: string | null
  /** Content-Transfer-Encoding in lower case. */
  readonly encoding: string | null
}

export const partHeadersMax = 64

const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/s

/** Parses the lines of a head, without the empty one behind them. */
export function parsePartHead(bytes: Uint8Array): Parse<PartHead> {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replaceAll(/\r\n[ \t]+/g, ' ')
  const fields = new Map<string, string>()
  const lines = text === '' ? [] : text.split('\r\n')
  if (lines.length > partHeadersMax) return bad(`a part has more than ${partHeadersMax} header fields`)
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line) ?? []
    if (name === undefined) return bad('a part has a line in its head that is no header field')
    const key = name.toLowerCase()
    // Of two, one reader takes the first and another one the last.
    if (fields.has(key) && READ.has(key)) return bad(`a part has two fields ${key}`)
    fields.set(key, value)
  }
  const disposition = fields.get('content-disposition') ?? ''
  const value: PartHead = {
    name: parameterOf(disposition, 'name'),
    fileName: extendedOf(disposition) ?? parameterOf(disposition, 'filename'),
    contentType: fields.get('content-type') ?? null,
    encoding: fields.get('content-transfer-encoding')?.toLowerCase() ?? null,
  }
  return done(value, bytes.length)
}

const READ = new Set(['content-disposition', 'content-type', 'content-transfer-encoding'])

function parameterOf(disposition: string, name: string): string | null {
  const pattern = name === 'name' ? NAME : FILE_NAME
  const [, quoted, token] = pattern.exec(disposition) ?? []
  return quoted?.replaceAll(/\\(["\\])/g, '$1') ?? token ?? null
}

const NAME = /;[ \t]*name[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/is
const FILE_NAME = /;[ \t]*filename[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/is
const EXTENDED = /;[ \t]*filename\*[ \t]*=[ \t]*utf-8'[^']*'([^\s;"]+)/i

function extendedOf(disposition: string): string | null {
  const [, coded] = EXTENDED.exec(disposition) ?? []
  if (coded === undefined) return null
  try {
    return decodeURIComponent(coded)
  } catch {
    // The plain one beside it is read then.
    return null
  }
}
