/** What a path template may be, and what is said of one that is none. */

export interface TemplateFault {
  readonly message: string
  readonly hint?: string
}

/** What names the repository: behind `**` nobody knows how far it stands from the beginning. */
const NAMING = ['{owner}', '{repo}', '{team_project}', '{project}', '{path}']

/** Null for a good template. */
export function whyNotTemplate(path: string): TemplateFault | null {
  if (!path.startsWith('/')) return { message: `\`${path}\` does not begin with \`/\``, hint: `write \`/${path}\`` }
  if (path.includes('?')) return { message: `\`${path}\` has a query`, hint: 'use `query` for parameters' }
  const parts = path === '/' ? [] : path.slice(1).split('/')
  const strange = parts.find((part) => !isSegment(part))
  if (strange === '') return { message: `\`${path}\` has an empty part`, hint: 'a `/` stands between two parts' }
  if (strange !== undefined) {
    return { message: `\`${strange}\` is no part of a template`, hint: 'write a word, `{name}`, or `**`' }
  }
  const rest = parts.indexOf('**')
  if (rest !== parts.lastIndexOf('**'))
    return { message: `\`**\` stands twice in \`${path}\``, hint: 'keep one of them' }
  if (parts.lastIndexOf('{path}') > 0) return { message: '`{path}` stands first in a template, or not at all' }
  if (parts[0] === '{path}' && !isWord(parts[1] ?? '')) {
    return { message: '`{path}` has no end', hint: 'write a word behind it: `/{path}/upload`' }
  }
  const late = rest === -1 ? undefined : parts.slice(rest).find((part) => NAMING.includes(part))
  return late === undefined
    ? null
    : { message: `\`${late}\` stands behind \`**\``, hint: 'name the repository before it' }
}

/** A segment of a template that is equal to one of the path. */
export function isWord(part: string): boolean {
  return /^[A-Za-z0-9._-]+$/.test(part) && part !== '.' && part !== '..'
}

/** A segment of a template that is any segment of the path, or one that a surface's own words tell. */
export function isName(part: string): boolean {
  return /^\{[a-z_]+\}$/.test(part)
}

function isSegment(part: string): boolean {
  return part === '**' || isName(part) || isWord(part)
}
