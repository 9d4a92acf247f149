/** An answer on its way to the client, and who listens to it. */
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Client, Dispatcher } from 'undici'
import { describe, expect, it } from 'vitest'
import { type Forwarding, forward } from '../../src/proxy/forward.ts'
import { Http1Reply } from '../../src/proxy/http1-client.ts'
import { http1Sender } from '../../src/proxy/http1-upstream.ts'
import { type AnswerTap, answerBytesMax } from '../../src/proxy/answer-tap.ts'
import { makeFlow } from './world.ts'

class Reply extends EventEmitter {
  readonly written: string[] = []
  destroyed = false
  headersSent = false
  writableFinished = false
  sendDate = true
  writeHead(): void {
    this.headersSent = true
    this.written.push('head')
  }
  write(chunk: Buffer): boolean {
    this.written.push(`${chunk.length}`)
    return true
  }
  end(): void {
    this.written.push('end')
  }
  destroy(): void {
    this.destroyed = true
    this.written.push('cut')
  }
}

interface Played {
  /** What the client had when the tap heard the answer; null where it never did. */
  readonly before: readonly string[] | null
  readonly heard: number | null
  readonly written: readonly string[]
}

/** Plays an answer in chunks of these lengths; a negative one is an upstream that breaks off. */
async function play(
  chunks: readonly number[],
  { keeps = true, sent = true }: { keeps?: boolean; sent?: boolean } = {},
): Promise<Played> {
  const reply = new Reply()
  let before: readonly string[] | null = null
  let heard: number | null = null
  const tap: AnswerTap = {
    begin: () => keeps,
    end: (body) => {
      before = [...reply.written]
      heard = body.length
    },
  }
  let isSent = sent
  const outgoing: Forwarding = {
    method: 'POST',
    path: '/',
    fields: [],
    body: null,
    takesTrailers: false,
    bodySent: () => isSent,
    earlyAnswer: 'at-once',
    idleTimeoutMs: 1_000,
    tap,
    edit: null,
    drainBody: () => Promise.resolve(),
  }
  const controller = {
    rawHeaders: ['content-type', 'application/json'],
    abort: () => undefined,
    pause: () => undefined,
  }
  const client = {
    dispatch(_: unknown, handler: Dispatcher.DispatchHandler) {
      const asController = controller as unknown as Dispatcher.DispatchController
      handler.onRequestStart?.(asController, {})
      handler.onResponseStart?.(asController, 200, {}, 'OK')
      isSent = true
      for (const length of chunks) {
        if (length < 0) return handler.onResponseError?.(asController, new Error('it broke off'))
        handler.onResponseData?.(asController, Buffer.alloc(length))
      }
      handler.onResponseEnd?.(asController, {})
    },
  }
  const answer = new Http1Reply(reply as unknown as ServerResponse)
  await forward(makeFlow(), http1Sender(client as unknown as Client), outgoing, answer).catch(() => undefined)
  return { before, heard, written: reply.written }
}

describe('an answer that is listened to', () => {
  it('is heard whole before the client has any of its body', async () => {
    expect(await play([3, 4])).toEqual({ before: ['head'], heard: 7, written: ['head', '3', '4', 'end'] })
    expect(await play([])).toEqual({ before: ['head'], heard: 0, written: ['head', 'end'] })
  })

  it('goes on as it comes where only its head was wanted', async () => {
    expect(await play([3, 4], { keeps: false })).toEqual({
      before: null,
      heard: null,
      written: ['head', '3', '4', 'end'],
    })
  })

  it(`is kept up to ${answerBytesMax} bytes, and goes on unheard where it is longer`, async () => {
    expect(await play([answerBytesMax - 1, 1])).toMatchObject({ before: ['head'], heard: answerBytesMax })
    expect(await play([answerBytesMax - 1, 2, 5])).toEqual({
      before: null,
      heard: null,
      written: ['head', `${answerBytesMax - 1}`, '2', '5', 'end'],
    })
  })

  it('is not heard where it breaks off, nor does the client take it for whole', async () => {
    expect(await play([3, -1])).toEqual({ before: null, heard: null, written: ['head', 'cut'] })
  })

  it('is not heard where it came before the request was sent', async () => {
    expect(await play([3], { sent: false })).toEqual({ before: null, heard: null, written: ['head', '3', 'end'] })
  })
})
