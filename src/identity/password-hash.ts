/** One password hash as htpasswd files hold it: bcrypt, or argon2id (RFC 9106) in the encoding of its reference program. */

export interface BcryptHash {
  readonly kind: 'bcrypt'
  readonly text: string
}

export interface Argon2idHash {
  readonly kind: 'argon2id'
  readonly text: string
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
  readonly salt: Buffer
  readonly tag: Buffer
}

export type PasswordHash = BcryptHash | Argon2idHash

/** `fault` is the end of a sentence about the password. It never repeats the text: that may be the password itself. */
export type HashParse =
  | { readonly state: 'done'; readonly value: PasswordHash }
  | { readonly state: 'bad'; readonly fault: string; readonly hint: string }

/** bcrypt knows no less. One more step doubles the time of a check, and anyone may ask for checks. */
const BCRYPT_COST_MIN = 4
const BCRYPT_COST_MAX = 15
/** 256 MiB: checks run one at a time, so this is also what all of them need together. */
const ARGON2_MEMORY_KIB_MAX = 262_144
const ARGON2_PASSES_MAX = 16
const ARGON2_PARALLELISM_MAX = 16
const SALT_BYTES = { min: 8, max: 64 }
const TAG_BYTES = { min: 16, max: 64 }

/** Reads what stands behind the user's name and its `:`. */
export function parsePasswordHash(text: string): HashParse {
  if (/^\$2[aby]\$/.test(text)) return parseBcrypt(text)
  if (text.startsWith('$argon2id$')) return parseArgon2id(text)
  const unsafe = UNSAFE.find(([prefix]) => text.startsWith(prefix))
  if (unsafe !== undefined) return bad(`is hashed by ${unsafe[1]}, which is not a safe hash`)
  if (text === '') return bad('is missing')
  return bad('is not a safe hash: it is plain text or an old crypt')
}

// What the tools write besides, so that a person sees that the line was understood.
const UNSAFE: readonly (readonly [prefix: string, name: string])[] = [
  ['$apr1$', 'MD5 in the manner of Apache'],
  ['{SHA}', 'SHA-1 without salt'],
  ['{SSHA}', 'SHA-1'],
  ['$1$', 'MD5'],
  ['$5$', 'SHA-256-crypt'],
  ['$6$', 'SHA-512-crypt'],
  ['$2x$', 'a bcrypt known to be broken (`$2x$`)'],
  ['$2$', 'the first bcrypt (`$2$`)'],
  ['$argon2i$', 'argon2i'],
  ['$argon2d$', 'argon2d'],
]

const MAKE_ONE = 'make one with `htpasswd -B -C 10 FILE USER`'
const COPY_AGAIN = 'copy the whole line again, or make a new one with `htpasswd -B -C 10 FILE USER`'

// 128 bits of salt and 184 of hash leave unused bits in the last letter of each: where they are set, no password can
// ever match, since what a check computes has them clear.
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/

function parseBcrypt(text: string): HashParse {
  const cost = BCRYPT.exec(text)?.[1]
  if (cost === undefined) return bad('is a damaged bcrypt hash', COPY_AGAIN)
  if (Number(cost) < BCRYPT_COST_MIN || Number(cost) > BCRYPT_COST_MAX) {
    const reason = Number(cost) > BCRYPT_COST_MAX ? 'a check would take many seconds' : 'bcrypt begins there'
    return bad(`has the bcrypt cost ${Number(cost)}, not one of ${BCRYPT_COST_MIN} to ${BCRYPT_COST_MAX}: ${reason}`)
  }
  return { state: 'done', value: { kind: 'bcrypt', text } }
}

const COUNT = '([1-9]\\d{0,8})'
const ARGON2ID = new RegExp(
  `^\\$argon2id\\$v=19\\$m=${COUNT},t=${COUNT},p=${COUNT}\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)$`,
)

function parseArgon2id(text: string): HashParse {
  const match = ARGON2ID.exec(text)
  if (match === null) {
    if (!text.startsWith('$argon2id$v=19$')) return bad('is argon2id in another version than 19 (`v=19`)')
    return bad('is a damaged argon2id hash', COPY_AGAIN)
  }
  const [, memory, passesText, lanes, saltText = '', tagText = ''] = match
  const [memoryKib, passes, parallelism] = [Number(memory), Number(passesText), Number(lanes)]
  const [salt, tag] = [decodeBase64(saltText, SALT_BYTES), decodeBase64(tagText, TAG_BYTES)]
  if (salt === null) return bad(`has an argon2id salt that is not ${wordsOf(SALT_BYTES)} in base64`, COPY_AGAIN)
  if (tag === null) return bad(`has an argon2id hash that is not ${wordsOf(TAG_BYTES)} in base64`, COPY_AGAIN)
  if (memoryKib > ARGON2_MEMORY_KIB_MAX) return bad(`wants more memory for argon2id than m=${ARGON2_MEMORY_KIB_MAX}`)
  if (passes > ARGON2_PASSES_MAX) return bad(`wants more passes of argon2id than t=${ARGON2_PASSES_MAX}`)
  if (parallelism > ARGON2_PARALLELISM_MAX) {
    return bad(`wants more lanes of argon2id than p=${ARGON2_PARALLELISM_MAX}`)
  }
  // RFC 9106 section 3.1: with less there is no algorithm.
  if (memoryKib < 8 * parallelism) return bad('has less memory for argon2id than m=8 for each lane (p)')
  return { state: 'done', value: { kind: 'argon2id', text, memoryKib, passes, parallelism, salt, tag } }
}

/** Base64 without padding, in its one canonical spelling: the bits that the last letter has too many are clear. */
function decodeBase64(text: string, bytes: { readonly min: number; readonly max: number }): Buffer | null {
  const isCanonical = [true, false, /[AQgw]$/.test(text), /[AEIMQUYcgkosw048]$/.test(text)][text.length % 4]
  const decoded = Buffer.from(text, 'base64')
  return isCanonical === true && decoded.length >= bytes.min && decoded.length <= bytes.max ? decoded : null
}

function wordsOf(bytes: { readonly min: number; readonly max: number }): string {
  return `${bytes.min} to ${bytes.max} bytes`
}

function bad(fault: string, hint = MAKE_ONE): HashParse {
  return { state: 'bad', fault, hint }
}
