/** Puts the image together by the Dockerfile's own instructions, as far as that goes without an engine: a tree that is read-only. */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lastOf, only, PROJECT, pairsOf, readDockerfile, type Stage, stagesOf } from './dockerfile.ts'

export interface Image {
  /** The folder that stands for `/` of the image. */
  readonly root: string
  readonly stage: Stage
  /** What `ENV` says, with the paths where they are here. */
  readonly environment: Readonly<Record<string, string>>
  readonly user: { readonly uid: number; readonly gid: number } | null
  /** A path of the image where it is here. */
  placeOf(path: string): string
  remove(): void
}

export function assembleImage(): Image {
  const stages = stagesOf(readDockerfile())
  const stage = lastOf(stages)
  const root = mkdtempSync(join(tmpdir(), 'weir-image-'))
  const placeOf = (path: string): string => (path.startsWith('/') ? join(root, path) : join(root, '/app', path))
  const scratch = mkdtempSync(join(tmpdir(), 'weir-build-'))
  const made = {
    '/app/node_modules': productionModules(scratch),
    '/app/dist': build(stages, scratch),
    '/volumes': volumes(scratch),
  }
  for (const { text, flags } of stage.instructions.filter(({ name }) => name === 'COPY')) {
    const words = text.split(' ')
    const target = placeOf(words.at(-1) ?? '')
    for (const source of words.slice(0, -1)) {
      const from = flags['from'] === undefined ? join(PROJECT, source) : made[source as keyof typeof made]
      const isFolder = lstatSync(from).isDirectory()
      cpSync(from, isFolder ? target : join(target, source), { recursive: true })
    }
  }
  rmSync(scratch, { recursive: true })
  // The base image brings Node, on its path.
  mkdirSync(join(root, 'bin'))
  copyFileSync(process.execPath, join(root, 'bin/node'), constants.COPYFILE_FICLONE)
  const user = userOf(stage)
  const written = ['certs', 'data'].map((name) => join(root, 'var/lib/weir', name))
  seal(root, written, user)
  const environment = Object.entries(pairsOf(only(stage, 'ENV'))).map(([key, value]) => [
    key,
    value.startsWith('/') ? placeOf(value) : value,
  ])
  return {
    root,
    stage,
    environment: Object.fromEntries(environment) as Record<string, string>,
    user,
    placeOf,
    remove() {
      unseal(root)
      rmSync(root, { recursive: true })
    },
  }
}

/** What `npm ci --omit=dev --omit=optional` would install: the packages that the lock file gives to neither. */
function productionModules(scratch: string): string {
  const lock = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>>
  }
  for (const [path, { dev, optional, devOptional }] of Object.entries(lock.packages)) {
    if (path === '' || dev === true || optional === true || devOptional === true) continue
    cpSync(join(PROJECT, path), join(scratch, path), { recursive: true })
  }
  return join(scratch, 'node_modules')
}

/** `npm run build` with nothing beside it but what the build stage copies. */
function build(stages: readonly Stage[], scratch: string): string {
  const stage = stages.find(({ name }) => name === 'build')
  if (stage === undefined) throw new Error('the Dockerfile has no build stage')
  const folder = join(scratch, 'build')
  mkdirSync(folder)
  for (const { text } of stage.instructions.filter(({ name }) => name === 'COPY')) {
    for (const source of text.split(' ').slice(0, -1))
      cpSync(join(PROJECT, source), join(folder, source), { recursive: true })
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  return join(folder, 'dist')
}

function volumes(scratch: string): string {
  for (const name of ['certs', 'data']) mkdirSync(join(scratch, 'volumes', name), { recursive: true, mode: 0o700 })
  return join(scratch, 'volumes')
}

/** Root is never refused a write, so that a process of root would show nothing. */
function userOf(stage: Stage): Image['user'] {
  if (process.getuid?.() !== 0) return null
  const [uid = 0, gid = 0] = only(stage, 'USER').text.split(':').map(Number)
  return { uid, gid }
}

function seal(root: string, written: readonly string[], user: Image['user']): void {
  for (const path of treeOf(root)) {
    const stat = lstatSync(path)
    if (stat.isSymbolicLink()) continue
    if (!written.includes(path)) chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o555 : 0o444)
    else if (user !== null) chownSync(path, user.uid, user.gid)
  }
  if (dirname(root) !== tmpdir()) throw new Error('the tree is not where it was made')
}

function unseal(root: string): void {
  for (const path of treeOf(root)) if (lstatSync(path).isDirectory()) chmodSync(path, 0o755)
}

/** All that is in a tree, itself first. */
export function treeOf(root: string): readonly string[] {
  if (!lstatSync(root).isDirectory()) return [root]
  return [root, ...readdirSync(root).flatMap((name) => treeOf(join(root, name)))]
}
