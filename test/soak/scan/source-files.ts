/** Real source files and programs of the machine that the soak runs on, in an order that a seed tells: what people push. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'

/** What most machines have; what is not there is passed over. */
const FOLDERS: readonly string[] = [
  resolve(import.meta.dirname, '../../../node_modules'),
  '/usr/include',
  '/usr/lib',
  '/usr/share',
]
const SOURCE_ENDINGS: ReadonlySet<string> = new Set(
  '.c .cc .cjs .cpp .css .go .h .hpp .html .java .js .json .jsx .md .mjs .pl .pm .py .rb .rs .scss .sh .sql .toml .ts .tsx .yaml .yml'.split(
    ' ',
  ),
)
/** Compiled code, of which a push has a few large ones. */
const PROGRAM_ENDINGS: ReadonlySet<string> = new Set(['.node', '.so', '.wasm'])
const SOURCE_BYTES_MAX = 2 * 1024 * 1024
const PROGRAM_BYTES_MIN = 256 * 1024
/** git stores likenesses as deltas, and past 12 MiB Weir builds none: that would be doubt. */
const PROGRAM_BYTES_MAX = 10 * 1024 * 1024
const FILES_MAX = 200_000

export interface RealFile {
  readonly path: string
  readonly bytes: number
  readonly kind: 'source' | 'program'
}

/** All that there is, at most FILES_MAX. */
export function findFiles(seed: string): readonly RealFile[] {
  const files: RealFile[] = []
  for (const folder of FOLDERS) walk(folder, files)
  const order = new Map(files.map((file) => [file, createHash('sha256').update(`${seed}\n${file.path}`).digest('hex')]))
  return files.toSorted((a, b) => ((order.get(a) ?? '') < (order.get(b) ?? '') ? -1 : 1))
}

function walk(folder: string, files: RealFile[]): void {
  for (const name of namesIn(folder)) {
    if (files.length >= FILES_MAX) return
    const path = join(folder, name)
    const status = lstatSync(path, { throwIfNoEntry: false })
    if (status?.isDirectory() === true) walk(path, files)
    else if (status?.isFile() === true) {
      const kind = kindOf(name, status.size)
      if (kind !== null) files.push({ path, bytes: status.size, kind })
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch (error) {
    // Not there, or somebody else's.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES'].includes(String(error.code))) return []
    throw error
  }
}

function kindOf(name: string, bytes: number): RealFile['kind'] | null {
  const ending = extname(name).toLowerCase()
  if (SOURCE_ENDINGS.has(ending) && bytes <= SOURCE_BYTES_MAX) return 'source'
  const isProgram = PROGRAM_ENDINGS.has(ending) || /\.so\.\d/.test(name)
  return isProgram && bytes >= PROGRAM_BYTES_MIN && bytes <= PROGRAM_BYTES_MAX ? 'program' : null
}
