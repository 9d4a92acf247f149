import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FileProblem, readTextFile } from '../../src/cli/text-file.ts'
import { folderWith } from './weir-command.ts'

async function problemOf(path: string, bytesMax: number): Promise<{ message: string; mistaken: boolean }> {
  const error: unknown = await readTextFile(path, bytesMax).catch((thrown: unknown) => thrown)
  if (!(error instanceof FileProblem)) throw new Error('no FileProblem')
  return { message: error.message, mistaken: error.mistaken }
}

describe('readTextFile', () => {
  it('reads as many bytes as it may, and not one more', async () => {
    const file = join(folderWith({ 'a.txt': 'aé' }), 'a.txt')
    expect(await readTextFile(file, 3)).toBe('aé')
    expect(await problemOf(file, 2)).toEqual({ message: `${file}: is larger than 2 bytes`, mistaken: false })
  })

  it('reads an empty file', async () => {
    expect(await readTextFile(join(folderWith({ 'a.txt': '' }), 'a.txt'), 1)).toBe('')
  })

  it('bounds a pipe, which announces no size', async () => {
    const fifo = join(folderWith(), 'fifo')
    execFileSync('mkfifo', [fifo])
    const writer = (text: string) => spawn('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', text, fifo], { stdio: 'ignore' })
    writer('abc')
    expect(await readTextFile(fifo, 3)).toBe('abc')
    writer('abcd')
    expect((await problemOf(fifo, 3)).message).toBe(`${fifo}: is larger than 3 bytes`)
  })

  it('says what is wrong with a file', async () => {
    const folder = folderWith({ 'a.txt': '' })
    const path = (name: string): string => join(folder, name)
    expect(await problemOf(path('b.txt'), 1)).toEqual({
      message: `${path('b.txt')}: there is no such file`,
      mistaken: true,
    })
    expect((await problemOf(path('a.txt/c'), 1)).mistaken).toBe(true)
    expect(await problemOf(folder, 1)).toEqual({ message: `${folder}: is a folder, not a file`, mistaken: true })
  })

  it('refuses what is not UTF-8', async () => {
    const folder = folderWith()
    execFileSync('sh', ['-c', `printf '\\377' > "$1"/a.txt`, 'sh', folder])
    expect((await problemOf(join(folder, 'a.txt'), 10)).message).toContain('is not text in UTF-8')
  })
})
