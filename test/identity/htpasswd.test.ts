import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  HTPASSWD_BYTES_MAX,
  HTPASSWD_LINE_BYTES_MAX,
  HTPASSWD_PROBLEMS_MAX,
  HTPASSWD_USERS_MAX,
  parseHtpasswd,
} from '../../src/identity/htpasswd.ts'
import { createVerifier } from '../../src/identity/verify.ts'
import { argon2idOf, bcryptOf } from './accounts.ts'

const HASH = bcryptOf('x')

function read(text: string) {
  const { accounts, problems } = parseHtpasswd(text, 'users')
  return {
    users: accounts === null ? null : [...accounts.keys()],
    problems: problems.map(({ line, column, message }) => `${line}:${column}: ${message}`),
  }
}

/** What the program of Apache prints for a user. */
function htpasswd(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('htpasswd', ['-nb', ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`htpasswd: ${stderr}`)
  return stdout
}

describe('a file of users', () => {
  it('is a user a line, with comments, blank lines, either line end and a byte order mark', () => {
    const text = `\ufeff# staff\r\nada:${HASH}\r\n\n  \t\nGrace Hopper:${argon2idOf('y')}\n#bob:x\njörg:${HASH}`
    expect(read(text)).toEqual({ users: ['ada', 'Grace Hopper', 'jörg'], problems: [] })
  })

  it('tells users apart by every letter', () => {
    expect(read(`ada:${HASH}\nAda:${HASH}\n`).users).toEqual(['ada', 'Ada'])
  })

  it('tells every bad line, and then has no users at all', () => {
    expect(read(`ada:${HASH}\nbob\n\neve:hunter2\n`)).toEqual({
      users: null,
      problems: [
        '2:1: no `:` ends the name of the user',
        '4:5: the password of `eve` is not a safe hash: it is plain text or an old crypt',
      ],
    })
  })

  it('tells both lines of a user who stands twice, also where the first is bad', () => {
    expect(read(`ada:${HASH}\n\nada:${HASH}\n`).problems).toEqual([
      '3:1: the user `ada` stands twice: here and in line 1',
    ])
    expect(read(`ada:x\nada:${HASH}\n`).problems).toEqual([
      '1:5: the password of `ada` is not a safe hash: it is plain text or an old crypt',
      '2:1: the user `ada` stands twice: here and in line 1',
    ])
  })

  it.each(['', '# nobody yet\n'])('is not good without users: %j', (text) => {
    expect(read(text)).toEqual({ users: null, problems: ['1:1: the file has no users'] })
  })

  it('is as large as its limit', () => {
    const fill = (bytes: number): string => {
      const line = `ada:${HASH}\n`
      return line + '\n'.repeat(bytes - line.length)
    }
    expect(read(fill(HTPASSWD_BYTES_MAX))).toEqual({ users: ['ada'], problems: [] })
    expect(read(fill(HTPASSWD_BYTES_MAX + 1))).toEqual({
      users: null,
      problems: ['1:1: the file is larger than 2 MiB'],
    })
  })

  it('has as many users as its limit', () => {
    const users = Array.from({ length: HTPASSWD_USERS_MAX + 1 }, (_, at) => `u${at}:${HASH}`)
    expect(read(users.slice(1).join('\n')).users).toHaveLength(HTPASSWD_USERS_MAX)
    expect(read(users.join('\n'))).toEqual({ users: null, problems: ['10001:1: there are more than 10000 users'] })
  })

  it('has lines as long as their limit, in bytes', () => {
    const comment = (bytes: number): string => `é:${'x'.repeat(bytes - 3)}\n`
    expect(read(comment(HTPASSWD_LINE_BYTES_MAX)).problems[0]).toMatch(/plain text/)
    expect(read(comment(HTPASSWD_LINE_BYTES_MAX + 1)).problems).toEqual(['1:1: the line is longer than 1024 bytes'])
  })

  it('is not read on when everything in it is wrong', () => {
    const wrong = (lines: number): readonly string[] => read('x\n'.repeat(lines)).problems
    expect(wrong(HTPASSWD_PROBLEMS_MAX - 1)).toHaveLength(HTPASSWD_PROBLEMS_MAX - 1)
    expect(wrong(HTPASSWD_PROBLEMS_MAX + 9).slice(-2)).toEqual([
      '100:1: no `:` ends the name of the user',
      '100:1: there are too many problems: the rest of the file was not read',
    ])
  })

  it('never crashes, and never has users and errors', () => {
    const piece = fc.constantFrom(':', '\n', '\r', '#', '$', 'ada', HASH, '\0', '\ufeff', ' ', '$2y$10$', '$argon2id$')
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        const { accounts, problems } = parseHtpasswd(pieces.join(''), 'users')
        expect(accounts === null).toBe(problems.length > 0)
        for (const problem of problems) expect(problem).toMatchObject({ severity: 'error', file: 'users' })
      }),
      { seed: 72, numRuns: 500 },
    )
  })

  it('shows no hash and no password in a problem', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9./$+]{12,60}$/)
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('', '$2y$', '$2y$10$', '$argon2id$v=19$', '$apr1$', '{SHA}'),
        (text, prefix) => {
          const shown = JSON.stringify(parseHtpasswd(`ada:${prefix}${text}\n`, 'users').problems)
          expect(shown).not.toContain(text)
        },
      ),
      { seed: 73, numRuns: 300 },
    )
  })
})

describe('what the htpasswd of Apache writes', () => {
  it.each([
    ['bcrypt at its default', ['-B', 'ada', 'hunter2'], 'ada', 'hunter2'],
    ['bcrypt of a chosen cost', ['-B', '-C', '7', 'ada', 'hunter2'], 'ada', 'hunter2'],
    ['a name and a password beyond ASCII', ['-B', 'jö rg', 'pä:ss🦦'], 'jö rg', 'pä:ss🦦'],
    ['an empty password', ['-B', 'ada', ''], 'ada', ''],
    ['a password of 72 bytes', ['-B', 'ada', 'x'.repeat(72)], 'ada', 'x'.repeat(72)],
  ])('is read and verified: %s', async (_, args, user, password) => {
    const { accounts, problems } = parseHtpasswd(htpasswd(...args), 'users')
    expect(problems).toEqual([])
    const hash = accounts?.get(user)
    if (hash === undefined) throw new Error('the user is not there')
    const verifier = createVerifier()
    expect(await verifier.verify(hash, password)).toBe(true)
    expect(await verifier.verify(hash, `${password}x`)).toBe(false)
    await verifier.close()
  })

  it.each([
    ['-m', 'is hashed by MD5 in the manner of Apache, which is not a safe hash'],
    ['-2', 'is hashed by SHA-256-crypt, which is not a safe hash'],
    ['-5', 'is hashed by SHA-512-crypt, which is not a safe hash'],
    ['-s', 'is hashed by SHA-1 without salt, which is not a safe hash'],
    ['-d', 'is not a safe hash: it is plain text or an old crypt'],
    ['-p', 'is not a safe hash: it is plain text or an old crypt'],
  ])('is refused where it is not safe: %s', (flag, fault) => {
    const { accounts, problems } = parseHtpasswd(htpasswd(flag, 'ada', 'hunter2'), 'users')
    expect(accounts).toBeNull()
    expect(problems).toEqual([
      {
        severity: 'error',
        file: 'users',
        line: 1,
        column: 5,
        message: `the password of \`ada\` ${fault}`,
        hint: 'make one with `htpasswd -B -C 10 FILE USER`',
      },
    ])
  })

  it('is refused where its cost would hold everybody up', () => {
    const line = `ada:${HASH.replace('$04$', '$17$')}\n`
    expect(read(line).problems[0]).toMatch(/has the bcrypt cost 17, not one of 4 to 15/)
  })
})
