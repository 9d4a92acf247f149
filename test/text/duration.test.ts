import { describe, expect, it } from 'vitest'
import { formatDuration, formatSpan, parseDuration } from '../../src/text/duration.ts'

describe('parseDuration', () => {
  it.each([
    [250, 250],
    [0, 0],
    ['250 ms', 250],
    ['30 s', 30_000],
    ['30s', 30_000],
    ['1.5 s', 1_500],
    ['10 min', 600_000],
    ['2 h', 7_200_000],
    ['1 day', 86_400_000],
    ['7 days', 604_800_000],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected)
  })

  it.each([
    ['a number without its unit', '30'],
    ['an unknown unit', '30 m'],
    ['a unit from the prototype', '30 valu'],
    ['a negative one', '-1 s'],
    ['a negative number', -1],
    ['a fraction of a millisecond', 0.5],
    ['a fraction in text', '0.5 ms'],
    ['infinity', Number.POSITIVE_INFINITY],
    ['more than a number holds', '999999999999 days'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseDuration(text)).toBeNull()
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [1_500, '1500 ms'],
    [59_000, '59 s'],
    [60_000, '1 min'],
    [5_400_000, '90 min'],
    [3_600_000, '1 h'],
    [86_400_000, '1 day'],
    [604_800_000, '7 days'],
  ])('says %i ms as %s, and reads it back', (durationMs, text) => {
    expect(formatDuration(durationMs)).toBe(text)
    expect(parseDuration(text)).toBe(durationMs)
  })
})

describe('formatSpan', () => {
  it.each([
    [-5, '0 s'],
    [499, '0 s'],
    [500, '1 s'],
    [119_499, '119 s'],
    [119_500, '2 min'],
    [7_169_000, '119 min'],
    [7_170_000, '2 h'],
    [360_000_000, '100 h'],
  ])('says %i ms shortly', (ms, expected) => {
    expect(formatSpan(ms)).toBe(expected)
  })
})
