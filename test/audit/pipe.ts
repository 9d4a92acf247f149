/** A named pipe that takes so much and then no more, as standard output does whose reader has stopped. */
import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Pipe {
  /** Where to write: full, it answers EAGAIN at once. */
  readonly descriptor: number
  /** All that waits in the pipe. */
  read(): string
  /** Ends the reading side: writes then fail with EPIPE. */
  stopReading(): void
  close(): void
}

export function openPipe(): Pipe {
  const folder = mkdtempSync(join(tmpdir(), 'weir-pipe-'))
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  let reader: number | null = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  const stopReading = (): void => {
    if (reader !== null) closeSync(reader)
    reader = null
  }
  return {
    descriptor,
    read(): string {
      return reader === null ? '' : readAll(reader)
    },
    stopReading,
    close(): void {
      stopReading()
      closeSync(descriptor)
      rmSync(folder, { recursive: true })
    },
  }
}

function readAll(descriptor: number): string {
  const pieces: Buffer[] = []
  for (;;) {
    const piece = Buffer.alloc(65_536)
    try {
      const size = readSync(descriptor, piece)
      if (size === 0) return Buffer.concat(pieces).toString()
      pieces.push(piece.subarray(0, size))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      return Buffer.concat(pieces).toString()
    }
  }
}
