/** The result as text: one row a measure, Weir beside Squid. */
import type { Spread } from './statistics.ts'

export interface Row {
  readonly measure: string
  readonly title: string
  readonly unit: 'requests' | 'MB'
  readonly weir: Spread | null
  readonly squid: Spread | null
}

const ABSENT = '–'

export function renderTable(rows: readonly Row[]): string {
  const head = ['measure', 'per CPU second', 'Weir', '', 'Squid', '', 'Weir/Squid']
  const body = rows.map((row) => [row.title, row.unit, ...cellsOf(row.weir), ...cellsOf(row.squid), ratioCell(row)])
  const lines = [head, ...body]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) => joinCells(line, widths)).join('\n')
}

/** Of the medians; null where one of them is missing. */
export function ratioOf(row: Row): number | null {
  return row.weir === null || row.squid === null ? null : row.weir.median / row.squid.median
}

export function formatRate(rate: number): string {
  if (rate < 100) return rate.toPrecision(3)
  return Math.round(rate)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/g, ' ')
}

function cellsOf(spread: Spread | null): readonly [string, string] {
  if (spread === null) return [ABSENT, '']
  const range = `(${formatRate(spread.lowest)}–${formatRate(spread.highest)})`
  return [`${spread.precise ? '' : '~'}${formatRate(spread.median)}`, range]
}

function ratioCell(row: Row): string {
  return ratioOf(row)?.toFixed(2) ?? ABSENT
}

/** The two columns of words stand left, those of numbers right. */
function joinCells(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => {
    const width = widths[column] ?? 0
    return column < 2 ? cell.padEnd(width) : cell.padStart(width)
  })
  return padded.join('  ').trimEnd()
}
