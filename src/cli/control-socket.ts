/** The control socket of a running Weir: a file in its data folder by which `weir status` asks how it stands. */
import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { ask } from './ask.ts'
import { CommandError } from './terminal.ts'

export const STATUS_PATH = '/status'
const SOCKET_NAME = 'weir.sock'
/** A socket's path is short by the kernel's measure (`sun_path` of unix(7)). */
export const SOCKET_PATH_BYTES_MAX = 107
/** What a status may be as JSON. */
export const STATUS_BYTES_MAX = 4 * 1024 * 1024
/** For the whole of an answer. */
const ANSWER_TIMEOUT_MS = 5_000

export interface ControlSocket {
  close(): Promise<void>
}

/**
 * Answers `GET /status` with what `status` says. Only the user that Weir runs as may ask. Throws a CommandError where another
 * Weir answers there already, or the socket cannot be made.
 */
export async function openControlSocket(data: string, status: () => unknown): Promise<ControlSocket> {
  const path = pathOf(data)
  if (await answers(path)) throw new CommandError(`another weir runs on the data folder ${data}`)
  // A process that was killed leaves its socket, and nobody listens on it.
  await rm(path, { force: true })
  const server = createServer((message, reply) => {
    const found = message.url === STATUS_PATH && message.method === 'GET'
    reply.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json; charset=utf-8' })
    reply.end(found ? `${JSON.stringify(status())}\n` : '{}\n')
  })
  await listening(server, path)
  return {
    async close() {
      server.close()
      server.closeAllConnections()
      await rm(path, { force: true })
    },
  }
}

/**
 * What the Weir that runs on a data folder says, as it came. Throws a CommandError where none does, or the answer is none, too
 * long, or not there within `timeoutMs`.
 */
export async function askStatus(data: string, timeoutMs: number = ANSWER_TIMEOUT_MS): Promise<unknown> {
  const path = pathOf(data)
  try {
    return JSON.parse(await read(path, timeoutMs))
  } catch (error) {
    throw new CommandError(`${path}: ${reasonOf(error)}; name the data folder of the running weir with --data`)
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof SyntaxError) return 'what answers there is no weir'
  if (!('code' in error)) return error.message
  return NOBODY.has(String(error.code)) ? 'no weir runs there' : `cannot be asked (${String(error.code)})`
}

const NOBODY: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED'])

function pathOf(data: string): string {
  const path = join(data, SOCKET_NAME)
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return path
  throw new CommandError(`${path}: longer than the ${SOCKET_PATH_BYTES_MAX} bytes that a socket's path may have`)
}

async function listening(server: Server, path: string): Promise<void> {
  server.listen(path)
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CommandError(`${path}: no control socket can be made there (${code})`)
  }
  await chmod(path, 0o600)
}

/** Whatever answers there, or takes too long to: its socket is not to be taken away from it. */
async function answers(path: string): Promise<boolean> {
  try {
    await read(path, ANSWER_TIMEOUT_MS)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) return true
    if (NOBODY.has(String(error.code))) return false
    if (error.code === 'EACCES') throw new CommandError(`${path}: is not this user's to use`)
    return true
  }
}

async function read(socketPath: string, timeoutMs: number): Promise<string> {
  const { status, text } = await ask({
    where: { socketPath },
    path: STATUS_PATH,
    bytesMax: STATUS_BYTES_MAX,
    timeoutMs,
  })
  if (status !== 200) throw new Error('what answers there is no weir')
  return text
}
