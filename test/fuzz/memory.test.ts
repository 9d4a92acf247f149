/** What a reader keeps of an endless body: no more than its limit says, however much has gone by. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createContentDecoder } from '../../src/content/content-coding.ts'
import { createFetchRequestReader, fetchRequestBytesMax } from '../../src/wire/fetch-request.ts'
import { createBase64FieldCounter } from '../../src/wire/json-base64.ts'
import { createLfsLocksReader, lfsLocksBytesMax } from '../../src/wire/lfs-locks.ts'
import { pktLineBytesMax } from '../../src/wire/pkt-line.ts'
import { createPushRequestReader, pushRequestBytesMax } from '../../src/wire/push-request.ts'
import { A, command, packets, ZERO } from '../wire/push.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const PIECES = 256
/** The same one each time: what a reader keeps of it is a copy. */
const PIECE = Buffer.alloc(65_536, 0x20)
/** What the machine itself takes now and then, beside the limits. */
const SLACK_BYTES = 2_000_000
const SWEEP_MS = 20

interface Endless {
  readonly name: string
  readonly keepsMax: number
  readonly open: () => (piece: Uint8Array) => unknown
}

const beginning = (
  reader: { push(piece: Uint8Array): unknown },
  first: Uint8Array,
): ((piece: Uint8Array) => unknown) => {
  reader.push(first)
  return (piece) => reader.push(piece)
}

const READERS: readonly Endless[] = [
  {
    name: 'a push',
    keepsMax: pushRequestBytesMax + pktLineBytesMax,
    open: () =>
      beginning(createPushRequestReader(), packets(command(ZERO, A, 'refs/heads/main', 'push-options'), null)),
  },
  {
    name: 'a fetch',
    keepsMax: fetchRequestBytesMax,
    open: () => beginning(createFetchRequestReader(), packets(`want ${A}`, null)),
  },
  {
    name: 'a question for locks',
    keepsMax: lfsLocksBytesMax,
    open: () => beginning(createLfsLocksReader(), Buffer.from('{"cursor":"')),
  },
  {
    name: 'a field of base64',
    keepsMax: 0,
    open: () => beginning(createBase64FieldCounter('content'), Buffer.from('{"content":"')),
  },
]

async function usedBytes(): Promise<number> {
  collectGarbage()
  // Buffers that nobody holds are let go by another thread, which is a little behind.
  await sleep(SWEEP_MS)
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('16 MiB through a reader of', () => {
  it.each(READERS)('$name', async ({ open, keepsMax }) => {
    const push = open()
    const before = await usedBytes()
    for (let piece = 0; piece < PIECES; piece++) push(PIECE)
    expect((await usedBytes()) - before).toBeLessThan(keepsMax + SLACK_BYTES)
    // It is still there, or nothing was measured.
    push(PIECE)
  })

  it('no coding', async () => {
    let decodedBytes = 0
    const decoder = createContentDecoder('identity', (piece) => {
      decodedBytes += piece.length
    })
    const before = await usedBytes()
    for (let piece = 0; piece < PIECES; piece++) await decoder?.feed(PIECE)
    expect((await usedBytes()) - before).toBeLessThan(SLACK_BYTES)
    expect(decodedBytes).toBe(PIECES * PIECE.length)
    decoder?.close()
  })
})
