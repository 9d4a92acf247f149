/** The size and form of a file: its lines, its functions, and the constructs that the project does without. */
import ts from 'typescript'
import { type Breach, breach, nodesOf, type Source } from './source.ts'

export const FILE_LINES_MAX = 400
export const FUNCTION_LINES_MAX = 70

export function longFiles(source: Source): readonly Breach[] {
  const lines = source.text.trimEnd().split('\n').length
  return lines > FILE_LINES_MAX ? [`${source.path}:1: has ${lines} lines, more than ${FILE_LINES_MAX}`] : []
}

export function longFunctions(source: Source): readonly Breach[] {
  const breaches: Breach[] = []
  for (const node of nodesOf(source.tree)) {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue
    const first = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line
    const lines = source.tree.getLineAndCharacterOfPosition(node.end).line - first + 1
    if (lines > FUNCTION_LINES_MAX) {
      breaches.push(breach(source, node, `is a function of ${lines} lines, more than ${FUNCTION_LINES_MAX}`))
    }
  }
  return breaches
}

/** The cursor alone may assert an index that it has just checked. */
const MAY_ASSERT = 'src/wire/cursor.ts'

export function bannedConstructs(source: Source): readonly Breach[] {
  const breaches: Breach[] = []
  for (const node of nodesOf(source.tree)) {
    const what = bannedConstruct(node, source.path)
    if (what !== null) breaches.push(breach(source, node, what))
  }
  return breaches
}

export function missingDocComment(source: Source): readonly Breach[] {
  const text = source.text.replace(/^#![^\n]*\n/, '')
  return /^\/\*\*\s/.test(text) ? [] : [`${source.path}:1: does not open with a comment that tells its job`]
}

function bannedConstruct(node: ts.Node, path: string): string | null {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'uses any'
  if (ts.isNonNullExpression(node) && path !== MAY_ASSERT) return 'asserts with ! that a value is there'
  if ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) && node.exclamationToken !== undefined) {
    return 'asserts with ! that a value will be there'
  }
  if (ts.isCatchClause(node) && node.block.statements.length === 0) return 'swallows what it catches'
  if (ts.isExportAssignment(node)) return 'has a default export'
  if (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent)) return 'has a default export'
  return null
}
