/** What a pure folder never touches: the clock, the environment, timers, chance and the network. */
import ts from 'typescript'
import { isPure } from './imports.ts'
import { type Breach, breach, nodesOf, type Source } from './source.ts'

const GLOBALS = new Set([
  'process',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'console',
  'globalThis',
  'global',
  'require',
  'Temporal',
])

const MEMBERS = new Set(['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues'])

export function impureGlobals(source: Source): readonly Breach[] {
  if (!isPure(source.path)) return []
  const breaches: Breach[] = []
  for (const node of nodesOf(source.tree)) {
    const name = impurityOf(node)
    if (name !== null) breaches.push(breach(source, node, `uses ${name} in a pure folder`))
  }
  return breaches
}

function impurityOf(node: ts.Node): string | null {
  if (ts.isIdentifier(node) && GLOBALS.has(node.text) && isReference(node)) return node.text
  if (ts.isPropertyAccessExpression(node) && MEMBERS.has(node.getText())) return node.getText()
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0) {
    return 'new Date()'
  }
  // Called without `new`, Date ignores its arguments and tells the time.
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()'
  return null
}

/** Whether an identifier stands for a value, and is not the name of a member. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  return !(ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent) || ts.isMethodSignature(parent))
}
