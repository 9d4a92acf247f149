/** The media type of bytes by what they are, where our own signatures do not tell: asked of the library file-type. */
import { fileTypeFromBuffer } from 'file-type'

/** Fewer bytes have a signature by chance more often than by purpose. */
export const typedBytesMin = 64

/** Null where they do not tell. Archives that it would open itself are recognised before it is asked. */
export async function typeOfBytes(head: Uint8Array): Promise<string | null> {
  try {
    const found = await fileTypeFromBuffer(head)
    return found?.mime ?? null
  } catch {
    // A head that is cut off within what it reads tells nothing.
    return null
  }
}

/** What kind of text it is, as far as its first line says. */
export function typeOfText(head: Uint8Array): string {
  const first = Buffer.from(head.subarray(0, TEXT_SEEN_BYTES))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(first))
    return 'image/svg+xml'
  if (/^<(?:!doctype html|html)[\s>]/i.test(first)) return 'text/html'
  return first.startsWith('<?xml') ? 'application/xml' : 'text/plain'
}

const TEXT_SEEN_BYTES = 512
