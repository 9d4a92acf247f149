/** What a list of exceptions in the format of gitleaks excuses. */

export interface Regex {
  matcher(text: string): { find(): boolean }
}

export interface Allowlist {
  /** Null for every rule. */
  readonly rules: ReadonlySet<string> | null
  readonly needsAll: boolean
  readonly isNever: boolean
  readonly paths: readonly Regex[]
  readonly regexes: readonly Regex[]
  readonly target: 'secret' | 'match' | 'line'
  /** In lower case. */
  readonly stopwords: readonly string[]
}

export interface Candidate {
  readonly text: string
  readonly path: string
  readonly secret: string
  readonly matchStart: number
  readonly matchEnd: number
}

export function isAllowed(list: Allowlist, candidate: Candidate): boolean {
  if (list.isNever) return false
  const answers: boolean[] = []
  if (list.paths.length > 0) answers.push(hasMatch(list.paths, candidate.path))
  if (list.regexes.length > 0) answers.push(hasMatch(list.regexes, targetOf(list, candidate)))
  if (list.stopwords.length > 0) {
    const folded = candidate.secret.toLowerCase()
    answers.push(list.stopwords.some((word) => folded.includes(word)))
  }
  if (answers.length === 0) return false
  return list.needsAll ? answers.every(Boolean) : answers.some(Boolean)
}

function hasMatch(regexes: readonly Regex[], text: string): boolean {
  return regexes.some((regex) => regex.matcher(text).find())
}

function targetOf({ target }: Allowlist, { text, secret, matchStart, matchEnd }: Candidate): string {
  if (target === 'secret') return secret
  if (target === 'match') return text.slice(matchStart, matchEnd)
  const start = text.lastIndexOf('\n', matchStart) + 1
  const end = text.indexOf('\n', matchEnd)
  return text.slice(start, end === -1 ? text.length : end)
}
