/** Azure DevOps: dev.azure.com, the older hosts of its organizations, and the kind for servers of one's own. */
import { type KindEntry, mount, reads, type ServiceEntry, signIns, sshHosts, writes } from '../service-entry.ts'
import { REST_ROUTES } from './azure-devops-rest.ts'

const REPOSITORIES = ['dev.azure.com']

const PAGES = reads({
  '/{owner}/{team_project}/_git/{repo}/**': 'web-read',
  '/{owner}': 'web-read',
  '/{owner}/{team_project}': 'web-read',
})
const HOME = reads({ '/': 'web-read' })

const SIGN_IN = [
  ...signIns('/_signin', '/_signedin', '/_signout', '/oauth2/token'),
  ...writes({ '/oauth2/authorize': 'access-write' }),
]
const PUBLISHING = writes({ '/**': 'package-publish' }, 'unknown')

export const AZURE_DEVOPS: ServiceEntry = {
  id: 'azure-devops',
  kind: 'azure-devops',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    {
      hosts: REPOSITORIES,
      repositories: REPOSITORIES,
      reads: 'web-read',
      git: 'azure',
      lenient: true,
      routes: [...SIGN_IN, ...REST_ROUTES, ...PAGES, ...HOME],
    },
    sshHosts(['ssh.dev.azure.com', 'vs-ssh.visualstudio.com', '*.vs-ssh.visualstudio.com'], REPOSITORIES),
    {
      hosts: ['pkgs.dev.azure.com', '*.pkgs.visualstudio.com'],
      repositories: REPOSITORIES,
      reads: 'download',
      routes: PUBLISHING,
    },
    { hosts: ['*.vssps.visualstudio.com'], repositories: REPOSITORIES, reads: 'web-read', routes: SIGN_IN },
    { hosts: ['*.vsassets.io'], repositories: REPOSITORIES, reads: 'download', routes: [] },
    { hosts: ['*.dev.azure.com'], repositories: REPOSITORIES, reads: 'api-read', routes: [] },
    {
      hosts: ['*.visualstudio.com'],
      repositories: REPOSITORIES,
      ownerBelow: 'visualstudio.com',
      reads: 'web-read',
      git: 'azure',
      lenient: true,
      routes: [...REST_ROUTES, ...PAGES, ...HOME],
    },
  ],
}

export const AZURE_DEVOPS_SERVER: KindEntry = {
  kind: 'azure-devops',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    {
      hosts: ['{host}'],
      repositories: ['{host}'],
      reads: 'web-read',
      git: 'azure',
      // The folder below which the older servers stand: no collection has its name.
      reserved: ['tfs'],
      lenient: true,
      routes: [...mount('/tfs', REST_ROUTES), ...REST_ROUTES, ...mount('/tfs', PAGES), ...PAGES, ...HOME],
    },
  ],
}
