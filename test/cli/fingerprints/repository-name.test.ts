import { expect, it } from 'vitest'
import { nameRepository } from '../../../src/cli/fingerprints/repository-name.ts'

it.each<[address: string, name: string | null]>([
  ['https://github.com/acme/app.git', 'github.com/acme/app'],
  ['https://ada:token@GitHub.com/acme/app', 'github.com/acme/app'],
  ['ssh://git@git.acme.example:2222/team/sub/app.git/', 'git.acme.example/team/sub/app'],
  ['git@github.com:acme/app.git', 'github.com/acme/app'],
  ['github.com:/acme/app', 'github.com/acme/app'],
  ['https://git.acme.example/app?x=1#y', 'git.acme.example/app'],
  ['/srv/git/app.git', null],
  ['../app', null],
  ['file:///srv/git/app.git', null],
  ['C:\\repos\\app', null],
  ['https://github.com/', null],
  ['', null],
])('%s is %s', (address, name) => {
  expect(nameRepository(address)).toBe(name)
})
