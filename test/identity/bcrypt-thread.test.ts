import { describe, expect, it } from 'vitest'
import { createBcryptThread } from '../../src/identity/bcrypt-thread.ts'
import { bcryptOf } from './accounts.ts'

const HASH = bcryptOf('x')

function program(text: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads';${text}`)}`,
  )
}

describe('the thread of bcrypt', () => {
  it('compares one after the other', async () => {
    const thread = createBcryptThread()
    expect([await thread.compare('x', HASH), await thread.compare('y', HASH)]).toEqual([true, false])
    await thread.close()
  })

  it('takes one question at a time', async () => {
    const thread = createBcryptThread()
    const first = thread.compare('x', HASH)
    await expect(thread.compare('x', HASH)).rejects.toThrow('one comparison at a time')
    expect(await first).toBe(true)
    await thread.close()
  })

  it.each([
    ['throws', 'parentPort.on("message", () => { throw new Error("broken") })'],
    ['exits', 'parentPort.on("message", () => process.exit(3))'],
    ['does not even start', 'throw new Error("broken")'],
  ])('rejects when it %s, each time, and is no yes', async (_, text) => {
    const thread = createBcryptThread(program(text))
    await expect(thread.compare('x', HASH)).rejects.toThrow('the thread that checks passwords ended')
    await expect(thread.compare('x', HASH)).rejects.toThrow('the thread that checks passwords ended')
    await thread.close()
  })

  it.each(['process.exit()', '(() => { throw new Error("broken") })()'])('starts again after %s', async (end) => {
    const answer = `password === "die" ? ${end} : parentPort.postMessage(true)`
    const thread = createBcryptThread(program(`parentPort.on("message", ({ password }) => ${answer})`))
    await expect(thread.compare('die', HASH)).rejects.toThrow()
    expect(await thread.compare('x', HASH)).toBe(true)
    await thread.close()
  })

  it('gives up what runs when it is closed, and starts no more', async () => {
    const thread = createBcryptThread(program('parentPort.on("message", () => undefined)'))
    const running = expect(thread.compare('x', HASH)).rejects.toThrow('the thread that checks passwords ended')
    await thread.close()
    await running
    await expect(thread.compare('x', HASH)).rejects.toThrow('no comparison after the end')
  })
})
