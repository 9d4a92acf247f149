/** `weir explain EVENT-ID`: what became of a flow and what was found in it, from a running Weir or from a saved record. */
import { RECENT_RECORDS_MAX } from '../audit/recent-records.ts'
import { parseEventId } from '../proxy/event-id.ts'
import { printable } from '../text/problem-render.ts'
import { askEvent } from './control-socket.ts'
import { findingsOf, unlookedOf } from './event-findings.ts'
import { type Painter, storyOf } from './event-story.ts'
import { loadSettings } from './load-settings.ts'
import { type FlowRecord, parseRecord } from './record-document.ts'
import { searchRecord } from './saved-record.ts'
import { CommandError, type Context, counted, paint, UsageError, writeJson, writeLine } from './terminal.ts'
import { streamFile } from './text-file.ts'

export interface EventOptions {
  readonly config?: string
  readonly data?: string
  /** A file, or `-` for standard input. */
  readonly record?: string
  readonly json?: true
}

/** As some refusals write it. */
const URN = 'urn:weir:event:'

/** Throws a CommandError where the id is not known, and a UsageError for what is none. */
export async function explainEvent(context: Context, text: string, options: EventOptions): Promise<void> {
  const id = parseEventId(text.startsWith(URN) ? text.slice(URN.length) : text)
  if (id === null) {
    const shown = printable(text)
    throw new UsageError(
      `${shown}: is no event id, such as m3ng8ce6h1dec; where to, of a flow in words, is told by --url`,
    )
  }
  const found =
    options.record === undefined ? await askRunning(context, id, options) : await readSaved(context, id, options.record)
  const record = parseRecord(found)
  if (record === null || record['event.id'] !== id)
    throw new CommandError('what answers there is no weir of this version')
  if (options.json === true) writeJson(context.out, found)
  else writeRecord(context, record)
}

async function askRunning(context: Context, id: string, { config, data }: EventOptions): Promise<unknown> {
  const settings = await loadSettings(context, {
    ...(config === undefined ? {} : { config }),
    ...(data === undefined ? {} : { data }),
  })
  const found = await askEvent(settings.data, id)
  if (found !== null) return found
  throw new CommandError(`the running weir of ${settings.data} does not know event ${id}: since its start it keeps the last \
${RECENT_RECORDS_MAX} records of flows that were denied, would have been, failed, or in which something was found; look in \
its saved record with --record FILE, or ask another weir with --data DIR`)
}

async function readSaved(context: Context, id: string, file: string): Promise<unknown> {
  const name = file === '-' ? 'standard input' : file
  const chunks = file === '-' ? context.input() : streamFile(file)
  const { found, lines } = await searchRecord({ name, chunks }, id, context.err)
  if (found !== null) return found
  throw new CommandError(`event ${id} is not in ${printable(name)}, of which ${counted(lines, 'line')} \
${lines === 1 ? 'was' : 'were'} read: look in another record, or ask the running weir without --record`)
}

function writeRecord(context: Context, record: FlowRecord): void {
  const painter: Painter = (style, text) => paint(context.out, style, text)
  for (const sentence of storyOf(record, painter)) writeLine(context.out, sentence)
  const findings = findingsOf(record)
  const unlooked = unlookedOf(record)
  writeList(context, 'Found:', findings)
  writeList(context, 'Not looked at:', unlooked)
  if (findings.length + unlooked.length === 0 && (record['weir.upload.size'] ?? 0) > 0) {
    writeLine(context.out, 'The record does not say what was in it: nothing was found, or no rule asked.')
  }
}

function writeList({ out }: Context, title: string, items: readonly string[]): void {
  if (items.length === 0) return
  writeLine(out, paint(out, 'bold', title))
  for (const item of items) writeLine(out, `  ${item}`)
}
