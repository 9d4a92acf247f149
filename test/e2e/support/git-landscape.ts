/** What a push starts from: a work tree, and the bare repository it once came from, to be copied for each test. */
import { appendFile, chmod, cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fastImport, linearHistory } from './fast-import.ts'
import { commitRandom, commitText, createWorkTree, git } from './git-client.ts'
import { temporaryFolder } from './temporary.ts'

export interface Landscape {
  readonly objectFormat: 'sha1' | 'sha256'
  /**
   * To push from, and not to be changed. `base` is where the server's branches stand; `work` and `more` are one commit of
   * `WORK_BYTES` above it, `rewritten` stands on nothing of it, and `v1` is a tag of `work`. `history` is long.
   */
  readonly tree: string
  /**
   * What a server has at first: `main`, `old`, `release/main` and `release/old` at `base`, and `theirs`, which the tree
   * does not know.
   */
  readonly bare: string
}

/** Of one commit to be pushed; it does not compress. */
export const WORK_BYTES = 40_000
/** Its `have` lines make a fetch longer than the 1 KiB that git sends uncompressed. */
const HISTORY_COMMITS = 60
const SERVER_BRANCHES: readonly string[] = ['main', 'old', 'release/main', 'release/old']

export async function createLandscape(objectFormat: 'sha1' | 'sha256'): Promise<Landscape> {
  const tree = await createWorkTree({ objectFormat })
  const bare = join(temporaryFolder('bare'), 'bare.git')
  await commitText(tree, 'README', 'base\n')
  await succeed(tree, ['branch', '-m', 'main', 'base'])
  await succeed(tree, ['clone', '--quiet', '--bare', '--template=', tree, bare])
  for (const branch of SERVER_BRANCHES) await succeed(tree, ['push', '--quiet', bare, `base:refs/heads/${branch}`])
  for (const branch of ['work', 'more']) {
    await succeed(tree, ['checkout', '--quiet', '-b', branch, 'base'])
    await commitRandom(tree, WORK_BYTES, branch)
  }
  await succeed(tree, ['tag', '-a', '-m', 'one', 'v1', 'work'])
  await succeed(tree, ['checkout', '--quiet', '--orphan', 'rewritten'])
  await commitRandom(tree, WORK_BYTES, 'rewritten')
  await fastImport(tree, linearHistory({ commits: HISTORY_COMMITS, seed: 'history', branches: 0 }))
  await succeed(tree, ['branch', '-m', 'main', 'history'])
  await fastImport(bare, linearHistory({ commits: 1, seed: 'theirs', branches: 1, onto: 'refs/heads/old' }))
  for (const words of SETTLE) await succeed(bare, words)
  return { objectFormat, tree, bare }
}

// Its import moved `main` on, where only `theirs` shall be new; then everything lies in packs, quick to copy.
const SETTLE = [
  ['branch', '--quiet', '-m', 'b1', 'theirs'],
  ['update-ref', 'refs/heads/main', 'refs/heads/old'],
  ['update-ref', '-d', 'refs/heads/base'],
  ['repack', '--quiet', '-a', '-d'],
  ['pack-refs', '--all'],
] as const

/** Where the hook below writes what a server is told beside the refs: the certificate of a signed push, and push options. */
export const TOLD_FILE = 'told.txt'

/** Fills an empty bare repository with what a server has at first. */
export async function fillRepository({ bare }: Landscape, folder: string): Promise<void> {
  await cp(join(bare, 'objects'), join(folder, 'objects'), { recursive: true })
  await cp(join(bare, 'packed-refs'), join(folder, 'packed-refs'))
  await appendFile(join(folder, 'config'), '[receive]\n  certNonceSeed = seed\n')
  await mkdir(join(folder, 'hooks'), { recursive: true })
  const hook = join(folder, 'hooks', 'post-receive')
  await writeFile(hook, `#!/bin/sh\nset > ${TOLD_FILE}\n`)
  await chmod(hook, 0o755)
}

/** A copy of the tree, to be changed. */
export async function copyTree({ tree }: Landscape): Promise<string> {
  const copy = temporaryFolder('tree')
  await cp(tree, copy, { recursive: true })
  return copy
}

/** Every ref of a repository with its object, one a line. */
export async function listRefs(folder: string): Promise<string> {
  return succeed(folder, ['for-each-ref', '--format=%(refname) %(objectname)'])
}

async function succeed(cwd: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await git(args, { cwd })
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout
}
