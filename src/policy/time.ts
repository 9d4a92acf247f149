/** Instants, times of day and days as a policy writes them, and what a wall clock shows in a zone at an instant. */

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]

export const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')]

const MINUTES_OF_DAY = 24 * 60

/** Minutes since midnight of `HH:MM`; `24:00` is the end of the day. */
export function parseClock(text: string): number | null {
  const match = /^(\d\d):(\d\d)$/.exec(text)
  if (match === null) return null
  const [hours, minutes] = [Number(match[1]), Number(match[2])]
  const total = hours * 60 + minutes
  return minutes > 59 || total > MINUTES_OF_DAY ? null : total
}

/** Milliseconds since the epoch of an RFC 3339 instant (seconds may be left out); null without a zone or for 30 February. */
export function parseInstant(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.exec(text)
  if (match === null) return null
  const at = Date.parse(text)
  if (Number.isNaN(at)) return null
  const [year = 0, month = 0, day = 0, hour = 0] = match.slice(1).map(Number)
  // The engine takes 30 February for 2 March.
  const daysOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day >= 1 && day <= daysOfMonth && hour <= 23 ? at : null
}

/** `mon`, `mon-fri`, `fri-mon`, as positions in the week (Monday is 0). */
export function expandDays(text: string): readonly number[] | null {
  const [first = '', last = first, extra] = text.split('-')
  const from = DAYS.indexOf(first as Day)
  const to = DAYS.indexOf(last as Day)
  if (extra !== undefined || from === -1 || to === -1) return null
  const count = ((to - from + DAYS.length) % DAYS.length) + 1
  return Array.from({ length: count }, (_, at) => (from + at) % DAYS.length)
}

export function isZone(text: string): boolean {
  // An offset (`+01:00`) is a zone to the engine, but it knows no daylight saving: the name is asked for.
  if (!/^[A-Za-z]/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** What a wall clock shows. */
export interface WallClock {
  /** Position in the week; Monday is 0. */
  readonly day: number
  /** Minutes since midnight. */
  readonly minute: number
}

/** The wall clock of a zone. It is built once when the policy is compiled: a formatter is costly to make and cheap to ask. */
export function wallClockOf(zone: string): (at: number) => WallClock {
  const known = clocks.get(zone)
  if (known !== undefined) return known
  const clock = makeClock(zone)
  if (clocks.size < CLOCKS_MAX) clocks.set(zone, clock)
  return clock
}

// Thousands of rules may have the same zone, and a clock is dear to make and to read. There are some hundreds of zones.
const CLOCKS_MAX = 1_000
const clocks = new Map<string, (at: number) => WallClock>()

function makeClock(zone: string): (at: number) => WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  let last: { readonly minuteOfEpoch: number; readonly shown: WallClock } | null = null
  return (at) => {
    const minuteOfEpoch = Math.floor(at / 60_000)
    if (last?.minuteOfEpoch === minuteOfEpoch) return last.shown
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
    const day = DAYS.indexOf((parts.get('weekday') ?? '').toLowerCase() as Day)
    const shown = { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) }
    last = { minuteOfEpoch, shown }
    return shown
  }
}
