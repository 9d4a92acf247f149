import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type FileWatch, watchFiles } from '../../src/cli/file-watch.ts'
import { folderWith } from './weir-command.ts'

/** Short, so that tests are quick; long enough that two halves of a file can be written within one. */
const INTERVAL_MS = 30
/** Many looks: what has not been noticed by then is not noticed. */
const QUIET_MS = 8 * INTERVAL_MS
const DEADLINE_MS = 10_000

interface Watching {
  readonly watch: FileWatch
  /** How often a change was told so far. */
  count(): number
  /** Returns once the count is that, and stays that for a while. */
  settles(count: number): Promise<void>
}

async function watching(paths: readonly string[], readAt: number = Date.now() + 1_000): Promise<Watching> {
  let told = 0
  const count = (): number => told
  const watch = watchFiles(() => {
    told += 1
  }, INTERVAL_MS)
  onTestFinished(() => watch.stop())
  await watch.follow(paths, readAt)
  // File systems keep time in ticks of some milliseconds: a change within the tick of the creation would not show.
  await wait(INTERVAL_MS)
  return {
    watch,
    count,
    async settles(expected) {
      const deadline = Date.now() + DEADLINE_MS
      while (Date.now() < deadline && count() < expected) await wait(INTERVAL_MS)
      await wait(QUIET_MS)
      expect(count()).toBe(expected)
    },
  }
}

describe('a file that is followed', () => {
  it('and stays as it is tells nothing', async () => {
    const folder = folderWith({ 'a.yaml': 'one' })
    const { settles } = await watching([join(folder, 'a.yaml')])
    await settles(0)
  })

  it.each<[name: string, change: (folder: string) => void]>([
    ['is written anew', (folder) => writeFileSync(join(folder, 'a.yaml'), 'two, and longer')],
    ['is written anew with the same size', (folder) => writeFileSync(join(folder, 'a.yaml'), 'two')],
    [
      'is written anew and given its old time, as by an archive',
      (folder) => {
        writeFileSync(join(folder, 'a.yaml'), 'two')
        utimesSync(join(folder, 'a.yaml'), 1, 1)
      },
    ],
    [
      'is replaced by a rename, as editors do',
      (folder) => {
        writeFileSync(join(folder, 'a.yaml.new'), 'two')
        renameSync(join(folder, 'a.yaml.new'), join(folder, 'a.yaml'))
      },
    ],
    ['is deleted', (folder) => rmSync(join(folder, 'a.yaml'))],
  ])('%s: that is told once', async (_, change) => {
    const folder = folderWith({ 'a.yaml': 'one' })
    const { settles } = await watching([join(folder, 'a.yaml')])
    change(folder)
    await settles(1)
  })

  it('is deleted, and comes back: both are told', async () => {
    const folder = folderWith({ 'a.yaml': 'one' })
    const { settles } = await watching([join(folder, 'a.yaml')])
    rmSync(join(folder, 'a.yaml'))
    await settles(1)
    writeFileSync(join(folder, 'a.yaml'), 'one')
    await settles(2)
  })

  it('is not there yet, and comes', async () => {
    const folder = folderWith()
    const { settles } = await watching([join(folder, 'a.yaml')])
    await settles(0)
    writeFileSync(join(folder, 'a.yaml'), 'one')
    await settles(1)
  })

  it('is swapped by a symbolic link above it, as a ConfigMap is', async () => {
    const folder = folderWith()
    for (const version of ['1', '2']) {
      mkdirSync(join(folder, version))
      writeFileSync(join(folder, version, 'a.yaml'), 'same')
    }
    symlinkSync('1', join(folder, '..data'))
    symlinkSync(join('..data', 'a.yaml'), join(folder, 'a.yaml'))
    const { settles } = await watching([join(folder, 'a.yaml')])
    symlinkSync('2', join(folder, '..data_tmp'))
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
    await settles(1)
  })

  it('is being written: nothing is told until it stands still', async () => {
    const folder = folderWith({ 'a.yaml': '' })
    const { count, settles } = await watching([join(folder, 'a.yaml')])
    let text = ''
    // Ten looks or so, and before each of them the file has grown.
    const end = Date.now() + 10 * INTERVAL_MS
    while (Date.now() < end) {
      text += 'more\n'
      writeFileSync(join(folder, 'a.yaml'), text)
      await wait(INTERVAL_MS / 6)
    }
    expect(count()).toBe(0)
    await settles(1)
  })

  it('changes and changes back to another moment of the same text: that is a change', async () => {
    const folder = folderWith({ 'a.yaml': 'one' })
    const { settles } = await watching([join(folder, 'a.yaml')])
    writeFileSync(join(folder, 'a.yaml'), 'two')
    await settles(1)
    writeFileSync(join(folder, 'a.yaml'), 'one')
    await settles(2)
  })
})

describe('a folder that is followed', () => {
  it.each<[name: string, change: (folder: string) => void]>([
    ['gets a policy file', (folder) => writeFileSync(join(folder, 'c.yaml'), 'new')],
    ['loses one', (folder) => rmSync(join(folder, 'b.yaml'))],
    ['has one written anew', (folder) => writeFileSync(join(folder, 'b.yaml'), 'two')],
    ['goes away', (folder) => rmSync(folder, { recursive: true })],
  ])('%s: that is told once', async (_, change) => {
    const folder = folderWith({ 'a.yaml': 'one', 'b.yaml': 'one' })
    const { settles } = await watching([folder])
    change(folder)
    await settles(1)
  })

  it('whose other files change tells nothing', async () => {
    const folder = folderWith({ 'a.yaml': 'one', 'notes.txt': 'one' })
    const { settles } = await watching([folder])
    writeFileSync(join(folder, 'notes.txt'), 'two')
    await settles(0)
  })
})

describe('many files', () => {
  const names = Array.from({ length: 200 }, (_, at) => `${at}.txt`)

  it('that change at once are told once, and a single one too', async () => {
    const folder = folderWith(Object.fromEntries(names.map((name) => [name, 'one'])))
    const { settles } = await watching(names.map((name) => join(folder, name)))
    await settles(0)
    for (const name of names) writeFileSync(join(folder, name), 'two')
    await settles(1)
    writeFileSync(join(folder, '137.txt'), 'three')
    await settles(2)
  })
})

describe('what is followed anew', () => {
  it('is what counts from then on', async () => {
    const folder = folderWith({ 'a.yaml': 'one', 'b.yaml': 'one' })
    const { watch, settles } = await watching([join(folder, 'a.yaml')])
    await watch.follow([join(folder, 'b.yaml')], Date.now() + 1_000)
    writeFileSync(join(folder, 'a.yaml'), 'two')
    await settles(0)
    writeFileSync(join(folder, 'b.yaml'), 'two')
    await settles(1)
  })

  it('and was written after it was read, is told', async () => {
    const folder = folderWith({ 'a.yaml': 'one' })
    const { settles } = await watching([join(folder, 'a.yaml')], Date.now() - 60_000)
    await settles(1)
  })

  it('tells nothing more once the watch has stopped', async () => {
    const folder = folderWith({ 'a.yaml': 'one' })
    const { watch, settles } = await watching([join(folder, 'a.yaml')])
    watch.stop()
    writeFileSync(join(folder, 'a.yaml'), 'two')
    await settles(0)
  })
})
