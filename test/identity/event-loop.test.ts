import { spawnSync } from 'node:child_process'
import { compareSync } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { createUsers } from '../../src/identity/users.ts'
import { addressOf, basic } from './accounts.ts'

const SLICE_MS_MAX = 30

/** Processor time of this thread: other processes on the machine cannot make it look busy. */
function threadTimeMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** The longest that the event loop was held between two turns, until `work` ends. */
async function longestSliceMs(work: Promise<unknown>): Promise<number> {
  const state = { done: false }
  const ending = work.finally(() => {
    state.done = true
  })
  let longest = 0
  while (!state.done) {
    const before = threadTimeMs()
    await new Promise((next) => setImmediate(next))
    longest = Math.max(longest, threadTimeMs() - before)
  }
  await ending
  return longest
}

describe('the event loop', () => {
  it('stays free while 50 checks of bcrypt at cost 10 are in line', async () => {
    const { stdout } = spawnSync('htpasswd', ['-nbB', '-C', '10', 'ada', 'right'], { encoding: 'utf8' })
    // On a machine that is busy besides, the line is longer than anyone would wait.
    const limits = { checkWaitMsMax: 600_000 }
    const users = createUsers({ file: 'users', now: () => performance.now(), limits })
    expect(users.reload(stdout)).toEqual([])
    // From as many addresses and under as many names, so that none of them is slowed; the last one is right.
    const checks = Array.from({ length: 50 }, (_, at) =>
      users.authenticate(addressOf(`10.0.0.${at}`), at < 49 ? basic(`u${at}`, `wrong ${at}`) : basic('ada', 'right')),
    )
    expect(await longestSliceMs(Promise.all(checks))).toBeLessThan(SLICE_MS_MAX)
    const states = (await Promise.all(checks)).map(({ state }) => state)
    expect(states).toEqual([...Array(49).fill('wrong'), 'known'])
    await users.close()
  }, 180_000)

  it('would not, if it computed one of them itself', async () => {
    const hash = spawnSync('htpasswd', ['-nbB', '-C', '10', 'ada', 'right'], { encoding: 'utf8' })
      .stdout.trim()
      .slice(4)
    const work = Promise.resolve().then(() => compareSync('right', hash))
    expect(await longestSliceMs(work)).toBeGreaterThan(SLICE_MS_MAX)
  })
})
