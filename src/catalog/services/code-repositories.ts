/** Forges of which only git and LFS are known: all else that writes there is `unknown-write`. */
import type { ServiceEntry, Surface } from '../service-entry.ts'

/** `git` serves git and pages; `api` its API, for the same repositories; `other` what belongs to it besides. */
interface ForgeHosts {
  readonly foldsCase: boolean
  readonly git: readonly string[]
  readonly api?: readonly string[]
  readonly other?: readonly string[]
}

const FORGES: Readonly<Record<string, ForgeHosts>> = {
  sourceforge: {
    foldsCase: false,
    git: ['git.code.sf.net'],
    other: ['sourceforge.net', '*.sourceforge.net', '*.code.sf.net'],
  },
  sourcehut: { foldsCase: false, git: ['git.sr.ht'], other: ['sr.ht', '*.sr.ht'] },
  launchpad: { foldsCase: false, git: ['git.launchpad.net'], other: ['code.launchpad.net', 'bazaar.launchpad.net'] },
  pagure: { foldsCase: false, git: ['pagure.io'], other: ['*.pagure.io'] },
  savannah: { foldsCase: false, git: ['git.savannah.gnu.org', 'git.savannah.nongnu.org'] },
  gitflic: { foldsCase: true, git: ['gitflic.ru'], other: ['*.gitflic.ru'] },
  gitverse: { foldsCase: true, git: ['gitverse.ru'], other: ['*.gitverse.ru'] },
  gitcode: { foldsCase: true, git: ['gitcode.com'], other: ['*.gitcode.com'] },
  coding: { foldsCase: true, git: ['e.coding.net'], other: ['coding.net', '*.coding.net'] },
  'repo-or-cz': { foldsCase: false, git: ['repo.or.cz'] },
  'google-source': { foldsCase: false, git: ['source.developers.google.com'] },
  replit: { foldsCase: false, git: ['replit.com'], other: ['*.replit.com'] },
  codesandbox: { foldsCase: false, git: ['codesandbox.io'], other: ['*.codesandbox.io'] },
  stackblitz: { foldsCase: false, git: ['stackblitz.com'], other: ['*.stackblitz.com'] },
}

export const CODE_REPOSITORIES: readonly ServiceEntry[] = Object.entries(FORGES).map(([id, forge]) => {
  return { id, kind: 'git', category: 'code-repository', foldsCase: forge.foldsCase, surfaces: surfacesOf(forge) }
})

function surfacesOf({ git, api = [], other = [] }: ForgeHosts): readonly Surface[] {
  const repositories = git.filter((host) => !host.startsWith('*.'))
  return [
    { hosts: git, reads: 'web-read', git: 'path', routes: [] },
    { hosts: api, repositories, reads: 'api-read', routes: [] },
    { hosts: other, repositories, reads: 'web-read', routes: [] },
  ]
}
