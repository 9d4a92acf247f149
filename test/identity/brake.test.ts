import { describe, expect, it } from 'vitest'
import { Brake } from '../../src/identity/brake.ts'

function brake(keysMax?: number) {
  const clock = { now: 1_000 }
  return { clock, brake: new Brake({ now: () => clock.now, ...(keysMax === undefined ? {} : { keysMax }) }) }
}

describe('a brake', () => {
  it('lets four failures pass, and doubles the wait from the fifth on, up to a minute', () => {
    const { brake: slow, clock } = brake()
    const waits = Array.from({ length: 13 }, () => {
      slow.fail('a')
      const waitMs = slow.waitMs('a')
      clock.now += waitMs
      return waitMs / 1_000
    })
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  it('ends a wait to the millisecond', () => {
    const { brake: slow, clock } = brake()
    for (let at = 0; at < 5; at++) slow.fail('a')
    clock.now += 999
    expect(slow.waitMs('a')).toBe(1)
    clock.now += 1
    expect(slow.waitMs('a')).toBe(0)
  })

  it('holds one key and no other', () => {
    const { brake: slow } = brake()
    for (let at = 0; at < 9; at++) slow.fail('a')
    expect([slow.waitMs('a') > 0, slow.waitMs('b'), slow.has('a'), slow.has('b')]).toEqual([true, 0, true, false])
  })

  it('forgets one failure a minute', () => {
    const { brake: slow, clock } = brake()
    for (let at = 0; at < 4; at++) slow.fail('a')
    clock.now += 59_999
    slow.fail('a')
    expect(slow.waitMs('a')).toBe(1_000)
    clock.now += 60_000
    slow.fail('a')
    expect(slow.waitMs('a')).toBe(1_000)
    clock.now += 5 * 60_000
    slow.fail('a')
    expect(slow.waitMs('a')).toBe(0)
  })

  it('counts no burst for hours', () => {
    const { brake: slow, clock } = brake()
    for (let at = 0; at < 1_000; at++) slow.fail('a')
    expect(slow.waitMs('a')).toBe(60_000)
    clock.now += 16 * 60_000
    slow.fail('a')
    expect(slow.waitMs('a')).toBe(0)
  })

  it('is pressed at the hundredth attempt that came during waits, until they are forgotten', () => {
    const { brake: slow, clock } = brake()
    slow.press('a')
    expect(slow.has('a')).toBe(false)
    for (let at = 0; at < 5; at++) slow.fail('a')
    for (let at = 0; at < 99; at++) slow.press('a')
    expect(slow.isPressed('a')).toBe(false)
    slow.press('a')
    expect([slow.isPressed('a'), slow.isPressed('b')]).toEqual([true, false])
    slow.fail('a')
    expect(slow.isPressed('a')).toBe(true)
    clock.now += 60 * 60_000
    slow.fail('a')
    expect(slow.isPressed('a')).toBe(false)
  })

  it('keeps as many keys as its limit, and forgets the one untouched the longest', () => {
    const { brake: slow } = brake(2)
    for (const key of ['a', 'b']) for (let at = 0; at < 5; at++) slow.fail(key)
    expect([slow.waitMs('b'), slow.waitMs('a')]).toEqual([1_000, 1_000])
    slow.fail('c')
    expect(['a', 'b', 'c'].map((key) => slow.has(key))).toEqual([true, false, true])
  })
})
