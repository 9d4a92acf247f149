/** The control socket of a running Weir: a file in its data folder, by which `weir status` and `weir explain` ask it. */
import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { RECORD_LINE_BYTES_MAX } from '../audit/recent-records.ts'
import { parseEventId } from '../proxy/event-id.ts'
import { ask, type Reply } from './ask.ts'
import { CommandError } from './terminal.ts'

export const STATUS_PATH = '/status'
export const EVENTS_PATH = '/events/'
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

/** What a running Weir says of itself. */
export interface Answers {
  /** Anything that JSON can say. */
  status(): unknown
  /** The record of a flow as one line of JSON; null where it is not kept. */
  event(id: string): string | null
}

/**
 * Answers `GET /status` and `GET /events/ID`. Only the user that Weir runs as may ask. Throws a CommandError where another Weir
 * answers there already, or the socket cannot be made.
 */
export async function openControlSocket(data: string, answers: Answers): Promise<ControlSocket> {
  const path = pathOf(data)
  if (await isAnswered(path)) throw new CommandError(`another weir runs on the data folder ${data}`)
  // A process that was killed leaves its socket, and nobody listens on it.
  await rm(path, { force: true })
  const server = createServer((message, reply) => {
    const answer = message.method === 'GET' ? answerTo(message.url ?? '', answers) : null
    reply.writeHead(answer === null ? 404 : 200, { 'Content-Type': 'application/json; charset=utf-8' })
    reply.end(`${answer ?? '{}'}\n`)
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

function answerTo(path: string, answers: Answers): string | null {
  if (path === STATUS_PATH) return JSON.stringify(answers.status())
  const id = path.startsWith(EVENTS_PATH) ? parseEventId(path.slice(EVENTS_PATH.length)) : null
  return id === null ? null : answers.event(id)
}

/**
 * What the Weir that runs on a data folder says, as it came. Throws a CommandError where none does, or the answer is none, too
 * long, or not there within `timeoutMs`.
 */
export function askStatus(data: string, timeoutMs: number = ANSWER_TIMEOUT_MS): Promise<unknown> {
  return asked(data, async (socketPath) => {
    const reply = await read(socketPath, STATUS_PATH, STATUS_BYTES_MAX, timeoutMs)
    return JSON.parse(textOf(reply)) as unknown
  })
}

/** The record of a flow that a running Weir keeps, as it came; null where it keeps none. Throws as `askStatus` does. */
export function askEvent(data: string, id: string): Promise<unknown> {
  return asked(data, async (socketPath) => {
    // One byte for the end of the line.
    const reply = await read(socketPath, `${EVENTS_PATH}${id}`, RECORD_LINE_BYTES_MAX + 1, ANSWER_TIMEOUT_MS)
    return reply.status === 404 ? null : (JSON.parse(textOf(reply)) as unknown)
  })
}

async function asked<T>(data: string, question: (socketPath: string) => Promise<T>): Promise<T> {
  const path = pathOf(data)
  try {
    return await question(path)
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
async function isAnswered(path: string): Promise<boolean> {
  try {
    await read(path, STATUS_PATH, STATUS_BYTES_MAX, ANSWER_TIMEOUT_MS)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) return true
    if (NOBODY.has(String(error.code))) return false
    if (error.code === 'EACCES') throw new CommandError(`${path}: is not this user's to use`)
    return true
  }
}

function read(socketPath: string, path: string, bytesMax: number, timeoutMs: number): Promise<Reply> {
  return ask({ where: { socketPath }, path, bytesMax, timeoutMs })
}

function textOf({ status, text }: Reply): string {
  if (status !== 200) throw new Error('what answers there is no weir')
  return text
}
