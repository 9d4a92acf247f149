/** Real source as negatives: the text files of packages of npm and Debian that are installed here, by name and version. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'

/** Larger ones are left out, so that no single bundle outweighs the rest. */
const FILE_BYTES_MAX = 1 << 20

export interface PackageFiles {
  readonly name: string
  readonly from: 'npm' | 'Debian'
  readonly version: string
  readonly files: readonly string[]
}

export interface Sources {
  readonly packages: readonly PackageFiles[]
  /** One sentence for each package that is not on this machine. */
  readonly absent: readonly string[]
}

/** Each as the lock file has it. */
const NPM = [
  '@grpc/grpc-js',
  '@jridgewell/trace-mapping',
  '@stryker-mutator/api',
  '@stryker-mutator/core',
  '@stryker-mutator/instrumenter',
  '@types/node',
  'ajv',
  'bcryptjs',
  'caniuse-lite',
  'dockerfile-ast',
  'execa',
  'fast-check',
  'fast-uri',
  'graphql',
  'http-proxy',
  'knip',
  'lru-cache',
  'mutation-testing-elements',
  'node-forge',
  'pino',
  'playwright-core',
  'postcss',
  'protobufjs',
  'pure-rand',
  'rxjs',
  'semver',
  'thread-stream',
  'typed-inject',
  'typescript',
  'underscore',
  'undici',
  'vitest',
  'ws',
  'yaml',
  'yargs',
  'zod',
]

/** With `every`, one file of so many, by the order of their names. */
const DEBIAN: readonly { readonly name: string; readonly every?: number }[] = [
  { name: 'cmake-data' },
  { name: 'git' },
  { name: 'google-cloud-cli', every: 4 },
  { name: 'libc6-dev' },
  { name: 'libperl5.36' },
  { name: 'libpython3.11-minimal' },
  { name: 'libpython3.11-stdlib' },
  { name: 'libssl-dev' },
  { name: 'libstdc++-12-dev' },
  { name: 'libwww-perl' },
  { name: 'linux-libc-dev' },
  { name: 'llvm-14-dev' },
  { name: 'nodejs', every: 2 },
  { name: 'perl-base' },
  { name: 'perl-modules-5.36' },
  { name: 'postgresql-15' },
  { name: 'python3-chardet' },
  { name: 'python3-cryptography' },
  { name: 'python3-docutils' },
  { name: 'python3-lib2to3' },
  { name: 'python3-oauthlib' },
  { name: 'python3-pip' },
  { name: 'python3-pygments' },
  { name: 'python3-requests' },
  { name: 'python3-rich' },
  { name: 'python3-setuptools' },
  { name: 'python3-urllib3' },
  { name: 'squid-langpack' },
  { name: 'twine' },
  { name: 'valgrind' },
  { name: 'vim-runtime' },
]

const TEXT_NAME =
  /\.(?:c|cc|cfg|cjs|cmake|conf|cpp|css|cts|el|go|h|hpp|html|ini|java|js|json|lua|map|md|mjs|mts|php|pl|pm|po|properties|py|rb|rs|rst|sh|sql|svg|tcl|toml|ts|tsx|txt|vim|xml|ya?ml)$/

const ROOT = join(import.meta.dirname, '..', '..')
const Manifest = z.object({ version: z.string() })

export function sources(): Sources {
  const found = [
    ...NPM.map((name) => npmPackage(name)),
    ...DEBIAN.map(({ name, every }) => debianPackage(name, every ?? 1)),
  ]
  return {
    packages: found.filter((each) => typeof each !== 'string'),
    absent: found.filter((each) => typeof each === 'string'),
  }
}

/** The text of a file, or null where it is none after all. */
export function readText(path: string): Buffer | null {
  const bytes = readFileSync(path)
  return bytes.subarray(0, 4096).includes(0) ? null : bytes
}

function npmPackage(name: string): PackageFiles | string {
  const folder = join(ROOT, 'node_modules', name)
  try {
    const { version } = Manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !relative(folder, path).includes('node_modules'))
    return { name, from: 'npm', version, files: textFiles(paths, 1) }
  } catch (error) {
    return `${name} of npm is not installed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}

function debianPackage(name: string, every: number): PackageFiles | string {
  try {
    const version = ask(['-W', '-f', ['$', '{Version}'].join(''), name])
    const paths = ask(['-L', name]).split('\n')
    return { name, from: 'Debian', version, files: textFiles(paths, every) }
  } catch {
    return `${name} of Debian is not installed`
  }
}

function ask(words: readonly string[]): string {
  return execFileSync('dpkg-query', words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 26,
  })
}

function textFiles(paths: readonly string[], every: number): readonly string[] {
  return paths
    .filter((path) => TEXT_NAME.test(path))
    .toSorted()
    .filter((_, at) => at % every === 0)
    .filter((path) => {
      const stats = statSync(path, { throwIfNoEntry: false })
      return stats?.isFile() === true && stats.size > 0 && stats.size <= FILE_BYTES_MAX
    })
}
