/** XML answers, and texts that stay texts in them (XML 1.0, sections 2.2 and 2.4). */
import type { Rendered } from './form.ts'

export function renderXml(status: number, element: string, contentType = 'application/xml'): Rendered {
  return { status, contentType, body: `<?xml version="1.0" encoding="UTF-8"?>\n${element}\n` }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
}

// What may stand in XML at all. Most control characters and half a surrogate pair may not, and a parser refuses the whole answer for one.
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"'\r]/g, (character) => ENTITIES[character] ?? '')
}
