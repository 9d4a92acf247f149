/** GitHub: github.com and the hosts that its pages, its API and its downloads live on. */
import { type Route, type ServiceEntry, sshHosts, WRITES, writes } from '../service-entry.ts'
import { REST_ROUTES, UPLOAD_ROUTES } from './github-rest.ts'
import { GIST_ROUTES, RESERVED, WEB_ROUTES } from './github-web.ts'

export const GITHUB: ServiceEntry = {
  id: 'github',
  kind: 'github',
  category: 'code-repository',
  foldsCase: true,
  surfaces: [
    {
      hosts: ['github.com', 'www.github.com'],
      repositories: ['github.com'],
      reads: 'web-read',
      git: 'owner/repo',
      reserved: RESERVED,
      lenient: true,
      routes: WEB_ROUTES,
    },
    {
      hosts: ['api.github.com'],
      // Gists are written through the API too.
      repositories: ['github.com', 'gist.github.com'],
      reads: 'api-read',
      routes: REST_ROUTES,
    },
    { hosts: ['uploads.github.com'], repositories: ['github.com'], reads: 'api-read', routes: UPLOAD_ROUTES },
    {
      hosts: ['gist.github.com', 'gist.githubusercontent.com'],
      repositories: ['gist.github.com'],
      reads: 'web-read',
      routes: GIST_ROUTES,
    },
    {
      hosts: ['codeload.github.com', 'raw.githubusercontent.com', 'raw.github.com'],
      repositories: ['github.com'],
      reads: 'download',
      routes: [{ methods: ['GET'], path: '/{owner}/{repo}/**', operation: 'download' }],
    },
    {
      hosts: ['media.githubusercontent.com'],
      repositories: ['github.com'],
      reads: 'download',
      routes: [{ methods: ['GET'], path: '/media/{owner}/{repo}/**', operation: 'download' }],
    },
    // Second hops: whose file it is was said where the address came from.
    {
      hosts: [
        'objects.githubusercontent.com',
        'release-assets.githubusercontent.com',
        'github-cloud.githubusercontent.com',
      ],
      repositories: ['github.com'],
      reads: 'download',
      routes: [],
    },
    secondHop(['lfs.github.com', 'github-cloud.s3.amazonaws.com'], 'lfs-upload'),
    secondHop(
      [
        'github-production-user-asset-6210df.s3.amazonaws.com',
        'github-production-repository-file-5c1aeb.s3.amazonaws.com',
      ],
      'file-upload',
    ),
    secondHop(['github-production-upload-manifest-file-7fdce7.s3.amazonaws.com'], 'file-write'),
    secondHop(['*.actions.githubusercontent.com'], 'artifact-upload'),
    {
      hosts: ['collector.github.com'],
      reads: 'web-read',
      unmatched: 'none',
      routes: [{ methods: ['POST'], path: '/github/{what}', operation: 'telemetry' }],
    },
    {
      hosts: [
        'avatars.githubusercontent.com',
        'camo.githubusercontent.com',
        'github.githubassets.com',
        '*.githubassets.com',
      ],
      reads: 'download',
      unmatched: 'none',
      routes: [],
    },
    sshHosts(['ssh.github.com'], ['github.com']),
    {
      // Packages belong to an owner; which repository they are shown beside, the address does not tell.
      hosts: ['ghcr.io', '*.pkg.github.com'],
      repositories: ['github.com'],
      reads: 'download',
      routes: writes({ '/**': 'package-publish' }, 'unknown'),
    },
    { hosts: ['*.github.com', '*.githubusercontent.com'], repositories: ['github.com'], reads: 'web-read', routes: [] },
  ],
}

/** A host that takes what another one announced: the repository is in the announcement. */
function secondHop(hosts: readonly string[], operation: Route['operation']): ServiceEntry['surfaces'][number] {
  const routes: readonly Route[] = [{ methods: WRITES, path: '/**', operation, lands: 'unknown' }]
  return { hosts, repositories: ['github.com'], reads: 'download', routes }
}
