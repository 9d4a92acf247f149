/** Repositories of real source: the files of an installed package, in several versions, each with some of them edited. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { git } from './git.ts'
import type { Chance } from './random.ts'

/** Of one package. */
const FILES_MAX = 20_000
/** Of its files, one in so many changes from version to version. */
const CHANGED_ONE_IN = 4
/** Lines that a change puts in, takes away or moves. */
const CHANGED_LINES_MAX = 12

interface SourceFile {
  readonly path: string
  content: Buffer
}

/** Makes a bare repository in `folder` with so many versions of the files below `source` on its branch `main`. */
export function makeRealRepository(folder: string, source: string, versions: number, chance: Chance): void {
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', '.'])
  const files = readSource(source)
  const parts: Buffer[] = []
  for (let version = 1; version <= versions; version++) {
    const changed = version === 1 ? files : files.filter(() => chance.hit(CHANGED_ONE_IN))
    if (version > 1) for (const file of changed) file.content = edit(file.content, chance)
    const who = `Real Person <real@example> ${1_700_000_000 + version * 1_000} +0000`
    parts.push(Buffer.from(`commit refs/heads/main\ncommitter ${who}\ndata 4\n${1_000 + version}\n`))
    for (const { path, content } of changed) {
      const quoted = JSON.stringify(path)
      parts.push(Buffer.from(`M 100644 inline ${quoted}\ndata ${content.length}\n`), content, Buffer.from('\n'))
    }
  }
  git(folder, ['fast-import', '--quiet'], Buffer.concat(parts))
}

function readSource(source: string): readonly SourceFile[] {
  const entries = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  if (entries.length === 0) throw new Error(`no files in ${source}`)
  return entries.slice(0, FILES_MAX).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return { path: relative(source, path), content: readFileSync(path) }
  })
}

function edit(content: Buffer, chance: Chance): Buffer {
  const lines = content.toString('latin1').split('\n')
  for (let edits = 1 + chance.below(4); edits > 0; edits--) {
    const at = chance.below(lines.length)
    const taken = lines.splice(at, chance.below(CHANGED_LINES_MAX))
    lines.splice(
      chance.below(lines.length + 1),
      0,
      ...taken.slice(0, chance.below(taken.length + 1)),
      `// ${chance.below(1e9)}`,
    )
  }
  return Buffer.from(lines.join('\n'), 'latin1')
}
