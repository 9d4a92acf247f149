/** The answer on a connection that Node's parser has let go of: to a request that may become another protocol. */
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long a client may take to read an answer before its connection is cut. */
const LINGER_MS = 5_000

export class DetachedReply extends ServerResponse {
  readonly client: Socket

  /** No earlier answer may be owed on the socket. */
  constructor(message: IncomingMessage, client: Socket) {
    super(message)
    this.client = client
    // Whatever follows is no request: nobody reads one there any more.
    this.shouldKeepAlive = false
    // The server times a connection that waits for its next request.
    client.setTimeout(0)
    this.assignSocket(client)
    client.on('drain', this.#onDrain)
    this.once('finish', () => this.#end())
  }

  /** Lets go of the socket, for what speaks the other protocol on it. */
  release(): Socket {
    this.client.off('drain', this.#onDrain)
    this.detachSocket(this.client)
    return this.client
  }

  readonly #onDrain = (): void => void this.emit('drain')

  #end(): void {
    const client = this.release()
    client.end()
    // What the client still sends is read away, for a reset would take the answer from under its eyes.
    client.resume()
    const timer = setTimeout(() => client.destroy(), LINGER_MS)
    client.once('close', () => clearTimeout(timer))
  }
}
