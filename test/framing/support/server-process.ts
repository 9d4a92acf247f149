/** Real servers as child processes of the tests: unprivileged, in the foreground, gone when the tests are. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'

const READY_WITHIN_MS = 20_000
const STOPPED_WITHIN_MS = 5_000
const POLL_MS = 20
const OUTPUT_CHARACTERS_MAX = 20_000
/** `nobody`: neither server wants to serve as root. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 }

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Throws where no such program is installed: the corpus says nothing about an origin that did not read it. */
export function findServer(paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path))
  if (found === undefined)
    throw new Error(`none of ${paths.join(', ')} is installed: these tests need nginx and Apache`)
  return found
}

/** Starts a server that stays in the foreground, and waits until it listens at all of `ports`. */
export async function startServer(
  binary: string,
  args: readonly string[],
  folder: string,
  ports: readonly number[],
): Promise<{ stop(): Promise<void> }> {
  const root = process.getuid?.() === 0
  if (root) chownSync(folder, UNPRIVILEGED.uid, UNPRIVILEGED.gid)
  const child = spawn(binary, args, {
    cwd: folder,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(root ? UNPRIVILEGED : {}),
  })
  running.add(child)
  let output = ''
  const note = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX)
  }
  child.stdout?.on('data', note)
  child.stderr?.on('data', note)
  const ended = once(child, 'exit').then(() => running.delete(child))
  const deadline = Date.now() + READY_WITHIN_MS
  for (const port of ports) {
    while (!(await listens(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL')
        throw new Error(`${binary} does not serve: ${output}`)
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
  return {
    stop: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS)
      await ended
      clearTimeout(late)
    },
  }
}

/** Servers do not tell which port they were given for 0. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
