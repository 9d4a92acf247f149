/** Holds that the hold-out set is the same each time, as large as promised, and true to what it says of its secrets. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdout } from './index.ts'

const texts = holdout()
const leaking = texts.filter(({ kind }) => kind !== 'none')
const harmless = texts.filter(({ kind }) => kind === 'none')

/** Of all texts and secrets. A change of the set is a change of what the scanner's figures mean: say so beside them. */
const DIGEST = '0d318b8ef0b294cdb0f936805f77563f571a209df8a3c0497520fd6d376c0ddb'

describe('the hold-out set', () => {
  it('is the same each time, everywhere', () => {
    expect(holdout()).toEqual(texts)
    expect(createHash('sha256').update(JSON.stringify(texts)).digest('hex')).toBe(DIGEST)
  })

  it('has 600 texts with secrets, of 40 kinds with four each, and 3,000 without', () => {
    const counts = Map.groupBy(leaking, ({ kind }) => kind)
    expect(leaking.length).toBeGreaterThanOrEqual(600)
    expect([...counts.values()].filter((group) => group.length >= 4).length).toBeGreaterThanOrEqual(40)
    expect(harmless.length).toBeGreaterThanOrEqual(3_000)
  })

  it('has no text twice', () => {
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length)
  })

  it('names its kinds in kebab case', () => {
    expect(texts.filter(({ kind }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(kind))).toEqual([])
  })

  it('says of each secret what stands in the text', () => {
    expect(leaking.filter(({ secrets }) => secrets.length === 0)).toEqual([])
    expect(
      leaking.filter(({ text, secrets }) => secrets.some((each) => each.length < 8 || !text.includes(each))),
    ).toEqual([])
  })

  it('puts no secret into a text that is said to have none', () => {
    expect(harmless.filter(({ secrets }) => secrets.length > 0)).toEqual([])
    const together = harmless.map(({ text }) => text).join('\n')
    expect(leaking.flatMap(({ secrets }) => secrets).filter((each) => together.includes(each))).toEqual([])
  })

  it('leaves no template unfilled', () => {
    expect(texts.filter(({ text }) => /[«»§¤]|%[A-Za-z]+\d*(-\d+)?%|\[object |: undefined/.test(text))).toEqual([])
  })

  it('keeps every secret out of its own source', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n')
    expect(sources).toContain('keeps every secret out of its own source')
    expect(leaking.flatMap(({ secrets }) => secrets).filter((each) => sources.includes(each))).toEqual([])
  })
})
