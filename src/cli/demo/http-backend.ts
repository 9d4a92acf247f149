/** Runs `git http-backend` as a CGI program for one request (RFC 3875; git-http-backend). */
import { type ChildProcess, spawn } from 'node:child_process'
import type { OutgoingHttpHeaders } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Readable, Writable } from 'node:stream'
import type { Exchange } from './exchange.ts'
import { PackCounter } from './pack-counter.ts'

const HEAD_BYTES_MAX = 16_384

interface BackendCall {
  /** The folder of all repositories, and a home without any configuration. */
  readonly root: string
  readonly home: string
  readonly pathInfo: string
  readonly query: string
  readonly user: string | null
}

/** An environment with nothing of this process in it but where programs are. */
export function gitEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: home, LANG: 'C', GIT_CONFIG_NOSYSTEM: '1' }
}

export function spawnBackend(call: BackendCall, exchange: Exchange): ChildProcess {
  const { method, headers } = exchange.request
  // CONTENT_LENGTH is left out even where it is known: the backend then reads to the end of its input, and ends with it.
  // With it, git 2.39 spins for ever on input that ends early, as it does when this process is killed.
  const variables: Record<string, string | undefined> = {
    GIT_PROJECT_ROOT: call.root,
    GIT_HTTP_EXPORT_ALL: '1',
    REMOTE_ADDR: exchange.request.socket.remoteAddress,
    REMOTE_USER: call.user ?? undefined,
    REQUEST_METHOD: method,
    PATH_INFO: call.pathInfo,
    QUERY_STRING: call.query,
    CONTENT_TYPE: headers['content-type'],
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    GIT_PROTOCOL: [headers['git-protocol']].flat()[0],
  }
  const set = Object.entries(variables).filter(([, value]) => value !== undefined)
  return spawn('git', ['http-backend'], {
    env: { ...gitEnvironment(call.home), ...Object.fromEntries(set) },
    stdio: ['pipe', 'pipe', 'ignore'],
    // The leader of a group of its own, so that receive-pack and index-pack under it can be ended with it.
    detached: true,
  })
}

/** Ends the backend and the programs it started. */
export function killBackend(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
    process.kill(-child.pid, 'SIGKILL')
}

/** Feeds the request to the backend and relays its answer; settles when both are done, and throws when either breaks. */
export async function relay(
  exchange: Exchange,
  input: Writable,
  output: Readable,
  bodyBytesMax: number,
): Promise<void> {
  await Promise.all([feed(exchange, input, bodyBytesMax), answer(exchange, output)])
}

async function feed(exchange: Exchange, input: Writable, bodyBytesMax: number): Promise<void> {
  // The backend may answer and leave before it has read everything; the rest is still counted, and dropped.
  input.on('error', () => input.destroy())
  const counter = exchange.record.path.endsWith('/git-receive-pack') ? new PackCounter() : null
  for await (const chunk of exchange.body()) {
    if (exchange.record.bodyBytes > bodyBytesMax) throw new Error(`the body is longer than ${bodyBytesMax} bytes`)
    counter?.add(chunk)
    if (counter !== null) exchange.record.packBytes = counter.packBytes
    if (!input.destroyed && !input.write(chunk)) await drained(input)
  }
  input.end()
}

function drained(input: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      input.off('drain', settle).off('close', settle)
      resolve()
    }
    input.on('drain', settle).on('close', settle)
  })
}

async function answer(exchange: Exchange, output: Readable): Promise<void> {
  const { head, rest } = await readHead(output)
  const { status, headers } = parseHead(head)
  const response = exchange.begin(status, headers)
  response.write(rest)
  await pipeline(output, response)
}

async function readHead(output: Readable): Promise<{ head: string; rest: Buffer }> {
  let received = Buffer.alloc(0)
  const chunks = output.iterator({ destroyOnReturn: false })
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end >= 0) return { head: received.toString('latin1', 0, end), rest: received.subarray(end + 4) }
    if (received.length > HEAD_BYTES_MAX) throw new Error('the head of the CGI answer has no end')
  }
  throw new Error('the CGI program ended without an answer')
}

/** RFC 3875 section 6.3: `Status` is an instruction to the server, the other fields go out as they are. */
function parseHead(head: string): { status: number; headers: OutgoingHttpHeaders } {
  const headers: OutgoingHttpHeaders = {}
  let status = 200
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    if (name === 'status') status = Number.parseInt(value, 10)
    else headers[name] = value
  }
  return { status, headers }
}
