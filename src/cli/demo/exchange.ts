/** One request that an upstream of the demonstration serves, and the record of what came: counted as it is received. */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Server } from 'node:net'

/** What an upstream saw of one request. It stands in the log from the first line on, and grows as the body comes. */
export interface ServedRequest {
  readonly method: string
  /** The request target, query included. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Bytes of content received, framing not counted. */
  readonly bodyBytes: number
  /** Of these, what follows the ref commands of a push; only for a push. */
  readonly packBytes?: number
  /** The body came to its end. */
  readonly complete: boolean
  /** The status answered; null while none was. */
  readonly status: number | null
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly record: Writable<ServedRequest>

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request
    this.response = response
    this.record = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      bodyBytes: 0,
      complete: false,
      status: null,
    }
  }

  /** The content as it comes, counted. Throws when the client leaves before its end. */
  async *body(): AsyncGenerator<Buffer> {
    for await (const chunk of this.request as AsyncIterable<Buffer>) {
      this.record.bodyBytes += chunk.length
      yield chunk
    }
    this.record.complete = this.request.complete
  }

  /** Reads the body to its end and keeps nothing of it. */
  async discard(): Promise<void> {
    const body = this.body()
    let piece = await body.next()
    while (!piece.done) piece = await body.next()
  }

  /** Writes the head of the answer; the caller writes and ends the content. */
  begin(status: number, headers: OutgoingHttpHeaders): ServerResponse {
    this.record.status = status
    return this.response.writeHead(status, headers)
  }

  /** Answers at once, whole. */
  answer(status: number, headers: OutgoingHttpHeaders, content: string | Buffer): void {
    this.begin(status, { 'content-length': Buffer.byteLength(content), ...headers }).end(content)
  }
}

/**
 * Counts every byte a server receives above TLS, request lines and header fields included: a request that was begun and
 * given up stands in no log, and must still show.
 */
export function countReceived(server: Server, event: 'connection' | 'secureConnection'): () => number {
  let received = 0
  server.on(event, (socket: NodeJS.ReadableStream) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
  })
  return () => received
}
