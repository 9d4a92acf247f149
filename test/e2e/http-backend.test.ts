/** The backend of the demonstration's git server when its input ends before the request does. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { killBackend, spawnBackend } from '../../src/cli/demo/http-backend.ts'
import { git } from './support/git-client.ts'
import { startOrigin } from './support/origin.ts'
import { openRaw } from './support/raw-client.ts'
import { temporaryFolder } from './support/temporary.ts'

it('ends with its input, however long a body was announced', async () => {
  const [root, home] = [temporaryFolder('repositories'), temporaryFolder('home')]
  await git(['init', '--bare', '--quiet', '--template=', 'a.git'], { cwd: root })
  await git(['-C', 'a.git', 'config', 'http.receivepack', 'true'], { cwd: root })
  const spawned = Promise.withResolvers<ChildProcess>()
  const origin = await startOrigin({
    serve: async (exchange) => {
      const call = { root, home, pathInfo: '/a.git/git-receive-pack', query: '', user: null }
      spawned.resolve(spawnBackend(call, exchange))
      await exchange.discard()
    },
  })
  const client = await openRaw(origin.port)
  client.send('POST / HTTP/1.1\r\nHost: github.com\r\nContent-Length: 1000\r\n')
  client.send('Content-Type: application/x-git-receive-pack-request\r\n\r\n')
  const child = await spawned.promise
  child.stdin?.end('0077')
  child.stdout?.resume()
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(10_000) })
    expect(child.exitCode).not.toBeNull()
  } finally {
    killBackend(child)
    client.destroy()
    await origin.close()
  }
})
