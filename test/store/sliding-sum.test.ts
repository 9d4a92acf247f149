import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SLICES, SlidingSum } from '../../src/store/sliding-sum.ts'

const WINDOW_MS = 60_000
const SLICE_MS = WINDOW_MS / SLICES

describe('a sliding sum', () => {
  it('counts until the whole slice that bytes were sent in has left the window', () => {
    const sum = new SlidingSum()
    sum.add(7, 10 * SLICE_MS, WINDOW_MS)
    expect(sum.total(11 * SLICE_MS + WINDOW_MS - 1, WINDOW_MS)).toBe(7)
    expect(sum.total(11 * SLICE_MS + WINDOW_MS, WINDOW_MS)).toBe(0)
  })

  it('counts what is left of a slice that began before it was added', () => {
    const sum = new SlidingSum()
    sum.add(7, 11 * SLICE_MS - 1, WINDOW_MS)
    expect(sum.total(11 * SLICE_MS - 1 + WINDOW_MS, WINDOW_MS)).toBe(7)
    expect(sum.total(11 * SLICE_MS + WINDOW_MS, WINDOW_MS)).toBe(0)
  })

  it('goes on counting older, coarser slices under a shorter window, and forgets them by that one', () => {
    const sum = new SlidingSum()
    sum.add(5, 0, 100 * WINDOW_MS)
    const endMs = 100 * SLICE_MS
    sum.add(3, 1, WINDOW_MS)
    expect(sum.total(endMs + WINDOW_MS - 1, WINDOW_MS)).toBe(5)
    expect(sum.total(endMs + WINDOW_MS, WINDOW_MS)).toBe(0)
  })

  it('goes on counting what it still knows under a longer window', () => {
    const sum = new SlidingSum()
    sum.add(5, 0, WINDOW_MS)
    expect(sum.total(50 * WINDOW_MS, 100 * WINDOW_MS)).toBe(5)
  })

  it('has no more slices than a window and a slice can touch', () => {
    const sum = new SlidingSum()
    for (let nowMs = 0; nowMs < 5 * WINDOW_MS; nowMs += 100) {
      sum.add(1, nowMs, WINDOW_MS)
      sum.total(nowMs, WINDOW_MS)
    }
    expect(sum.slices().length).toBeLessThanOrEqual(SLICES + 1)
  })

  it.each([1, 7, 59, 1_000])('holds for a window of %i ms', (windowMs) => {
    const sum = new SlidingSum()
    sum.add(1, 1_000_000, windowMs)
    expect(sum.total(1_000_000 + windowMs - 0.5, windowMs)).toBe(1)
    expect(sum.total(1_000_000 + windowMs + Math.ceil(windowMs / SLICES), windowMs)).toBe(0)
  })

  it('never forgets early, and at the latest one slice late', () => {
    const steps = fc.array(fc.tuple(fc.double({ min: 0, max: 40_000, noNaN: true }), fc.nat(1_000)), { maxLength: 60 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 90_000 }), (adds, windowMs) => {
        const sliceMs = Math.ceil(windowMs / SLICES)
        const sum = new SlidingSum()
        const sent: [number, number][] = []
        let nowMs = 0
        const within = (ms: number): number =>
          sent.filter(([atMs]) => atMs > nowMs - ms).reduce((total, [, bytes]) => total + bytes, 0)
        for (const [passedMs, bytes] of adds) {
          nowMs += passedMs
          sum.add(bytes, nowMs, windowMs)
          sent.push([nowMs, bytes])
          expect(sum.total(nowMs, windowMs)).toBeGreaterThanOrEqual(within(windowMs))
          expect(sum.total(nowMs, windowMs)).toBeLessThanOrEqual(within(windowMs + sliceMs))
        }
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('is the same after it was written down and read again', () => {
    const sum = new SlidingSum()
    sum.add(5, 0, WINDOW_MS)
    sum.add(6, 2 * SLICE_MS, WINDOW_MS)
    const again = new SlidingSum(sum.slices())
    expect(again.total(0, WINDOW_MS)).toBe(11)
    expect(again.total(SLICE_MS + WINDOW_MS, WINDOW_MS)).toBe(6)
  })
})
