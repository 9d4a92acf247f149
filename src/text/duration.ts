/** Spans of time as people write them: `250 ms`, `30 s`, `10 min`. */

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
}

/** Reads a duration in milliseconds. A plain number is milliseconds. Null for anything else and for fractions of one. */
export function parseDuration(text: string | number): number | null {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text >= 0 ? text : null
  const match = /^(\d{1,12}(?:\.\d{1,3})?) ?([a-z]{1,4})$/.exec(text)
  const unit = match !== null && Object.hasOwn(UNITS, match[2] ?? '') ? UNITS[match[2] ?? ''] : undefined
  if (match === null || unit === undefined) return null
  const durationMs = Number((Number(match[1]) * unit).toPrecision(15))
  return Number.isSafeInteger(durationMs) ? durationMs : null
}

/** A duration as text, in the largest unit that says it in whole numbers: `1 day`, `90 min`, `1500 ms`. */
export function formatDuration(durationMs: number): string {
  for (const unit of ['day', 'h', 'min', 's'] as const) {
    const amount = durationMs / (UNITS[unit] ?? 1)
    if (amount >= 1 && Number.isInteger(amount)) return `${amount} ${unit}${unit === 'day' && amount > 1 ? 's' : ''}`
  }
  return `${durationMs} ms`
}

/** About how long, for a person: `90 s`, `10 min`, `3 h`. */
export function formatSpan(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
