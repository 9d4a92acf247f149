/** Takes the steps of a channel through a proxy, byte for byte, and tells who answered. */
import { openRaw, openTls, openTunnel, type RawClient } from '../support/raw-client.ts'
import type { RequestStep, Step } from './shape.ts'
import { ANSWERED } from './world.ts'

export interface Ways {
  /** The proxy's. */
  readonly port: number
  /** The world's own, for addresses. */
  readonly worldPort: number
  /** PEM of all authorities that the client trusts. */
  readonly ca: string
}

export interface Outcome {
  /** `through`: the world answered. `refused`: the proxy did. `ended`: nobody did, and the connection is over, or says nothing. */
  readonly by: 'through' | 'refused' | 'ended'
  readonly status: number
  readonly answer: string
}

const ANSWER_TIMEOUT_MS = 5_000
/** Where there may be no answer, for as long the world is given to be told something. */
const SILENCE_MS = 400

export async function take(ways: Ways, step: Step): Promise<Outcome> {
  if ('raw' in step) {
    const client = await openRaw(ways.port)
    client.send(step.raw)
    return hear(client, SILENCE_MS)
  }
  if ('tls' in step) return takeTls(ways, step.tls, step.bytes)
  if ('tunnel' in step) return takeTunnel(ways, step.tunnel, step.bytes)
  return takeRequest(ways, step)
}

async function takeTunnel(ways: Ways, authority: string, bytes: string | Uint8Array): Promise<Outcome> {
  const { client, status, reply } = await openTunnel(ways.port, authority)
  if (status !== 200) {
    client.destroy()
    return { by: 'refused', status, answer: reply }
  }
  client.send(Buffer.from(bytes))
  return hear(client, SILENCE_MS)
}

async function takeTls(ways: Ways, authority: string, bytes: string | Uint8Array): Promise<Outcome> {
  const { client } = await openTunnel(ways.port, authority)
  const servername = authority.replace(/:\d+$/, '')
  const { client: inside } = await openTls(client, { servername, ca: ways.ca })
  inside.send(Buffer.from(bytes))
  return hear(inside, SILENCE_MS)
}

async function takeRequest(ways: Ways, step: RequestStep): Promise<Outcome> {
  const { scheme, authority, target } = partsOf(ways, step)
  if (scheme === 'http') {
    const client = await openRaw(ways.port)
    client.send(bytesOf(step, authority, `http://${authority}${target}`))
    return hear(client, ANSWER_TIMEOUT_MS)
  }
  const { client, status, reply } = await openTunnel(
    ways.port,
    step.connect ?? `${authority}${/:\d+$/.test(authority) ? '' : ':443'}`,
  )
  if (status !== 200) {
    client.destroy()
    return { by: 'refused', status, answer: reply }
  }
  const name = authority.replace(/:\d+$/, '')
  const servername = step.sni === undefined ? sniOf(name) : step.sni
  try {
    // Whose certificate is shown is not what is tried here: a client that checks nothing carries out more.
    const { client: inside } = await openTls(client, { servername, ca: ways.ca, expectedName: name })
    inside.send(bytesOf(step, authority, target))
    return await hear(inside, ANSWER_TIMEOUT_MS)
  } catch (error) {
    client.destroy()
    return { by: 'ended', status: 0, answer: String(error) }
  }
}

/** An address is no name, and is not sent as one. */
function sniOf(name: string): string | null {
  return /^[\d.]+$/.test(name) ? null : name
}

function partsOf(ways: Ways, { url, target }: RequestStep): { scheme: string; authority: string; target: string } {
  const [, scheme = '', authority = '', own = ''] = /^(https?):\/\/([^/?#\\]+)(.*)$/s.exec(url) ?? []
  return { scheme, authority: authority.replace('{origin}', String(ways.worldPort)), target: target ?? (own || '/') }
}

function bytesOf({ method, headers = [], body = '' }: RequestStep, authority: string, target: string): Buffer {
  const content = Buffer.from(body)
  const says = (name: string): boolean => headers.some((line) => line.toLowerCase().startsWith(name))
  const framed = says('content-length') || says('transfer-encoding') || headers.some((line) => line.includes('\n'))
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...(says('host') ? [] : [`Host: ${authority}`]),
    ...headers,
    ...(framed || content.length === 0 ? [] : [`Content-Length: ${content.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content])
}

const INTERIM = /^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/

async function hear(client: RawClient, timeoutMs: number): Promise<Outcome> {
  let answer = ''
  try {
    const got = await client.read(
      (bytes) => bytes.toString('latin1').replace(INTERIM, '').includes('\r\n\r\n') || client.ended,
      timeoutMs,
    )
    answer = got.toString('latin1').replace(INTERIM, '')
  } catch {
    // Silence, or an end without a word: the caller is told so.
  }
  client.destroy()
  const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(answer)?.[1] ?? 0)
  if (status === 0) return { by: 'ended', status, answer }
  return { by: answer.toLowerCase().includes(ANSWERED) ? 'through' : 'refused', status, answer }
}
