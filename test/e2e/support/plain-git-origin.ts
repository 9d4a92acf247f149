/** A git server in plain HTTP over a folder of repositories, which keeps the bodies that came, decoded (gitprotocol-http). */
import { once } from 'node:events'
import { gunzipSync } from 'node:zlib'
import { Exchange, type ServedRequest } from '../../../src/cli/demo/exchange.ts'
import { killBackend, relay, spawnBackend } from '../../../src/cli/demo/http-backend.ts'
import { startOrigin } from './origin.ts'
import { temporaryFolder } from './temporary.ts'

const BODY_BYTES_MAX = 32 * 1024 * 1024

export interface GitRequest extends ServedRequest {
  /** Without its Content-Encoding. */
  readonly body: Buffer
}

export interface PlainGitOrigin {
  readonly port: number
  /** Every request that came to its end, in that order. */
  readonly requests: readonly GitRequest[]
  /** Waits for requests under way: a client may be done before its last request is. */
  settled(): Promise<unknown>
  receivedBytes(): number
  close(): Promise<void>
}

/** Serves `root`/OWNER/NAME.git, pushes to them included where their configuration allows it. */
export async function startPlainGitOrigin(root: string): Promise<PlainGitOrigin> {
  const requests: GitRequest[] = []
  const underWay = new Set<Promise<void>>()
  const home = temporaryFolder('plain-git')
  const origin = await startOrigin({
    serve: async ({ request, response }) => {
      const done = Promise.withResolvers<void>()
      underWay.add(done.promise)
      const exchange = new KeepingExchange(request, response)
      const [path = '', query = ''] = (request.url ?? '').split('?')
      const pathInfo = path.replace(/^(\/[^/]+\/[^/]+?)(?:\.git)?\//, '$1.git/')
      const child = spawnBackend({ root, home, pathInfo, query, user: null }, exchange)
      if (child.stdin === null || child.stdout === null) throw new Error('the backend has no pipes')
      try {
        await Promise.all([relay(exchange, child.stdin, child.stdout, BODY_BYTES_MAX), once(child, 'close')])
      } finally {
        killBackend(child)
        requests.push({ ...exchange.record, body: exchange.decoded() })
        underWay.delete(done.promise)
        done.resolve()
      }
    },
  })
  const settled = (): Promise<unknown> => Promise.all(underWay)
  return { port: origin.port, requests, settled, receivedBytes: origin.receivedBytes, close: origin.close }
}

class KeepingExchange extends Exchange {
  readonly #pieces: Buffer[] = []

  override async *body(): AsyncGenerator<Buffer> {
    for await (const piece of super.body()) {
      this.#pieces.push(piece)
      yield piece
    }
  }

  decoded(): Buffer {
    const body = Buffer.concat(this.#pieces)
    return this.record.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  }
}
