/** Gitea and Forgejo: the kinds, and public servers of the same software. */

import { type KindEntry, type ServiceEntry, type Surface, serverOf } from '../service-entry.ts'
import type { Kind } from '../vocabulary.ts'
import { OTHER_API_ROUTES, REST_ROUTES } from './gitea-rest.ts'
import { RESERVED, WEB_ROUTES } from './gitea-web.ts'

export const GITEA_SERVER: KindEntry = serverEntry('gitea')
export const FORGEJO_SERVER: KindEntry = serverEntry('forgejo')

export const GITEA: readonly ServiceEntry[] = [
  serverOf('codeberg', FORGEJO_SERVER, 'codeberg.org', [beside('codeberg.org')]),
  serverOf('disroot', FORGEJO_SERVER, 'git.disroot.org'),
  serverOf('gitea', GITEA_SERVER, 'gitea.com', [beside('gitea.com')]),
  // Gogs, from which both come.
  serverOf('notabug', GITEA_SERVER, 'notabug.org'),
]

function serverEntry(kind: Kind): KindEntry {
  const own = { hosts: ['{host}'], repositories: ['{host}'] }
  return {
    kind,
    category: 'code-repository',
    foldsCase: true,
    surfaces: [
      { ...own, below: '/api/v1', reads: 'api-read', routes: REST_ROUTES },
      { ...own, below: '/api', reads: 'api-read', routes: OTHER_API_ROUTES },
      { ...own, reads: 'web-read', git: 'owner/repo', reserved: RESERVED, lenient: true, routes: WEB_ROUTES },
    ],
  }
}

function beside(host: string): Surface {
  return { hosts: [`*.${host}`], repositories: [host], reads: 'web-read', routes: [] }
}
