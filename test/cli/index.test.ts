import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { SMALL_BYTES_MAX, TEXT_BYTES_MAX } from '../../src/content/fingerprints/parameters.ts'
import type { OwnSource } from '../../src/flow/content.ts'
import { makeCode } from '../content/fingerprints/code.ts'
import { findIn, openIndex } from '../content/fingerprints/small-index.ts'
import { commit, git, makeRepository, writeFiles } from './fingerprints/git-repository.ts'
import { spawnWeir } from './weir-child.ts'
import { folderWith, type Outcome, weir } from './weir-command.ts'

const [ONE, TWO, THREE, FOUR] = [makeCode(1, 80), makeCode(2, 80), makeCode(3, 80), makeCode(4, 80)]

interface Report {
  readonly file: string
  readonly objects: number
  readonly repositories: readonly Readonly<Record<string, number | string>>[]
}

interface Stage {
  readonly folder: string
  readonly file: string
  run(...words: readonly string[]): Promise<Outcome>
  report(...words: readonly string[]): Promise<Report>
  find(...leaves: readonly (string | Uint8Array)[]): OwnSource | null
}

function stage(): Stage {
  const folder = folderWith()
  const file = join(folder, 'data', 'fingerprints.idx')
  const run = (...words: readonly string[]): Promise<Outcome> => weir(['index', '--out', file, ...words])
  return {
    folder,
    file,
    run,
    async report(...words) {
      const { out, err, status } = await run('--json', ...words)
      expect({ err, status }).toEqual({ err: '', status: 0 })
      return JSON.parse(out) as Report
    },
    find(...leaves) {
      const key = Buffer.from(readFileSync(join(folder, 'data', 'fingerprints.key'), 'latin1').trim(), 'hex')
      return findIn(openIndex(readFileSync(file), key), ...leaves)
    },
  }
}

describe('weir index of a repository', () => {
  it('has all of its past, of all branches, and what is not committed yet', async () => {
    const { folder, report, find } = stage()
    const app = join(folder, 'app')
    makeRepository(app, { 'src/one.ts': ONE, 'src/two.ts': TWO })
    git(app, 'checkout', '-q', '-b', 'side')
    commit(app, { 'src/one.ts': THREE })
    git(app, 'checkout', '-q', 'main')
    writeFiles(app, { 'new.ts': FOUR, 'ignored.ts': makeCode(5, 80), '.gitignore': 'ignored.ts\n' })
    const { repositories } = await report(app)
    expect(repositories).toMatchObject([{ name: 'app', added: 4, known: 0 }])
    expect(find(ONE, TWO, THREE, FOUR)?.repositories).toMatchObject([{ name: 'app', blobs: 4, partial: 0 }])
    expect(find(makeCode(5, 80))).toBeNull()
  })

  it('adds only what is new, and writes nothing where nothing is', async () => {
    const { folder, file, report, find } = stage()
    const app = join(folder, 'app')
    makeRepository(app, { 'one.ts': ONE })
    await report(app)
    const before = statSync(file)
    expect((await report(app)).repositories).toMatchObject([{ added: 0, known: 1 }])
    expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
    commit(app, { 'two.ts': TWO })
    expect((await report(app)).repositories).toMatchObject([{ added: 1, known: 1 }])
    expect(find(ONE, TWO)?.repositories).toMatchObject([{ blobs: 2 }])
  })

  it('that is bare, of SHA-256, a working tree of another, or with submodules', async () => {
    const { folder, report, find } = stage()
    const [app, inner] = [join(folder, 'app'), join(folder, 'inner')]
    makeRepository(inner, { 'three.ts': THREE })
    makeRepository(app, { 'one.ts': ONE })
    git(app, 'submodule', 'add', '-q', inner, 'lib/inner')
    commit(app, {})
    git(folder, 'clone', '-q', '--bare', app, 'bare.git')
    git(app, 'worktree', 'add', '-q', '--detach', join(folder, 'tree'))
    commit(join(folder, 'tree'), { 'two.ts': TWO })
    makeRepository(join(folder, 'long'), { 'four.ts': FOUR }, 'sha256')
    const { repositories } = await report(join(folder, 'bare.git'), app, join(folder, 'tree'), join(folder, 'long'))
    expect(repositories.map(({ name, added, known }) => `${name}: ${added} added, ${known} known`)).toEqual([
      'bare: 1 added, 0 known',
      // Refs and objects are those of all of its working trees.
      'app: 1 added, 1 known',
      'inner: 1 added, 0 known',
      'tree: 0 added, 2 known',
      'long: 1 added, 0 known',
    ])
    const found = find(ONE, TWO, THREE, FOUR)
    expect(found?.repositories.reduce((sum, { blobs }) => sum + blobs, 0)).toBe(4)
  })

  it('is named by its remote, or as one says', async () => {
    const { folder, report } = stage()
    const app = join(folder, 'app')
    makeRepository(app, { 'one.ts': ONE })
    git(app, 'remote', 'add', 'origin', 'git@git.acme.example:Acme/app.git')
    expect((await report(app)).repositories).toMatchObject([{ name: 'git.acme.example/Acme/app' }])
    expect((await report('--fresh', '--name', 'acme/other', app)).repositories).toMatchObject([
      { name: 'acme/other', added: 1 },
    ])
  })

  it('leaves out third parties and what is the same everywhere, and says so', async () => {
    const { folder, run, report, find } = stage()
    const app = join(folder, 'app')
    makeRepository(app, { 'one.ts': ONE, 'node_modules/x/two.ts': TWO, LICENSE: THREE, 'small.ts': 'export {}\n' })
    expect((await report(app)).repositories).toMatchObject([{ added: 1, thirdParty: 1, trivial: 2 }])
    expect((await run(app)).out).toContain('left out: 2 small or the same everywhere, 1 of third parties')
    expect(find(TWO, THREE)).toBeNull()
    await report('--third-party', app)
    expect(find(TWO)?.repositories).toMatchObject([{ blobs: 1 }])
  })

  it('knows what is binary, large, or larger than text, as a whole', async () => {
    const { folder, report, find } = stage()
    const bytes = (size: number): Buffer => Buffer.alloc(size, '\0\x01\x02 bytes of no text')
    const app = join(folder, 'app')
    const files = [bytes(5_000), bytes(SMALL_BYTES_MAX + 1), bytes(TEXT_BYTES_MAX + 1)]
    makeRepository(app, Object.fromEntries(files.map((content, at) => [`${at}.bin`, content])))
    writeFiles(app, { 'untracked.bin': bytes(TEXT_BYTES_MAX + 2) })
    expect((await report(app)).repositories).toMatchObject([{ added: 4 }])
    expect(find(...files, bytes(TEXT_BYTES_MAX + 2))?.repositories).toMatchObject([{ blobs: 4 }])
    expect(find(bytes(5_001))).toBeNull()
  })

  it('with an object that is gone is indexed but for that, and the status is 1', async () => {
    const { folder, run, find } = stage()
    const app = join(folder, 'app')
    makeRepository(app, { 'one.ts': ONE, 'two.ts': TWO })
    const id = git(app, 'rev-parse', 'HEAD:two.ts')
    rmSync(join(app, '.git/objects', id.slice(0, 2), id.slice(2)))
    rmSync(join(app, 'two.ts'))
    const { status, out } = await run(app)
    expect(out).toContain('1 blob could not be read')
    expect(status).toBe(1)
    expect(find(ONE)).not.toBeNull()
  })

  it('runs no program that its configuration names', async () => {
    const { folder, report } = stage()
    const app = join(folder, 'app')
    makeRepository(app, { 'one.ts': ONE })
    writeFiles(app, { hook: `#!/bin/sh\ntouch ${join(folder, 'ran')}\n` })
    chmodSync(join(app, 'hook'), 0o755)
    git(app, 'config', 'core.fsmonitor', join(app, 'hook'))
    await report(app)
    expect(existsSync(join(folder, 'ran'))).toBe(false)
  })
})

describe('weir index of a folder', () => {
  it('has its files, and follows no links', async () => {
    const { folder, report, find } = stage()
    const [plain, outside] = [join(folder, 'plain'), join(folder, 'outside')]
    writeFiles(plain, { 'a/one.ts': ONE, 'two.ts': TWO, 'node_modules/x/three.ts': THREE })
    writeFiles(outside, { 'four.ts': FOUR })
    symlinkSync(outside, join(plain, 'link'))
    symlinkSync(plain, join(plain, 'a', 'circle'))
    expect((await report(plain)).repositories).toMatchObject([{ name: 'plain', added: 2, thirdParty: 1 }])
    expect(find(ONE, TWO)?.repositories).toMatchObject([{ name: 'plain', blobs: 2 }])
    expect(find(THREE, FOUR)).toBeNull()
    expect((await report(plain)).repositories).toMatchObject([{ added: 0, known: 2 }])
  })
})

describe('the files of weir index', () => {
  it('are for their owner, lie beside each other, and are whole at any time', async () => {
    const { folder, file, report } = stage()
    writeFiles(join(folder, 'plain'), { 'one.ts': ONE })
    await report(join(folder, 'plain'))
    expect(readdirSync(join(folder, 'data')).sort()).toEqual(['fingerprints.idx', 'fingerprints.key'])
    for (const name of ['fingerprints.idx', 'fingerprints.key']) {
      expect(statSync(join(folder, 'data', name)).mode & 0o777).toBe(0o600)
    }
    expect(readFileSync(file).includes('one.ts')).toBe(false)
  })

  it.each<[what: string, change: (file: string, key: string) => void, said: string]>([
    [
      'is damaged',
      (file) => writeFileSync(file, Buffer.concat([readFileSync(file).subarray(0, -40), Buffer.alloc(40)])),
      'is damaged, or was changed',
    ],
    ['is something else', (file) => writeFileSync(file, 'x'), 'is no index of fingerprints'],
    ['is of another key', (_, key) => writeFileSync(key, `${'0'.repeat(64)}\n`), 'was made with another key'],
    ['has a key for all to read', (_, key) => chmodSync(key, 0o644), 'others than its owner may open this secret'],
    [
      'has a key that is none',
      (_, key) => writeFileSync(key, 'secret\n'),
      'is no key of fingerprints: 64 hexadecimal digits',
    ],
  ])('that %s: they stay as they are, and that is said', async (_, change, said) => {
    const { folder, file, run, report } = stage()
    writeFiles(join(folder, 'plain'), { 'one.ts': ONE })
    await report(join(folder, 'plain'))
    change(file, join(folder, 'data', 'fingerprints.key'))
    const before = readFileSync(file)
    const { status, err, out } = await run(join(folder, 'plain'))
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toContain(said)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('begin anew with --fresh, whatever stood there', async () => {
    const { folder, file, report, find } = stage()
    writeFiles(join(folder, 'plain'), { 'one.ts': ONE })
    writeFiles(join(folder, 'other'), { 'two.ts': TWO })
    await report(join(folder, 'plain'))
    writeFileSync(file, 'x')
    await report('--fresh', join(folder, 'other'))
    expect(find(ONE)).toBeNull()
    expect(find(TWO)).not.toBeNull()
  })

  it('lie in the data folder where nothing else is said', async () => {
    const { folder } = stage()
    writeFiles(join(folder, 'plain'), { 'one.ts': ONE })
    const { status } = await weir(['index', '--data', join(folder, 'elsewhere'), join(folder, 'plain')])
    expect(status).toBe(0)
    expect(readdirSync(join(folder, 'elsewhere')).sort()).toEqual(['fingerprints.idx', 'fingerprints.key'])
  })
})

describe('wrong usage of weir index', () => {
  it.each<[what: string, words: readonly string[], said: string]>([
    ['no path', [], "missing required argument 'PATH'"],
    ['a path that is not there', ['no-such'], 'no-such: there is no such folder'],
    ['one name for two', ['--name', 'x', '.', '..'], '--name is for one PATH'],
  ])('%s', async (_, words, said) => {
    const { status, err } = await weir(['index', ...words])
    expect(err).toContain(said)
    expect(status).toBe(2)
  })
})

describe('weir index --watch', () => {
  it('indexes what is committed, written or branched while it stays, and ends when told', async () => {
    const { folder, file, find } = stage()
    const [app, plain] = [join(folder, 'app'), join(folder, 'plain')]
    makeRepository(app, { 'one.ts': ONE })
    mkdirSync(plain)
    const child = spawnWeir(['index', '--watch', '--json', '--out', file, app, plain], { cwd: folder })
    await child.firstLine()
    expect(find(ONE)).not.toBeNull()
    commit(app, { 'two.ts': TWO })
    await until(() => find(TWO) !== null, child.err)
    writeFiles(plain, { 'three.ts': THREE })
    await until(() => find(THREE) !== null, child.err)
    writeFiles(app, { 'four.ts': FOUR })
    await until(() => find(FOUR) !== null, child.err)
    child.process.kill('SIGTERM')
    expect(await child.ended()).toBe(0)
    expect(child.out().trim().split('\n')).toHaveLength(4)
  })
})

async function until(holds: () => boolean, said: () => string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`nothing came of it: ${said()}`)
    await wait(100)
  }
}
