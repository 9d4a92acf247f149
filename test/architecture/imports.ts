/** Who may import whom: the order of the folders, no circles, and what a pure folder may take from outside. */
import { posix } from 'node:path'
import ts from 'typescript'
import { type Breach, breach, nodesOf, type Source } from './source.ts'

/** A file imports from its own folder and from those to its left. */
const FOLDERS = [
  'net',
  'wire',
  'text',
  'flow',
  'catalog',
  'content',
  'sigma',
  'detect',
  'policy',
  'settings',
  'tls',
  'store',
  'audit',
  'identity',
  'proxy',
  'console',
  'cli',
]

const PURE_NODE_MODULES = new Set(['assert', 'assert/strict', 'buffer', 'crypto', 'util', 'zlib', 'url'])
const PURE_PACKAGES = new Set([
  '@secretlint/secretlint-rule-preset-recommend',
  '@secretlint/types',
  'file-type',
  'graphql',
  'ipaddr.js',
  're2js',
  'smol-toml',
  'yaml',
  'zod',
])

interface Import {
  readonly node: ts.Node
  readonly specifier: string
  /** The imported names; null for a whole module or a dynamic import. */
  readonly names: readonly string[] | null
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

export function isPure(path: string): boolean {
  const at = FOLDERS.indexOf(folderOf(path))
  return at !== -1 && at <= FOLDERS.indexOf('settings')
}

export function importsAgainstTheOrder(source: Source): readonly Breach[] {
  const own = FOLDERS.indexOf(folderOf(source.path))
  if (own === -1) return [`${source.path}:1: is in no folder that has a place in the order of imports`]
  return importsOf(source).flatMap(({ node, specifier }) => {
    if (!specifier.startsWith('.')) return []
    const target = resolve(source.path, specifier)
    const other = FOLDERS.indexOf(folderOf(target))
    if (target.startsWith('src/') && other !== -1 && other <= own) return []
    return [breach(source, node, `imports ${target}, which is not to its left`)]
  })
}

export function impureImports(source: Source): readonly Breach[] {
  if (!isPure(source.path)) return []
  return importsOf(source).flatMap(({ node, specifier, names }) =>
    specifier.startsWith('.') || isPureImport(specifier, names)
      ? []
      : [breach(source, node, `imports ${specifier} in a pure folder`)],
  )
}

/** Circles between files, each told once, `import type` included. */
export function importCircles(sources: readonly Source[]): readonly Breach[] {
  const edges = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolve(source.path, specifier)),
    ]),
  )
  const finished = new Set<string>()
  const circles: Breach[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at !== -1) circles.push(`${path}:1: imports itself by ${[...trail.slice(at), path].join(' → ')}`)
    if (at !== -1 || finished.has(path)) return
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
    finished.add(path)
  }
  for (const path of edges.keys()) walk(path, [])
  return circles
}

function isPureImport(specifier: string, names: readonly string[] | null): boolean {
  if (specifier === 'node:net') return names?.every((name) => name === 'isIP') === true
  // The random functions of crypto are a source of surprise as the clock is.
  if (specifier === 'node:crypto' && (names ?? ['random']).some((name) => /random/i.test(name))) return false
  if (specifier.startsWith('node:')) return PURE_NODE_MODULES.has(specifier.slice('node:'.length))
  return PURE_PACKAGES.has(specifier)
}

function importsOf(source: Source): readonly Import[] {
  const found: Import[] = []
  for (const node of nodesOf(source.tree)) {
    const specifier = specifierOf(node)
    if (specifier !== null) found.push({ node, specifier, names: namesOf(node) })
  }
  return found
}

function specifierOf(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    return (node.moduleSpecifier as ts.StringLiteral).text
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    return argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : 'a computed module'
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return node.argument.literal.text
  }
  return null
}

function namesOf(node: ts.Node): readonly string[] | null {
  if (!ts.isImportDeclaration(node)) return null
  const clause = node.importClause
  if (clause === undefined || clause.name !== undefined || clause.namedBindings === undefined) return null
  if (!ts.isNamedImports(clause.namedBindings)) return null
  return clause.namedBindings.elements.map((element) => (element.propertyName ?? element.name).text)
}

function resolve(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier))
}
