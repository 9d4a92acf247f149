/** Every service and every kind of the catalogue, in one list. */
import type { KindEntry, ServiceEntry } from './service-entry.ts'
import { AI } from './services/ai.ts'
import { CODE_REPOSITORIES } from './services/code-repositories.ts'
import { FILE_SHARING } from './services/file-sharing.ts'
import { GIT_SERVER } from './services/git.ts'
import { GITHUB } from './services/github.ts'
import { GITHUB_SERVER, GITHUB_TENANTS } from './services/github-server.ts'
import { MESSAGING } from './services/messaging.ts'
import { OBJECT_STORAGE } from './services/object-storage.ts'
import { PASTE } from './services/paste.ts'
import { SITE_HOSTING } from './services/site-hosting.ts'
import { TUNNEL_SERVICES } from './services/tunnel-services.ts'
import { WEBHOOKS } from './services/webhooks.ts'
import type { Kind } from './vocabulary.ts'

export const SERVICE_ENTRIES: readonly ServiceEntry[] = [
  GITHUB,
  GITHUB_TENANTS,
  ...CODE_REPOSITORIES,
  ...FILE_SHARING,
  ...PASTE,
  ...WEBHOOKS,
  ...TUNNEL_SERVICES,
  ...SITE_HOSTING,
  ...MESSAGING,
  ...AI,
  ...OBJECT_STORAGE,
]

export const KIND_ENTRIES: Readonly<Record<Kind, KindEntry>> = { github: GITHUB_SERVER, git: GIT_SERVER }
