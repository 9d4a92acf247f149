/** Names that say nothing, and words that must not stay in the text. */
import ts from 'typescript'
import { type Breach, breach, nodesOf, type Source, type TextFile } from './source.ts'

/** Never part of a name; a file named after its being shared or its being bytes says nothing either. */
const EMPTY_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'manager'])
const EMPTY_FILE_WORDS = new Set([...EMPTY_WORDS, 'misc', 'common', 'shared', 'data'])
const EMPTY_VERBS = new Set(['get', 'handle', 'do'])

export function emptyNames(source: Source): readonly Breach[] {
  const breaches: Breach[] = []
  const file = source.path.split('/').pop() ?? ''
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(file)) breaches.push(`${source.path}:1: is not in kebab case`)
  for (const part of source.path.replace(/\.ts$/, '').split('/')) {
    if (part.split('-').some((word) => EMPTY_FILE_WORDS.has(word))) breaches.push(`${source.path}:1: is named ${part}`)
  }
  for (const node of nodesOf(source.tree)) {
    const name = declaredName(node)
    if (name !== null && saysNothing(name)) breaches.push(breach(source, node, `declares ${name}`))
  }
  return breaches
}

/** The brackets keep this file from holding the words itself. */
const LEFTOVERS = /\b(T[O]DO|F[I]XME)\b/

// A lock file or a page that names the machine it was made on sends its readers to a server that is not theirs.
const REGISTRIES = /\b(registry[.](npmjs|yarnpkg)|npmmirror[.]com|pypi[.]org)\b/i

const MACHINE_PATHS = /(?<![\w.~/-])[/](work|root|home|Users|tmp)[/]\w/

export function strayText(file: TextFile): readonly Breach[] {
  return file.text.split('\n').flatMap((line, at) => {
    const here = `${file.path}:${at + 1}`
    return [
      ...(LEFTOVERS.test(line) ? [`${here}: has work left over`] : []),
      ...(REGISTRIES.test(line) ? [`${here}: names a package registry`] : []),
      ...(MACHINE_PATHS.test(line) ? [`${here}: names a path of one machine`] : []),
    ]
  })
}

function saysNothing(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ _]/)
  // A handle alone is a thing, such as that of a file; with a word behind it, it is the verb that every function could have.
  const isEmptyVerb = words.length > 1 && EMPTY_VERBS.has(words[0] ?? '')
  return name === 'data' || isEmptyVerb || words.some((word) => EMPTY_WORDS.has(word))
}

/** The name that a declaration gives at its place; members and parameters answer to the interfaces of others. */
function declaredName(node: ts.Node): string | null {
  const declares =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isVariableDeclaration(node)
  return declares && node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : null
}
