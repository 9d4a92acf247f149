/** The files of a folder of code, in a fixed order, each once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { objectIdOf } from '../../src/content/fingerprints/object-key.ts'

export interface CodeFile {
  readonly file: string
  /** From the top of its package. */
  readonly path: string
  readonly package: string
  readonly objectId: string
  readonly size: number
}

/** Larger ones are left out of the walk. */
const FILE_BYTES_MAX = 16_777_216

/** Every file once by its bytes: `seen` holds the ids of those that were there before, and takes the new ones. */
export function* listCode(folder: string, name: string, seen: Set<string>): Generator<CodeFile> {
  for (const path of walk(folder, '')) {
    const file = join(folder, path)
    const bytes = readFileSync(file)
    if (bytes.length > FILE_BYTES_MAX) continue
    const objectId = objectIdOf('sha1', [bytes])
    if (seen.has(objectId)) continue
    seen.add(objectId)
    yield { file, path, package: name, objectId, size: bytes.length }
  }
}

function* walk(folder: string, under: string): Generator<string> {
  const entries = readdirSync(join(folder, under), { withFileTypes: true })
  entries.sort((left, right) => (left.name < right.name ? -1 : 1))
  for (const entry of entries) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`
    if (entry.isDirectory()) yield* walk(folder, path)
    else if (entry.isFile()) yield path
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  c: 'C',
  h: 'C',
  cc: 'C++',
  cpp: 'C++',
  cxx: 'C++',
  hpp: 'C++',
  hh: 'C++',
  java: 'Java',
  groovy: 'Groovy',
  go: 'Go',
  py: 'Python',
  rb: 'Ruby',
  php: 'PHP',
  phpt: 'PHP',
  inc: 'PHP',
  js: 'JavaScript',
  mjs: 'JavaScript',
  cjs: 'JavaScript',
  jsx: 'JavaScript',
  ts: 'TypeScript',
  tsx: 'TypeScript',
  mts: 'TypeScript',
  cts: 'TypeScript',
  rs: 'Rust',
  pl: 'Perl',
  pm: 'Perl',
  sh: 'Shell',
  el: 'Lisp',
}

export function languageOf(path: string): string | null {
  return LANGUAGES[/\.([a-z]+)$/.exec(path)?.[1] ?? ''] ?? null
}
