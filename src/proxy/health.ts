/** Answers the health check on the proxy's own port: it is the one origin-form request that a plain connection may make. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Runtime } from './runtime.ts'

export const HEALTH_PATH = '/healthz'

export function isHealthCheck(message: IncomingMessage): boolean {
  return (message.method === 'GET' || message.method === 'HEAD') && message.url === HEALTH_PATH
}

/** 200 while every flow can be judged and recorded, else 503. */
export function answerHealth(weir: Runtime, reply: ServerResponse): void {
  const recording = weir.sink.writable
  const body = `${JSON.stringify({
    status: recording ? 'ok' : 'record-unwritable',
    version: weir.version,
    policy: weir.policy.hash,
    heldBytes: weir.quota.bytes + weir.quota.memoryBytes,
  })}\n`
  reply.writeHead(recording ? 200 : 503, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  })
  reply.end(body)
}
