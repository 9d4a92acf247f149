/** Reads the first bytes of a tunnel without taking them: what protocol it is and, for TLS, the whole ClientHello. */
import type { Socket } from 'node:net'
import { type ClientHello, parseClientHello } from '../wire/client-hello.ts'
import { sniffProtocol } from '../wire/first-bytes.ts'

/** A hello comes in a few segments; each is looked at with all before it, so that ten thousand would be an attack. */
export const SEGMENTS_MAX = 1_024

export type Peeked =
  | { readonly state: 'tls'; readonly hello: ClientHello }
  | { readonly state: 'ssh' }
  /** In the clear: the first line of a request. */
  | { readonly state: 'http' }
  | { readonly state: 'unknown' }
  /** The client said nothing in time: a protocol in which the server speaks first, or none. */
  | { readonly state: 'silent' }
  | { readonly state: 'bad'; readonly fault: string }
  | { readonly state: 'gone' }

/** `head` is what came with the CONNECT. All bytes are back in the socket, which is paused, when this resolves. */
export function peek(socket: Socket, head: Buffer, timeoutMs: number): Promise<Peeked> {
  let seen = head
  let segments = 0
  // Of a socket that is closed already no event comes any more.
  if (socket.destroyed) return Promise.resolve({ state: 'gone' })
  return new Promise((resolve) => {
    const settle = (peeked: Peeked): void => {
      clearTimeout(timer)
      socket.off('data', onData)
      socket.off('end', onEnd)
      socket.off('close', onGone)
      socket.off('error', onGone)
      socket.pause()
      if (seen.length > 0 && !socket.destroyed && !socket.readableEnded) socket.unshift(seen)
      resolve(peeked)
    }
    const look = (): void => {
      const peeked = readFirst(seen)
      if (peeked !== null) settle(peeked)
    }
    const onData = (chunk: Buffer): void => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
      if (++segments > SEGMENTS_MAX) settle({ state: 'bad', fault: 'its first bytes come in too many pieces' })
      else look()
    }
    // A client that ends before its first bytes are whole will not say more, and an ended socket takes no bytes back.
    const onEnd = (): void =>
      settle(
        seen.length === 0 ? { state: 'gone' } : { state: 'bad', fault: 'it ended before its first bytes were whole' },
      )
    const onGone = (): void => settle({ state: 'gone' })
    const timer = setTimeout(() => settle(late(seen)), timeoutMs)
    socket.on('data', onData)
    socket.on('end', onEnd)
    socket.on('close', onGone)
    socket.on('error', onGone)
    socket.resume()
    if (head.length > 0) look()
  })
}

function readFirst(seen: Buffer): Peeked | null {
  const protocol = sniffProtocol(seen)
  if (protocol.state === 'more') return null
  if (protocol.state === 'bad') return { state: 'bad', fault: protocol.fault }
  if (protocol.value !== 'tls') return { state: protocol.value }
  const hello = parseClientHello(seen)
  if (hello.state === 'more') return null
  return hello.state === 'done' ? { state: 'tls', hello: hello.value } : { state: 'bad', fault: hello.fault }
}

function late(seen: Buffer): Peeked {
  if (seen.length === 0) return { state: 'silent' }
  return { state: 'bad', fault: 'its first bytes did not come in time' }
}
