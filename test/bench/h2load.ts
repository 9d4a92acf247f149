/** Requests over HTTP/2 by h2load, which knows no proxy: each of its connections goes through a tunnel that is opened for it here. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { type Job, ORIGIN_NAME } from './work.ts'

const h2loadFile = '/usr/bin/h2load'

/** Requests under way at one time on each connection. */
const STREAMS = 10
const timeoutMs = 100_000

export function hasH2load(): boolean {
  return existsSync(h2loadFile)
}

/** Straight to the origin where the job has no proxy. Throws unless every request is answered 200 over HTTP/2. */
export async function runH2load({ work, proxyPort, originPort }: Job): Promise<void> {
  const entrance = proxyPort === null ? null : await openEntrance(proxyPort, `${ORIGIN_NAME}:${originPort}`)
  const port = entrance === null ? originPort : (entrance.address() as AddressInfo).port
  const { requests, connections } = work
  try {
    const { stdout } = await promisify(execFile)(
      h2loadFile,
      [
        '-n',
        String(requests),
        '-c',
        String(connections),
        '-m',
        String(STREAMS),
        `--connect-to=127.0.0.1:${port}`,
        '--npn-list=h2',
        `https://${ORIGIN_NAME}:${originPort}/small`,
      ],
      { timeout: timeoutMs },
    )
    if (!stdout.includes('Application protocol: h2') || !stdout.includes(`status codes: ${requests} 2xx`)) {
      throw new Error(`h2load was answered otherwise:\n${stdout}`)
    }
  } finally {
    entrance?.close()
  }
}

async function openEntrance(proxyPort: number, authority: string): Promise<Server> {
  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined)
    const connect = request({
      host: '127.0.0.1',
      port: proxyPort,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority },
      agent: false,
    })
    connect.once('connect', (_reply, tunnel: Socket) => {
      tunnel.setNoDelay(true)
      tunnel.on('error', () => client.destroy())
      client.pipe(tunnel).pipe(client)
    })
    connect.once('error', () => client.destroy())
    connect.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
