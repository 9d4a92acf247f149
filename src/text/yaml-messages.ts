/** What the YAML library says, in words for someone who edits a policy. */
import type { ErrorCode, YAMLError } from 'yaml'

/** A fault at the offsets `from` up to `to` of the text. */
export interface YamlFault {
  readonly from: number
  readonly to: number
  readonly message: string
  readonly hint?: string
}

/** `text` is the whole file: some messages quote what stands at the fault. */
export function translateYamlError(error: YAMLError, text: string): YamlFault {
  const [from, to] = error.pos
  const said = MESSAGES[error.code]
  if (said === undefined) return { from, to, message: `not valid YAML: ${firstLower(error.message)}` }
  const [message, hint] = typeof said === 'function' ? said(quoteAt(text, from), error) : said
  const end = error.code === 'DUPLICATE_KEY' ? from + quoteAt(text, from).length : to
  return { from, to: end, message, ...(hint === undefined ? {} : { hint }) }
}

type Said = readonly [message: string, hint?: string]

const MESSAGES: Partial<Record<ErrorCode, Said | ((quote: string, error: YAMLError) => Said)>> = {
  DUPLICATE_KEY: (quote) => [`\`${quote}\` stands twice`, 'keep one of them'],
  TAB_AS_INDENT: ['a tab indents this line', 'indent with spaces'],
  MULTIPLE_DOCS: ['a second document begins here', 'keep one document in one file: remove the `---`'],
  TAG_RESOLVE_FAILED: (quote) => [`the YAML tag \`${quote}\` is not read`, 'remove it'],
  BAD_ALIAS: ['a value cannot begin with `*`', 'put it in quotes'],
  NON_STRING_KEY: ['a key must be plain text'],
  RESOURCE_EXHAUSTION: ['nested too deeply'],
  BLOCK_AS_IMPLICIT_KEY: ['a second `:` stands in this value', 'put the value in quotes, or begin a new line'],
  BAD_SCALAR_START: (quote) => [`a value cannot begin with \`${quote.slice(0, 1)}\``, 'put it in quotes'],
  MISSING_CHAR: (_quote, error) =>
    /quote/.test(error.message)
      ? ['a quote is not closed', 'close it']
      : [`not valid YAML: ${firstLower(error.message)}`],
  BAD_INDENT: (_quote, error) =>
    /^Flow (sequence|map)/.test(error.message)
      ? ['a `[` or `{` is not closed', 'close it, and indent its lines deeper than its key']
      : ['this line is indented otherwise than its neighbours'],
}

/** The word that stands at an offset: what a person would point at. */
function quoteAt(text: string, at: number): string {
  return /^[^\s:,[\]{}]{1,60}/.exec(text.slice(at, at + 60))?.[0] ?? text.slice(at, at + 1)
}

function firstLower(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1)
}
