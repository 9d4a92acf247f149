/** Asks a running Weir, over HTTP on a port or a socket: a short answer, whole, and in time. */
import { type IncomingMessage, request } from 'node:http'

export interface Question {
  readonly where: { readonly host: string; readonly port: number } | { readonly socketPath: string }
  readonly path: string
  readonly bytesMax: number
  /** Of the whole: a process that sends a byte now and then is never idle. */
  readonly timeoutMs: number
}

export interface Reply {
  readonly status: number
  readonly text: string
}

/** Rejects with what went wrong: an error of the system by its code, else one with words for a person. */
export function ask({ where, path, bytesMax, timeoutMs }: Question): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const asked = request({ ...where, path, agent: false }, (reply: IncomingMessage) => {
    const chunks: Buffer[] = []
    let bytes = 0
    reply.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax) asked.destroy(new Error('the answer is too long'))
      else chunks.push(chunk)
    })
    reply.on('error', reject)
    reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
  })
  const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeoutMs / 1_000} seconds`)), timeoutMs)
  asked.on('error', reject)
  asked.on('close', () => clearTimeout(timer))
  asked.end()
  return promise
}
