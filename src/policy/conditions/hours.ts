/** `hours` and `until`: when a rule holds. The instant is the subject's; nothing here asks a clock. */
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { DAYS, expandDays, parseClock, parseInstant, type WallClock, wallClockOf } from '../time.ts'
import type { Condition } from './condition.ts'

export function compileUntil({ until }: RuleInput): Condition | null {
  const end = until === undefined ? null : parseInstant(until)
  if (until === undefined || end === null) return null
  return {
    key: 'until',
    about: ['time'],
    items: [until],
    value: ({ subject }) => (subject.at < end ? 'yes' : 'no'),
    why: ({ subject }) => (subject.at < end ? `the rule holds until ${until}` : `the rule ended at ${until}`),
  }
}

export function compileHours({ hours }: RuleInput): Condition | null {
  if (hours === undefined) return null
  const days = new Set(
    hours.days === undefined ? DAYS.keys() : listOf(hours.days).flatMap((text) => expandDays(text) ?? []),
  )
  const from = hours.from === undefined ? 0 : (parseClock(hours.from) ?? 0)
  const to = hours.to === undefined ? 24 * 60 : (parseClock(hours.to) ?? 0)
  const clock = wallClockOf(hours.zone)
  const isWithin = (at: number): boolean => within(clock(at), days, from, to)
  return {
    key: 'hours',
    about: ['time'],
    items: [[[...days].sort((left, right) => left - right).join(','), from, to, hours.zone].join(' ')],
    value: ({ subject }) => (isWithin(subject.at) ? 'yes' : 'no'),
    why: ({ subject }) =>
      `${showClock(clock(subject.at))} in ${hours.zone} is ${isWithin(subject.at) ? '' : 'not '}in the hours`,
  }
}

/** Hours that pass midnight belong to the day on which they began. */
function within({ day, minute }: WallClock, days: ReadonlySet<number>, from: number, to: number): boolean {
  if (from < to) return days.has(day) && minute >= from && minute < to
  const dayBefore = (day + DAYS.length - 1) % DAYS.length
  return (days.has(day) && minute >= from) || (days.has(dayBefore) && minute < to)
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}

function showClock({ day, minute }: WallClock): string {
  return `${DAYS[day] ?? ''} ${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`
}
