/** The hosts file: its lines, when it is read again, and how much of it. */
import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HOSTS_FILE_BYTES_MAX, openHostsFile, parseHostsFile } from '../../src/proxy/hosts-file.ts'
import { temporaryFolder } from './folder.ts'

function textsOf(text: string): Record<string, string[]> {
  const entries = [...parseHostsFile(text)].map(([name, addresses]) => [name, addresses.map((each) => each.text)])
  return Object.fromEntries(entries) as Record<string, string[]>
}

describe('parseHostsFile', () => {
  it.each<[string, string, Record<string, string[]>]>([
    ['one name', '127.0.0.1 localhost\n', { localhost: ['127.0.0.1'] }],
    ['several names and tabs', '10.0.0.1\tGit.Example  git\r\n', { 'git.example': ['10.0.0.1'], git: ['10.0.0.1'] }],
    ['both families of a name', '127.0.0.1 localhost\n::1 localhost', { localhost: ['127.0.0.1', '::1'] }],
    ['comments', '# 10.0.0.1 a\n10.0.0.2 b # c\n10.0.0.3#d\n', { b: ['10.0.0.2'] }],
    ['white space before', '   10.0.0.1 a', { a: ['10.0.0.1'] }],
    ['a zone, which no destination has', 'fe80::1%lo0 a', {}],
    ['an odd spelling of an address', '127.1 a\n0x7f.0.0.1 b\n0177.0.0.1 c', {}],
    ['a name that is none', '10.0.0.1 a..b 10.0.0.2 ok', { ok: ['10.0.0.1'] }],
    ['no name', '10.0.0.1\n', {}],
    ['nothing', '', {}],
    [
      'a name of every object',
      '10.0.0.1 constructor __proto__',
      { constructor: ['10.0.0.1'], ['__proto__']: ['10.0.0.1'] },
    ],
  ])('reads %s', (_, text, expected) => {
    expect(textsOf(text)).toEqual(expected)
  })
})

describe('openHostsFile', () => {
  function file(text: string): { path: string; write: (text: string, seconds: number) => void } {
    const path = join(temporaryFolder('hosts'), 'hosts')
    const write = (content: string, seconds: number): void => {
      writeFileSync(path, content)
      utimesSync(path, seconds, seconds)
    }
    write(text, 1)
    return { path, write }
  }

  async function lookup(hosts: ReturnType<typeof openHostsFile>, now: number, name = 'a'): Promise<string[]> {
    return (await hosts.lookup(name, now)).map(({ text }) => text)
  }

  it('sees a change, but looks only so often', async () => {
    const { path, write } = file('10.0.0.1 a\n')
    const hosts = openHostsFile(path)
    expect(await lookup(hosts, 0)).toEqual(['10.0.0.1'])
    write('10.0.0.2 a\n', 2)
    expect(await lookup(hosts, 4_999)).toEqual(['10.0.0.1'])
    expect(await lookup(hosts, 5_000)).toEqual(['10.0.0.2'])
  })

  it('has no names where there is no file, and forgets them when it goes', async () => {
    const { path } = file('10.0.0.1 a\n')
    const hosts = openHostsFile(path)
    expect(await lookup(hosts, 0)).toEqual(['10.0.0.1'])
    rmSync(path)
    expect(await lookup(hosts, 5_000)).toEqual([])
    expect(await lookup(openHostsFile(`${path}-none`), 0)).toEqual([])
    expect(await lookup(openHostsFile(temporaryFolder('hosts')), 0)).toEqual([])
  })

  it('lets all who ask at once wait for one reading', async () => {
    const hosts = openHostsFile(file('10.0.0.1 a\n').path)
    expect(await Promise.all([lookup(hosts, 0), lookup(hosts, 0), lookup(hosts, 1)])).toEqual([
      ['10.0.0.1'],
      ['10.0.0.1'],
      ['10.0.0.1'],
    ])
  })

  it('reads up to its limit, and of a longer file no half line', async () => {
    const line = '10.0.0.12 last\n'
    const filler = `#${'x'.repeat(HOSTS_FILE_BYTES_MAX - line.length - 2)}\n`
    expect(await lookup(openHostsFile(file(filler + line).path), 0, 'last')).toEqual(['10.0.0.12'])
    const past = `${filler.replace('x\n', 'xx\n')}10.0.0.12 last\n10.0.0.1 behind\n`
    const hosts = openHostsFile(file(past).path)
    expect(await lookup(hosts, 0, 'last')).toEqual([])
    expect(await lookup(hosts, 0, 'behind')).toEqual([])
  })
})
