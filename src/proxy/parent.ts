/** Asks a parent proxy for a tunnel to a destination (RFC 9110 section 9.3.6). */
import type { Socket } from 'node:net'
import { ProxyError } from '../flow/proxy-error.ts'
import { authorityOf, type Destination } from '../net/destination.ts'
import type { ParentProxy } from '../settings/parent-proxy.ts'

/** The head of the parent's answer, in bytes: a status line and a few fields. */
const PARENT_HEAD_BYTES_MAX = 16 * 1024

/**
 * Resolves once the socket, connected to the parent, is a tunnel to the destination: paused, with what came behind the head
 * put back. Rejects with a ProxyError, the socket destroyed.
 */
export function tunnelThrough(
  socket: Socket,
  parent: ParentProxy,
  destination: Destination,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0)
    const settle = (failure: ProxyError | null): void => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onGone).off('close', onGone).off('error', onGone)
      socket.pause()
      if (failure === null) {
        resolve()
        return
      }
      socket.on('error', () => undefined)
      socket.destroy()
      reject(failure)
    }
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk])
      const end = seen.indexOf('\r\n\r\n')
      if (end === -1) {
        if (seen.length > PARENT_HEAD_BYTES_MAX) settle(broken('its answer has no end'))
        return
      }
      const refusal = refusalIn(seen.subarray(0, end).toString('latin1'), destination)
      if (refusal === null && seen.length > end + 4) socket.unshift(seen.subarray(end + 4))
      settle(refusal)
    }
    const onGone = (): void => settle(broken('it closed the connection'))
    const timer = setTimeout(
      () => settle(new ProxyError('upstream-timeout', `the parent proxy did not open a tunnel within ${timeoutMs} ms`)),
      timeoutMs,
    )
    socket.on('data', onData).on('end', onGone).on('close', onGone).on('error', onGone)
    socket.write(connectHead(parent, destination))
  })
}

function connectHead({ authorization }: ParentProxy, destination: Destination): string {
  const authority = authorityOf(destination)
  const credentials = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`
}

function refusalIn(head: string, destination: Destination): ProxyError | null {
  const status = /^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(head)?.[1]
  if (status === undefined) return broken('its answer is no HTTP')
  if (status.startsWith('2')) return null
  const why = status === '407' ? 'it wants other credentials (upstreamProxy)' : `it answered ${status}`
  return new ProxyError('upstream-refused', `the parent proxy opens no tunnel to ${authorityOf(destination)}: ${why}`)
}

function broken(why: string): ProxyError {
  return new ProxyError('upstream-broken', `the parent proxy failed: ${why}`)
}
