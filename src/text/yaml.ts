/** YAML 1.2 text to a plain value in which every key and value still knows its place; everything doubtful is a problem. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'
import type { Problem, Span } from './problem.ts'
import { translateYamlError, type YamlFault } from './yaml-messages.ts'

/** One YAML file is held to this; long lists of hosts belong into list files, which are read far faster. */
export const yamlBytesMax = 4 * 1024 * 1024
const yamlDepthMax = 32
const PROBLEMS_MAX = 20

export type Path = readonly PropertyKey[]

export interface YamlSource {
  readonly file: string
  readonly text: string
  readonly value: unknown
  /** The place of the value at `path`, or of its key. Of a path that does not exist, the nearest that does. */
  locate(path: Path, part?: 'key' | 'value'): Span
}

/** Reads one document. With any error, `source` is null: half a policy is no policy. */
export function parseYaml(text: string, file: string): { source: YamlSource | null; problems: readonly Problem[] } {
  const fail = (message: string, span: Span, hint?: string): { source: null; problems: readonly Problem[] } => ({
    source: null,
    problems: [{ severity: 'error', message, file, ...span, ...(hint === undefined ? {} : { hint }) }],
  })
  if (Buffer.byteLength(text) > yamlBytesMax) {
    const hint = 'put long lists of hosts into list files'
    return fail(`the file is larger than ${yamlBytesMax / 1024 / 1024} MiB`, { line: 1, column: 1 }, hint)
  }
  const lines = new LineCounter()
  const document = readDocument(text, lines)
  if (document === null) return fail(`nested deeper than ${yamlDepthMax} levels`, { line: 1, column: 1 })
  const spanOf = (from: number, to: number): Span => spanBetween(lines, from, to)
  const faults = [...faultsOf(document, text), ...structureFaults(document)]
  if (faults.length > 0) {
    const problems = faults.slice(0, PROBLEMS_MAX).map(({ from, to, message, hint }): Problem => {
      return { severity: 'error', message, file, ...spanOf(from, to), ...(hint === undefined ? {} : { hint }) }
    })
    return { source: null, problems }
  }
  if (document.contents === null) return fail('the file is empty', { line: 1, column: 1 })
  const value: unknown = document.toJS({ maxAliasCount: 0 })
  const locate = (path: Path, part: 'key' | 'value' = 'value'): Span => {
    const [from, to] = rangeAt(document, path, part)
    return spanOf(from, to)
  }
  return { source: { file, text, value, locate }, problems: [] }
}

/** Null where values stand in one another so deep that the library's own stack ends. */
function readDocument(text: string, lines: LineCounter): Document | null {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      resolveKnownTags: false,
      merge: false,
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function faultsOf(document: Document, text: string): readonly YamlFault[] {
  const errors = [...document.errors, ...document.warnings]
  // The first error of a broken document is the cause, and most that follow it are echoes; doubled keys stand alone.
  const [first] = errors
  if (first === undefined) return []
  const kept = first.code === 'DUPLICATE_KEY' ? errors.filter(({ code }) => code === 'DUPLICATE_KEY') : [first]
  return kept.map((error) => translateYamlError(error, text))
}

/** What the library would accept and a policy must not hold: aliases, depth, another YAML version, a key that is no key. */
function structureFaults(document: Document): readonly YamlFault[] {
  if (document.errors.length > 0) return []
  const faults: YamlFault[] = []
  const fault = (node: unknown, message: string, hint?: string): void => {
    const [from, to] = (isNode(node) ? node.range : null) ?? [0, 1]
    faults.push({ from, to, message, ...(hint === undefined ? {} : { hint }) })
  }
  if (document.directives?.yaml.version !== '1.2') fault(null, 'only YAML 1.2 is read', 'remove the %YAML line')
  visit(document, {
    Node(_key, node, path) {
      if (path.filter((parent) => isNode(parent)).length >= yamlDepthMax) {
        fault(node, `nested deeper than ${yamlDepthMax} levels`)
        return visit.BREAK
      }
      if (isAlias(node)) {
        const quoted = `put a pattern in quotes: "*${node.source}"`
        fault(node, `\`*${node.source}\` is a YAML alias, and aliases are not read`, quoted)
      }
      return undefined
    },
    Pair(_key, pair) {
      if (isScalar(pair.key) && pair.key.value === '__proto__') fault(pair.key, '`__proto__` cannot be a key')
    },
  })
  return faults
}

function spanBetween(lines: LineCounter, from: number, to: number): Span {
  const start = lines.linePos(from)
  const end = lines.linePos(to)
  const at = { line: Math.max(1, start.line), column: Math.max(1, start.col) }
  return end.line === start.line && end.col > start.col ? { ...at, endColumn: end.col } : at
}

function rangeAt(document: Document, path: Path, part: 'key' | 'value'): readonly [number, number] {
  let range: readonly [number, number] = rangeOf(document.contents) ?? [0, 1]
  let node: unknown = document.contents
  for (const [at, step] of path.entries()) {
    const wantsKey = part === 'key' && at === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (pair === undefined) break
      // A key without a value has no place of its own to show: its key stands for it.
      const valueRange = isScalar(pair.value) && pair.value.source === '' ? null : rangeOf(pair.value)
      range = (wantsKey ? null : valueRange) ?? rangeOf(pair.key) ?? range
      node = pair.value
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)]
      if (item === undefined) break
      range = rangeOf(item) ?? range
      node = item
    } else {
      break
    }
  }
  return range
}

function rangeOf(node: unknown): readonly [number, number] | null {
  const range = isNode(node) ? (node as Node).range : null
  return range === null || range === undefined ? null : [range[0], range[1]]
}
