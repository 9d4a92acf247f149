import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { HTPASSWD_BYTES_MAX } from '../../src/identity/htpasswd.ts'
import { openUsersFile } from '../../src/identity/users-file.ts'
import { addressOf, basic, bcryptOf } from './accounts.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-users-'))
afterAll(() => rmSync(folder, { recursive: true }))

const GOOD = `ada:${bcryptOf('x')}\n`
const CLIENT = addressOf('192.0.2.1')

let files = 0
function write(text: string | Buffer, mode = 0o600): string {
  const file = join(folder, `users-${files++}`)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

async function open(file: string) {
  const opened = await openUsersFile({ file, now: () => 1 })
  const { users } = opened.file
  const said = opened.problems.map(({ severity, message, hint }) => [severity, message, hint?.replace(file, 'FILE')])
  return { ...opened.file, said, size: users.size }
}

describe('the file of users', () => {
  it('is read, and its users are known', async () => {
    const { users, said, size } = await open(write(GOOD))
    expect([said, size]).toEqual([[], 1])
    expect(await users.authenticate(CLIENT, basic('ada', 'x'))).toEqual({ state: 'known', user: 'ada' })
    await users.close()
  })

  it('may be a link, as volumes of secrets have them', async () => {
    const link = join(folder, 'link')
    symlinkSync(write(GOOD), link)
    expect(await open(link)).toMatchObject({ said: [], size: 1 })
  })

  it.each([
    [0o600, []],
    [0o400, []],
    [0o640, [['warning', 'others than its owner may read the file', 'chmod 600 FILE']]],
    [0o604, [['warning', 'others than its owner may read the file', 'chmod 600 FILE']]],
    [0o664, [['warning', 'the group of the file may write it', 'chmod 600 FILE']]],
    [0o602, [['error', 'everybody on this machine may write the file', 'chmod 600 FILE']]],
    [0o666, [['error', 'everybody on this machine may write the file', 'chmod 600 FILE']]],
  ])('with the mode %o', async (mode, expected) => {
    const { said, size } = await open(write(GOOD, mode))
    expect(said).toEqual(expected)
    expect(size).toBe(expected.some(([severity]) => severity === 'error') ? 0 : 1)
  })

  it('is no folder, no pipe, not missing and not binary', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    expect((await open(folder)).said).toEqual([['error', 'this is not a regular file', undefined]])
    expect((await open(pipe)).said).toEqual([['error', 'this is not a regular file', undefined]])
    expect((await open(join(folder, 'none'))).said).toEqual([['error', 'there is no such file', undefined]])
    expect((await open(join(write(''), 'x'))).said).toEqual([['error', 'there is no such file', undefined]])
    expect((await open(join(folder, 'x'.repeat(300)))).said).toEqual([
      ['error', 'the file cannot be read (ENAMETOOLONG)', undefined],
    ])
    expect((await open(write(Buffer.from([0x61, 0xff, 0x3a])))).said).toEqual([
      ['error', 'the file is not text in UTF-8', undefined],
    ])
  })

  it('is as large as its limit', async () => {
    const fill = (bytes: number): string => GOOD + '\n'.repeat(bytes - GOOD.length)
    expect((await open(write(fill(HTPASSWD_BYTES_MAX)))).said).toEqual([])
    expect((await open(write(fill(HTPASSWD_BYTES_MAX + 1)))).said).toEqual([
      ['error', 'the file is larger than 2 MiB', undefined],
    ])
  })

  it('is read again, and the last good one stays while it is broken, loose or gone', async () => {
    const file = write(GOOD)
    const { users, reload } = await open(file)
    const names = async (): Promise<readonly string[]> => (await reload()).map(({ message }) => message)
    writeFileSync(file, `${GOOD}bob:plain\n`)
    expect(await names()).toEqual(['the password of `bob` is not a safe hash: it is plain text or an old crypt'])
    writeFileSync(file, '')
    expect(await names()).toEqual(['the file has no users'])
    chmodSync(file, 0o606)
    expect(await names()).toEqual(['everybody on this machine may write the file'])
    renameSync(file, `${file}.old`)
    expect(await names()).toEqual(['there is no such file'])
    expect(await users.authenticate(CLIENT, basic('ada', 'x'))).toEqual({ state: 'known', user: 'ada' })
    writeFileSync(file, `bob:${bcryptOf('y')}\n`, { mode: 0o600 })
    expect(await names()).toEqual([])
    expect(users.known(CLIENT, basic('ada', 'x'))).toBeNull()
    expect(await users.authenticate(CLIENT, basic('bob', 'y'))).toEqual({ state: 'known', user: 'bob' })
    await users.close()
  })

  it('is read in the order of the calls, however long a reading takes', async () => {
    const file = write(GOOD + '\n'.repeat(HTPASSWD_BYTES_MAX - GOOD.length))
    const { users, reload } = await open(file)
    const slow = reload()
    // By now the large file is open.
    await stat(file)
    renameSync(write(`${GOOD}bob:${bcryptOf('y')}\n`), file)
    await Promise.all([reload(), slow])
    expect(users.size).toBe(2)
  })
})
