/**
 * Reads the path of a request target in every way that a server may read it (RFC 3986 section 6.2.2, and what servers do
 * beyond it). The path is the attacker's: it is matched only where all readings agree.
 */

import { type Fact, known, NEVER } from '../flow/fact.ts'

/** The longest request target that is classified, query included; past it nothing is known of the request. */
export const TARGET_CHARACTERS_MAX = 16_384
export const PATH_SEGMENTS_MAX = 128

export type Segments = readonly string[]

export type PathReading =
  /** In normal form. `readings` has the literal one first; others only where encoded separators allow more than one. */
  | {
      readonly state: 'normal'
      readonly readings: readonly Segments[]
      /** Without any escape, for the question whether it looks like something. */
      readonly decoded: Segments
      /** It ended in a slash, which the readings leave out. */
      readonly trailingSlash: boolean
    }
  /** Servers disagree on what this path is, or it is no path at all. */
  | { readonly state: 'odd' }
  /** More than is looked at. */
  | { readonly state: 'excess' }

const ODD: PathReading = Object.freeze({ state: 'odd' })
const EXCESS: PathReading = Object.freeze({ state: 'excess' })

const PATH_CHARACTERS = /^\/[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/
// Decoding in two steps must not put a new escape together: `%%34%31`.
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/
const ESCAPE = /%[0-9A-Fa-f]{2}/g
const ESCAPED_TWICE = /%[0-9A-Fa-f]{2}/
const UNRESERVED = /[A-Za-z0-9\-._~]/
// To some servers a backslash is a separator, a control character the end, and `x;y` is `x` with a parameter.
const TREACHEROUS = /[\p{Cc}\\;]/u
// `.` and `..`, and what becomes one where trailing dots and spaces are trimmed.
const DOTS = /^[.\s]+$/

export function readPath(path: string): PathReading {
  if (path.length > TARGET_CHARACTERS_MAX) return EXCESS
  if (!PATH_CHARACTERS.test(path) || BROKEN_ESCAPE.test(path)) return ODD
  const literal = decodeUnreserved(path)
  const decoded = decodeAll(literal)
  // What is still an escape after decoding is one more layer to a server that decodes twice.
  if (decoded === null || ESCAPED_TWICE.test(decoded) || TREACHEROUS.test(decoded)) return ODD
  const trailingSlash = literal.length > 1 && literal.endsWith('/')
  const readings = [split(literal, trailingSlash)]
  const uncut = split(decoded, trailingSlash)
  if (uncut.length > PATH_SEGMENTS_MAX) return EXCESS
  if (uncut.length !== readings[0]?.length) readings.push(uncut)
  if (/[?#]/.test(decoded)) readings.push(split(cut(decoded), trailingSlash))
  if ([...readings, uncut].some(hasGap)) return ODD
  return { state: 'normal', readings, decoded: uncut, trailingSlash }
}

/** The path of a target as one text, decoded: `%40me` is `@me` to every server. `never` where servers may disagree what it is. */
export function pathFact(target: string): Fact<string> {
  const [path = ''] = target.split('?', 1)
  const reading = readPath(path)
  if (reading.state !== 'normal' || reading.readings.length > 1) return NEVER
  const text = `/${reading.decoded.join('/')}`
  // Compatibility forms are another character to some servers, and so another path.
  return text === withoutSlash(decodeURIComponent(path)) ? known(text) : NEVER
}

/**
 * Reads a path in one segment of which, and only there, an encoded slash is the documented spelling: that segment stays
 * whole in every reading.
 */
export function readPathAround(path: string, at: number): PathReading {
  const parts = path.split('/')
  const kept = decodeUnreserved(parts[at + 1] ?? '')
  const reading = readPath(parts.with(at + 1, 'x').join('/'))
  if (reading.state !== 'normal') return reading
  return { ...reading, readings: reading.readings.map((segments) => segments.with(at, kept)) }
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** The one normalisation that every server agrees on; escapes that stay are spelled in upper case. */
function decodeUnreserved(path: string): string {
  if (!path.includes('%')) return path
  return path.replace(ESCAPE, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return UNRESERVED.test(character) ? character : escaped.toUpperCase()
  })
}

/** The path with all escapes decoded and compatibility forms folded (a full-width `／` is a slash to some), or null. */
function decodeAll(path: string): string | null {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path).normalize('NFKC')
  } catch (error) {
    // Bytes that are not UTF-8, overlong forms included: what they mean is each server's own guess.
    if (error instanceof URIError) return null
    throw error
  }
}

/** Where a server takes a decoded `?` or `#` for the end of the path. */
function cut(decoded: string): string {
  const end = decoded.search(/[?#]/)
  return end === -1 ? decoded : decoded.slice(0, end)
}

function split(path: string, trailingSlash: boolean): Segments {
  if (path === '/') return []
  const bare = trailingSlash && path.endsWith('/') ? path.slice(0, -1) : path
  return bare.slice(1).split('/')
}

/** Empty and dot segments are resolved by some servers, kept by others. */
function hasGap(segments: Segments): boolean {
  return segments.some((segment) => segment === '' || DOTS.test(segment))
}
