/** Answers of a parent proxy that open no tunnel: the client learns that there is none, and not a byte of its own goes there. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTunnel } from '../e2e/support/raw-client.ts'
import { hello, sni } from '../wire/hello.ts'
import { type BadInputStage, expectAlive, expectRecord, startStage } from './stage.ts'
import { BAD_PARENTS, type BadParent } from './tables/parents.ts'

const NAME = 'behind.example'
const ENDS_WITHIN_MS = 5_000
const PIECE_PAUSE_MS = 20
const HELLO = Buffer.from(hello({ extensions: [sni(NAME)] }))

let script: Pick<BadParent, 'answer' | 'after'> = { answer: null, after: 'end' }
let received = Buffer.alloc(0)
const open = new Set<Socket>()
let parent: Server
let stage: BadInputStage

beforeAll(async () => {
  parent = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const isFirst = received.length === 0
      received = Buffer.concat([received, chunk])
      if (isFirst) play(socket).catch(() => socket.destroy())
    })
  })
  parent.listen(0, '127.0.0.1')
  await once(parent, 'listening')
  const { port } = parent.address() as AddressInfo
  stage = await startStage({
    policy: 'version: 1\ndefault: allow\ninspection: { mode: never }\n',
    upstreamProxy: `http://ada:s3cret@127.0.0.1:${port}`,
    limits: { dialTimeoutMs: 400 },
  })
})
afterAll(async () => {
  await stage?.close()
  for (const socket of open) socket.destroy()
  parent?.close()
})

async function play(socket: Socket): Promise<void> {
  const pieces = script.answer === null ? [] : typeof script.answer === 'string' ? [script.answer] : script.answer
  for (const piece of pieces) {
    socket.write(Buffer.from(piece, 'latin1'))
    if (pieces.length > 1) await sleep(PIECE_PAUSE_MS)
  }
  if (script.after === 'end') socket.end()
  if (script.after === 'reset') socket.resetAndDestroy()
}

describe('a parent proxy that answers', () => {
  it.each(BAD_PARENTS)('$name', async ({ message, ...rest }) => {
    script = rest
    received = Buffer.alloc(0)
    const before = stage.weir.records.length
    const { client, status, reply } = await openTunnel(stage.weir.port, `${NAME}:443`)
    if (status === 200) client.send(HELLO)
    const answer = status === 200 ? await client.readToEnd(ENDS_WITHIN_MS) : Buffer.from(reply)
    client.destroy()
    // Nothing at all, or an alert of TLS, or an error of HTTP.
    expect(answer.length === 0 || answer[0] === 0x15 || /^HTTP\/1\.1 5\d\d /.test(answer.toString('latin1'))).toBe(true)
    const record = await expectRecord(stage.weir, before, message)
    expect(JSON.stringify(record)).not.toContain('s3cret')
    const head = received.toString('latin1')
    expect(head, 'the head of the CONNECT and nothing else').toMatch(
      /^CONNECT behind\.example:443 HTTP\/1\.1\r\n(?:.+\r\n)+\r\n$/,
    )
    await expectAlive(stage.weir.port)
  })
})
