/** The words that a policy may use of services: their categories and their kinds (weir.md, "The policy language"). */

/**
 * What a service is for, as far as a rule cares where data goes.
 * - `code-repository`: forges and hosted repositories; git, their web pages and their APIs.
 * - `file-sharing`: drives and drops that keep a file for whoever has the link or the account.
 * - `paste`: text drops.
 * - `webhook`: endpoints that take a message from anyone and pass it on, and request catchers.
 * - `tunnel-service`: relays that give a machine behind a firewall a public name.
 * - `site-hosting`: sites and functions of anyone under a shared name; what answers there is anyone's program.
 * - `messaging`: chat, where files and text leave among other things.
 * - `ai`: models that take prompts and files.
 * - `package-registry`: registries of packages and images of containers.
 * - `dns-over-https`: resolvers; the names that are asked for reach whoever owns them.
 * - `object-storage`: buckets of anyone under a shared name. Some of these hosts serve much else besides.
 */
export const CATEGORIES = [
  'code-repository',
  'file-sharing',
  'paste',
  'webhook',
  'tunnel-service',
  'site-hosting',
  'messaging',
  'ai',
  'package-registry',
  'dns-over-https',
  'object-storage',
] as const

export type Category = (typeof CATEGORIES)[number]

/**
 * The kinds that a policy's `services:` may name: servers of one's own.
 * - `github`: GitHub Enterprise Server; web and git at its root, REST below /api/v3.
 * - `gitlab`: GitLab at the root of its host; REST below /api/v4.
 * - `bitbucket`: Bitbucket Server and Data Center; git below /scm, REST below /rest.
 * - `gitea`, `forgejo`: either, at the root of its host; REST below /api/v1.
 * - `azure-devops`: Azure DevOps Server and Team Foundation Server; collections at the root of the host or below /tfs.
 * - `git`: any server that speaks git's smart HTTP protocol; everything else on it is uncatalogued.
 */
export const KINDS = ['github', 'gitlab', 'bitbucket', 'gitea', 'forgejo', 'azure-devops', 'git'] as const

export type Kind = (typeof KINDS)[number]

const DOUBTFUL: readonly Category[] = ['file-sharing', 'paste', 'webhook', 'dns-over-https']

/**
 * Where a GET can be the upload itself (`GET /hook?data=…`), so that only a catalogued one is a read
 * (weir.md, "Operations": drop, paste and webhook services; and at a resolver the name that is asked for is the data).
 */
export function doubtsReads(category: Category): boolean {
  return DOUBTFUL.includes(category)
}
