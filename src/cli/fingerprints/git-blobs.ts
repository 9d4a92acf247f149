/**
 * The blobs of a repository that an index does not have yet: git lists the objects that its refs reach, says what each is, and gives
 * their bytes, by three processes through which everything streams.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isCounted } from '../../content/fingerprints/blob-prints.ts'
import { kindOfPath } from '../../content/fingerprints/public-text.ts'
import { CommandError } from '../terminal.ts'
import type { Blob, Choice } from './blob.ts'
import { BatchSplitter } from './batch-splitter.ts'
import { spawnGit } from './git.ts'
import type { RepositoryTarget } from './targets.ts'

/** A path of git is 4,096 bytes at most on the systems where it is checked out. */
const LINE_CHARACTERS_MAX = 65_536

// Objects and paths go through as bytes, each a character: a path need not be UTF-8.
const ENCODING = 'latin1'

export async function* readGitBlobs(target: RepositoryTarget, choice: Choice): AsyncGenerator<Blob> {
  const list = spawnGit(target.folder, ['rev-list', '--objects', '--all', '--missing=print'])
  const check = spawnGit(target.folder, [
    'cat-file',
    '--buffer',
    '--batch-check=%(objectname) %(objecttype) %(objectsize) %(rest)',
  ])
  const batch = spawnGit(target.folder, ['cat-file', '--buffer', '--batch=%(objectname) %(objectsize) %(rest)'])
  const all = [list, check, batch]
  list.child.stdin.end()
  const flows = Promise.all([
    pipeline(Readable.from(newObjects(list.child.stdout, choice)), check.child.stdin),
    pipeline(Readable.from(wantedBlobs(check.child.stdout, choice)), batch.child.stdin),
    ...all.map(({ ended }) => ended),
  ])
  // It is awaited below; until then its rejection is nobody's.
  flows.catch(() => {
    for (const { child } of all) child.kill('SIGKILL')
  })
  try {
    const splitter = new BatchSplitter(target.format)
    for await (const chunk of batch.child.stdout) yield* splitter.push(chunk as Buffer)
    await flows
    if (!splitter.isWhole) throw new CommandError(`${target.folder}: git cat-file ended within an object`)
  } finally {
    for (const { child } of all) child.kill('SIGKILL')
  }
}

/** Lines of `rev-list --objects`: an id, and a path for trees and blobs; a question mark before one that is not there. */
async function* newObjects(output: Readable, choice: Choice): AsyncGenerator<Buffer> {
  for await (const lines of linesOf(output)) {
    let wanted = ''
    for (const line of lines) {
      if (line.startsWith('?')) choice.passed.missing++
      const space = line.indexOf(' ')
      // A commit has no path.
      if (space === -1) continue
      if (choice.has(line.slice(0, space))) choice.passed.known++
      else wanted += `${line}\n`
    }
    if (wanted !== '') yield Buffer.from(wanted, ENCODING)
  }
}

async function* wantedBlobs(output: Readable, choice: Choice): AsyncGenerator<Buffer> {
  for await (const lines of linesOf(output)) {
    let wanted = ''
    for (const line of lines) {
      const [id = '', type = '', size = '', ...rest] = line.split(' ')
      const path = rest.join(' ')
      if (type === 'missing') choice.passed.missing++
      else if (type === 'blob' && isWanted(path, Number(size), choice)) wanted += `${id} ${path}\n`
    }
    if (wanted !== '') yield Buffer.from(wanted, ENCODING)
  }
}

/** Counts what it does not want. */
export function isWanted(path: string, size: number, { passed, thirdParty }: Choice): boolean {
  const kind = kindOfPath(path)
  if (kind === 'third-party' && !thirdParty) passed.thirdParty++
  else if (isCounted(kind, size)) return true
  else passed.trivial++
  return false
}

async function* linesOf(output: Readable): AsyncGenerator<readonly string[]> {
  let rest = ''
  for await (const chunk of output) {
    const lines = (rest + (chunk as Buffer).toString(ENCODING)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARACTERS_MAX) throw new CommandError('git wrote a line without an end')
    yield lines
  }
  if (rest !== '') yield [rest]
}
