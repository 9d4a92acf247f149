/** Which segments of a git address name the repository: each kind of server has its own layout. */
import type { Segments } from './path.ts'
import type { GitNaming } from './service-entry.ts'

/** `path` is what stands before git's own segments. Null where it names no repository in this layout. */
export function repositoryOfGitPath(naming: GitNaming, path: Segments): Segments | null {
  switch (naming) {
    case 'owner/repo':
      return path.length === 2 ? path : null
    case 'group/repo':
      // A snippet of nobody's project is a repository too: the address has its number and not its owner.
      return path.length >= 2 && path[0]?.toLowerCase() !== 'snippets' ? path : null
    case 'path':
      return path
    case 'scm':
      return path.length === 3 && path[0] === 'scm' ? path.slice(1) : null
    case 'azure':
      return repositoryAtAzure(path)
    default:
      return naming satisfies never
  }
}

/** Server paths may stand below `/tfs`; `_full` and `_optimized` are two ways to fetch one repository. */
function repositoryAtAzure(path: Segments): Segments | null {
  const at = path.findIndex((segment) => segment.toLowerCase() === '_git')
  if (at === -1) return null
  const before = path.slice(path[0]?.toLowerCase() === 'tfs' ? 1 : 0, at)
  const behind = path.slice(at + 1)
  const names = /^_(?:full|optimized)$/i.test(behind[0] ?? '') ? behind.slice(1) : behind
  const [organization = '', project = names[0] ?? ''] = before
  const [name = ''] = names
  if (before.length === 0 || before.length > 2 || names.length !== 1) return null
  return [organization, project, name]
}
