import { describe, expect, it } from 'vitest'
import { PARENTS_MAX, parseCommit, parseTag } from '../../../src/wire/pack/object-head.ts'

const ID = 'ab'.repeat(20)
const SIGNED = 'author Ádá <a@example> 1 +0000\ncommitter B <b@example> 2 -0100\n'
const bytes = (text: string): Buffer => Buffer.from(text)

describe('a commit', () => {
  it('is taken apart', () => {
    const text = `tree ${ID}\nparent ${ID}\nparent ${'c'.repeat(64)}\n${SIGNED}gpgsig x\n y\n\nWhy\n\nand how\n`
    expect(parseCommit(bytes(text))).toEqual({
      state: 'done',
      size: Buffer.byteLength(text),
      value: {
        tree: ID,
        parents: [ID, 'c'.repeat(64)],
        people: [
          { name: 'Ádá', email: 'a@example' },
          { name: 'B', email: 'b@example' },
        ],
        extra: bytes('gpgsig x\n y\n'),
        message: bytes('Why\n\nand how\n'),
      },
    })
  })

  it.each([
    ['A <a@b> <c@d> 1 +0000', 'A', 'a@b'],
    ['<a@b> 1 +0000', '', 'a@b'],
    ['nobody 1 +0000', 'nobody 1 +0000', ''],
    ['A <a@b 1 +0000', 'A <a@b 1 +0000', ''],
    ['A > b < c > d', 'A > b', 'c'],
  ])('of %j', (who, name, email) => {
    const parsed = parseCommit(bytes(`tree ${ID}\nauthor ${who}\ncommitter ${who}\n\n`))
    expect(parsed.state === 'done' ? parsed.value.people[0] : parsed).toEqual({ name, email })
  })

  it('without a message', () => {
    for (const end of ['', '\n']) {
      expect(parseCommit(bytes(`tree ${ID}\n${SIGNED}${end}`))).toMatchObject({ value: { message: bytes('') } })
    }
  })

  it.each([
    ['', 'a commit without a tree'],
    [`parent ${ID}\ntree ${ID}\n${SIGNED}\n`, 'a commit without a tree'],
    [`tree ${ID}\n${SIGNED}tree ${ID}\n\n`, 'a commit with its lines out of order'],
    [`tree ${ID.toUpperCase()}\n${SIGNED}\n`, 'a commit with an id that is none'],
    [`tree ${ID}\nparent ${ID}0\n${SIGNED}\n`, 'a commit with an id that is none'],
    [`tree ${ID}\nauthor a <b> 1 +0000\n\n`, 'a commit without an author and a committer'],
    [`tree ${ID}\n${SIGNED}gpgsig`, 'a commit that ends in a line'],
  ])('%j is told of', (text, fault) => {
    expect(parseCommit(bytes(text))).toEqual({ state: 'bad', fault })
  })

  it('has so many parents, lines and people, and no more', () => {
    const parents = (count: number): Buffer => bytes(`tree ${ID}\n${`parent ${ID}\n`.repeat(count)}${SIGNED}\n`)
    expect(parseCommit(parents(PARENTS_MAX)).state).toBe('done')
    expect(parseCommit(parents(PARENTS_MAX + 1))).toEqual({
      state: 'bad',
      fault: 'a commit with more than 1024 parents',
    })
    const lines = (count: number): Buffer => bytes(`tree ${ID}\n${SIGNED}${'x\n'.repeat(count - 3)}\n`)
    expect(parseCommit(lines(10_000)).state).toBe('done')
    expect(parseCommit(lines(10_001)).state).toBe('bad')
    const people = (count: number): Buffer => bytes(`tree ${ID}\n${'author a <b> 1 +0000\n'.repeat(count)}\n`)
    expect(parseCommit(people(16)).state).toBe('done')
    expect(parseCommit(people(17))).toEqual({ state: 'bad', fault: 'a commit with more than 16 people' })
  })
})

describe('a tag', () => {
  it('is taken apart, with a tagger or without', () => {
    for (const tagger of ['', 'tagger T <t@example> 1 +0000\n']) {
      expect(parseTag(bytes(`object ${ID}\ntype commit\ntag v1\n${tagger}\nhi`))).toMatchObject({
        value: { object: ID, name: 'v1', message: bytes('hi'), people: tagger === '' ? [] : [{ name: 'T' }] },
      })
    }
  })

  it.each([
    [`type commit\nobject ${ID}\ntag v1\n\n`, 'a tag with its lines out of order'],
    [`object ${ID}\ntype commit\ntag v1\ntag v2\n\n`, 'a tag with its lines out of order'],
    ['object x\ntype commit\ntag v1\n\n', 'a tag with an id that is none'],
  ])('%j is told of', (text, fault) => {
    expect(parseTag(bytes(text))).toEqual({ state: 'bad', fault })
  })
})
