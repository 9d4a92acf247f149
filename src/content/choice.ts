/** By what a piece of content is opened: by what its bytes say and by what is said of it, whichever of them opens. */
import { base64Run } from '../wire/base64-decoder.ts'
import { type ContentType, parseContentType } from '../wire/content-type.ts'
import { boundaryBytesMax } from '../wire/multipart.ts'
import { parseZstdWindow, zstdFrameHeaderBytesMax } from '../wire/zstd-frame.ts'
import { zstdWindowLogMax } from './inflater.ts'
import { openBase64, openDataUrl, openMarked, openUtf16 } from './openings/encoded.ts'
import { openGzip } from './openings/gzip.ts'
import { openForm, openJson, openMultipart } from './openings/fields.ts'
import { openTar } from './openings/tar.ts'
import { openZip } from './openings/zip.ts'
import { openZstd } from './openings/zstd.ts'
import { type Signature, signatureOf } from './signatures.ts'
import { mayBeginText, utf16Of } from './text-check.ts'
import { type Nest, type Opening, type Way, WrappingFault } from './wrapping.ts'

export const headBytes = 4_096

/** Shorter texts of these letters are words and names. */
export const base64CharactersMin = 32

export interface Choice {
  readonly signature: Signature | null
  readonly isText: boolean
  readonly ways: readonly Way[]
  /** The text is an encoding and nothing else: whoever reads what it stands for need not read it as well. */
  readonly hidesText: boolean
  readonly faults: readonly string[]
}

/** `head` is the first 4 KiB; `isWhole` where there is no more. */
export function choose(head: Uint8Array, isWhole: boolean, contentType: string | null): Choice {
  const declared = parseContentType(contentType)
  const signature = signatureOf(head)
  const isText = signature?.opens == null && mayBeginText(head)
  const faults: string[] = []
  const ways: Way[] = []
  const add = (open: Way['open'], archive: Way['archive'] = null, isGuess = false): void => {
    ways.push({ archive, isGuess, open })
  }
  const opens = signature?.opens ?? null
  if (opens === 'zip') add((nest) => openZip(nest, 0), 'zip')
  if (opens === 'gzip') add(openGzip, 'gzip')
  if (opens === 'tar') add(openTar, 'tar')
  if (opens === 'zstd') add((nest) => openZstdWithin(nest, head), 'zstd')
  const boundary = boundaryOf(declared, signature === null ? head : null)
  if (boundary !== null) {
    const type = declared?.type.startsWith('multipart/') === true ? declared.type : 'multipart/mixed'
    add((nest) => openMultipart(nest, boundary, type))
  } else if (/^\s*multipart\//i.test(contentType ?? '')) faults.push('as parts: it names no boundary that can be one')
  if (declared?.type === FORM) add(openForm)
  const isJson = declared !== null && /^application\/(?:.+\+)?json$/.test(declared.type)
  if (isJson || (isText && boundary === null && /^[\s\ufeff]*[[{"]/.test(textOf(head))))
    add((nest) => openJson(nest, isJson))
  const utf16 = ways.length === 0 && signature === null ? utf16Of(head) : null
  if (utf16 !== null) add((nest) => openUtf16(nest, utf16))
  if (!isText || ways.length > 0) return { signature, isText, ways, hidesText: false, faults }
  return { signature, isText, faults, ...textChoice(head, isWhole) }
}

const FORM = 'application/x-www-form-urlencoded'

/** A text that nothing else opens. */
function textChoice(head: Uint8Array, isWhole: boolean): Pick<Choice, 'ways' | 'hidesText'> {
  const [url, type = ''] = /^data:([^,]{0,256}),/i.exec(textOf(head.subarray(0, 300))) ?? []
  if (url !== undefined && !/;\s*base64$/i.test(type)) {
    return {
      ways: [{ archive: null, isGuess: false, open: (nest) => openDataUrl(nest, url.length, type) }],
      hidesText: false,
    }
  }
  const run = base64Run(head, 0)
  const end = textOf(head.subarray(run, run + 4))
  const isBase64 = isWhole ? /^=?[\r\n]*=?[\r\n]*$/.test(end) && endsWell(head) : run === head.length
  if (isBase64 && run >= base64CharactersMin) {
    const isSure = !isWhole && makesSense(head)
    return { ways: [{ archive: null, isGuess: true, open: (nest) => openBase64(nest, isSure) }], hidesText: isSure }
  }
  return { ways: [{ archive: null, isGuess: true, open: openMarked }], hidesText: false }
}

/** Whether the digits of a whole text are as many as whole bytes have. */
function endsWell(text: Uint8Array): boolean {
  const digits = text.filter((byte) => byte !== 0x3d && byte !== 0x0a && byte !== 0x0d).length
  const padding = text.filter((byte) => byte === 0x3d).length
  return digits % 4 !== 1 && (padding === 0 || (digits + padding) % 4 === 0)
}

function makesSense(head: Uint8Array): boolean {
  const decoded = Buffer.from(textOf(head), 'base64')
  return signatureOf(decoded) !== null || mayBeginText(decoded)
}

/** By its parameter, or where none is said, by a first line that looks like one and a header field behind it. */
function boundaryOf(declared: ContentType | null, text: Uint8Array | null): string | null {
  const named = declared?.type.startsWith('multipart/') === true ? declared.parameters.get('boundary') : undefined
  if (named !== undefined && named !== null && named !== '' && named.length <= boundaryBytesMax) return named
  if (text === null) return null
  return (
    /^(?:\r\n)*--([^\r\n]{1,256})\r\ncontent-(?:disposition|type|transfer-encoding)[ \t]*:/i.exec(textOf(text))?.[1] ??
    null
  )
}

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
