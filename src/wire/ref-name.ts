/** Which names a ref may have (git-check-ref-format), as receive-pack holds pushed refs to it. */

/** True for `refs/…` in the form that git accepts in a push: what git refuses is not worth a judgement. */
export function isRefName(name: string): boolean {
  if (!name.startsWith('refs/') || FORBIDDEN.test(name)) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}

// Control characters, space and git's revision syntax; a dot may not end a name, nor two of them stand together.
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\.$/u
