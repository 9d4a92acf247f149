/** The project's own source as parsed files, for the tests that hold its style. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '..', '..')

/** One file: its path from the top of the project, with forward slashes, and what is in it. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

export interface Source extends TextFile {
  readonly tree: ts.SourceFile
}

/** One breach of a rule, as `PATH:LINE: WHAT`. */
export type Breach = string

const NOT_OURS = new Set(['.git', 'node_modules', 'dist', 'data', 'certs', 'test-results', 'coverage'])

/** Every text file below a folder of the project, in name order. */
export function readTree(folder: string): readonly TextFile[] {
  return listFiles(join(ROOT, folder)).map((file) => ({
    path: relative(ROOT, file).split(sep).join('/'),
    text: readFileSync(file, 'utf8'),
  }))
}

export function readSources(folder: string): readonly Source[] {
  return readTree(folder)
    .filter((file) => file.path.endsWith('.ts'))
    .map((file) => parseSource(file.path, file.text))
}

export function parseSource(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true) }
}

export function breach(source: Source, node: ts.Node, what: string): Breach {
  const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree))
  return `${source.path}:${line + 1}: ${what}`
}

/** Every node of a file, parents before children. */
export function* nodesOf(root: ts.Node): Generator<ts.Node> {
  yield root
  const children: ts.Node[] = []
  ts.forEachChild(root, (child) => {
    children.push(child)
  })
  for (const child of children) yield* nodesOf(child)
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return NOT_OURS.has(entry.name) && folder === ROOT ? [] : listFiles(path)
      return entry.isFile() ? [path] : []
    })
}
