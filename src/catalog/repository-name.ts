/** Names a repository as policies do: HOST/OWNER/REPO, folded where the host folds, without `.git`. */
import { type Fact, known, NEVER } from '../flow/fact.ts'
import type { Repository } from '../flow/subject.ts'
import type { Segments } from './path.ts'

// What needs an escape, or means something in a policy's patterns, is no name that anyone can check.
const PLAIN_NAME = /^[A-Za-z0-9._~+@-]+$/
// An id under which a server knows a repository beside its name: whose id it is, the address does not tell. And dots, which a
// body may hold: to whoever makes a path of them they lead elsewhere.
const ODD_NAME = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\.+)$/i

/** `never` for a path that is no plain name: it lands somewhere, and nobody can say where. */
export function nameRepository(host: string, path: Segments, foldsCase: boolean): Fact<Repository> {
  const last = path[path.length - 1]
  if (last === undefined || !path.every((segment) => PLAIN_NAME.test(segment) && !ODD_NAME.test(segment))) return NEVER
  const suffix = foldsCase ? /\.git$/i : /\.git$/
  const bare = last.replace(suffix, '')
  // `.git` alone names no repository; of `x.git.git` servers strip one suffix or both.
  if (bare === '' || suffix.test(bare)) return NEVER
  const name = [...path.slice(0, -1), bare].join('/')
  return known(`${host}/${foldsCase ? name.toLowerCase() : name}`)
}
