import { afterAll, describe, expect, it } from 'vitest'
import { createUsers } from '../../src/identity/users.ts'
import { addressOf, basic } from '../identity/accounts.ts'
import { BAD_FIELDS, BAD_LINES, BCRYPT, GOOD } from './tables/htpasswd.ts'

const CLIENT = addressOf('192.0.2.1')

describe('a malformed line of a file of users', () => {
  it.each(BAD_LINES)('%s', async (_, line, problem) => {
    const users = createUsers({ file: 'users', now: () => 1 })
    const problems = users.reload(`${line}\n`)
    expect(problems).toHaveLength(1)
    const [first] = problems
    expect(`${first?.line}:${first?.column}: ${first?.message}`).toMatch(problem)
    expect(`${first?.message} ${first?.hint}`).not.toMatch(/secret(?!")|\$2y\$10\$\w|\$argon2id\$v=19\$m/)
    expect(users.size).toBe(0)
    for (const [user, password] of [
      ['ada', 'secret'],
      ['ada', line.slice(line.indexOf(':') + 1).replace(/\p{Cc}/gu, '')],
    ] as const) {
      expect((await users.authenticate(CLIENT, basic(user, password))).state).not.toBe('known')
    }
    await users.close()
  })

  it('takes the good ones beside it down with it, and not those of before', async () => {
    const users = createUsers({ file: 'users', now: () => 1 })
    for (const [, line] of BAD_LINES) expect(users.reload(`eve:${BCRYPT}\n${line}\n`).length).toBeGreaterThan(0)
    expect(users.size).toBe(0)
    expect(users.reload(`ada:${BCRYPT}\n`)).toEqual([])
    for (const [, line] of BAD_LINES) users.reload(`eve:${BCRYPT}\n${line}\n`)
    expect(await users.authenticate(CLIENT, basic('ada', 'secret'))).toEqual({ state: 'known', user: 'ada' })
    expect(users.size).toBe(1)
    await users.close()
  })
})

describe('a malformed Proxy-Authorization', () => {
  const users = createUsers({ file: 'users', now: () => 1 })
  afterAll(() => users.close())

  it.each(BAD_FIELDS)('%s', async (_, value, fault) => {
    users.reload(`ada:${BCRYPT}\n`)
    expect(await users.authenticate(CLIENT, value)).toEqual({ state: 'malformed', fault })
    // Nor does it pass once its well-formed neighbour is known.
    expect(await users.authenticate(CLIENT, GOOD)).toEqual({ state: 'known', user: 'ada' })
    expect(users.known(CLIENT, value)).toBeNull()
    expect(await users.authenticate(CLIENT, value)).toEqual({ state: 'malformed', fault })
  })
})
