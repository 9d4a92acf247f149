/** Writes the record: one JSON line a flow, by pino, denials before the refusal is sent. */
import pino from 'pino'
import type { FlowSink } from '../flow/ports.ts'
import { ECS_VERSION, toEcs } from './ecs.ts'
import { openLineWriter } from './line-writer.ts'

/** Allowed flows are written at the latest after this many milliseconds. */
const FLUSH_INTERVAL_MS = 250

export interface RecordLog extends FlowSink {
  close(): void
}

/** `destination` is a file descriptor (1 is standard output), or a file's path. */
export function openRecordLog(destination: number | string): RecordLog {
  // Not pino's own destination: its synchronous flush retries a full disk or a closed pipe for ever, with the process asleep.
  const writer = openLineWriter(destination)
  // pino's lines begin with the level: without a field in its place they would begin with a comma, and be no JSON.
  const log = pino(
    { base: null, timestamp: false, formatters: { level: () => ({ 'ecs.version': ECS_VERSION }) } },
    writer,
  )
  const timer = setInterval(() => writer.flush(), FLUSH_INTERVAL_MS)
  timer.unref()
  return {
    get writable(): boolean {
      return writer.writable
    },
    write(flow, moment, at, policy): void {
      log.info(toEcs(flow, moment, at, policy))
      if (moment === 'denied') writer.flush()
    },
    flush(): void {
      writer.flush()
    },
    close(): void {
      clearInterval(timer)
      writer.close()
    },
  }
}
