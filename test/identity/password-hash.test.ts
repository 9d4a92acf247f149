import { describe, expect, it } from 'vitest'
import { parsePasswordHash } from '../../src/identity/password-hash.ts'
import { argon2idOf, bcryptOf, REFERENCE_ARGON2ID } from './accounts.ts'

function faultOf(text: string): string | null {
  const parsed = parsePasswordHash(text)
  return parsed.state === 'bad' ? parsed.fault : null
}

const REST = bcryptOf('x').slice(7)

describe('a password hash', () => {
  it.each(['2a', '2b', '2y'])('may be bcrypt of the revision $%s$', (revision) => {
    const text = `$${revision}$10$${REST}`
    expect(parsePasswordHash(text)).toEqual({ state: 'done', value: { kind: 'bcrypt', text } })
  })

  it('has a bcrypt cost of 4 to 15', () => {
    expect(['04', '15'].map((cost) => faultOf(`$2y$${cost}$${REST}`))).toEqual([null, null])
    expect(['03', '16'].map((cost) => faultOf(`$2y$${cost}$${REST}`))).toEqual([
      'has the bcrypt cost 3, not one of 4 to 15: bcrypt begins there',
      'has the bcrypt cost 16, not one of 4 to 15: a check would take many seconds',
    ])
  })

  it('is not bcrypt with unused bits set, which no password could ever match', () => {
    const salt = `$2y$10$${'a'.repeat(21)}`
    expect(faultOf(`${salt}O${'b'.repeat(30)}C`)).toBeNull()
    expect(faultOf(`${salt}P${'b'.repeat(30)}C`)).toBe('is a damaged bcrypt hash')
    expect(faultOf(`${salt}O${'b'.repeat(30)}D`)).toBe('is a damaged bcrypt hash')
  })

  it('may be argon2id as the reference program writes it', () => {
    const parsed = parsePasswordHash(REFERENCE_ARGON2ID)
    expect(parsed).toMatchObject({ value: { kind: 'argon2id', memoryKib: 65_536, passes: 2, parallelism: 1 } })
    if (parsed.state === 'bad' || parsed.value.kind !== 'argon2id') throw new Error('not argon2id')
    expect(parsed.value.salt.toString()).toBe('somesalt')
    expect(parsed.value.tag.toString('hex')).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7')
  })

  it.each([
    ['memory', 'm=262144,t=1,p=1', 'm=262145,t=1,p=1', 'wants more memory for argon2id than m=262144'],
    ['passes', 'm=64,t=16,p=1', 'm=64,t=17,p=1', 'wants more passes of argon2id than t=16'],
    ['lanes', 'm=136,t=1,p=16', 'm=136,t=1,p=17', 'wants more lanes of argon2id than p=16'],
    ['least memory', 'm=16,t=1,p=2', 'm=15,t=1,p=2', 'has less memory for argon2id than m=8 for each lane (p)'],
  ])('keeps argon2id within its %s', (_, at, past, fault) => {
    const rest = REFERENCE_ARGON2ID.slice(REFERENCE_ARGON2ID.indexOf('$c29t'))
    expect(faultOf(`$argon2id$v=19$${at}${rest}`)).toBeNull()
    expect(faultOf(`$argon2id$v=19$${past}${rest}`)).toBe(fault)
  })

  it('keeps salt and tag of argon2id within their bytes', () => {
    for (const saltBytes of [8, 9, 10, 64]) expect(faultOf(argon2idOf('x', { saltBytes }))).toBeNull()
    for (const tagBytes of [16, 17, 18, 64]) expect(faultOf(argon2idOf('x', { tagBytes }))).toBeNull()
    const seven = REFERENCE_ARGON2ID.replace('c29tZXNhbHQ', Buffer.alloc(7).toString('base64').replace(/=+$/, ''))
    expect(faultOf(seven)).toBe('has an argon2id salt that is not 8 to 64 bytes in base64')
    expect(faultOf(argon2idOf('x', { saltBytes: 65 }))).toBe('has an argon2id salt that is not 8 to 64 bytes in base64')
    expect(faultOf(argon2idOf('x', { tagBytes: 15 }))).toBe('has an argon2id hash that is not 16 to 64 bytes in base64')
    expect(faultOf(argon2idOf('x', { tagBytes: 65 }))).toBe('has an argon2id hash that is not 16 to 64 bytes in base64')
  })

  it('takes base64 in one spelling only', () => {
    // The last letter of 11 carries two bits that stand for nothing: `Q` and `R` would be the same salt.
    expect(faultOf(REFERENCE_ARGON2ID.replace('c29tZXNhbHQ', 'c29tZXNhbHR'))).toMatch(/salt/)
    expect(faultOf(REFERENCE_ARGON2ID.replace('c29tZXNhbHQ', 'c29tZXNhbHQ='))).toBe('is a damaged argon2id hash')
    expect(faultOf(REFERENCE_ARGON2ID.replace('c29tZXNhbHQ', 'c29tZXNhbHQab'))).toMatch(/salt/)
  })
})
