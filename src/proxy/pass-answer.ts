/** Passes on an answer that node:http reads, as it comes: one that was to become another protocol and did not. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import { readResponseHead } from '../wire/response-head.ts'
import { withoutAltSvc } from './forward.ts'
import { toProxyError } from './upstreams.ts'

export interface PassOptions {
  /** Without a byte of the answer, or one that the client takes, it is broken off. */
  readonly idleTimeoutMs: number
  /** Aborts once the client is gone. */
  readonly signal: AbortSignal
}

/**
 * Resolves when the answer is sent whole. Rejects with a ProxyError: before its head the caller may still answer; behind it the
 * client's connection has been cut, so that nobody takes half an answer for a whole one.
 */
export async function passAnswer(
  flow: Flow,
  message: IncomingMessage,
  reply: ServerResponse,
  { idleTimeoutMs, signal }: PassOptions,
): Promise<void> {
  const { statusCode = 502, statusMessage = '', rawHeaders } = message
  const read = readResponseHead(statusCode, statusMessage, rawHeaders)
  if ('fault' in read)
    throw new ProxyError('upstream-broken', `the site's answer can be read in two ways: ${read.fault}`)
  flow.status = statusCode
  reply.sendDate = false
  reply.writeHead(statusCode, read.reason, [...withoutAltSvc(read.fields), 'Connection', 'close'])
  const stop = new AbortController()
  const breakOff = (reason: ProxyError): void => {
    stop.abort(reason)
    message.destroy(reason)
  }
  const timer = setTimeout(
    () => breakOff(new ProxyError('upstream-timeout', 'the site or its client stopped in the middle of an answer')),
    idleTimeoutMs,
  )
  const onGone = (): void => breakOff(toProxyError(signal.reason))
  signal.addEventListener('abort', onGone)
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      flow.bytesDown += chunk.length
      if (!reply.write(chunk)) await once(reply, 'drain', { signal: stop.signal })
      timer.refresh()
    }
    reply.end()
  } catch (error) {
    reply.destroy()
    throw toProxyError(stop.signal.reason ?? error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onGone)
  }
}
