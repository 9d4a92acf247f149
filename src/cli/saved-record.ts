/** Looks a flow up in a saved record: JSON lines, of which the last of an event id counts. */
import { RECORD_LINE_BYTES_MAX } from '../audit/recent-records.ts'
import { renderProblem } from '../text/problem-render.ts'
import { type Line, splitLines } from './lines.ts'
import { parseRecord } from './record-document.ts'
import { type Channel, counted, writeLine } from './terminal.ts'

/** Lines that are told one by one; what is no record at all would fill the terminal. */
export const COMPLAINTS_MAX = 20

export interface SavedRecord {
  /** For people, in what is told of its lines. */
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
}

export interface Search {
  /** The document as it stands there; null where no line has the id. */
  readonly found: unknown
  readonly lines: number
}

/** Lines that are no records are told on `channel`, and passed over. */
export async function searchRecord({ name, chunks }: SavedRecord, id: string, channel: Channel): Promise<Search> {
  let found: unknown = null
  let lines = 0
  let complaints = 0
  for await (const line of splitLines(chunks, RECORD_LINE_BYTES_MAX)) {
    lines = line.number
    const { value, fault } = readLine(line, id)
    if (value !== null) found = value
    if (fault === null) continue
    complaints += 1
    if (complaints <= COMPLAINTS_MAX) writeLine(channel, complaintOf(name, line.number, fault, channel))
  }
  const untold = complaints - COMPLAINTS_MAX
  if (untold > 0) writeLine(channel, `and ${counted(untold, 'line')} more that were passed over`)
  return { found, lines }
}

interface Reading {
  /** The document, where the line has the id. */
  readonly value: unknown
  readonly fault: string | null
}

const OF_ANOTHER: Reading = Object.freeze({ value: null, fault: null })

function readLine({ bytes }: Line, id: string): Reading {
  if (bytes === null) return faulty(`is longer than ${RECORD_LINE_BYTES_MAX} bytes`)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.trim() === '' ? OF_ANOTHER : readDocument(JSON.parse(text), id)
  } catch (error) {
    if (error instanceof SyntaxError) return faulty('is no JSON')
    if (error instanceof TypeError) return faulty('is not text in UTF-8')
    throw error
  }
}

function readDocument(value: unknown, id: string): Reading {
  if (typeof value !== 'object' || value === null) return faulty('is no record')
  // The first line of what a Weir writes says that it is ready.
  if ('event' in value && value.event === 'ready') return OF_ANOTHER
  if (!('event.id' in value)) return faulty('is no record')
  if (value['event.id'] !== id) return OF_ANOTHER
  return parseRecord(value) === null ? faulty('is no record of this version of weir') : { value, fault: null }
}

function faulty(fault: string): Reading {
  return { value: null, fault }
}

function complaintOf(file: string, line: number, fault: string, { colours }: Channel): string {
  const message = `this line ${fault}; it is passed over`
  return renderProblem({ severity: 'warning', message, file, line, column: 1 }, null, { colour: colours })
}
