/** Takes out of a request target what may be a credential, so that the record can be shown to people. */

const MASK = '***'
const SECRET_NAME = /token|key|secret|sig|pass|pwd|auth|code|cred|session|jwt|nonce|state|otp/i
const LOOKS_RANDOM_CHARACTERS_MIN = 20

/** The path and query of an origin-form target, with every query value that looks like a credential masked. */
export function redactTarget(target: string): { readonly path: string; readonly query: string | null } {
  const mark = target.indexOf('?')
  const path = (mark === -1 ? target : target.slice(0, mark)).split('/').map(redactSegment).join('/')
  if (mark === -1) return { path, query: null }
  return {
    path,
    query: target
      .slice(mark + 1)
      .split(/([&;])/)
      .map((part) => (part === '&' || part === ';' ? part : redactPair(part)))
      .join(''),
  }
}

function redactPair(pair: string): string {
  const equals = pair.indexOf('=')
  // A pair without a name may be the credential itself (`?ghp_…`).
  if (equals === -1) return looksRandom(pair) ? MASK : pair
  const name = pair.slice(0, equals)
  const value = pair.slice(equals + 1)
  return SECRET_NAME.test(decodePercent(name)) || looksRandom(value) || looksRandom(name)
    ? `${looksRandom(name) ? MASK : name}=${MASK}`
    : pair
}

// Telegram and Slack carry the credential in the path (`/bot123:AA…/sendMessage`); object ids in paths are hexadecimal alone.
function redactSegment(segment: string): string {
  return looksRandom(segment) && !/^[0-9a-f]+$/.test(segment) ? MASK : segment
}

// By the part between dots: a JWT is three of them, and a file name with a version is made of short ones.
function looksRandom(text: string): boolean {
  return text.split('.').some((part) => {
    if (part.length < LOOKS_RANDOM_CHARACTERS_MIN) return false
    return /[0-9]/.test(part) && /[A-Za-z]/.test(part) && !/^[a-z]+(?:-[a-z0-9]+)*$/.test(part)
  })
}

/** A server would read `%74oken` as `token`. */
function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
