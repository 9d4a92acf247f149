/** Joins two sockets byte for byte, with half-close, backpressure, a silence limit and, where a rule sets one, a byte limit. */
import type { Socket } from 'node:net'

export interface SpliceOptions {
  /** Without a byte either way for so long, both ends are closed. */
  readonly idleTimeoutMs: number
  /** Bytes that the client may send; its next byte is not passed on and the tunnel is cut. Infinity where no rule sets a limit. */
  readonly upBytesMax: number
}

export interface SpliceCounts {
  up: number
  down: number
}

export type SpliceEnd = 'closed' | 'idle' | 'limit' | 'broken'

/** Resolves when both sockets are closed. `counts` is kept while the tunnel lives. */
export function splice(
  client: Socket,
  upstream: Socket,
  counts: SpliceCounts,
  options: SpliceOptions,
): Promise<SpliceEnd> {
  return new Promise((resolve) => {
    let end: SpliceEnd = 'closed'
    let open = 2
    let moved = 0
    let movedBefore = -1
    const cut = (reason: SpliceEnd): void => {
      if (end === 'closed') end = reason
      client.destroy()
      upstream.destroy()
    }
    // One timer a tunnel that compares, instead of one that every chunk sets anew.
    const timer = setInterval(() => {
      if (moved === movedBefore) cut('idle')
      movedBefore = moved
    }, options.idleTimeoutMs)
    timer.unref()
    const onClosed = (): void => {
      if (--open > 0) return
      clearInterval(timer)
      resolve(end)
    }
    join(client, upstream, (bytes) => {
      if (counts.up + bytes > options.upBytesMax) {
        cut('limit')
        return false
      }
      counts.up += bytes
      moved += bytes
      return true
    })
    join(upstream, client, (bytes) => {
      counts.down += bytes
      moved += bytes
      return true
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => cut('broken'))
      if (socket.destroyed) cut('broken')
      // While the tunnel was judged a socket may have closed: it says so once, and not again.
      if (socket.closed) {
        onClosed()
        continue
      }
      socket.on('close', () => {
        // A socket that closed without an end was reset: what is still on its way to it is of no use any more.
        if (!socket.readableEnded) other.destroy()
        onClosed()
      })
    }
  })
}

function join(from: Socket, to: Socket, count: (bytes: number) => boolean): void {
  from.on('data', (chunk: Buffer) => {
    if (!count(chunk.length)) return
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  if (from.readableEnded) to.end()
  else from.on('end', () => to.end())
  from.resume()
}
