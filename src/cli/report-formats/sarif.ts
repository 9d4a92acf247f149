/** A report in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS), as code scanners and editors read it. */
import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { REMARK_KINDS, type Remark, type RemarkKind, remarksOf, type Suite, textOf } from './suite.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const KINDS = Object.keys(REMARK_KINDS) as readonly RemarkKind[]

export function toSarif(suites: readonly Suite[], version: string): object {
  const rules = KINDS.map((id) => ({ id, shortDescription: { text: REMARK_KINDS[id] } }))
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'weir', semanticVersion: version, rules } },
        // Lines and columns of a problem count so; section 3.14.17.
        columnKind: 'utf16CodeUnits',
        results: remarksOf(suites).map(resultOf),
      },
    ],
  }
}

function resultOf(remark: Remark): object {
  const { kind, problem } = remark
  const { line, column, endColumn, file, severity } = problem
  const region = { startLine: line, startColumn: column, ...(endColumn === undefined ? {} : { endColumn }) }
  return {
    ruleId: kind,
    ruleIndex: KINDS.indexOf(kind),
    level: severity,
    message: { text: textOf(remark) },
    locations: [{ physicalLocation: { artifactLocation: locationOf(file), region } }],
  }
}

/** A relative path is one from the top of the sources, wherever the reader has them (section 3.4.4). */
function locationOf(file: string): object {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href }
  const segments = file.split(sep).filter((segment) => segment !== '.')
  return { uri: segments.map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
}
