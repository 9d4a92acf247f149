import { describe, expect, it } from 'vitest'
import { CheckQueue } from '../../src/identity/check-queue.ts'

/** A check that ends when told to. */
function check() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const state = { started: false }
  const run = (): Promise<string> => {
    state.started = true
    return promise
  }
  return { run, resolve, reject, state }
}

const tick = () => new Promise((resolve) => setImmediate(resolve))

describe('the line of checks', () => {
  it('lets one run at a time, in order', async () => {
    const queue = new CheckQueue({ now: () => 1 })
    const [first, second] = [check(), check()]
    const answers = [queue.run('a', first.run), queue.run('b', second.run)]
    await tick()
    expect([first.state.started, second.state.started]).toEqual([true, false])
    first.resolve('1')
    expect(await answers[0]).toBe('1')
    await tick()
    expect(second.state.started).toBe(true)
    second.resolve('2')
    expect(await answers[1]).toBe('2')
  })

  it('goes on after a check that failed', async () => {
    const queue = new CheckQueue({ now: () => 1 })
    const failing = queue.run('a', () => Promise.reject(new Error('broken')))
    const next = queue.run('a', () => Promise.resolve('2'))
    await expect(failing).rejects.toThrow('broken')
    expect(await next).toBe('2')
  })

  it.each([
    ['in all', { checksMax: 2 }, ['a', 'b', 'c']],
    ['for each client', { checksPerClientMax: 2 }, ['a', 'a', 'a']],
  ])('is as long as its limit %s, and has room again afterwards', async (_, limit, clients) => {
    const queue = new CheckQueue({ now: () => 1, ...limit })
    const checks = clients.map(() => check())
    const answers = clients.map((client, at) => queue.run(client, checks[at]?.run ?? check().run))
    expect(await answers[2]).toBeNull()
    for (const { resolve } of checks) resolve('done')
    expect(await Promise.all(answers)).toEqual(['done', 'done', null])
    expect(await queue.run(clients[2] ?? '', async () => 'again')).toBe('again')
  })

  it('leaves room for others beside a client with its share', async () => {
    const queue = new CheckQueue({ now: () => 1, checksPerClientMax: 1 })
    const running = check()
    const first = queue.run('a', running.run)
    const other = queue.run('b', async () => 'b')
    expect(await queue.run('a', async () => 'never')).toBeNull()
    running.resolve('a')
    expect([await first, await other]).toEqual(['a', 'b'])
  })

  it.each([
    [500, 'ran'],
    [501, null],
  ])('runs nothing that waited longer than the limit: %d ms', async (waitedMs, expected) => {
    let now = 1
    const queue = new CheckQueue({ now: () => now, checkWaitMsMax: 500 })
    const running = check()
    const first = queue.run('a', running.run)
    const second = queue.run('a', async () => 'ran')
    now += waitedMs
    running.resolve('done')
    await first
    expect(await second).toBe(expected)
  })
})
