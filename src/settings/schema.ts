/** The settings of a Weir: what each is, its default and its description. Types, validation and reference pages come from here. */
import { z } from 'zod'
import { type Cidr, parseCidr } from '../net/address.ts'
import { limitsSchema } from './limits.ts'
import { type ClientCertificate, parseClientCertificate } from './client-certificate.ts'
import { type Listen, parseListen } from './listen.ts'
import { type ParentProxy, parseParentProxy } from './parent-proxy.ts'
import { parseStaticRule, type StaticRule } from './static-resolution.ts'

/** Entries of one setting that may be given several times. */
export const REPEATS_MAX = 1_000
const PATH_CHARACTERS_MAX = 4_096
const VALUE_CHARACTERS_MAX = 1_024

const INSPECTION_MODES = ['auto', 'never', 'always'] as const
const HTTP2_MODES = ['auto', 'never', 'always'] as const

export const settingsSchema = z.strictObject({
  policy: path(
    'policies/default.yaml',
    'The policy: a file, or a folder whose `*.yaml` files are read in the order of their names.',
  ),
  listen: value<Listen>(parseListen, 'an address and a port such as `127.0.0.1:8080` or `[::1]:8080`')
    .prefault('127.0.0.1:8080')
    .meta({
      description:
        'Where clients reach the proxy, as ADDRESS:PORT; port 0 takes any free one. Off loopback it needs `allowClients` or `users`.',
    }),
  certs: path('certs', 'The folder of the inspection CA; one is created there on the first start.'),
  data: path('data', 'The folder for what Weir writes: spool files.'),
  users: optionalPath('The file of users and their passwords, as `htpasswd -B` writes it: bcrypt or argon2id.'),
  passphraseFile: optionalPath(
    'A file whose first line opens encrypted private keys: the inspection CA’s and those of client certificates.',
  ),
  upstreamProxy: value<ParentProxy>(parseParentProxy, 'a proxy such as `http://proxy.acme.example:3128`')
    .optional()
    .meta({
      description:
        'A proxy through which all upstreams are reached, as http://[USER:PASSWORD@]HOST:PORT. It resolves their names.',
    }),
  clientCertificate: values<ClientCertificate>(
    parseClientCertificate,
    'HOST:FILE, HOST a name or `*.name`, FILE in PEM with certificate and key, or PKCS#12',
  ).meta({
    description:
      'Certificates that Weir shows to upstreams which ask for one where it opens TLS, as HOST:FILE; FILE is PEM with certificate and key, or PKCS#12.',
  }),
  upstreamCa: z
    .array(z.string().min(1).max(PATH_CHARACTERS_MAX))
    .max(REPEATS_MAX)
    .prefault([])
    .meta({ description: 'Files with more trust anchors towards upstreams, PEM.' }),
  resolve: values<StaticRule>(
    parseStaticRule,
    'HOST:PORT:ADDRESS:PORT, HOST a name, `*.name` or `*` and never an address',
  ).meta({
    description:
      'Static answers in place of DNS, as HOST:PORT:ADDRESS:PORT. HOST is a name, `*.name` (every name below it) or `*`, never an address; IPv6 stands in brackets. The exact name goes before the longest suffix, that before `*`.',
  }),
  allowPrivate: values<Cidr>(
    parseCidr,
    'a block of addresses such as `10.0.0.0/8`, without bits beyond its prefix',
  ).meta({
    description:
      'Blocks of private, loopback, link-local and other special addresses that may be dialled. Weir’s own listeners never are.',
  }),
  allowClients: values<Cidr>(
    parseCidr,
    'a block of addresses such as `10.0.0.0/8`, without bits beyond its prefix',
  ).meta({
    description:
      'Blocks of addresses whose clients may use the proxy. Others have to sign in as one of `users`; where there are none, they may not.',
  }),
  inspection: z
    .enum(INSPECTION_MODES)
    .optional()
    .meta({ description: 'Which TLS is opened, over the policy’s own `inspection.mode`.' }),
  http2: z.enum(HTTP2_MODES).prefault('auto').meta({
    description:
      'Where TLS is opened, who speaks HTTP/2. `auto`: clients and upstreams that both do. `always`: each side that does, translated where the other speaks HTTP/1.1. `never`: nobody.',
  }),
  secretRules: optionalPath('A file of rules for secrets beside those that Weir has, as gitleaks writes them (TOML).'),
  fingerprints: optionalPath(
    'The index of your own source that `weir index` makes; its key lies beside it, or where `fingerprintsKey` says.',
  ),
  fingerprintsKey: optionalPath('The key of that index.'),
  limits: limitsSchema,
})

export type Settings = z.output<typeof settingsSchema>
export type SettingName = keyof Settings
export type Limits = Settings['limits']

function path(preset: string, description: string) {
  return z
    .string()
    .min(1)
    .max(PATH_CHARACTERS_MAX)
    .prefault(preset)
    .meta({ description: `${description} A relative path starts at the working directory.` })
}

function optionalPath(description: string) {
  return z
    .string()
    .min(1)
    .max(PATH_CHARACTERS_MAX)
    .optional()
    .meta({ description: `${description} A relative path starts at the working directory.` })
}

/** A text that becomes a value, or a problem that says what was expected. */
function value<T>(parse: (text: string) => T | null, expected: string) {
  return z
    .string()
    .max(VALUE_CHARACTERS_MAX)
    .transform((text, context): T => {
      const parsed = parse(text)
      if (parsed !== null) return parsed
      context.issues.push({ code: 'custom', message: `must be ${expected}`, input: text })
      return z.NEVER
    })
}

function values<T>(parse: (text: string) => T | null, expected: string) {
  return z.array(value(parse, expected)).max(REPEATS_MAX).prefault([])
}
