/** TOML 1.0 text to a plain value whose keys know their line, so that what is wrong in it can be shown. */
import { parse, TomlError } from 'smol-toml'
import type { Problem, Span } from '../../text/problem.ts'
import type { Path, YamlSource } from '../../text/yaml.ts'

export const TOML_BYTES_MAX = 1024 * 1024
const DEPTH_MAX = 16

export function parseToml(text: string, file: string): { source: YamlSource | null; problems: readonly Problem[] } {
  const fail = (message: string, span: Span): { source: null; problems: readonly Problem[] } => ({
    source: null,
    problems: [{ severity: 'error', message, file, ...span }],
  })
  if (Buffer.byteLength(text) > TOML_BYTES_MAX) {
    return fail(`the file is larger than ${TOML_BYTES_MAX / 1024 / 1024} MiB`, { line: 1, column: 1 })
  }
  try {
    const value: unknown = parse(text, { maxDepth: DEPTH_MAX, unsafeKeyBehaviour: 'throw' })
    return { source: { file, text, value, locate: locator(text) }, problems: [] }
  } catch (error) {
    if (error instanceof TomlError) {
      const message = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''
      return fail(`is no TOML: ${message}`, { line: error.line, column: error.column })
    }
    if (error instanceof RangeError) return fail(`nested deeper than ${DEPTH_MAX} levels`, { line: 1, column: 1 })
    throw error
  }
}

const HEADER = /^\s*(\[\[?)\s*([\w."' -]+?)\s*\]\]?/
const KEY = /^\s*([\w"'-]+)\s*=/

/** Where each key stands, by a look at the lines: the library keeps no places. Of a path that has none, the nearest above. */
function locator(text: string): YamlSource['locate'] {
  const spans = new Map<string, Span>()
  const counts = new Map<string, number>()
  let table: readonly PropertyKey[] = []
  let open: string | null = null
  text.split('\n').forEach((line, at) => {
    if (open !== null) {
      if (line.includes(open)) open = null
      return
    }
    const [, brackets, name] = HEADER.exec(line) ?? []
    if (brackets !== undefined && name !== undefined) {
      table = pathOf(name, brackets === '[[', counts)
      if (brackets === '[[') remember(spans, table.slice(0, -1), line, at)
      remember(spans, table, line, at)
      return
    }
    const [, key] = KEY.exec(line) ?? []
    if (key !== undefined) remember(spans, [...table, unquoted(key)], line, at)
    open = opened(line)
  })
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const span = spans.get(nameOf(path.slice(0, length)))
      if (span !== undefined) return span
    }
    return { line: 1, column: 1 }
  }
}

/** The steps of `rules.allowlists` with the number of the entry in each list. */
function pathOf(name: string, isList: boolean, counts: Map<string, number>): readonly PropertyKey[] {
  const path: PropertyKey[] = []
  const steps = name.split('.').map((step) => unquoted(step.trim()))
  steps.forEach((step, at) => {
    path.push(step)
    const key = nameOf(path)
    const isLast = at === steps.length - 1
    if (isLast && isList) counts.set(key, (counts.get(key) ?? -1) + 1)
    const number = counts.get(key)
    if (number !== undefined) path.push(number)
  })
  return path
}

function remember(spans: Map<string, Span>, path: readonly PropertyKey[], line: string, at: number): void {
  const column = line.length - line.trimStart().length + 1
  const name = nameOf(path)
  if (!spans.has(name)) spans.set(name, { line: at + 1, column })
}

/** The quotes that a text over several lines waits for at the end of this one. */
function opened(line: string): string | null {
  for (const quotes of ["'''", '"""']) if (line.split(quotes).length % 2 === 0) return quotes
  return null
}

function unquoted(step: string): string {
  return step.replace(/^["']|["']$/g, '')
}

function nameOf(path: Path): string {
  return path.map(String).join('\u0000')
}
