import { describe, expect, it } from 'vitest'
import { expandDays, isZone, parseClock, parseInstant, wallClockOf } from '../../src/policy/time.ts'

describe('parseInstant', () => {
  it.each([
    ['2026-12-31T18:00Z', Date.UTC(2026, 11, 31, 18)],
    ['2026-12-31T18:00:30Z', Date.UTC(2026, 11, 31, 18, 0, 30)],
    ['2026-12-31T18:00+01:00', Date.UTC(2026, 11, 31, 17)],
    ['2028-02-29T00:00-05:30', Date.UTC(2028, 1, 29, 5, 30)],
  ])('reads %s', (text, at) => {
    expect(parseInstant(text)).toBe(at)
  })

  it.each([
    '2026-12-31',
    '2026-12-31T18:00',
    '2026-12-31 18:00Z',
    '2026-13-01T00:00Z',
    '2026-02-29T00:00Z',
    '2026-00-10T00:00Z',
    '2026-01-00T00:00Z',
    '2026-01-01T24:00Z',
    '2026-01-01T10:60Z',
    '2026-01-01T10:00+25:00',
    'tomorrow',
    '',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull()
  })
})

describe('parseClock', () => {
  it.each([
    ['00:00', 0],
    ['07:30', 450],
    ['23:59', 1_439],
    ['24:00', 1_440],
  ])('reads %s', (text, minutes) => {
    expect(parseClock(text)).toBe(minutes)
  })

  it.each(['24:01', '7:00', '07:60', '07', '99:00', '', '07:00:00'])('refuses %j', (text) => {
    expect(parseClock(text)).toBeNull()
  })
})

describe('expandDays', () => {
  it.each([
    ['mon', [0]],
    ['mon-fri', [0, 1, 2, 3, 4]],
    ['sat-mon', [5, 6, 0]],
    ['mon-sun', [0, 1, 2, 3, 4, 5, 6]],
    ['sun-sun', [6]],
  ])('reads %s', (text, days) => {
    expect(expandDays(text)).toEqual(days)
  })

  it.each(['', 'Mon', 'monday', 'mon-', '-mon', 'mon-tue-wed'])('refuses %j', (text) => {
    expect(expandDays(text)).toBeNull()
  })
})

describe('isZone', () => {
  it.each([
    ['Europe/Zurich', true],
    ['UTC', true],
    ['America/Argentina/Ushuaia', true],
    ['Europe/Zurch', false],
    ['+01:00', false],
    ['', false],
    ['Mars/Base', false],
  ])('%s: %s', (text, is) => {
    expect(isZone(text)).toBe(is)
  })
})

describe('wallClockOf', () => {
  const zurich = wallClockOf('Europe/Zurich')

  it.each([
    ['winter', Date.UTC(2026, 10, 24, 12), 1, 13 * 60],
    ['summer', Date.UTC(2026, 6, 1, 12), 2, 14 * 60],
    ['just before the clocks go forward', Date.UTC(2026, 2, 29, 0, 59), 6, 119],
    ['just after', Date.UTC(2026, 2, 29, 1, 0), 6, 180],
    ['the hour that comes twice, first', Date.UTC(2026, 9, 25, 0, 30), 6, 150],
    ['the hour that comes twice, second', Date.UTC(2026, 9, 25, 1, 30), 6, 150],
    ['midnight', Date.UTC(2026, 10, 23, 23), 1, 0],
  ])('shows %s', (_, at, day, minute) => {
    expect(zurich(at)).toEqual({ day, minute })
  })

  it('shows each minute anew, whichever was asked for before, in each zone its own', () => {
    const start = Date.UTC(2026, 2, 29, 0, 58)
    const minutes = (zone: string): readonly number[] =>
      [0, 59_999, 60_000, 119_999, 120_000, 0].map((offset) => wallClockOf(zone)(start + offset).minute)
    expect(minutes('Europe/Zurich')).toEqual([118, 118, 119, 119, 180, 118])
    expect(minutes('UTC')).toEqual([58, 58, 59, 59, 60, 58])
  })

  it('shows the day of a zone half a day ahead', () => {
    expect(wallClockOf('Pacific/Auckland')(Date.UTC(2026, 10, 24, 12))).toEqual({ day: 2, minute: 60 })
  })
})
