/** The count of LFS objects that went out ahead of a push: whose it is, how long it lasts, and how much of it is kept. */
import { describe, expect, it } from 'vitest'
import { createLfsUploads, LFS_UPLOAD_LIMITS, repositoryCharactersMax } from '../../src/store/lfs-uploads.ts'

const NOW = 1_000_000
const APP = 'github.com/acme/app'

describe('what LFS sent ahead of a push', () => {
  it('adds up by client and repository', () => {
    const uploads = createLfsUploads()
    expect(uploads.sentBy('ada', APP, NOW)).toBeNull()
    uploads.note('ada', APP, 700, NOW)
    uploads.note('ada', APP, 0, NOW)
    uploads.note('bob', APP, 5, NOW)
    uploads.note('ada', 'github.com/acme/other', 6, NOW)
    expect(uploads.sentBy('ada', APP, NOW)).toEqual({ objects: 2, bytes: 700 })
    expect(uploads.sentBy('bob', APP, NOW)).toEqual({ objects: 1, bytes: 5 })
    expect(uploads.sentBy('ada', 'github.com/acme/other', NOW)).toEqual({ objects: 1, bytes: 6 })
  })

  it('keeps pairs apart that run into each other', () => {
    const uploads = createLfsUploads()
    uploads.note('10.0.0.1 ada', 'h/a b', 1, NOW)
    for (const [client, repository] of [
      ['b 10.0.0.1 ada', 'h/a'],
      ['ada', 'h/a b 10.0.0.1'],
      ['h/a b', '10.0.0.1 ada'],
    ] as const) {
      expect(uploads.sentBy(client, repository, NOW)).toBeNull()
    }
  })

  it('begins anew behind a push that passed', () => {
    const uploads = createLfsUploads()
    uploads.note('ada', APP, 700, NOW)
    uploads.note('bob', APP, 5, NOW)
    uploads.settle('ada', APP)
    expect(uploads.sentBy('ada', APP, NOW)).toBeNull()
    expect(uploads.sentBy('bob', APP, NOW)).toEqual({ objects: 1, bytes: 5 })
    uploads.note('ada', APP, 3, NOW)
    expect(uploads.sentBy('ada', APP, NOW)).toEqual({ objects: 1, bytes: 3 })
  })

  it('is forgotten after a quarter of an hour without another object, and not before', () => {
    const uploads = createLfsUploads()
    const { silenceMsMax } = LFS_UPLOAD_LIMITS
    expect(silenceMsMax).toBe(900_000)
    uploads.note('ada', APP, 1, NOW)
    uploads.note('ada', APP, 1, NOW + silenceMsMax - 1)
    const end = NOW + silenceMsMax - 1 + silenceMsMax
    expect(uploads.sentBy('ada', APP, end - 1)).toEqual({ objects: 2, bytes: 2 })
    expect(uploads.sentBy('ada', APP, end)).toBeNull()
    uploads.note('ada', APP, 4, end)
    expect(uploads.sentBy('ada', APP, end)).toEqual({ objects: 1, bytes: 4 })
  })

  it('has room for so many pairs, and loses the longest untouched', () => {
    const uploads = createLfsUploads({ ...LFS_UPLOAD_LIMITS, pairsMax: 2 })
    const sent = (): readonly unknown[] =>
      ['1', '2', '3'].map((name) => uploads.sentBy('ada', name, NOW)?.bytes ?? null)
    uploads.note('ada', '1', 1, NOW)
    uploads.note('ada', '2', 2, NOW)
    uploads.note('ada', '1', 1, NOW)
    expect(sent()).toEqual([2, 2, null])
    uploads.note('ada', '1', 1, NOW)
    uploads.note('ada', '3', 3, NOW)
    expect(sent()).toEqual([3, null, 3])
  })

  it(`counts for a name of ${repositoryCharactersMax} characters and for none that is longer`, () => {
    const uploads = createLfsUploads()
    const names = [repositoryCharactersMax, repositoryCharactersMax + 1].map((length) => 'x'.repeat(length))
    for (const name of names) uploads.note('ada', name, 1, NOW)
    expect(names.map((name) => uploads.sentBy('ada', name, NOW))).toEqual([{ objects: 1, bytes: 1 }, null])
  })
})
