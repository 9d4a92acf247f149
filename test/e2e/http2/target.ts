/** What the suite runs against: a way to get connections on which HTTP/2 is agreed on and nothing was sent yet. */
import type { Duplex } from 'node:stream'

export interface Target {
  readonly name: string
  /** The `:authority` of its requests. */
  readonly authority: string
  /** Where a case says that node:http2 differs from the RFC, this target must differ just so. */
  readonly isPlainNode: boolean
  connect(): Promise<Duplex>
  close(): Promise<void>
}

/** What the origin saw of a request, which it answers with. */
export interface Echo {
  readonly method: string
  readonly path: string
  readonly fields: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly bodyBytes: number
  readonly trailers: Readonly<Record<string, string | readonly string[] | undefined>>
}

const BULK_BYTES_MAX = 4 * 1024 * 1024

/** `/bytes/N`: N octets. */
export function bulkOf(path: string): Buffer | null {
  const size = /^\/bytes\/(\d{1,7})$/.exec(path)?.[1]
  if (size === undefined) return null
  return Buffer.alloc(Math.min(Number(size), BULK_BYTES_MAX), 'weir')
}

/** The path that the origin neither reads nor answers. */
export const UNREAD = '/unread'
