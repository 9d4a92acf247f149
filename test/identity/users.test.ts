import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PasswordHash } from '../../src/identity/password-hash.ts'
import { createUsers, type Users, type UsersLimits } from '../../src/identity/users.ts'
import type { Verifier } from '../../src/identity/verify.ts'
import { addressOf, argon2idOf, basic, bcryptOf } from './accounts.ts'

const ADA = bcryptOf('ada’s')
const BOB = bcryptOf('bob’s')
const FILE = `ada:${ADA}\nbob:${BOB}\n`
const OFFICE = addressOf('192.0.2.1')
const HOME = addressOf('198.51.100.1')
const EVIL = addressOf('203.0.113.1')
const KNOWN_ADA = { state: 'known', user: 'ada' }
const WRONG = { state: 'wrong' }

/** Knows the passwords of the hashes above without computing them, and tells what it was asked. */
function createOracle(passwords: Readonly<Record<string, string>> = { [ADA]: 'ada’s', [BOB]: 'bob’s' }) {
  const asked: string[] = []
  const verifier: Verifier = {
    async verify(hash: PasswordHash, password: string) {
      asked.push(password)
      return passwords[hash.text] === password
    },
    async close() {
      asked.push('closed')
    },
  }
  return { asked, verifier }
}

interface Stage {
  readonly users: Users
  readonly asked: readonly string[]
  readonly clock: { now: number }
}

function stage(limits: UsersLimits = {}, verifier?: Verifier): Stage {
  const clock = { now: 1_000 }
  const oracle = createOracle()
  const users = createUsers({ file: 'users', now: () => clock.now, limits, verifier: verifier ?? oracle.verifier })
  expect(users.reload(FILE)).toEqual([])
  return { users, asked: oracle.asked, clock }
}

/** Distinct wrong passwords, one after the other; the answers' states. */
async function guess(users: Users, client: typeof OFFICE, user: string, count: number, from = 0): Promise<string[]> {
  const states: string[] = []
  for (let at = from; at < from + count; at++) {
    states.push((await users.authenticate(client, basic(user, `guess ${at}`))).state)
  }
  return states
}

describe('credentials', () => {
  it('are known when they are right, and only then', async () => {
    const { users } = stage()
    expect(await users.authenticate(OFFICE, basic('ada', 'ada’s'))).toEqual(KNOWN_ADA)
    expect(await users.authenticate(OFFICE, basic('ada', 'bob’s'))).toEqual(WRONG)
    expect(await users.authenticate(OFFICE, basic('Ada', 'ada’s'))).toEqual(WRONG)
    expect(await users.authenticate(OFFICE, 'Bearer x')).toEqual({
      state: 'malformed',
      fault: 'they are not of the scheme Basic',
    })
  })

  it('are checked once, and then known at once, from anywhere', async () => {
    const { users, asked } = stage()
    const right = basic('ada', 'ada’s')
    expect(users.known(OFFICE, right)).toBeNull()
    await users.authenticate(OFFICE, right)
    expect([users.known(OFFICE, right), users.known(HOME, right)]).toEqual(['ada', 'ada'])
    expect(await users.authenticate(OFFICE, right)).toEqual(KNOWN_ADA)
    expect(asked).toEqual(['ada’s'])
    expect([users.known(OFFICE, basic('ada', 'bob’s')), users.known(OFFICE, basic('bob', 'ada’s'))]).toEqual([
      null,
      null,
    ])
    expect(users.known(OFFICE, 'Basic !')).toBeNull()
  })

  it('share one check where they come at once', async () => {
    const { users, asked } = stage()
    const answers = [OFFICE, OFFICE, HOME].map((client) => users.authenticate(client, basic('ada', 'ada’s')))
    const wrong = [OFFICE, HOME].map((client) => users.authenticate(client, basic('ada', 'no')))
    expect(await Promise.all([...answers, ...wrong])).toEqual([KNOWN_ADA, KNOWN_ADA, KNOWN_ADA, WRONG, WRONG])
    expect(asked).toEqual(['ada’s', 'no'])
  })

  it('of nobody are checked like those of somebody, always against the same hash, and never match', async () => {
    const asked: string[] = []
    const verifier: Verifier = {
      async verify(hash) {
        asked.push(hash.text)
        return true
      },
      close: async () => undefined,
    }
    const { users } = stage({}, verifier)
    for (const name of ['x', 'y', 'x']) {
      expect(await users.authenticate(OFFICE, basic(name, `${asked.length}`))).toEqual(WRONG)
    }
    expect(asked).toHaveLength(3)
    expect(asked[2]).toBe(asked[0])
    for (const text of asked) expect([ADA, BOB]).toContain(text)
  })

  it('of nobody count as wrong even where they match the hash in whose place they are checked', async () => {
    let checks = 0
    const { users } = stage({}, { verify: async () => ++checks > 0, close: async () => undefined })
    for (let at = 0; at < 2; at++) await users.authenticate(EVIL, basic('nobody', 'bob’s'))
    expect(checks).toBe(1)
    for (let at = 0; at < 4; at++) await users.authenticate(EVIL, basic(`nobody ${at}`, 'bob’s'))
    expect(await users.authenticate(EVIL, basic('nobody 9', 'bob’s'))).toMatchObject({ state: 'slowed' })
    expect(checks).toBe(5)
  })

  it('of nobody take the costs that exist, each in its turn', async () => {
    const asked = new Set<string>()
    const { users } = stage({}, { verify: async (hash) => !asked.add(hash.text), close: async () => undefined })
    for (let at = 0; at < 8; at++) await users.authenticate(addressOf(`10.0.0.${at}`), basic(`nobody ${at}`, 'x'))
    expect(asked).toEqual(new Set([ADA, BOB]))
  })

  it('are nobody’s before the first file', async () => {
    const { verifier, asked } = createOracle()
    const users = createUsers({ file: 'users', now: () => 1, verifier })
    expect(await users.authenticate(OFFICE, basic('ada', 'ada’s'))).toEqual(WRONG)
    expect([users.size, users.known(OFFICE, basic('ada', 'ada’s')), asked]).toEqual([0, null, []])
  })

  it('are nobody’s where the check cannot be computed', async () => {
    const verifier: Verifier = { verify: async () => Promise.reject(new Error('broken')), close: async () => undefined }
    const { users } = stage({}, verifier)
    for (let at = 0; at < 9; at++) {
      await expect(users.authenticate(OFFICE, basic('ada', 'ada’s'))).rejects.toThrow('broken')
    }
    expect(users.known(OFFICE, basic('ada', 'ada’s'))).toBeNull()
  })

  it('whatever they are, give a user only to whom the file gives it', async () => {
    const { users } = stage()
    const word = fc.constantFrom('ada', 'bob', 'ada’s', 'bob’s', '', 'ada:ada’s', '\0')
    await fc.assert(
      fc.asyncProperty(fc.ipV4(), word, word, async (address, user, password) => {
        const client = addressOf(address)
        const answer = await users.authenticate(client, basic(user, password))
        const isRight = `${user}’s` === password && ['ada', 'bob'].includes(user)
        if (!isRight) expect(answer.state).not.toBe('known')
        if (!isRight) expect(users.known(client, basic(user, password))).toBeNull()
        if (answer.state === 'known') expect(answer.user).toBe(user)
      }),
      { seed: 7617, numRuns: 300 },
    )
  })
})

describe('a new file', () => {
  it('makes void what was known of an old hash, a removed user, and nothing else', async () => {
    const { users, asked } = stage()
    for (const user of ['ada', 'bob']) await users.authenticate(OFFICE, basic(user, `${user}’s`))
    expect(users.reload(`bob:${BOB}\neve:${argon2idOf('x')}\n`)).toEqual([])
    expect(users.known(OFFICE, basic('ada', 'ada’s'))).toBeNull()
    expect(users.known(OFFICE, basic('bob', 'bob’s'))).toBe('bob')
    users.reload(`ada:${bcryptOf('new')}\nbob:${BOB}\n`)
    expect(users.known(OFFICE, basic('ada', 'ada’s'))).toBeNull()
    expect(await users.authenticate(OFFICE, basic('ada', 'ada’s'))).toEqual(WRONG)
    expect(asked).toEqual(['ada’s', 'bob’s', 'ada’s'])
  })

  it('with an error changes nothing', async () => {
    const { users } = stage()
    await users.authenticate(OFFICE, basic('ada', 'ada’s'))
    expect(users.reload(`bob:${BOB}\neve:plain\n`)).toHaveLength(1)
    expect([users.size, users.known(OFFICE, basic('ada', 'ada’s'))]).toEqual([2, 'ada'])
  })

  it('that comes during a check is the one that counts', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const { users } = stage({}, { verify: () => promise, close: async () => undefined })
    const answer = users.authenticate(OFFICE, basic('ada', 'ada’s'))
    await new Promise((next) => setImmediate(next))
    users.reload(`bob:${BOB}\n`)
    resolve(true)
    expect(await answer).toEqual(WRONG)
    users.reload(FILE)
    expect(users.known(OFFICE, basic('ada', 'ada’s'))).toBeNull()
  })
})

describe('guessing', () => {
  it('is slowed from the fifth wrong password on, and then nothing is computed', async () => {
    const { users, asked, clock } = stage()
    expect(await guess(users, EVIL, 'ada', 8)).toEqual([...Array(5).fill('wrong'), ...Array(3).fill('slowed')])
    expect(await users.authenticate(EVIL, basic('eve', 'x'))).toEqual({ state: 'slowed', retryAfterMs: 1_000 })
    expect(asked).toHaveLength(5)
    clock.now += 1_000
    expect(await guess(users, EVIL, 'ada', 2, 8)).toEqual(['wrong', 'slowed'])
    expect(await users.authenticate(EVIL, basic('ada', 'x'))).toEqual({ state: 'slowed', retryAfterMs: 2_000 })
  })

  it('is not sped up by a burst', async () => {
    const { users, asked } = stage()
    const burst = Array.from({ length: 32 }, (_, at) => users.authenticate(EVIL, basic('ada', `${at}`)))
    const states = (await Promise.all(burst)).map(({ state }) => state)
    expect([states.filter((state) => state === 'wrong').length, asked.length]).toEqual([5, 5])
  })

  it('is not sped up by another address of the same IPv6 network', async () => {
    const { users } = stage()
    for (let at = 0; at < 5; at++) await users.authenticate(addressOf(`2001:db8::${at}`), basic(`u${at}`, 'x'))
    expect(await users.authenticate(addressOf('2001:db8::99'), basic('bob', 'x'))).toMatchObject({ state: 'slowed' })
  })

  it('of one user is slowed from all addresses together, and locks nobody out', async () => {
    const { users } = stage()
    await users.authenticate(OFFICE, basic('ada', 'ada’s'))
    for (let at = 0; at < 5; at++) await guess(users, addressOf(`203.0.113.${at}`), 'ada', 1, at)
    const fresh = addressOf('203.0.113.99')
    expect(await guess(users, fresh, 'ada', 1, 9)).toEqual(['slowed'])
    expect(await guess(users, fresh, 'bob', 1)).toEqual(['wrong'])
    expect(users.known(OFFICE, basic('ada', 'ada’s'))).toBe('ada')
    // A mistyped password where she works is still looked at.
    expect(await users.authenticate(OFFICE, basic('ada', 'adas'))).toEqual(WRONG)
  })

  it('finds nothing out from what is known already', async () => {
    const { users, clock } = stage()
    await users.authenticate(OFFICE, basic('ada', 'ada’s'))
    await guess(users, EVIL, 'ada', 5)
    const right = await users.authenticate(EVIL, basic('ada', 'ada’s'))
    expect(right).toEqual(await users.authenticate(EVIL, basic('ada', 'one more')))
    expect(users.known(EVIL, basic('ada', 'ada’s'))).toBeNull()
    clock.now += 60_000
    expect(users.known(EVIL, basic('ada', 'ada’s'))).toBe('ada')
  })

  it('at an address where people work stops nobody, until it would be an oracle', async () => {
    const { users, clock } = stage()
    const right = basic('ada', 'ada’s')
    await users.authenticate(OFFICE, right)
    await guess(users, OFFICE, 'bob', 5 + 99)
    expect(users.known(OFFICE, right)).toBe('ada')
    await guess(users, OFFICE, 'bob', 1, 104)
    expect(users.known(OFFICE, right)).toBeNull()
    expect(await users.authenticate(OFFICE, right)).toEqual({ state: 'slowed', retryAfterMs: 1_000 })
    expect(users.known(HOME, right)).toBe('ada')
    clock.now += 1_000
    expect(users.known(OFFICE, right)).toBe('ada')
  })

  it('is not what a program with an old password does: it slows down itself alone', async () => {
    const { users, asked, clock } = stage()
    const old = basic('ada', 'old')
    const states: string[] = []
    for (let at = 0; at < 7; at++) states.push((await users.authenticate(OFFICE, old)).state)
    expect(states).toEqual([...Array(5).fill('wrong'), 'slowed', 'slowed'])
    expect(asked).toEqual(['old'])
    expect(await users.authenticate(OFFICE, basic('ada', 'ada’s'))).toEqual(KNOWN_ADA)
    expect(await users.authenticate(OFFICE, basic('bob', 'x'))).toEqual(WRONG)
    clock.now += 1_000
    expect(await users.authenticate(OFFICE, old)).toEqual(WRONG)
    expect(await users.authenticate(OFFICE, old)).toEqual({ state: 'slowed', retryAfterMs: 2_000 })
  })
})

describe('what is kept', () => {
  it('are as many verified credentials as the limit', async () => {
    const { users, asked } = stage({ verifiedMax: 1 })
    const [ada, bob] = [basic('ada', 'ada’s'), basic('bob', 'bob’s')]
    await users.authenticate(OFFICE, ada)
    expect(users.known(OFFICE, ada)).toBe('ada')
    await users.authenticate(OFFICE, bob)
    expect([users.known(OFFICE, ada), users.known(OFFICE, bob)]).toEqual([null, 'bob'])
    expect(asked).toHaveLength(2)
  })

  it('are verified credentials for their time without use', async () => {
    const { users, clock } = stage({ verifiedIdleMs: 100 })
    const ada = basic('ada', 'ada’s')
    await users.authenticate(OFFICE, ada)
    for (let at = 0; at < 3; at++) {
      clock.now += 100
      expect(users.known(OFFICE, ada)).toBe('ada')
    }
    clock.now += 101
    expect(users.known(OFFICE, ada)).toBeNull()
  })

  it('are as many wrong credentials as the limit', async () => {
    const { users, asked } = stage({ wrongCredentialsMax: 2 })
    await guess(users, EVIL, 'ada', 2)
    await guess(users, EVIL, 'ada', 2)
    expect(asked).toHaveLength(2)
    await guess(users, EVIL, 'ada', 1, 2)
    await guess(users, EVIL, 'ada', 1)
    expect(asked).toHaveLength(4)
  })

  it('is a line of checks: whoever finds it full may come again in a second', async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const { users } = stage({ checksMax: 1 }, { verify: () => promise, close: async () => undefined })
    const first = users.authenticate(OFFICE, basic('ada', 'ada’s'))
    expect(await users.authenticate(HOME, basic('bob', 'x'))).toEqual({ state: 'slowed', retryAfterMs: 1_000 })
    resolve(true)
    expect(await first).toEqual(KNOWN_ADA)
    expect(await users.authenticate(HOME, basic('bob', 'bob’s'))).toMatchObject({ state: 'known' })
  })

  it('ends with the thread that checks', async () => {
    const { users, asked } = stage()
    await users.close()
    expect(asked).toEqual(['closed'])
  })
})
