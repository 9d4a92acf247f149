/** A random value under a name that says credential, in whatever language it is assigned: the rule for all that has no shape. */
import { isPlaceholder } from '../placeholder.ts'
import { entropyOf, looksRandom, wordiness } from '../randomness.ts'
import type { PointRule, Stretch } from '../rule.ts'
import { isPassword } from './files.ts'

const NAME_CHARACTERS_MAX = 48
const VALUE_CHARACTERS_MAX = 1024
const AFTER_BYTES = 1200

/** What ends in these words holds a password; people choose it, so that it may be short. */
const PASSWORDS = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'pass',
  '_pw',
  'pw:',
  'pw=',
  'pw =',
  'pw"',
  "pw'",
]
const TOKENS = [
  'token',
  'secret',
  'credential',
  'creds',
  'apikey',
  'authkey',
  '_auth',
  'bearer',
  'authorization',
  'pat',
  'access_id',
]
const KEYS = ['key']

const IS_PASSWORD_NAME =
  /(?:passw(?:or)?d|passphrase|passcode|pwd|(?:^|[^a-z])p(?:ass|w))(?:[-_.](?:prod|dev|staging|live|old|new|value))?[0-9]?$/
const IS_PASS_NAME = /[a-z](?:Pass|PassW?or?d|Pwd)[0-9]?$/
const IS_TOKEN_NAME =
  /(?:token|secret|credentials?|creds|api[-_.]?key|auth[-_.]?key|_auth|bearer|authorization|access[-_.]?id|[-_.]pat|^pat|[a-z]Pat|[-_]PAT)(?:[-_.]?(?:key|value|base|id|hash|live|prod|dev|staging|production|old|new))*[0-9]?$/
/** A key is a credential only where the word before it says so. */
const IS_KEY_NAME =
  /(?:access|secret|private|auth|sign(?:ing|ature)?|encrypt(?:ion)?|crypt(?:o)?|master|admin|account|storage|licen[cs]e|app(?:lication)?|service|server|client|aes|hmac|sdk|rest|webhook|shared|integration|session|jwt|host|deploy|write|ingest|maps|subscription|registry|gateway|notion|claude|sendinblue|anthropic|openai|billing|internal|cookie|data|age|ssh|tenant|global|x[-_]api|api|root|ca)[-_. ]?key(?:[-_.]?(?:base|value|data|prod|live|dev|b64|base64))?[0-9]?$/i
/** Names of things that look random and are none: ids, sums, kinds, places, public halves. */
const IS_HARMLESS_NAME =
  /public|(?:^|[-_.])(?:id|ids|uuid|hash|sum|digest|checksum|sha[0-9]*|md5|etag|type|kind|name|file|path|url|uri|length|size|count|field|label|title|placeholder|regex|pattern|prefix|header|expires?|expiry|ttl|format|fingerprint|thumbprint|version)$|next[-_]?(?:page)?[-_]?token|page[-_]?token|continuation|sync[-_]?token|token[-_]?(?:type|kind|count|id|index)|cache[-_]?key|sort[-_]?key|partition|primary[-_]?key|foreign[-_]?key|[kK]ey(?:Code|board|word|frame|up|down|path)|csrf|xsrf|nonce|key[-_]?id|public[-_]?key|site[-_]?key|idempoten|client[-_]?token|request[-_]?token/i

const IS_NAME_CHARACTER = new Uint8Array(256)
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-'))
  IS_NAME_CHARACTER[byte] = 1
/** Behind the word that says credential at most these follow in its name. */
const TAIL_CHARACTERS_MAX = 40

/** What may stand between a name and its value: a closing quote, a type, the sign. An `==` compares. */
const SIGN = new RegExp(
  [
    String.raw`(?:\\?["'\`\])]{1,2})?`,
    String.raw`(?:\s{0,8}:\s{0,2}(?:&(?:'static )?str|[Ss]tring|str)(?=\s{0,2}=))?`,
    '(?:',
    [
      String.raw`\s{0,16}(?::=|=>|=(?![=~>])|:(?![:=])|<-|->)\s{0,16}(?:[>|][-+]?\r?\n\s{1,24})?`,
      // An entry of its own: \`name: X\` and below it \`value: …\`.
      String.raw`,?\s{1,40}\\?["']?[Vv]alue\\?["']?\s{0,2}[:=]\s{0,3}`,
      String.raw`"?,\s{0,16}(?=\\?["'])`,
      String.raw`\s{1,4}(?=\\?["'])`,
      String.raw`\s(?:is|was)[: ]\s{0,2}`,
      String.raw`\s{0,8}\|\s{0,4}`,
      String.raw`\t{1,3}`,
      String.raw`>(?=[^<>\s]{6,400}<\/)`,
      String.raw`</key>\s{0,40}<string>`,
      String.raw`\(\s{0,2}(?=["'])`,
      '%3[Dd]',
      // As Dockerfiles of old set a variable.
      String.raw`(?<=ENV \w{1,48}) {1,2}`,
    ].join('|'),
    ')',
  ].join(''),
  'y',
)
const QUOTED = /(?:[bBruf@$]{0,2})(\\?["'`])([^\s"'`\\<>]{6,1024}?)\1/y
/** Of a connection that an option of a command line makes: `--token VALUE`. */
const OPTION = /(?:=| {1,2})["']?(?=[^\s"'-])/y
const BARE = /([^\s"'`<>;,&|\\(){}[\]]{8,1024})(?=[\s"'`<,;&|\\})\]]|$)/y

export const ASSIGNMENT_RULES: readonly PointRule[] = [
  assignment('assigned-password', 'a password under its name', PASSWORDS, 'password'),
  assignment('assigned-secret', 'a random value under the name of a credential', [...TOKENS, ...KEYS], 'token'),
]

type Sort = 'password' | 'token'

function assignment(id: string, title: string, keywords: readonly string[], sort: Sort): PointRule {
  return {
    kind: 'point',
    id,
    title,
    keywords,
    before: NAME_CHARACTERS_MAX + 'ENV '.length,
    after: AFTER_BYTES,
    rank: 1,
    find: (text, at) => findAssignment(text, at, sort),
  }
}

function findAssignment(text: string, at: number, sort: Sort): Stretch | null {
  const end = nameEnd(text, at)
  if (end - at > TAIL_CHARACTERS_MAX) return null
  // Most names have no value behind them: that is the cheapest to see.
  const valueStart = behindSign(text, end)
  const isOption = valueStart === null && (text.charCodeAt(end) === 0x3d || text.charCodeAt(end) === 0x20)
  if (valueStart === null && !isOption) return null
  const start = nameStart(text, at)
  const name = text.slice(start, end).replace(/^[-.]+|[-.]+$/g, '')
  if (!isTelling(name, sort)) return null
  const value = valueStart === null ? optionValue(text, start, end) : valueAt(text, valueStart)
  if (value === null) return null
  const secret = text.slice(value.start, value.end)
  const isCredential =
    sort === 'password' ? isChosenPassword(secret, value.isQuoted) : isGenerated(secret, value.isQuoted)
  return isCredential ? { start: value.start, end: value.end } : null
}

function isTelling(name: string, sort: Sort): boolean {
  if (IS_HARMLESS_NAME.test(name)) return false
  if (sort === 'password') return IS_PASSWORD_NAME.test(name.toLowerCase()) || IS_PASS_NAME.test(name)
  return IS_TOKEN_NAME.test(name) || IS_TOKEN_NAME.test(name.toLowerCase()) || IS_KEY_NAME.test(name)
}

function nameStart(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < NAME_CHARACTERS_MAX && IS_NAME_CHARACTER[text.charCodeAt(start - 1)] === 1)
    start -= 1
  // An escape such as `\n` in a string is no part of the name.
  return start > 0 && text.charAt(start - 1) === '\\' ? start + 1 : start
}

function nameEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && end - at < NAME_CHARACTERS_MAX && IS_NAME_CHARACTER[text.charCodeAt(end)] === 1) end += 1
  return end
}

interface Value extends Stretch {
  readonly isQuoted: boolean
}

function optionValue(text: string, start: number, end: number): Value | null {
  if (text.charCodeAt(start) !== 0x2d) return null
  OPTION.lastIndex = end
  return OPTION.test(text) ? valueAt(text, OPTION.lastIndex) : null
}

function behindSign(text: string, end: number): number | null {
  SIGN.lastIndex = end
  return SIGN.test(text) ? SIGN.lastIndex : null
}

function valueAt(text: string, at: number): Value | null {
  QUOTED.lastIndex = at
  const quoted = QUOTED.exec(text)
  if (quoted?.[2] !== undefined) {
    const end = at + quoted[0].length - (quoted[1]?.length ?? 0)
    return { start: end - quoted[2].length, end, isQuoted: true }
  }
  BARE.lastIndex = at
  const bare = BARE.exec(text)
  // Behind it may stand a call or an index: then it is the name of something, and no value.
  if (bare?.[1] === undefined || /[([]/.test(text.charAt(BARE.lastIndex))) return null
  return { start: at, end: at + Math.min(bare[1].length, VALUE_CHARACTERS_MAX), isQuoted: false }
}

const PASSWORD_CHARACTERS_MIN = 8
const PASSWORD_CHARACTERS_MAX = 128

function isChosenPassword(secret: string, isQuoted: boolean): boolean {
  if (secret.length < PASSWORD_CHARACTERS_MIN || secret.length > PASSWORD_CHARACTERS_MAX) return false
  if (!isPassword(withoutPercent(secret)) || isName(secret) || isReference(secret, isQuoted)) return false
  if (/^[^A-Za-z]*$|^[a-z]+\|[a-z]/.test(secret)) return false
  if (/^\{[A-Z0-9-]+\}.{12}|^\$[0-9a-z]+\$.{12}/.test(secret)) return true
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(secret)).length
  if (kinds >= 3) return entropyOf(secret) >= 2.8 && wordiness(secret) < 0.75
  return /[0-9]/.test(secret) && entropyOf(secret) >= 2.8 && wordiness(secret) < 0.5
}

const TOKEN_CHARACTERS_MIN = 15

function isGenerated(secret: string, isQuoted: boolean): boolean {
  const core = secret.replace(/=+$/, '')
  if (core.length < TOKEN_CHARACTERS_MIN || isPlaceholder(withoutPercent(secret)) || isName(core)) return false
  if (!/[0-9]/.test(core) || !/[A-Za-z]/.test(core) || /[[\]{}|]/.test(core) || isReference(core, isQuoted))
    return false
  if (/^(?:sha(?:1|256|384|512)|md5)[-:]/i.test(core) || /^[0-9]+(?:[.:/-][0-9]+)*$/.test(core)) return false
  const isHex = /^(?:0x)?[0-9a-fA-F-]+$/.test(core)
  if (isHex) return core.length >= 20 && entropyOf(core) >= 3
  return entropyOf(core) >= 3.2 && wordiness(core) < 0.45 && looksRandom(core)
}

/** In a query the name of a variable may stand behind `%24%7B`. */
function withoutPercent(value: string): string {
  return value.replace(/%([2-7][0-9A-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** A member of something, where no quotes say that it is a text: `config.auth.token2`. */
function isReference(value: string, isQuoted: boolean): boolean {
  return !isQuoted && /^[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)+$/.test(value) && wordiness(value) > 0.3
}

/** Words joined by something, with a number at most at the end of each: `user_token_2`, `oauth2.client.secret`, `AuthTokenV2`. */
function isName(value: string): boolean {
  const words = /^[$@:]?[A-Za-z]{2,}[0-9]{0,2}(?:[-_.:/ ]{1,2}[A-Za-z]{2,}[0-9]{0,2})*[-_.:/]?[0-9]{0,2}$/
  return words.test(value) && wordiness(value) > 0.5
}
