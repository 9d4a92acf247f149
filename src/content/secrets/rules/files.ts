/** Credentials in lines and files of their own: private keys, hashes of passwords, URLs, headers, configuration of tools. */
import { patternRule as rule } from '../pattern-rule.ts'
import { isPlaceholder } from '../placeholder.ts'
import { entropyOf } from '../randomness.ts'
import type { SecretRule } from '../rule.ts'

/** Between header and first line, and between lines: a line break, also one that is written as an escape, with an indent or a quote. */
const BREAK = '(?:\\\\{1,2}r)?(?:\\\\{1,2}n|\\r?\\n)[ \\t>|*#+-]{0,40}["\']?'
const END_ALNUM = '(?![A-Za-z0-9])'
/** At the start of a line, of a quoted text, or behind the number of a line. */
const LINE = '(?<=^|[\\n\\r"\'`>]|\\\\n)'

/** Words in the place of a password that are none, whatever their length. */
const COMMON_PASSWORDS = new Set(
  'password passwd pass pwd secret token user username root admin guest test testing postgres mysql mongo redis rabbitmq default public private none null true false string value mypassword mypass yourpassword p4ssw0rd'.split(
    ' ',
  ),
)

export const FILE_RULES: readonly SecretRule[] = [
  rule(
    'private-key',
    'a private key',
    ['-----begin'],
    `-----BEGIN (?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:${BREAK}){1,2}(?:[A-Za-z][A-Za-z-]{2,20}: [^\\r\\n\\\\]{1,120}(?:${BREAK}){1,3}){0,4}[A-Za-z0-9+/=]{24,128}(?:(?:${BREAK})[A-Za-z0-9+/=]{1,128}){0,80}(?:(?:${BREAK})-----END [A-Z0-9 ]{4,40}-----)?`,
    { after: 6000, isInner: true, allowsWords: true, entropyMin: 4 },
  ),
  rule(
    'putty-private-key',
    'a private key of PuTTY',
    ['putty-user-key-file'],
    `PuTTY-User-Key-File-[23]: [a-z0-9-]{4,40}(?:${BREAK})[^]{20,2000}?Private-Lines: [0-9]{1,3}(?:${BREAK})[A-Za-z0-9+/=]{20,76}`,
    { after: 2400, allowsWords: true },
  ),
  rule(
    'jwk-private-key',
    'a private key in a JSON Web Key',
    ['"d"', '"d\\"'],
    '"d\\\\?"\\s{0,3}:\\s{0,3}\\\\?"([A-Za-z0-9_-]{40,800})\\\\?"',
    {
      group: 1,
      after: 6000,
      context: 512,
      isInner: true,
      rank: 2,
      check: (_, text) => /"kty\\?"\s{0,3}:\s{0,3}\\?"(?:EC|RSA|OKP)/.test(text),
    },
  ),
  rule(
    'wireguard-private-key',
    'a private key of WireGuard',
    ['privatekey = ', 'privatekey=', 'presharedkey = ', 'presharedkey='],
    '(?:PrivateKey|PresharedKey) {0,2}= {0,2}([A-Za-z0-9+/]{43}=)',
    { group: 1 },
  ),
  rule(
    'password-hash',
    'the hash of a password, under its user',
    ['$apr1$', '$2y$', '$2a$', '$2b$', '$6$', '$5$', '$1$', '$y$', '$argon2', '{sha}', '{ssha}'],
    [
      `(?:${LINE}|(?<=\\s))[A-Za-z0-9_.@-]{1,64}:(`,
      '\\$apr1\\$[A-Za-z0-9./]{1,8}\\$[A-Za-z0-9./]{22}',
      '|\\$2[aby]\\$[0-9]{2}\\$[A-Za-z0-9./]{53}',
      '|\\$6\\$(?:rounds=[0-9]{1,9}\\$)?[A-Za-z0-9./]{1,16}\\$[A-Za-z0-9./]{86}',
      '|\\$5\\$(?:rounds=[0-9]{1,9}\\$)?[A-Za-z0-9./]{1,16}\\$[A-Za-z0-9./]{43}',
      '|\\$1\\$[A-Za-z0-9./]{1,8}\\$[A-Za-z0-9./]{22}',
      '|\\$y\\$[A-Za-z0-9./]{2,4}\\$[A-Za-z0-9./]{20,32}\\$[A-Za-z0-9./]{43}',
      '|\\$argon2id?\\$[A-Za-z0-9=,$+/]{40,140}',
      `|\\{S?SHA\\}[A-Za-z0-9+/]{27,60}={0,2})`,
    ].join(''),
    { group: 1, before: 68, after: 160, isInner: true, allowsWords: true },
  ),
  rule(
    'url-password',
    'a password in a URL',
    ['://'],
    `://[^\\s:/@"'\`<>{}\\[\\]()|,;\\\\?#]{0,80}:([^\\s/"'\`<>()\\[\\]|,\\\\@?#]{3,160})@[A-Za-z0-9\\[][A-Za-z0-9._:\\[\\]-]{1,120}`,
    {
      group: 1,
      isInner: true,
      rank: 2,
      entropyMin: 1.5,
      check: (secret, text, at) => isUrlPassword(secret, text, at),
    },
  ),
  rule(
    'connection-string-password',
    'a password in a connection string',
    ['password=', 'pwd='],
    '(?:[Pp]assword|PASSWORD|[Pp]wd|PWD)=["\']?([^\\s;"\'<>{}$%&]{6,128})["\']?;',
    {
      group: 1,
      rank: 2,
      check: (secret, text, at) =>
        isPassword(secret) &&
        /(?:server|data source|host|user ?id|uid|database)=/i.test(text.slice(Math.max(0, at - 200), at + 200)),
      context: 200,
    },
  ),
  rule(
    'netrc-password',
    'a password in a .netrc',
    ['machine '],
    'machine\\s{1,4}[A-Za-z0-9.:_-]{3,120}\\s{1,12}(?:login\\s{1,4}\\S{1,80}\\s{1,12})?(?:account\\s{1,4}\\S{1,80}\\s{1,12})?password\\s{1,4}([^\\s"\'<>{}$]{4,160})',
    {
      group: 1,
      rank: 2,
      entropyMin: 2,
      check: (secret) => isPassword(secret),
    },
  ),
  rule(
    'pgpass-password',
    'a password in a .pgpass',
    [':5432:', ':3306:', ':5433:', ':*:'],
    `${LINE}[A-Za-z0-9.*_-]{1,120}:(?:[0-9]{2,5}|\\*):[A-Za-z0-9_*-]{1,64}:[A-Za-z0-9_.*-]{1,64}:([^\\s:"'<>\${}]{6,160})(?=\\s|$|\\\\)`,
    {
      group: 1,
      before: 130,
      rank: 2,
      isInner: true,
      entropyMin: 2.4,
      check: (secret) => isPassword(secret) && /[0-9]/.test(secret) && /[A-Za-z]/.test(secret),
    },
  ),
  rule(
    'basic-authorization',
    'a user and password in an Authorization header',
    ['basic '],
    'Basic {1,3}([A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/])',
    {
      group: 1,
      isInner: true,
      rank: 2,
      check: (secret) => isPair(secret),
    },
  ),
  rule(
    'bearer-authorization',
    'a bearer token',
    ['bearer '],
    '(?:[Bb]earer|BEARER) {1,3}([A-Za-z0-9_.~+/=-]{20,1200})',
    { group: 1, isInner: true, rank: 2, after: 1400, entropyMin: 3.4, check: isHeaderToken },
  ),
  rule(
    'authorization-header',
    'a token in an Authorization header',
    ['authorization'],
    '[Aa]uthorization\\\\?["\']?\\s{0,3}[:=,]\\s{0,3}\\\\?["\']?(?:Bot|[Tt]oken|[Aa]pi-?[Kk]ey|Key|GenieKey|SSWS|Splunk|Api-Token|[Dd]igest|Zoho-oauthtoken) {1,3}([A-Za-z0-9_.~+/=-]{20,1200})',
    { group: 1, isInner: true, rank: 2, after: 1400, entropyMin: 3, check: isHeaderToken },
  ),
  rule(
    'wordpress-key',
    'a key or salt of WordPress',
    ["_key'", "_salt'", '_key"', '_salt"'],
    '_(?:KEY|SALT)[\'"]\\s{0,3},\\s{1,16}[\'"]([^\'"\\r\\n]{48,80})[\'"]',
    { group: 1, isInner: true, rank: 2, entropyMin: 4.3 },
  ),
  rule(
    'docker-registry-auth',
    'a user and password of a container registry',
    ['auth"', 'auth\\"'],
    'auth\\\\?"\\s{0,4}:\\s{0,4}\\\\?"([A-Za-z0-9+/]{8,800}={0,2})\\\\?"',
    {
      group: 1,
      isInner: true,
      rank: 2,
      after: 860,
      check: (secret) => isPair(secret),
    },
  ),
  rule(
    'command-password',
    'a password on a command line',
    [
      'curl ',
      'wget ',
      'mysql',
      'sshpass ',
      'psql ',
      'docker login',
      'helm ',
      'ldapsearch ',
      'redis-cli ',
      'mongo',
      'rclone ',
      'az login',
      'htpasswd ',
    ],
    [
      '[a-z-]{0,12}(?: login)? [^\\r\\n]{0,300}?',
      '(?:(?<=\\s)(?:-u|--user|--proxy-user|-U)[ =]?["\']?[A-Za-z0-9_.@-]{1,64}:|(?<=\\s)-p[ =]?["\']?(?=[^ ]{8})|(?<=\\s)--(?:password|passphrase|http-password)[ =]["\']?|(?<=\\s)-a ["\']?(?=[^ ]{12})|(?<=\\s)-w ["\']?(?=[^ ]{8}))',
      '([^\\s"\'`<>{}$\\\\|;&/]{6,160})',
    ].join(''),
    {
      group: 1,
      rank: 2,
      after: 520,
      entropyMin: 2.4,
      check: (secret) =>
        isPassword(secret) && /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) && !/^[0-9.:]+$/.test(secret),
    },
  ),
  rule(
    'sql-password',
    'a password in a statement of SQL',
    ['identified by', 'with password', " password '", 'identified with'],
    "(?:[Ii][Dd][Ee][Nn][Tt][Ii][Ff][Ii][Ee][Dd] (?:[Ww][Ii][Tt][Hh] [a-z0-9_']{3,40} )?[Bb][Yy]|(?:[Ww][Ii][Tt][Hh] )?(?:ENCRYPTED )?[Pp][Aa][Ss][Ss][Ww][Oo][Rr][Dd])\\s{0,3}['\"]([^'\"\\r\\n]{6,160})['\"]",
    {
      group: 1,
      before: 1,
      rank: 2,
      isInner: true,
      entropyMin: 2.4,
      check: (secret) => isPassword(secret) && /[0-9]/.test(secret),
    },
  ),
  rule(
    'heroku-uuid',
    'an API key of Heroku',
    ['heroku'],
    `[\\w"'. -]{0,30}["'\\]]{0,2}\\s{0,3}[:=,>]{1,2}\\s{0,3}["']?([a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})${END_ALNUM}`,
    { group: 1, isInner: true, rank: 2 },
  ),
]

function isHeaderToken(secret: string): boolean {
  return /[0-9]/.test(secret) && /[A-Za-z]/.test(secret) && !/^[a-z]+(?:[-_.][a-z0-9]+)*$/.test(secret)
}

/** Whether it could be a password that somebody uses, and not the word for one. */
export function isPassword(secret: string): boolean {
  return !isPlaceholder(secret) && !COMMON_PASSWORDS.has(secret.toLowerCase().replace(/[^a-z0-9]/g, ''))
}

/** `user:password` in documentation is a form, and a local host is nobody's. */
function isUrlPassword(secret: string, text: string, at: number): boolean {
  if (!isPassword(secret) || /^(?:pass|pw|secret|token|port|[0-9]{1,5}$|x-oauth|xxx|\*)/i.test(secret)) return false
  const host = text.slice(at).match(/@([A-Za-z0-9._-]+)/)?.[1] ?? ''
  if (/^(?:example|host|hostname|server|domain|localhost|127\.|0\.0\.0\.0|foo|bar|your)/i.test(host)) return false
  if (/(?:^|\.)example\.(?:com|org|net)$/i.test(host)) return false
  return entropyOf(secret) >= 2.5 || secret.length >= 8
}

/** Base64 of `user:password`. */
function isPair(secret: string): boolean {
  const text = Buffer.from(secret, 'base64').toString('latin1')
  const [, password] = text.match(/^[\x20-\x7e]{1,200}?:([\x20-\x7e]{4,600})$/) ?? []
  return password !== undefined && isPassword(password)
}
