/** What was found in an upload, as fields of the record: all of a little, and a little of much. */
import { expect, it } from 'vitest'
import { contentFields, LISTED_MAX, TEXT_CHARACTERS_MAX } from '../../src/audit/content-fields.ts'
import { ABSENT, known, UNSEEN } from '../../src/flow/fact.ts'
import { contentFacts } from '../../src/flow/subject.ts'
import { NOTHING_IN_IT, unlooked } from '../../src/flow/unlooked.ts'

const PAYLOAD = { types: [], files: [], encrypted: [], archives: [], entropy: 0, incomplete: [] }

it.each([
  ['nobody looked', null],
  ['nothing is known', contentFacts(UNSEEN)],
  ['nothing is in it', NOTHING_IN_IT],
])('are none where %s', (_what, content) => {
  expect(Object.values(contentFields(content)).filter((value) => value !== undefined)).toEqual([])
})

it('tell what could not be looked at, once', () => {
  expect(contentFields(unlooked('the scanners are busy'))).toMatchObject({
    'weir.content.incomplete': ['the scanners are busy'],
  })
})

it('tell of secrets where they are, and never which', () => {
  const place = { commit: 'c'.repeat(40), within: ['a.zip', 'b.env'] }
  const finding = { rule: 'private-key', title: 'a private key', place, line: 3, excerpt: 'KEY=****' }
  const content = { ...NOTHING_IN_IT, secrets: known({ findings: [finding], incomplete: [] }) }
  expect(contentFields(content)).toMatchObject({
    'weir.secrets.count': 1,
    'weir.secrets.found': [
      {
        rule: 'private-key',
        title: 'a private key',
        commit: 'c'.repeat(40),
        within: ['a.zip', 'b.env'],
        line: 3,
        excerpt: 'KEY=****',
      },
    ],
  })
})

it('tell how much of one’s own source is in it', () => {
  const repositories = [{ name: 'acme/app', blobs: 2, partial: 1, bytes: 300 }]
  const source = { bytes: 300, ofBytes: 900, repositories }
  const content = { ...NOTHING_IN_IT, pack: ABSENT, ownSource: known({ source, incomplete: [] }) }
  expect(contentFields(content)).toMatchObject({
    'weir.ownSource.bytes': 300,
    'weir.ownSource.share': 0.333,
    'weir.ownSource.repositories': repositories,
  })
})

it('list so many, and no more', () => {
  const typesOf = (count: number): unknown => {
    const types = Array.from({ length: count }, (_, at) => `x/${at}`)
    return contentFields({ ...NOTHING_IN_IT, payload: known({ ...PAYLOAD, types }) })['weir.content.types']
  }
  expect(typesOf(LISTED_MAX)).toHaveLength(LISTED_MAX)
  expect(typesOf(LISTED_MAX + 1)).toHaveLength(LISTED_MAX)
})

it('have texts of so many characters, and no more', () => {
  const textOf = (length: number): unknown => {
    const content = { ...NOTHING_IN_IT, payload: known({ ...PAYLOAD, archives: ['a'.repeat(length)] }) }
    return contentFields(content)['weir.content.archives']
  }
  expect(textOf(TEXT_CHARACTERS_MAX)).toEqual(['a'.repeat(TEXT_CHARACTERS_MAX)])
  expect(textOf(TEXT_CHARACTERS_MAX + 1)).toEqual([`${'a'.repeat(TEXT_CHARACTERS_MAX - 1)}…`])
})
