/** What stands at a path that is to be indexed: a repository, with its submodules, or a folder without git. */
import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { ObjectFormat } from '../../content/fingerprints/object-key.ts'
import { CommandError, UsageError } from '../terminal.ts'
import { askGit } from './git.ts'
import { nameRepository } from './repository-name.ts'

export type Target = RepositoryTarget | FolderTarget

export interface RepositoryTarget {
  readonly kind: 'repository'
  readonly name: string
  /** Where git is run. */
  readonly folder: string
  /** Where the objects lie, of all working trees together. */
  readonly gitFolder: string
  readonly format: ObjectFormat
  readonly hasTree: boolean
}

export interface FolderTarget {
  readonly kind: 'folder'
  readonly name: string
  readonly folder: string
}

/** A submodule in a submodule, and so on. */
const SUBMODULE_DEPTH_MAX = 8
const GITLINK_MODE = '160000'

/** The target, and behind it those of its submodules that are checked out. */
export async function findTargets(path: string, name: string | undefined): Promise<readonly Target[]> {
  const folder = resolve(path)
  if (!(await isFolder(folder))) throw new UsageError(`${path}: there is no such folder`)
  const repository = await findRepository(folder, name)
  if (repository === null) return [{ kind: 'folder', name: name ?? basename(folder), folder }]
  return [repository, ...(await submodulesOf(repository, 1))]
}

/** Null where the folder is none by itself, but perhaps a part of one. */
async function findRepository(folder: string, name: string | undefined): Promise<RepositoryTarget | null> {
  const isBare = (await exists(join(folder, 'HEAD'))) && (await exists(join(folder, 'objects')))
  if (!isBare && !(await exists(join(folder, '.git')))) return null
  const words = ['rev-parse', '--is-inside-work-tree', '--show-object-format', '--git-common-dir']
  const [hasTree, format, common = '.git'] = (await askGit(folder, words)).toString().split('\n')
  if (format !== 'sha1' && format !== 'sha256') throw new CommandError(`${folder}: has objects of an unknown format`)
  return {
    kind: 'repository',
    name: name ?? (await nameOf(folder)),
    folder,
    gitFolder: resolve(folder, common),
    format,
    hasTree: hasTree === 'true',
  }
}

async function nameOf(folder: string): Promise<string> {
  const config = await askGit(folder, ['config', '--default', '', '--get', 'remote.origin.url'])
  return nameRepository(config.toString().trim()) ?? basename(await realpath(folder)).replace(/\.git$/, '')
}

async function submodulesOf({ folder, hasTree }: RepositoryTarget, depth: number): Promise<readonly Target[]> {
  if (!hasTree || depth > SUBMODULE_DEPTH_MAX) return []
  const entries = (await askGit(folder, ['ls-files', '--stage', '-z'])).toString().split('\0')
  const targets: Target[] = []
  for (const entry of entries) {
    const [facts = '', path = ''] = entry.split('\t')
    if (!facts.startsWith(GITLINK_MODE)) continue
    const inside = join(folder, path)
    const repository = (await exists(join(inside, '.git'))) ? await findRepository(inside, undefined) : null
    if (repository !== null) targets.push(repository, ...(await submodulesOf(repository, depth + 1)))
  }
  return targets
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}
