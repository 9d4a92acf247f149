/** Passes on an answer that node:http reads, as it comes: one that was to become another protocol and did not. */
import type { IncomingMessage } from 'node:http'
import type { Flow } from '../flow/flow.ts'
import { ProxyError } from '../flow/proxy-error.ts'
import { readResponseHead } from '../wire/response-head.ts'
import { withoutAltSvc } from './forward.ts'
import type { Reply } from './incoming.ts'
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
  reply: Reply,
  { idleTimeoutMs, signal }: PassOptions,
): Promise<void> {
  const { statusCode = 502, statusMessage = '', rawHeaders } = message
  const read = readResponseHead(statusCode, statusMessage, rawHeaders)
  if ('fault' in read)
    throw new ProxyError('upstream-broken', `the site's answer can be read in two ways: ${read.fault}`)
  flow.status = statusCode
  const fields = withoutAltSvc(read.fields)
  reply.begin({ status: statusCode, reason: read.reason, fields, isEmpty: false, isLast: true, isForwarded: true })
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
      if (!reply.write(chunk)) await drained(reply, stop.signal)
      timer.refresh()
    }
    reply.end()
  } catch (error) {
    reply.cut()
    throw toProxyError(stop.signal.reason ?? error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onGone)
  }
}

function drained(reply: Reply, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      reply.offDrain(settle)
      signal.removeEventListener('abort', settle)
      if (signal.aborted) reject(toProxyError(signal.reason))
      else resolve()
    }
    reply.onDrain(settle)
    signal.addEventListener('abort', settle)
  })
}
