/** Gets public code by the package tools of the machine, apt-get and npm, and keeps it in the folder for temporary files. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CodeSet } from './sets.ts'

export interface CodePackage {
  readonly name: string
  readonly folder: string
}

const CACHE = join(tmpdir(), 'weir-fingerprints')
const PROJECT = resolve(import.meta.dirname, '../..')

export function openSet({ name, debian, npm, own }: CodeSet): readonly CodePackage[] {
  const modules = join(CACHE, 'npm', name)
  if (npm.length > 0) installPackages(modules, npm)
  return [
    ...debian.map((source) => ({ name: source, folder: openSource(source) })),
    ...(npm.length === 0 ? [] : packagesIn(join(modules, 'node_modules'))),
    ...(own ? packagesIn(join(PROJECT, 'node_modules')) : []),
  ]
}

/** The packages of a `node_modules`, without programs for one machine. */
function packagesIn(modules: string): readonly CodePackage[] {
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  )
  const own = names.filter((name) => !name.startsWith('.') && !name.startsWith('node-linux-')).sort()
  return own.map((name) => ({ name, folder: join(modules, name) }))
}

function installPackages(folder: string, names: readonly string[]): void {
  if (existsSync(join(folder, 'node_modules'))) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"name":"corpus","private":true}')
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', ...names], folder)
}

/** The upstream sources of a package of Debian, unpacked. */
function openSource(name: string): string {
  const folder = join(CACHE, 'debian', name)
  if (existsSync(folder)) return folder
  const [archives, unpacking] = [join(CACHE, 'archives', name), `${folder}.part`]
  for (const made of [archives, unpacking]) mkdirSync(made, { recursive: true })
  run('apt-get', [...aptOptions(), 'source', '-q', '--only-source', '--download-only', '--tar-only', name], archives)
  for (const archive of readdirSync(archives).filter((file) => /\.orig.*\.tar\.(?:gz|xz|bz2)$/.test(file))) {
    run('tar', ['-xf', archive, '-C', unpacking], archives)
  }
  rmSync(archives, { recursive: true })
  renameSync(unpacking, folder)
  return folder
}

/** A list of sources of its own: what is configured for packages, for sources. */
function aptOptions(): readonly string[] {
  const apt = join(CACHE, 'apt')
  const [parts, lists, cache] = [join(apt, 'parts'), join(apt, 'lists'), join(apt, 'cache')]
  const options = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${parts}`,
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
  if (existsSync(parts)) return options
  for (const folder of [parts, join(lists, 'partial'), join(cache, 'archives/partial')]) {
    mkdirSync(folder, { recursive: true })
  }
  const configured = '/etc/apt/sources.list.d'
  for (const file of readdirSync(configured).filter((name) => name.endsWith('.sources'))) {
    const stanzas = readFileSync(join(configured, file), 'utf8').split('\n\n')
    const released = stanzas.filter((stanza) => !/^Suites:.*-security/m.test(stanza))
    writeFileSync(join(parts, file), released.join('\n\n').replaceAll(/^Types: deb$/gm, 'Types: deb-src'))
  }
  run('apt-get', [...options, 'update', '-q'], apt)
  return options
}

function run(program: string, words: readonly string[], cwd: string): void {
  execFileSync(program, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}
