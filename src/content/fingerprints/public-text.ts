/** What is in one's own repository and nobody's own: licences, templates, and what tools write. */

/** Names of files that are the same everywhere, or made from what is. */
const WELL_KNOWN =
  /^(?:(?:un)?licen[cs]e|copying|copyright|notice|patents|authors|code_of_conduct|third.?party.?notices)(?:[.-].*)?$|^\.(?:git(?:ignore|attributes|keep|modules)|npmignore|dockerignore|editorconfig|npmrc|nvmrc|eslintignore|prettierignore|mailmap|ds_store)$|^(?:gradlew|mvnw)(?:\.(?:bat|cmd))?$|^(?:install-sh|config\.(?:guess|sub|rpath)|ltmain\.sh|aclocal\.m4|depcomp|py-compile|mkinstalldirs|ylwrap|missing|test-driver|thumbs\.db)$/i

/** Lists of what is public, which another project has in part. */
const LOCK_FILE =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|composer\.lock|cargo\.lock|gemfile\.lock|poetry\.lock|uv\.lock|pipfile\.lock|go\.sum|flake\.lock|packages\.lock\.json|podfile\.lock|mix\.lock|pubspec\.lock)$/i

/** Folders into which tools put what others wrote. */
const THIRD_PARTY = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  'vendor',
  'third_party',
  'third-party',
  'thirdparty',
  'site-packages',
  '.venv',
  'venv',
  'pods',
  'carthage',
  '.yarn',
])

/** Said at the top of a file by what made it. */
const GENERATED =
  /@generated\b|\bdo not (?:edit|modify)\b|\b(?:auto(?:matically)?[ -]?)generated\b|\bgenerated (?:by|from|automatically)\b/i
const GENERATED_WITHIN_BYTES = 1_024

export type PathKind = 'own' | 'third-party' | 'well-known' | 'lock-file'

/** `path` has forward slashes. */
export function kindOfPath(path: string): PathKind {
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  if (parts.some((part) => THIRD_PARTY.has(part.toLowerCase()))) return 'third-party'
  if (WELL_KNOWN.test(name)) return 'well-known'
  return LOCK_FILE.test(name) ? 'lock-file' : 'own'
}

export function saysGenerated(text: string): boolean {
  return GENERATED.test(text.slice(0, GENERATED_WITHIN_BYTES))
}

/** From where to where, in characters. */
export type Span = readonly [start: number, end: number]

const PUBLIC_CHARACTERS_MAX = 4_096
/** Where the end is not found. */
const PUBLIC_CHARACTERS = 400

interface PublicText {
  readonly begins: string
  readonly ends: RegExp
}

/** Words with anything between them that is none: the marks of a comment, a line's end. */
function phrase(words: string): string {
  return words.split(' ').join('[^a-z0-9]{1,40}')
}

function publicText(begins: string, ends: string): PublicText {
  return { begins: phrase(begins), ends: new RegExp(phrase(ends), 'i') }
}

const NO_END = '[]'

const PUBLIC: readonly PublicText[] = [
  publicText('permission is hereby granted', 'dealings in the software'),
  publicText('redistribution and use in source and binary forms', 'possibility of such damage'),
  publicText('licensed under the apache license', 'limitations under the license'),
  publicText('licensed to the apache software foundation', 'limitations under the license'),
  publicText('you may not use this file except in compliance', 'limitations under the license'),
  publicText('is free software you can redistribute it', '(?:www gnu org licenses|boston ma|mass ave)'),
  publicText('permission to use copy modify', '(?:use or performance of this software|express or implied warranty)'),
  publicText('subject to the terms of the mozilla public license', 'mozilla org mpl'),
  publicText('this software is provided', '(?:possibility of such damage|removed or altered from any)'),
  publicText('the contents of this file are subject to', '(?:limitations under the license|terms of the license)'),
  publicText('(?:warranties|warranty) of merchantability', 'possibility of such damage'),
  publicText('found in the licen[cs]e file', NO_END),
  publicText('under the terms of the', NO_END),
  // What TypeScript and Babel put in front of a module.
  publicText('this this __[a-z]+', NO_END),
  publicText(
    'function _(?:typeof|interoprequire|classcallcheck|createclass|defineproperty|inherits|getprototypeof)',
    NO_END,
  ),
  publicText('object defineproperty exports __esmodule', NO_END),
]

/** One pass for all. */
const BEGINNINGS = new RegExp(PUBLIC.map(({ begins }) => `(${begins})`).join('|'), 'gi')

/** Where the text of a licence stands, headers of files included, or what compilers write; in order, and apart. */
export function publicSpans(text: string): readonly Span[] {
  const spans: [start: number, end: number][] = []
  for (const match of text.matchAll(BEGINNINGS)) {
    const { index } = match
    const ends = PUBLIC[match.slice(1).findIndex((group) => group !== undefined)]?.ends
    const found = ends?.exec(text.slice(index, index + PUBLIC_CHARACTERS_MAX)) ?? null
    const end = Math.min(text.length, index + (found === null ? PUBLIC_CHARACTERS : found.index + found[0].length))
    const last = spans.at(-1)
    if (last !== undefined && index <= last[1]) last[1] = Math.max(last[1], end)
    else spans.push([index, end])
  }
  return spans
}

/** How many of the words of a gram stand in the order of the alphabet where it is a list: names of colours, codes of countries. */
const LISTED_SHARE = 0.8

export function isList(text: string): boolean {
  const words = text.toLowerCase().match(/\b[a-z_]\w*/g) ?? []
  const inOrder = words.filter((word, at) => at > 0 && word > (words[at - 1] ?? '')).length
  return inOrder >= LISTED_SHARE * (words.length - 1)
}
