/** The answers owed on client connections, one at a time, and the refusal of what cannot be read behind them (RFC 9112). */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createFlow } from '../flow/flow.ts'
import { refuseConnect } from './connect-reply.ts'
import type { Connection } from './connection.ts'
import { createEventId } from './event-id.ts'
import { denyByGuard } from './judge.ts'
import type { Refusal } from './refusals/form.ts'
import { refusalOf } from './respond.ts'
import type { Runtime } from './runtime.ts'

export class Answers {
  readonly #weir: Runtime
  /** In the order of their requests: a pipelining client may wait for several. */
  readonly #owed = new WeakMap<Socket, Set<ServerResponse>>()
  /** Of the last request of each connection: it may be over. */
  readonly #turns = new WeakMap<Socket, Promise<void>>()
  readonly #ended = new WeakSet<Socket>()

  constructor(weir: Runtime) {
    this.#weir = weir
  }

  /** Runs `serve` when all that came before on the connection is served: no request overtakes another (section 9.3.2). */
  inTurn(connection: Connection, socket: Socket, reply: ServerResponse, serve: () => Promise<void>): Promise<void> {
    this.#track(socket, reply)
    const begin = async (): Promise<void> => {
      // Behind a request that can be read in two ways, whatever follows may be a part of it (section 6.3).
      if (connection.concluded || reply.destroyed || socket.destroyed) return
      await serve()
    }
    const before = this.#turns.get(socket)
    const turn = before === undefined ? begin() : before.then(begin)
    this.#turns.set(socket, turn)
    return turn
  }

  isOwed(socket: Socket): boolean {
    return (this.#owed.get(socket)?.size ?? 0) > 0
  }

  /** Calls `act` once nothing is owed any more. */
  whenServed(socket: Socket, act: () => void): void {
    whenClosed([...(this.#owed.get(socket) ?? [])], act)
  }

  /** Ends a connection on which nothing more can be read: its client first hears what it is owed, and then why. */
  refuseRest(connection: Connection | undefined, socket: Socket, error: NodeJS.ErrnoException): void {
    if (connection === undefined || error.code === 'ECONNRESET' || error.code === 'EPIPE') {
      socket.destroy()
      return
    }
    // A parser that failed says so again for all that comes.
    if (connection.concluded || this.#ended.has(socket)) return
    this.#ended.add(socket)
    if (!socket.writable) {
      socket.destroy()
      return
    }
    const owed = [...(this.#owed.get(socket) ?? [])]
    // What follows a last request is nobody's (section 9.6).
    if (error.code === 'HPE_CLOSED_CONNECTION') {
      whenClosed(owed, () => socket.destroySoon())
      return
    }
    const refusal = this.#record(connection, error)
    // In the middle of an answer a refusal would be taken for a part of it.
    if (owed.some((reply) => reply.headersSent)) {
      socket.destroy()
      return
    }
    const whole = owed.filter((reply) => reply.req.complete)
    for (const reply of owed) if (!reply.req.complete) abandon(reply, socket)
    // Said at once, it would be heard as the answer to a request that was read, and is being carried out.
    whenClosed(whole, () => refuseConnect(socket, refusal))
  }

  #track(socket: Socket, reply: ServerResponse): void {
    const owed = this.#owed.get(socket) ?? new Set()
    this.#owed.set(socket, owed.add(reply))
    reply.once('close', () => owed.delete(reply))
  }

  #record(connection: Connection, error: NodeJS.ErrnoException): Refusal {
    const { now, sink, policy } = this.#weir
    const flow = createFlow({ id: createEventId(), kind: 'request', startedAt: now(), client: connection.client })
    flow.destination = connection.tunnel?.destination ?? null
    flow.user = connection.tunnel?.user ?? null
    flow.checkpoint = 'request'
    const verdict = denyByGuard('malformed', `this request cannot be read: ${faultOf(error)}`)
    flow.verdict = verdict
    const refusal = { ...refusalOf(flow, verdict.denial), status: STATUS_OF_FAULT[error.code ?? ''] ?? 400 }
    flow.status = refusal.status
    sink.write(flow, 'denied', now(), policy.hash)
    connection.heard = true
    return refusal
  }
}

const STATUS_OF_FAULT: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

function faultOf(error: NodeJS.ErrnoException): string {
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
  return reason.replace(/^Parse Error:\s*/, '')
}

/** Ends an exchange whose request broke off, so that nothing more of it goes upstream, but not the socket that it came on. */
function abandon(reply: ServerResponse, socket: Socket): void {
  if (reply.socket === socket) reply.detachSocket(socket)
  reply.destroy()
}

function whenClosed(replies: readonly ServerResponse[], act: () => void): void {
  let open = replies.length
  if (open === 0) act()
  for (const reply of replies) {
    reply.once('close', () => {
      open--
      if (open === 0) act()
    })
  }
}
