/** Reads the query of a request target in every way that a server may read it: which parameters stand in it. */

interface Parameter {
  readonly spelled: string
  readonly value: string
  /** Name and value as the most lenient server reads them. */
  readonly name: string
  readonly read: string
}

/** As many parameters as a target that is classified has room for. */
export interface Query {
  readonly parameters: readonly Parameter[]
  /** Servers disagree on where its parameters begin and end. */
  readonly odd: boolean
}

/** A parameter's value, `true` for any, one that is empty or left out included. */
export type Wanted = Readonly<Record<string, string | true>>

/** How often escapes are undone: once by the server, once by what stands in front of it, and once more. */
const DECODINGS_MAX = 3

// To some servers `;` parts parameters too, and a second `?` begins them anew.
const SEPARATORS = /[&;?]/
const ODD = /[;?]|%(?![0-9A-Fa-f]{2})/
// `%uFF41` is an escape to servers of one maker.
const UNIT_ESCAPE = /%u([0-9A-Fa-f]{4})/gi
const BYTE_ESCAPES = /(?:%[0-9A-Fa-f]{2})+/g
// Servers trim blanks, end a text at a control character or leave it out; `name[]` is a list called `name`.
const BLANK = /[\p{Cc}\p{Z}]/gu
const INDEX = /\[.*$/

export function readQuery(query: string): Query {
  const parameters = query
    .split(SEPARATORS)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const mark = piece.indexOf('=')
      const [spelled, value] = mark === -1 ? [piece, ''] : [piece.slice(0, mark), piece.slice(mark + 1)]
      return { spelled, value, name: foldName(spelled), read: fold(value) }
    })
  return { parameters, odd: ODD.test(query) }
}

/** Each parameter stands once, in the spelling that every server reads alike. */
export function hasExactly({ parameters, odd }: Query, wanted: Wanted): boolean {
  if (odd) return false
  return Object.entries(wanted).every(([name, value]) => {
    const folded = foldName(name)
    const [one, ...more] = parameters.filter((parameter) => parameter.name === folded)
    return one?.spelled === name && more.length === 0 && (value === true || one.value === value)
  })
}

/** Each parameter stands somewhere, in any spelling that some server reads so. */
export function mayHave({ parameters }: Query, wanted: Wanted): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    const [folded, read] = [foldName(name), value === true ? null : fold(value)]
    return parameters.some((parameter) => parameter.name === folded && (read === null || parameter.read === read))
  })
}

function foldName(spelled: string): string {
  return fold(spelled).replace(INDEX, '')
}

function fold(spelled: string): string {
  let text = spelled
  for (let round = 0; round < DECODINGS_MAX && text.includes('%'); round++) text = decode(text)
  return text.normalize('NFKC').replace(BLANK, '').replaceAll('+', '').toLowerCase()
}

/** What is no escape stays as it is, and so does the rest: a server that rejects it does no harm. */
function decode(text: string): string {
  return text
    .replace(BYTE_ESCAPES, (escaped) => Buffer.from(escaped.replaceAll('%', ''), 'hex').toString())
    .replace(UNIT_ESCAPE, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)))
}
