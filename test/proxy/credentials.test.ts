/** Who is asked for a name: whoever an outcome hangs on, once where it can be told, and nobody else. */
import { describe, expect, it, vi } from 'vitest'
import type { Authentication, UserDirectory } from '../../src/flow/ports.ts'
import type { Subject } from '../../src/flow/subject.ts'
import { identify, isChallenge, refuseUnnamed } from '../../src/proxy/credentials.ts'
import { subjectAtConnect } from '../../src/proxy/judge.ts'
import { destinationOf, makeFlow, makeWorld, type World } from './world.ts'

const SITE = destinationOf('site.example:443')
const BY_USER = `
version: 1
default: deny
rules:
  - name: ada
    from: { users: [ada] }
    action: allow
`
const BY_NOBODY = 'version: 1\ndefault: allow\n'
const CREDENTIALS = 'Basic YWRhOmxvdmVsYWNl'

function world(policy: string, users: Partial<UserDirectory> | null, allowClients = ['10.0.0.0/8']): World {
  const unasked = (): never => {
    throw new Error('nobody had to be asked')
  }
  return {
    ...makeWorld({ policy, allowClients }),
    users: users === null ? null : { known: unasked, authenticate: unasked, ...users },
  }
}

function answering(answer: Authentication): Partial<UserDirectory> {
  return { known: () => null, authenticate: async () => answer }
}

async function ask(weir: World, fields: readonly string[], user: string | null = null) {
  const flow = makeFlow({ user })
  const subject = vi.fn((): Subject => subjectAtConnect(weir, flow, SITE))
  const denied = await identify(weir, flow, fields, subject)
  return { code: denied?.denial.code ?? null, message: denied?.denial.message, user: flow.user, subject, denied }
}

const GIVEN = ['Proxy-Authorization', CREDENTIALS]

describe('without credentials', () => {
  it('a client goes on where no rule asks who it is', async () => {
    expect(await ask(world(BY_NOBODY, {}), [])).toMatchObject({ code: null, user: null })
  })

  it('it is asked where one does, and that is no denial', async () => {
    const { code, denied } = await ask(world(BY_USER, {}), ['Authorization', CREDENTIALS])
    expect(code).toBe('credentials-needed')
    expect(denied !== null && isChallenge(denied)).toBe(true)
  })

  it('it is asked whatever the rules say where no setting allows its address', async () => {
    expect(await ask(world(BY_NOBODY, {}, []), [])).toMatchObject({ code: 'credentials-needed', user: null })
    const known = { known: () => 'ada' }
    expect(await ask(world(BY_NOBODY, known, []), GIVEN)).toMatchObject({ code: null, user: 'ada' })
    expect(await ask(world(BY_NOBODY, null, []), GIVEN)).toMatchObject({ code: 'client-refused' })
  })

  it('it is refused where nobody can be known, and let go where no rule asks', async () => {
    const { code, denied } = await ask(world(BY_USER, null), GIVEN)
    expect(code).toBe('client-refused')
    expect(denied !== null && isChallenge(denied)).toBe(false)
    expect(await ask(world(BY_NOBODY, null), GIVEN)).toMatchObject({ code: null, user: null })
  })
})

describe('credentials', () => {
  it('that are known already are not checked again, and no rule has to ask for them', async () => {
    const known = vi.fn(() => 'ada')
    for (const policy of [BY_USER, BY_NOBODY]) {
      const { code, user, subject } = await ask(world(policy, { known }), GIVEN)
      expect([code, user]).toEqual([null, 'ada'])
      expect(subject).not.toHaveBeenCalled()
    }
    expect(known).toHaveBeenCalledWith(expect.objectContaining({ text: '10.1.2.3' }), CREDENTIALS)
  })

  it('that are right make the user', async () => {
    const { code, user } = await ask(world(BY_USER, answering({ state: 'known', user: 'ada' })), GIVEN)
    expect([code, user]).toEqual([null, 'ada'])
  })

  it.each<readonly [string, Authentication, string, RegExp]>([
    ['are wrong', { state: 'wrong' }, 'credentials-wrong', /user or password is wrong/],
    ['cannot be read', { state: 'malformed', fault: 'no colon' }, 'credentials-wrong', /no colon/],
    ['come too often', { state: 'slowed', retryAfterMs: 1_001 }, 'credentials-slowed', /in 2 s/],
  ])('that %s are refused, also where no rule asks', async (_, answer, code, message) => {
    for (const policy of [BY_USER, BY_NOBODY]) {
      const asked = await ask(world(policy, answering(answer)), GIVEN)
      expect(asked).toMatchObject({ code, user: null, message: expect.stringMatching(message) })
      expect(asked.denied !== null && isChallenge(asked.denied)).toBe(false)
    }
  })

  it('given twice are refused unread', async () => {
    const { code, user, message } = await ask(world(BY_NOBODY, {}), [...GIVEN, 'proxy-authorization', CREDENTIALS])
    expect([code, user]).toEqual(['credentials-wrong', null])
    expect(message).toMatch(/more than one Proxy-Authorization/)
  })
})

describe('inside a tunnel', () => {
  function inside(policy: string, user: string | null): string | null {
    const weir = world(policy, {})
    const flow = makeFlow({ user })
    return refuseUnnamed(weir, flow, () => subjectAtConnect(weir, flow, SITE))?.denial.code ?? null
  }

  it('who gave no name is refused where a rule asks for one', () => {
    expect(inside(BY_USER, null)).toBe('client-refused')
    expect(inside(BY_NOBODY, null)).toBeNull()
  })

  it('who gave one goes on, whoever it is', () => {
    expect(inside(BY_USER, 'linus')).toBeNull()
  })
})
