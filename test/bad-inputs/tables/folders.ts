/** Folders that are no policy, by what is wrong with them, and what `weir check` says. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BadFolder {
  readonly name: string
  readonly make: (folder: string) => void
  /** 2 where there is nothing that could be a policy, 1 where there is and it is wrong. */
  readonly status: 1 | 2
  readonly said: RegExp
}

type Files = Readonly<Record<string, string | Buffer>>

function bad(name: string, files: Files | ((folder: string) => void), said: RegExp, status: 1 | 2 = 1): BadFolder {
  const make = typeof files === 'function' ? files : (folder: string) => write(folder, files)
  return { name, make, status, said }
}

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
}

function makePipe(file: string): void {
  execFileSync('mkfifo', [file])
}

const GOOD = 'version: 1\ndefault: deny\n'
const rule = (name: string): string => `version: 1\nrules: [{ name: ${name}, action: allow }]\n`

export const BAD_FOLDERS: readonly BadFolder[] = [
  bad('nothing', {}, /error: .*: the folder has no policy: no file in it ends in \.yaml/, 2),
  bad(
    'no YAML',
    { 'policy.txt': GOOD, 'policy.yml': GOOD },
    /error: .*: the folder has no policy: no file in it ends in \.yaml/,
    2,
  ),
  bad(
    'tests and hidden files alone',
    { 'a.test.yaml': GOOD, '.a.yaml': GOOD },
    /error: .*: the folder has no policy: no file in it ends in \.yaml/,
    2,
  ),
  bad(
    'a folder below alone',
    (folder) => mkdirSync(join(folder, 'a.yaml')),
    /error: .*: the folder has no policy: no file in it ends in \.yaml/,
    2,
  ),
  bad(
    'a pipe beside a good one',
    (folder) => {
      write(folder, { 'a.yaml': GOOD })
      makePipe(join(folder, 'b.yaml'))
    },
    /error: .*b\.yaml: is a pipe or a device, not a file/,
    2,
  ),
  bad(
    'a pipe for a list',
    (folder) => {
      write(folder, { 'a.yaml': `${GOOD}lists: { hosts: { file: hosts.txt } }\n` })
      makePipe(join(folder, 'hosts.txt'))
    },
    /error: .*hosts\.txt: is a pipe or a device, not a file/,
  ),
  bad('one empty file beside a good one', { 'a.yaml': GOOD, 'b.yaml': '' }, /b\.yaml:1:1: error: the file is empty/),
  bad(
    'one broken file beside a good one',
    { 'a.yaml': GOOD, 'b.yaml': 'version: 1\nrules: [' },
    /b\.yaml:2:9: error: a `\[` or `\{` is not closed[\s\S]*close it, and indent its lines deeper than its key/,
  ),
  bad(
    'one file without a version',
    { 'a.yaml': GOOD, 'b.yaml': 'rules: []\n' },
    /b\.yaml:1:1: error: `version` is missing/,
  ),
  bad(
    'one file in UTF-16',
    { 'a.yaml': GOOD, 'b.yaml': Buffer.from(GOOD, 'utf16le') },
    /b\.yaml:1:1: error: must be a mapping of keys to values/,
  ),
  bad(
    'one file in Latin-1',
    { 'a.yaml': GOOD, 'b.yaml': Buffer.from('# caf\xe9\nversion: 1\n', 'latin1') },
    /b\.yaml: is not text in UTF-8/,
  ),
  bad(
    'one file with a NUL',
    { 'a.yaml': GOOD, 'b.yaml': 'version: 1\n\0default: deny\n' },
    /b\.yaml:2:1: error: unknown key `\ufffddefault`[\s\S]*did you mean `default`\?/,
  ),
  bad(
    'a default in two files',
    { 'a.yaml': GOOD, 'b.yaml': 'version: 1\ndefault: allow\n' },
    /b\.yaml:2:1: error: `default` stands in two files: in .*\/a\.yaml:2:1 too[\s\S]*keep one of them/,
  ),
  bad(
    'a rule in two files',
    { 'a.yaml': rule('one'), 'b.yaml': rule('one') },
    /b\.yaml:2:17: error: two rules are named `one`[\s\S]*rename one/,
  ),
  bad(
    'a group in two files',
    {
      'a.yaml': 'version: 1\ngroups: { g: { networks: [10.0.0.0/8] } }\n',
      'b.yaml': 'version: 1\ngroups: { g: { networks: [10.0.0.0/8] } }\n',
    },
    /b\.yaml:2:11: error: two groups are named `g`: the other stands in .*\/a\.yaml:2:11[\s\S]*rename one/,
  ),
  bad(
    'a set that no file defines',
    { 'a.yaml': GOOD, 'b.yaml': 'version: 1\nrules: [{ name: r, to: { repositories: theirs }, action: allow }]\n' },
    /b\.yaml:2:40: error: no set of repositories is named `theirs`/,
  ),
  bad(
    'inspection in two files',
    { 'a.yaml': 'version: 1\ninspection: { mode: auto }\n', 'b.yaml': 'version: 1\ninspection: { mode: never }\n' },
    /b\.yaml:2:1: error: `inspection` stands in two files: in .*\/a\.yaml:2:1 too[\s\S]*keep one of them/,
  ),
  bad(
    'a list that lies elsewhere',
    { 'a.yaml': 'version: 1\nlists: { l: { file: ../../etc/passwd } }\n' },
    /a\.yaml:2:21: error: `\.\.\/\.\.\/etc\/passwd` is not beside the policy[\s\S]*name a file beside the policy/,
  ),
  bad(
    'a list that is not there',
    { 'a.yaml': 'version: 1\nlists: { l: { file: none.txt } }\n' },
    /a\.yaml:2:21: error: .*\/none\.txt: there is no such file[\s\S]*name a file beside the policy/,
  ),
  bad(
    'a link to nowhere',
    (folder) => {
      write(folder, { 'a.yaml': GOOD })
      symlinkSync('none.yaml', join(folder, 'b.yaml'))
    },
    /b\.yaml: there is no such file/,
    2,
  ),
  bad(
    'a link to itself',
    (folder) => {
      write(folder, { 'a.yaml': GOOD })
      symlinkSync('b.yaml', join(folder, 'b.yaml'))
    },
    /b\.yaml: cannot be read \(ELOOP\)/,
  ),
  bad(
    '101 files',
    Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`p${at}.yaml`, 'version: 1\n'])),
    /error: .*: the folder has more than 100 policy files/,
  ),
]
