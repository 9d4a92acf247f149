/** By what a piece of content is opened: by what its bytes say and by what is said of it, whichever of them opens. */
import { base64Run } from '../wire/base64-decoder.ts'
import { type ContentType, parseContentType } from '../wire/content-type.ts'
import { boundaryBytesMax } from '../wire/multipart.ts'
import { parseZstdWindow, zstdFrameHeaderBytesMax } from '../wire/zstd-frame.ts'
import { zstdWindowLogMax } from './inflater.ts'
import { hasMark, openBase64, openDataUrl, openMarked, openUtf16 } from './openings/encoded.ts'
import { openGzip } from './openings/gzip.ts'
import { openForm, openGraphql, openJson, openMultipart } from './openings/fields.ts'
import { openTar } from './openings/tar.ts'
import { openZip } from './openings/zip.ts'
import { openZstd } from './openings/zstd.ts'
import { type Signature, signatureOf } from './signatures.ts'
import { isTextAtOnce, mayBeginText, utf16Of } from './text-check.ts'
import { type Nest, type Opening, type Way, WrappingFault } from './wrapping.ts'

export const headBytes = 4_096

/** Shorter texts of these letters are words and names. */
export const base64CharactersMin = 32
/** Longer texts of hexadecimal digits are read as base64 as well. */
export const digestCharactersMax = 128

export interface Choice {
  readonly signature: Signature | null
  readonly isText: boolean
  readonly ways: readonly Way[]
  /** The text is an encoding and nothing else: whoever reads what it stands for need not read it as well. */
  readonly hidesText: boolean
  /** What is wrong with its type. */
  readonly fault: string | null
}

/** `head` is the first 4 KiB; `isWhole` where there is no more; `isGraphql` where a server may take it for a document of GraphQL. */
export function choose(head: Uint8Array, isWhole: boolean, contentType: string | null, isGraphql: boolean): Choice {
  const choice = chooseByItself(head, isWhole, contentType)
  if (!isGraphql || !choice.isText) return choice
  return { ...choice, ways: [...choice.ways, { archive: null, isGuess: true, open: openGraphql }] }
}

function chooseByItself(head: Uint8Array, isWhole: boolean, contentType: string | null): Choice {
  const looksText = isWhole ? isTextAtOnce(head) : mayBeginText(head)
  const signature = signatureOf(head, looksText)
  const isText = looksText && signature?.opens == null
  const ways: Way[] = []
  const opened = signature === null ? null : archiveWay(signature, head)
  if (opened !== null) ways.push(opened)
  const seen = { head, signature, isText }
  const fault = contentType === null ? null : addDeclared(seen, contentType, ways)
  if (contentType === null) addSniffed(seen, ways)
  const utf16 = ways.length === 0 && signature === null && !isText ? utf16Of(head) : null
  if (utf16 !== null) ways.push(wayOf((nest) => openUtf16(nest, utf16)))
  if (!isText || ways.length > 0) return { signature, isText, ways, hidesText: false, fault }
  return { signature, isText, fault, ...textChoice(head, isWhole) }
}

const FORM = 'application/x-www-form-urlencoded'

function wayOf(open: Way['open'], archive: Way['archive'] = null, isGuess = false): Way {
  return { archive, isGuess, open }
}

function archiveWay({ opens }: Signature, head: Uint8Array): Way | null {
  switch (opens) {
    case 'zip':
      return wayOf((nest) => openZip(nest, 0), opens)
    case 'gzip':
      return wayOf(openGzip, opens)
    case 'tar':
      return wayOf(openTar, opens)
    case 'zstd':
      return wayOf((nest) => openZstdWithin(nest, head), opens)
    default:
      return null
  }
}

interface Beginning {
  readonly head: Uint8Array
  readonly signature: Signature | null
  readonly isText: boolean
}

/** By what its type says, and by what it looks like where that is something else. Answers what is wrong with the type. */
function addDeclared(seen: Beginning, field: string, ways: Way[]): string | null {
  const type = parseContentType(field)
  if (type?.type === FORM) ways.push(wayOf(openForm))
  const isJson = type !== null && /^application\/(?:.+\+)?json$/.test(type.type)
  const boundary = type?.type.startsWith('multipart/') === true ? namedBoundary(type) : null
  if (type !== null && boundary !== null) ways.push(wayOf((nest) => openMultipart(nest, boundary, type.type)))
  if (isJson) ways.push(wayOf((nest) => openJson(nest, true)))
  if (isJson || boundary !== null) return null
  const before = ways.length
  addSniffed(seen, ways)
  const isParts = /^\s*multipart\//i.test(field)
  return isParts && ways.length === before ? 'as parts: it names no boundary that can be one' : null
}

function addSniffed({ head, signature, isText }: Beginning, ways: Way[]): void {
  if (signature !== null) return
  const boundary = likelyBoundary(head)
  if (boundary !== null) ways.push(wayOf((nest) => openMultipart(nest, boundary, 'multipart/mixed')))
  else if (isText && isLikelyJson(head)) ways.push(wayOf((nest) => openJson(nest, false)))
}

/** A text that nothing else opens. */
function textChoice(head: Uint8Array, isWhole: boolean): Pick<Choice, 'ways' | 'hidesText'> {
  const url = head[4] === COLON ? /^data:([^,]{0,256}),/i.exec(textOf(head.subarray(0, 300))) : null
  if (url !== null && !/;\s*base64$/i.test(url[1] ?? '')) {
    return { ways: [wayOf((nest) => openDataUrl(nest, url[0].length, url[1] ?? ''))], hidesText: false }
  }
  const run = base64Run(head, 0)
  if (run >= base64CharactersMin && (isWhole ? isWholeBase64(head, run) : run === head.length)) {
    const isSure = !isWhole && makesSense(head)
    return { ways: [wayOf((nest) => openBase64(nest, isSure), null, true)], hidesText: isSure }
  }
  return { ways: isWhole && !hasMark(head) ? NO_WAYS : [wayOf(openMarked, null, true)], hidesText: false }
}

const COLON = 0x3a
const NO_WAYS: readonly Way[] = Object.freeze([])

function isWholeBase64(text: Uint8Array, run: number): boolean {
  if (run < text.length && !/^=?[\r\n]*=?[\r\n]*$/.test(textOf(text.subarray(run)))) return false
  return !isDigest(text) && endsWell(text)
}

/** Digests and ids in hexadecimal are letters of base64 as well, and stand in every JSON. */
function isDigest(text: Uint8Array): boolean {
  return text.length <= digestCharactersMax && /^[0-9a-f]*$/i.test(textOf(text))
}

/** Whether the digits of a whole text are as many as whole bytes have. */
function endsWell(text: Uint8Array): boolean {
  let [digits, padding] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0
    if (byte === PADDING) padding += 1
    else if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) digits += 1
  }
  return digits % 4 !== 1 && (padding === 0 || (digits + padding) % 4 === 0)
}

const PADDING = 0x3d
const LINE_FEED = 0x0a

function makesSense(head: Uint8Array): boolean {
  const decoded = Buffer.from(textOf(head), 'base64')
  return mayBeginText(decoded) || signatureOf(decoded, false) !== null
}

function namedBoundary({ parameters }: ContentType): string | null {
  const named = parameters.get('boundary') ?? ''
  return named !== '' && named.length <= boundaryBytesMax ? named : null
}

/** By a first line that looks like one, and a header field behind it. */
function likelyBoundary(head: Uint8Array): string | null {
  if (head[0] !== HYPHEN && head[0] !== CARRIAGE_RETURN) return null
  const first = /^(?:\r\n)*--([^\r\n]{1,256})\r\ncontent-(?:disposition|type|transfer-encoding)[ \t]*:/i
  return first.exec(textOf(head))?.[1] ?? null
}

function isLikelyJson(head: Uint8Array): boolean {
  const from = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  for (let at = from; at < head.length; at++) {
    const byte = head[at] ?? 0
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return JSON_BEGINNINGS.has(byte)
  }
  return false
}

const HYPHEN = 0x2d
const CARRIAGE_RETURN = 0x0d
/** An object, a list, a string. */
const JSON_BEGINNINGS = new Set([0x7b, 0x5b, 0x22])

function openZstdWithin(nest: Nest, head: Uint8Array): Opening {
  const padded = new Uint8Array(zstdFrameHeaderBytesMax)
  padded.set(head.subarray(0, zstdFrameHeaderBytesMax))
  const window = parseZstdWindow(padded)
  // A frame that is skipped says nothing of those behind it.
  const bytes = window.state === 'done' ? window.value : 2 ** zstdWindowLogMax
  const windowLog = Math.max(ZSTD_WINDOW_LOG_MIN, Math.ceil(Math.log2(Math.max(1, bytes))))
  if (windowLog > zstdWindowLogMax)
    throw new WrappingFault(`its zstd takes a window of more than ${2 ** zstdWindowLogMax} bytes`)
  if (!nest.reserve(2 ** windowLog)) throw new WrappingFault('it takes more memory to open than an examination may')
  return openZstd(nest, windowLog)
}

const ZSTD_WINDOW_LOG_MIN = 10

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
