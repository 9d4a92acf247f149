/** The short evaluation of the search for credentials; the whole of it is `npm run eval:secrets`. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OWN_RULES } from '../../src/content/secrets/rules/all.ts'
import { precision, recall, scoreOf, textsOf, textsOfLookAlikes } from './evaluation.ts'
import { lookAlikes } from './look-alikes.ts'
import { sources } from './packages.ts'
import { KINDS, positives, SAMPLES_PER_KIND } from './positives.ts'

/** Of the real files one of so many; look-alikes all. */
const EVERY_FILE = 20

describe('the labelled set', () => {
  const all = positives()

  it('is as large as it says', () => {
    expect(KINDS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(KINDS.map(({ id }) => id)).size).toBe(KINDS.length)
    expect(all).toHaveLength(KINDS.length * SAMPLES_PER_KIND)
    expect(all.length).toBeGreaterThanOrEqual(2_000)
    expect(lookAlikes().length).toBeGreaterThanOrEqual(5_000)
  })

  it('is the same each time, and holds what it labels', () => {
    expect(positives()).toEqual(all)
    for (const { kind, text, secrets } of all) for (const secret of secrets) expect(text, kind).toContain(secret)
  })
})

describe('the scanner', () => {
  const { packages, absent } = sources()
  if (absent.length > 0) process.stdout.write(`${absent.join('\n')}\n`)
  const files = [...textsOf({ packages, absent }, EVERY_FILE)]
  const score = scoreOf(positives(6), [...files, ...textsOfLookAlikes(lookAlikes())])

  it('finds nine of ten of all, and half of each kind', () => {
    expect(recall(score)).toBeGreaterThan(0.97)
    expect(score.kinds.filter((kind) => recall(kind) < 0.5).map(({ kind }) => kind)).toEqual([])
  })

  it('is right in more than four of five', () => {
    expect(files.length).toBeGreaterThan(200)
    expect(precision(score)).toBeGreaterThan(0.95)
  })
})

describe('docs/secrets.md', () => {
  const page = readFileSync('docs/secrets.md', 'utf8')

  it('has every kind and every rule', () => {
    for (const { id } of KINDS) expect(page).toContain(`\n| ${id} |`)
    for (const { id, title } of OWN_RULES.filter(({ kind }) => kind === 'point'))
      expect(page).toContain(`\n| \`${id}\` | ${title} |`)
  })
})
