/** Whether some server might take a path for a push: then it is never a read, however the path is spelled. */
import type { Segments } from './path.ts'

const PUSH_SEGMENT = 'git-receive-pack'
const DECODINGS_MAX = 4
const ESCAPE = /%([0-9a-f]{2})/gi
// Two-byte and three-byte forms of ASCII, which a careless UTF-8 decoder accepts.
const OVERLONG = /[\u00c0\u00c1]([\u0080-\u00bf])|\u00e0([\u0080\u0081])([\u0080-\u00bf])/g
// Control characters, spaces and the soft hyphen, which some servers drop in silence.
const DROPPED = /[\p{Cc}\s\u00ad]/gu

/** For a path in normal form: it ends in the push's segment but for case, spaces and trailing dots. */
export function endsLikePush(segments: Segments): boolean {
  const last = segments[segments.length - 1] ?? ''
  return fold(last).replace(/\.+$/, '') === PUSH_SEGMENT
}

/**
 * For a path of which servers disagree where it ends: it mentions a push anywhere, under any number of decodings.
 * What is still encoded after the last of them is taken for one.
 */
export function mentionsPush(path: string): boolean {
  let text = path
  for (let round = 0; round < DECODINGS_MAX; round++) {
    if (fold(text).includes(PUSH_SEGMENT)) return true
    const decoded = text.replace(ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    if (decoded === text) return false
    text = decoded
  }
  return fold(text).includes(PUSH_SEGMENT) || text.search(ESCAPE) !== -1
}

function fold(text: string): string {
  const plain = text.replace(OVERLONG, (form) => {
    const lead = form.charCodeAt(form.length - 2) & (form.length === 2 ? 0x1f : 0x3f)
    return String.fromCharCode(((lead << 6) | (form.charCodeAt(form.length - 1) & 0x3f)) & 0x7f)
  })
  return plain.toLowerCase().replace(DROPPED, '')
}
