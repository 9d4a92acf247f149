/** The single values of a policy: names, hosts, networks, sizes, times. What is wrong with one is said here, in its words. */
import { z } from 'zod'
import { type Address, parseAddress, parseCidr } from '../net/address.ts'
import { parseDuration } from '../text/duration.ts'
import { formatSize, parseSize, SIZE_UNITS } from '../text/quantity.ts'
import { suggestion } from '../text/suggest.ts'
import { whyNotHostPattern } from './host-pattern.ts'
import { expandDays, isZone, parseClock, parseInstant, ZONES } from './time.ts'

export interface Fault {
  readonly message: string
  readonly hint?: string | undefined
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const NAME_MESSAGE = 'must be a short name: letters, digits, `-`, `_` and `.`, without spaces'

/** The name of a group, list, set, budget, service or rule. It has no `/`, which tells a set from a pattern. */
export const nameSchema = z.string().regex(NAME, NAME_MESSAGE)

/** A user as the credentials name it: Basic credentials (RFC 7617) end the name at the first `:`. */
export const userSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}:]*$/u, 'must be the name of a user: without `:` and control characters')
  .meta({ description: 'The name of a user, compared exactly: `Ada` is not `ada`.', examples: ['ada'] })

export const hostPatternSchema = checked(whyNotHostPattern).meta({
  description: 'A host name, or `*.name` for every name below it (and not itself).',
  examples: ['github.com', '*.acme.example'],
})

export const cidrSchema = checked(whyNotCidr).meta({
  description: 'A network in CIDR notation, or one address.',
  examples: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
})

export const portSchema = z
  .int()
  .min(1)
  .max(65_535)
  .meta({ description: 'A TCP port.', examples: [443] })

export const sizeSchema = z.union([checked(whyNotSize), z.int().min(1)]).meta({
  description: 'A size: MB is 10⁶ bytes, MiB is 2²⁰. A plain number is bytes.',
  examples: ['50 MB', '1.5 GiB'],
})

const windowMsMin = 60_000
const windowMsMax = 366 * 86_400_000

export const windowSchema = checked(whyNotWindow).meta({
  description: 'A span of time, from one minute to 366 days, in `s`, `min`, `h`, `day` or `days`.',
  examples: ['1 day', '24 h', '90 min'],
})

export const clockSchema = checked(whyNotClock).meta({
  description: 'A time of day, in 24 hours. `24:00` is the end of the day.',
  examples: ['07:00', '20:30'],
})

export const instantSchema = checked(whyNotInstant).meta({
  description: 'An instant with its zone: `Z`, or an offset.',
  examples: ['2026-12-31T18:00Z', '2026-12-31T18:00+01:00'],
})

export const zoneSchema = checked(whyNotZone).meta({
  description: 'A time zone of the IANA database; daylight saving is observed.',
  examples: ['Europe/Zurich', 'UTC'],
})

export const daysSchema = checked(whyNotDays).meta({
  description: 'A day, or a range of days.',
  examples: ['mon-fri', 'sat'],
})

/** One value, or a list of at least one. */
export function oneOrMany<T extends z.ZodType>(item: T): z.ZodUnion<[T, z.ZodArray<T>]> {
  return z.union([item, z.array(item).min(1)])
}

/** The list that one value, or a list, stands for. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

export function checked(why: (text: string) => Fault | null): z.ZodString {
  return z.string().superRefine((text, context) => {
    const fault = why(text)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault.message, params: { hint: fault.hint } })
  })
}

function whyNotCidr(text: string): Fault | null {
  if (parseCidr(text) !== null) return null
  const [address = '', prefix] = text.split('/')
  const bare = parseCidr(address)
  if (bare === null || prefix === undefined)
    return { message: `\`${text}\` is not a network`, hint: 'write it as 10.0.0.0/8' }
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= bare.network.bytes.length * 8
  if (!isPrefix) return { message: `\`/${prefix}\` is not a prefix length of ${address}` }
  const network = maskedText(bare.network, Number(prefix))
  return { message: `\`${text}\` has address bits beyond its prefix`, hint: `did you mean \`${network}/${prefix}\`?` }
}

function maskedText(address: Address, prefix: number): string {
  const bytes = address.bytes.map((byte, at) => byte & ~(0xff >> Math.min(8, Math.max(0, prefix - at * 8))))
  if (address.family === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  )
  return parseAddress(groups.join(':'))?.text ?? groups.join(':')
}

function whyNotSize(text: string): Fault | null {
  const size = parseSize(text)
  if (size !== null && size > 0) return null
  if (size === 0) return { message: 'must be more than nothing', hint: 'to forbid uploads, deny the operations' }
  const unit = /^[\d.]+ ?([A-Za-z]+)$/.exec(text)?.[1]
  const hint = unit === undefined ? undefined : suggestion(unit, SIZE_UNITS)
  return { message: `\`${text}\` is not a size`, hint: hint ?? `write it as ${formatSize(50e6)}` }
}

function whyNotWindow(text: string): Fault | null {
  const windowMs = parseDuration(text)
  if (windowMs === null)
    return { message: `\`${text}\` is not a span of time`, hint: 'write it as 1 day, 24 h or 90 min' }
  if (windowMs < windowMsMin) return { message: 'must be at least one minute' }
  return windowMs > windowMsMax ? { message: 'must be at most 366 days' } : null
}

function whyNotClock(text: string): Fault | null {
  return parseClock(text) === null ? { message: `\`${text}\` is not a time of day`, hint: 'write it as "07:00"' } : null
}

function whyNotInstant(text: string): Fault | null {
  if (parseInstant(text) !== null) return null
  const hasNoZone = parseInstant(`${text}Z`) !== null
  if (hasNoZone)
    return { message: `\`${text}\` has no zone`, hint: `write \`${text}Z\` for UTC, or an offset as +01:00` }
  return { message: `\`${text}\` is not an instant`, hint: 'write it as 2026-12-31T18:00Z' }
}

function whyNotZone(text: string): Fault | null {
  return isZone(text) ? null : { message: `\`${text}\` is not a time zone`, hint: suggestion(text, ZONES) }
}

function whyNotDays(text: string): Fault | null {
  return expandDays(text) === null
    ? { message: `\`${text}\` is not a day or a range of days`, hint: 'write it as mon-fri' }
    : null
}
