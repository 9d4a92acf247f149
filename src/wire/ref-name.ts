/** Which names a ref may have (git-check-ref-format), as receive-pack holds pushed refs to it; and what may be part of one. */

/** True for `refs/…` in the form that git accepts in a push: what git refuses is not worth a judgement. */
export function isRefName(name: string): boolean {
  if (!name.startsWith('refs/') || FORBIDDEN.test(name)) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}

/** True for what a name of a ref may begin or be abbreviated with: `HEAD`, `v1.0`, `refs/heads/`, `refs/heads/fea`. */
export function isRefPrefix(text: string): boolean {
  return text !== '' && !FORBIDDEN.test(`${text}x`)
}

// Control characters, space and git's revision syntax; a dot may not end a name, nor two of them stand together.
const FORBIDDEN = /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\.$/u
