/** What is in one's own repository and nobody's own: licences, templates, and what tools write. */

/** Names of files that are the same everywhere, or made from what is: licences, templates, and what build tools bring along. */
const WELL_KNOWN = [
  /^(?:(?:un)?licen[cs]e|copying|copyright|notice|patents|authors|code_of_conduct|third.?party.?notices)(?:[.-](?:txt|md|rst|html?|mit|bsd|isc|apache|[al]?gpl|mpl|cc0|v?\d{1,2}))*$/i,
  /^\.(?:git(?:ignore|attributes|keep|modules)|npmignore|dockerignore|editorconfig|npmrc|nvmrc|eslintignore|prettierignore|mailmap|ds_store)$/i,
  /^(?:gradlew|mvnw)(?:\.(?:bat|cmd))?$/i,
  /^(?:install-sh|config\.(?:guess|sub|rpath)|ltmain\.sh|aclocal\.m4|depcomp|py-compile|mkinstalldirs|ylwrap|missing|test-driver)$/,
  /^thumbs\.db$/i,
]

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
  if (WELL_KNOWN.some((form) => form.test(name))) return 'well-known'
  return LOCK_FILE.test(name) ? 'lock-file' : 'own'
}

export function saysGenerated(text: string): boolean {
  return GENERATED.test(text.slice(0, GENERATED_WITHIN_BYTES))
}

/** From where to where, in characters. */
export type Span = readonly [start: number, end: number]

/**
 * Words that texts of licences are full of, in which no line is far from the next one. Where a header says only who holds the
 * copyright, a few lines around it are lost, and no more.
 */
const LEGAL = [
  'copyright(?:ed|s)?',
  'licen[cs](?:e|es|ed|ing|or|ee)',
  'sublicen[cs]e',
  'redistributions?',
  'merchantability',
  'warrant(?:y|ies)',
  'disclaimers?',
  'liab(?:le|ility)',
  'negligence',
  'tort(?:ious)?',
  'consequential',
  'noninfringement',
  'endorse',
  'hereby',
  'misrepresented',
  'plainly marked',
  'gnu',
  '[al]?gpl',
  'mozilla public',
  'parser skeleton',
  'prior written',
  'to promote the sale',
]

/** What compilers write into every module, names of standards, lists of what is taken from elsewhere. */
const WELL_KNOWN_CODE = [
  'this\\.__[a-z]+',
  '__esmodule',
  '@babel/(?:helpers|runtime)',
  'interop_?require[a-z]*',
  '_?(?:classcallcheck|createclass|typeof)\\(',
  'iterable instance',
  'generator is already executing',
  'hasownproperty\\.call',
  'object\\.assign\\.bind',
  'symbol\\.iterator',
  'www\\.w3\\.org',
  'xmlschema',
  '(?:small|capital) letter',
  'lorem ipsum',
  'dolor',
  'payment required',
  'precondition failed',
  'multiple choices',
  'equals\\(object',
  'int prime',
  'plusmn|ccedil|oslash|iquest|frac12|blk34',
  'content=\\\\?"(?:ie=edge|width=device-width)',
  'kappa',
  'typedef unsigned',
  'super expression must',
  '(?:^|\\n)[ \\t]*(?:import|from|using|#[ \\t]*include)\\b[^\\n]{0,200}',
]

const LEGAL_REACH = 220
const CODE_REACH = 120
/** Where it is asked whether there is anything but public text: the line itself, and not those around it. */
const NARROW_REACH = 60

/** One pass for all; the first group is a legal word. */
const PUBLIC_WORDS = new RegExp(`\\b(${LEGAL.join('|')})\\b|(?:${WELL_KNOWN_CODE.join('|')})`, 'gi')

/** Where the text is public: licences, headers of files included, and what is in everybody's code. In order, and apart. */
export function publicSpans(text: string, breadth: 'wide' | 'narrow'): readonly Span[] {
  const spans: [start: number, end: number][] = []
  for (const match of text.matchAll(PUBLIC_WORDS)) {
    const wide = match[1] === undefined ? CODE_REACH : LEGAL_REACH
    const reach = breadth === 'wide' ? wide : NARROW_REACH
    const start = Math.max(0, match.index - reach)
    const end = Math.min(text.length, match.index + match[0].length + reach)
    const last = spans.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else spans.push([start, end])
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
