/** The kind `git`: a server of which only git's smart HTTP protocol and LFS are known. */
import type { KindEntry } from '../service-entry.ts'

export const GIT_SERVER: KindEntry = {
  kind: 'git',
  category: 'code-repository',
  // A plain server keeps repositories in a file system: `Acme/x` and `acme/x` may be two.
  foldsCase: false,
  surfaces: [{ hosts: ['{host}'], repositories: ['{host}'], reads: 'web-read', git: 'path', routes: [] }],
}
