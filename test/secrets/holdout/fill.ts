/** Templates of the hold-out set: `%a36%` draws 36 base62 characters, `%host%` a host; «…» is a secret. */
import { crc32 } from 'node:zlib'
import type { Chance } from './chance.ts'
import { WORDS } from './words.ts'

export interface Sample {
  readonly text: string
  readonly secrets: readonly string[]
}

/** What is typed in place of `«…»`, and what stands inside. */
export function fill(template: string, chance: Chance): Sample {
  const filled = draw(template, chance)
  const secrets = [...filled.matchAll(/«([^«»]*)»/g)].map((match) => match[1] ?? '')
  return { text: filled.replace(/[«»]/g, ''), secrets }
}

/** A template without a secret. */
export function draw(template: string, chance: Chance): string {
  return template.replace(/%([A-Za-z]+)(\d*)(?:-(\d+))?%/g, (_, name: string, least: string, most?: string) =>
    drawn(name, Number(least || 0), Number(most ?? (least || 0)), chance),
  )
}

/** As `draw`, but the same noun, project and version each time that the template names one. */
export function agree(template: string, chance: Chance): string {
  const same = ['noun', 'app', 'company', 'version'].reduce(
    (text, name) => text.replaceAll(`%${name}%`, draw(`%${name}%`, chance)),
    template,
  )
  return draw(same, chance)
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const DIGITS = '0123456789'
const BASE62 = DIGITS + UPPER + LOWER

const ALPHABETS: Readonly<Record<string, string>> = {
  a: BASE62,
  h: `${DIGITS}abcdef`,
  H: `${DIGITS}ABCDEF`,
  d: DIGITS,
  n: '123456789',
  l: DIGITS + LOWER,
  k: DIGITS + UPPER,
  c: LOWER,
  C: UPPER,
  w: `${BASE62}-_`,
  s: `${BASE62}+/`,
  t: `${UPPER}234567`,
  y: `${LOWER}234567`,
  bech: 'qpzry9x8gf2tvdw0s3jn54khce6mua7l',
  BECH: 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.toUpperCase(),
  bfiftyeight: '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
}

function drawn(name: string, least: number, most: number, chance: Chance): string {
  const count = chance.between(least, most)
  const alphabet = ALPHABETS[name]
  if (alphabet !== undefined && count > 0) return chance.chars(alphabet, count)
  switch (name) {
    case 'z':
      return chance.bytes(count).toString('base64')
    case 'Z':
      return chance.bytes(count).toString('base64url')
    case 'checked':
      return withChecksum(chance.chars(BASE62, count))
    case 'int':
      return String(chance.between(1, count))
    case 'uuid':
      return uuid(chance)
    case 'jwt':
      return jwt(chance)
    case 'day':
      return `20${chance.between(19, 26)}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`
    case 'time':
      return `${two(chance.below(24))}:${two(chance.below(60))}:${two(chance.below(60))}`
    case 'version':
      return `${chance.below(12)}.${chance.below(30)}.${chance.below(20)}`
    default: {
      const word = WORDS[name]
      if (word === undefined) throw new Error(`no template knows %${name}%`)
      return word(chance)
    }
  }
}

const two = (value: number): string => String(value).padStart(2, '0')

export function uuid(chance: Chance): string {
  const hex = chance.bytes(16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${chance.pick(['8', '9', 'a', 'b'])}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** GitHub's and npm's tokens end in six base62 digits of the CRC-32 over the rest. */
function withChecksum(entropy: string): string {
  let rest = crc32(entropy)
  let digits = ''
  while (rest > 0) {
    digits = BASE62.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return entropy + digits.padStart(6, '0')
}

/** RFC 7519, by HS256 or RS256, with a signature of the right length. */
function jwt(chance: Chance): string {
  const json = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const issued = chance.between(1_650_000_000, 1_780_000_000)
  const algorithm = chance.pick(['HS256', 'RS256', 'ES256'])
  const header = json(
    chance.once(2)
      ? { alg: algorithm, typ: 'JWT' }
      : { alg: algorithm, typ: 'JWT', kid: chance.bytes(8).toString('hex') },
  )
  const claims = json({
    iss: `https://${WORDS['host']?.(chance)}/`,
    sub: chance.pick([uuid(chance), String(chance.below(100_000)), `auth0|${chance.bytes(12).toString('hex')}`]),
    role: chance.pick(['admin', 'service_role', 'editor', 'deploy']),
    iat: issued,
    exp: issued + chance.pick([3_600, 86_400, 31_536_000]),
  })
  const size = algorithm === 'HS256' ? 32 : algorithm === 'ES256' ? 64 : 256
  return `${header}.${claims}.${chance.bytes(size).toString('base64url')}`
}
