/** The evaluation in small: this project's own source is indexed, and packages that it uses are held against it. */
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { countCommonWords } from './common-text.ts'
import { indexCode, measureControl, measureLookUps, measureRecall } from './measure.ts'

const PROJECT = resolve(import.meta.dirname, '../..')
const SEED = 20_260_603
const FILES = 300

const indexed = indexCode(['src', 'test'].map((name) => ({ name, folder: resolve(PROJECT, name) })))

describe('an index of Weir’s own source', () => {
  it('knows it unchanged, edited, and in parts', () => {
    const recall = measureRecall(indexed, FILES, SEED)
    expect(recall.unchanged).toBe(FILES)
    expect(recall.worth).toBeGreaterThan(FILES / 4)
    expect(recall.edited / recall.worth).toBeGreaterThanOrEqual(0.95)
    expect(recall.third / recall.worth).toBeGreaterThanOrEqual(0.9)
  })

  it('takes nothing of others for it', () => {
    const packages = ['undici', 'yaml', 'commander', 'graphql', 'pino']
    const control = measureControl(
      indexed,
      packages.map((name) => ({ name, folder: resolve(PROJECT, 'node_modules', name) })),
    )
    expect(control.files).toBeGreaterThan(500)
    expect(control.wrong).toEqual([])
    expect(control.copies).toEqual([])
  })

  it('is small, and quick', () => {
    const { whole, text } = indexed.counts
    // Without a past, and with nothing small or binary among them, files have as many fingerprints as may be.
    expect(indexed.bytes / (whole + text)).toBeLessThanOrEqual(80)
    const { gramMicroseconds, objectMicroseconds } = measureLookUps(indexed, SEED)
    expect(Math.max(gramMicroseconds, objectMicroseconds)).toBeLessThan(5)
  })
})

describe('words in common', () => {
  const line = 'one two three four five six seven eight nine ten eleven twelve'
  it.each([
    ['none', line, 'others that are not there', 0],
    ['a run that is long enough', `a ${line} b`, `c, ${line}; d`, 12],
    ['a run that is too short', `a ${line}`, line.split(' ').slice(0, 9).join(' '), 0],
  ])('%s', (_, text, other, count) => {
    expect(countCommonWords(text, other)).toBe(count)
  })
})
