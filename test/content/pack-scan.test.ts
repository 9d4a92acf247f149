import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FACT_LIMITS, type FactLimits, type PackFacts } from '../../src/content/pack-facts.ts'
import { PackScan } from '../../src/content/pack-scan.ts'
import { PACK_LIMITS } from '../../src/wire/pack/limits.ts'
import { BLOB, OFS_DELTA, REF_DELTA, TAG, TREE } from '../../src/wire/pack/object-types.ts'
import { git } from '../pack/git.ts'
import { Chance } from '../pack/random.ts'
import { makeRepository } from '../pack/random-repository.ts'
import { MemoryStore } from '../wire/pack/memory-store.ts'
import { buildPack, commitOf, type Entry, encodeDelta, objectId, treeOf } from '../wire/pack/pack-builder.ts'
import { cutEvery } from '../wire/pack/read-pack.ts'
import { CollectingWatch, type SeenLeaf } from './collecting-watch.ts'

interface Scanned {
  readonly facts: PackFacts
  readonly leaves: readonly SeenLeaf[]
}

async function scan(pack: Uint8Array, limits: Partial<FactLimits> = {}, isSlow = false): Promise<Scanned> {
  const watch = new CollectingWatch(isSlow)
  const reader = new PackScan({
    objectFormat: 'sha1',
    store: new MemoryStore(),
    watches: [{ open: () => null }, watch],
    factLimits: { ...FACT_LIMITS, ...limits },
    packLimits: { ...PACK_LIMITS, wholeBytesMax: 1_000 },
  })
  for (const chunk of cutEvery(pack, 1_000)) await reader.push(chunk)
  const end = await reader.finish()
  reader.close()
  if (end.state !== 'done') throw new Error(JSON.stringify(end))
  return { facts: end.value, leaves: watch.leaves }
}

const blob = (content: string): Entry => ({ kind: BLOB, content: Buffer.from(content) })
const idOf = ({ kind, content }: Entry): string => objectId(kind, content)
const ABSENT = 'ab'.repeat(20)

const SECRET = blob('key = 1\n')
const BIG = blob('big\n'.repeat(1_000))
const WORKFLOWS = treeOf({ name: 'ci.yml', id: idOf(SECRET) }, { name: 'kept.yml', id: ABSENT })
const GITHUB = treeOf({ mode: '40000', name: 'workflows', id: idOf(WORKFLOWS) })
const ROOT = treeOf(
  { mode: '40000', name: '.github', id: idOf(GITHUB) },
  { name: 'big', id: idOf(BIG) },
  { mode: '120000', name: 'link', id: idOf(blob('big')) },
  { mode: '160000', name: 'module', id: ABSENT },
  { mode: '40000', name: 'moved', id: ABSENT },
)
const FIRST = commitOf(idOf(ROOT), [], 'the first\n', 'Ada <ada@example>')
const SECOND = commitOf(idOf(ROOT), [idOf(FIRST)], 'the second\n', 'Bo <bo@example>')
const ANNOTATED: Entry = {
  kind: TAG,
  content: Buffer.from(`object ${idOf(SECOND)}\ntype commit\ntag v1\ntagger Cy <cy@example> 1 +0000\n\nreleased\n`),
}
const PACK = buildPack({ entries: [SECOND, FIRST, ANNOTATED, ROOT, GITHUB, WORKFLOWS, SECRET, BIG, blob('big')] })

describe('a pack that is scanned', () => {
  it('tells who, how much and which paths', async () => {
    const { facts } = await scan(PACK)
    expect(facts).toMatchObject({
      largestBlob: { bytes: 4_000, id: idOf(BIG) },
      commits: 2,
      tags: 1,
      rootCommits: 1,
      submodules: 1,
      symlinks: 1,
      looseTrees: 0,
      pathlessBlobs: 0,
      malformed: 0,
      incomplete: [],
    })
    expect(facts.people.more).toBe(false)
    expect(facts.people.all.map(({ name, email }) => `${name} ${email}`)).toEqual([
      'Bo bo@example',
      'Ada ada@example',
      'Cy cy@example',
    ])
    expect([...facts.broughtPaths()].sort()).toEqual(['.github/workflows/ci.yml', 'big', 'link'])
    expect([...facts.namedPaths()].sort()).toEqual(['.github/workflows/kept.yml', 'module', 'moved'])
  })

  it.each([false, true])('shows every blob and message, to one who takes his time: %s', async (isSlow) => {
    const { leaves, facts } = await scan(PACK, {}, isSlow)
    const told = leaves.map(({ leaf, text, objectId: id }) => {
      const { commit, within } = facts.placeOf(leaf.place)
      return [commit, within.join(' › '), text.length === leaf.size ? text.slice(0, 12) : 'cut', id]
    })
    expect(told).toEqual([
      [idOf(SECOND), 'commit message', 'the second\n', null],
      [idOf(FIRST), 'commit message', 'the first\n', null],
      [idOf(ANNOTATED), 'tag message', 'released\n', null],
      [idOf(FIRST), '.github/workflows/ci.yml', 'key = 1\n', idOf(SECRET)],
      [idOf(FIRST), 'big', 'big\nbig\nbig\n', idOf(BIG)],
      [idOf(FIRST), 'link', 'big', idOf(blob('big'))],
    ])
  })

  it('keeps the steps inside of a blob', async () => {
    const { facts } = await scan(PACK)
    const place = (name: string) => ({ commit: null, within: [`blob ${name}`, 'inner.txt'] })
    const inside = { commit: idOf(FIRST), within: ['big', 'inner.txt'] }
    expect(facts.placeOf(place(idOf(BIG)))).toEqual(inside)
    expect(facts.placeOf(place('#7'))).toEqual(inside)
    for (const name of [ABSENT, '#99', '#3', 'x', '']) expect(facts.placeOf(place(name))).toEqual(place(name))
  })

  it('shows what else a commit says', async () => {
    const signed: Entry = {
      ...FIRST,
      content: Buffer.from(FIRST.content.toString().replace('\n\n', '\ngpgsig a\n b\nodd token\n\n')),
    }
    const { leaves } = await scan(buildPack({ entries: [signed] }))
    expect(leaves.map(({ leaf, text }) => [leaf.place.within[0], text])).toEqual([
      ['commit message', 'the first\n'],
      ['commit header', 'gpgsig a\n b\nodd token\n'],
    ])
  })

  it('shows whole what it cannot take apart', async () => {
    const entries = [
      { ...FIRST, content: Buffer.from('no commit') },
      { ...ANNOTATED, content: Buffer.from('no tag\n\n') },
    ]
    const { leaves, facts } = await scan(buildPack({ entries }))
    expect(leaves.map(({ text }) => text)).toEqual(['no commit', 'no tag\n\n'])
    expect(facts).toMatchObject({ malformed: 2, rootCommits: 0 })
  })
})

describe('paths', () => {
  it('are told wherever a tree stands, and not only where it stands first', async () => {
    const inner = treeOf({ name: 'a', id: idOf(SECRET) })
    const root = treeOf(
      { mode: '40000', name: '.github', id: idOf(inner) },
      { mode: '40000', name: 'docs', id: idOf(inner) },
    )
    const { facts } = await scan(buildPack({ entries: [commitOf(idOf(root), [], ''), root, inner, SECRET] }))
    expect([...facts.broughtPaths()].sort()).toEqual(['.github/a', 'docs/a'])
  })

  it('of a bomb of trees end at a limit, and are told as incomplete', async () => {
    const trees = [treeOf({ name: 'a', id: idOf(SECRET) })]
    for (let level = 0; level < 12; level++) {
      const id = idOf(trees[0] ?? SECRET)
      trees.unshift(treeOf(...'0123456789'.split('').map((name) => ({ mode: '40000', name, id }))))
    }
    const pack = buildPack({ entries: [commitOf(idOf(trees[0] ?? SECRET), [], ''), ...trees, SECRET] })
    const { facts } = await scan(pack, { repeatsMax: 2_000 })
    expect(facts.incomplete).toEqual(['the trees name more paths than are kept'])
  })

  it.each<[keyof FactLimits, number]>([
    // Of PACK: eight names and the root; their bytes; and so many entries, of which each is looked at once.
    ['pathsMax', 9],
    [
      'nameBytesMax',
      '.github'.length +
        'workflows'.length +
        'ci.yml'.length +
        'kept.yml'.length +
        'big'.length +
        'link'.length +
        'module'.length +
        'moved'.length,
    ],
    ['entriesMax', 8],
  ])('at %s are all told, and not one past it', async (limit, value) => {
    expect((await scan(PACK, { [limit]: value })).facts.incomplete).toEqual([])
    expect((await scan(PACK, { [limit]: value - 1 })).facts.incomplete).toEqual([
      'the trees name more paths than are kept',
    ])
  })

  it('that a tree has at repeatsMax others are told, and not one past it', async () => {
    const inner = treeOf({ name: 'a', id: idOf(SECRET) })
    const root = treeOf(...['x', 'y', 'z'].map((name) => ({ mode: '40000', name, id: idOf(inner) })))
    const pack = buildPack({ entries: [commitOf(idOf(root), [], ''), root, inner, SECRET] })
    expect((await scan(pack, { repeatsMax: 2 })).facts.incomplete).toEqual([])
    expect((await scan(pack, { repeatsMax: 1 })).facts.incomplete).toHaveLength(1)
  })

  it('tell names apart that are no UTF-8', async () => {
    const names = [Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe]), Buffer.from('é')]
    const root = treeOf(...names.map((name) => ({ name, id: idOf(SECRET) })))
    const { facts } = await scan(buildPack({ entries: [commitOf(idOf(root), [], ''), root, SECRET] }))
    expect([...facts.broughtPaths()]).toEqual(['a\udcff', 'a\udcfe', 'é'])
  })

  it.each(['a/b', '..', '.GIT'])('with the name %s are told, and counted as malformed', async (name) => {
    const root = treeOf({ name, id: idOf(SECRET) })
    const { facts } = await scan(buildPack({ entries: [commitOf(idOf(root), [], ''), root, SECRET] }))
    expect([...facts.broughtPaths()]).toEqual([name])
    expect(facts.malformed).toBe(1)
  })

  it('of trees that no commit leads to are told too', async () => {
    const root = treeOf({ name: 'loose', id: idOf(SECRET) })
    const { facts } = await scan(buildPack({ entries: [root, SECRET, blob('alone')] }))
    expect([...facts.broughtPaths()]).toEqual(['loose'])
    expect(facts).toMatchObject({ looseTrees: 1, pathlessBlobs: 1 })
    expect(facts.placeOf({ commit: null, within: [`blob ${idOf(SECRET)}`] })).toEqual({
      commit: null,
      within: ['loose'],
    })
  })

  it('of a tree that breaks off are told as incomplete', async () => {
    const root: Entry = { kind: TREE, content: ROOT.content.subarray(0, ROOT.content.length - 3) }
    const { facts } = await scan(buildPack({ entries: [commitOf(idOf(root), [], ''), root, BIG] }))
    expect([...facts.broughtPaths()]).toEqual(['big'])
    expect(facts.incomplete).toEqual(['1 trees could not be read to their end'])
  })

  it('of a thin pack are told as incomplete', async () => {
    const delta = { kind: REF_DELTA, content: encodeDelta(9, [{ from: 0, size: 9 }]), baseId: ABSENT }
    const { facts } = await scan(buildPack({ entries: [delta] }))
    expect(facts.incomplete).toEqual([
      'the pack is thin: it lacks the bases of 1 objects',
      '1 objects could not be built of their deltas',
    ])
  })

  it('lie with the oldest commit, wherever it stands in the pack', async () => {
    const { facts: newestFirst } = await scan(buildPack({ entries: [SECOND, FIRST, ROOT, BIG] }))
    const { facts: oldestFirst } = await scan(buildPack({ entries: [FIRST, SECOND, ROOT, BIG] }))
    for (const facts of [newestFirst, oldestFirst]) {
      expect(facts.placeOf({ commit: null, within: [`blob ${idOf(BIG)}`] }).commit).toBe(idOf(FIRST))
    }
  })
})

describe('people', () => {
  it('are kept up to a limit, and more are told of', async () => {
    const commits = ['a', 'b', 'c'].map((name) => commitOf(ABSENT, [], name, `${name} <${name}@example>`))
    const pack = buildPack({ entries: commits })
    expect((await scan(pack, { peopleMax: 3 })).facts.people).toMatchObject({ more: false })
    const { all, more } = (await scan(pack, { peopleMax: 2 })).facts.people
    expect([all.length, more]).toEqual([2, true])
  })

  it('with names too long to keep are told of', async () => {
    const pack = buildPack({ entries: [commitOf(ABSENT, [], '', `${'n'.repeat(50)} <a@example>`)] })
    // Name, address, and what stands between them.
    expect((await scan(pack, { personBytesMax: 60 })).facts.people.more).toBe(false)
    expect((await scan(pack, { personBytesMax: 59 })).facts.people).toEqual({ all: [], more: true })
  })
})

describe('a secret in a delta', () => {
  it('is shown in the object that is built', async () => {
    const base = 'x'.repeat(200)
    const content = encodeDelta(200, [
      { from: 0, size: 100 },
      { add: Buffer.from('the secret') },
      { from: 100, size: 50 },
    ])
    const { leaves } = await scan(buildPack({ entries: [blob(base), { kind: OFS_DELTA, content, back: 1 }] }))
    expect(leaves[1]?.text).toBe(`${base.slice(0, 100)}the secret${base.slice(0, 50)}`)
  })
})

describe('a random repository', () => {
  it.each([1, 2, 4, 6])('has the paths and roots that git tells: seed %d', async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'weir-walk-'))
    try {
      makeRepository(folder, 'sha1', new Chance(seed))
      const { facts } = await scan(git(folder, ['pack-objects', '--all', '--revs', '--stdout', '-q']))
      const lines = (...options: string[]): string[] =>
        git(folder, options)
          .toString()
          .split(/[\n\0]/)
          .filter(Boolean)
      const commits = lines('rev-list', '--all')
      const paths = new Set(commits.flatMap((id) => lines('ls-tree', '-r', '-z', id)))
      const files = [...paths].filter((line) => !line.startsWith('160000')).map((line) => line.split('\t')[1])
      expect(new Set(facts.broughtPaths())).toEqual(new Set(files))
      expect(facts.rootCommits).toBe(lines('rev-list', '--all', '--max-parents=0').length)
      expect(facts).toMatchObject({
        commits: commits.length,
        incomplete: [],
        malformed: 0,
        looseTrees: 0,
        pathlessBlobs: 0,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
