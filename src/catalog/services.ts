/** Every service and every kind of the catalogue, in one list. */
import type { KindEntry, ServiceEntry } from './service-entry.ts'
import { AI } from './services/ai.ts'
import { AZURE_DEVOPS, AZURE_DEVOPS_SERVER } from './services/azure-devops.ts'
import { BITBUCKET } from './services/bitbucket.ts'
import { BITBUCKET_SERVER } from './services/bitbucket-server.ts'
import { CODE_REPOSITORIES } from './services/code-repositories.ts'
import { DNS_OVER_HTTPS } from './services/dns-over-https.ts'
import { FILE_SHARING } from './services/file-sharing.ts'
import { GIT_SERVER } from './services/git.ts'
import { FORGEJO_SERVER, GITEA, GITEA_SERVER } from './services/gitea.ts'
import { GITEE } from './services/gitee.ts'
import { GITHUB } from './services/github.ts'
import { GITHUB_SERVER, GITHUB_TENANTS } from './services/github-server.ts'
import { GITLAB, GITLAB_SERVER } from './services/gitlab.ts'
import { HUGGING_FACE } from './services/hugging-face.ts'
import { MEGA } from './services/mega.ts'
import { MESSAGING } from './services/messaging.ts'
import { OBJECT_STORAGE } from './services/object-storage.ts'
import { PACKAGE_REGISTRIES } from './services/package-registries.ts'
import { PASTE } from './services/paste.ts'
import { SITE_HOSTING } from './services/site-hosting.ts'
import { TUNNEL_SERVICES } from './services/tunnel-services.ts'
import { WEB_EDITORS } from './services/web-editors.ts'
import { WEBHOOKS } from './services/webhooks.ts'
import type { Kind } from './vocabulary.ts'

export const SERVICE_ENTRIES: readonly ServiceEntry[] = [
  GITHUB,
  GITHUB_TENANTS,
  ...GITLAB,
  BITBUCKET,
  ...GITEA,
  GITEE,
  AZURE_DEVOPS,
  HUGGING_FACE,
  ...CODE_REPOSITORIES,
  ...WEB_EDITORS,
  MEGA,
  ...FILE_SHARING,
  ...PASTE,
  ...WEBHOOKS,
  ...TUNNEL_SERVICES,
  ...SITE_HOSTING,
  ...MESSAGING,
  ...AI,
  ...PACKAGE_REGISTRIES,
  ...DNS_OVER_HTTPS,
  ...OBJECT_STORAGE,
]

export const KIND_ENTRIES: Readonly<Record<Kind, KindEntry>> = {
  github: GITHUB_SERVER,
  gitlab: GITLAB_SERVER,
  bitbucket: BITBUCKET_SERVER,
  gitea: GITEA_SERVER,
  forgejo: FORGEJO_SERVER,
  'azure-devops': AZURE_DEVOPS_SERVER,
  git: GIT_SERVER,
}
