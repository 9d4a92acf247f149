/** What a container of the hold-out set is: a file or a piece of text in which people leave credentials. */
import type { Chance } from '../chance.ts'
import type { Field, Leak } from '../credentials/credential.ts'
import type { Sample } from '../fill.ts'

export type Container = (leak: Leak, chance: Chance) => Sample

/** Values stand in the text as they are. */
export function verbatim(
  write: (fields: readonly Field[], chance: Chance, uses: readonly string[]) => string,
): Container {
  return (leak, chance) => {
    const text = write(leak.fields, chance, leak.uses)
    return { text, secrets: leak.fields.flatMap((field) => field.secrets).filter((secret) => text.includes(secret)) }
  }
}

/** Settings that stand beside those that matter. */
export const PLAIN_SETTINGS: readonly (readonly [string, string])[] = [
  ['LOG_LEVEL', 'info'],
  ['NODE_ENV', 'production'],
  ['PORT', '8080'],
  ['TZ', 'Europe/Lisbon'],
  ['FEATURE_NEW_CHECKOUT', 'true'],
  ['CACHE_TTL_SECONDS', '300'],
  ['MAX_UPLOAD_MB', '25'],
  ['WORKERS', '4'],
  ['AWS_REGION', 'eu-west-1'],
  ['SENTRY_ENVIRONMENT', 'staging'],
  ['DEFAULT_LOCALE', 'en-GB'],
  ['ALLOWED_ORIGINS', 'https://app.example.net'],
  ['RETRY_LIMIT', '5'],
  ['METRICS_ENABLED', 'false'],
  ['SESSION_TIMEOUT', '3600'],
  ['BUILD_NUMBER', '4711'],
]

/** The fields in their order, among ordinary settings before and behind. */
export function among(fields: readonly Field[], chance: Chance): readonly (readonly [string, string])[] {
  const plain = chance.some(PLAIN_SETTINGS, chance.between(2, 7))
  const before = chance.below(plain.length + 1)
  return [
    ...plain.slice(0, before),
    ...fields.map((field) => [field.name, field.value] as const),
    ...plain.slice(before),
  ]
}

export const camel = (name: string): string =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
export const pascal = (name: string): string => camel(name).replace(/^\w/, (letter) => letter.toUpperCase())
export const kebab = (name: string): string => name.toLowerCase().replaceAll('_', '-')
export const snake = (name: string): string => name.toLowerCase()
export const dotted = (name: string): string => name.toLowerCase().replaceAll('_', '.')
