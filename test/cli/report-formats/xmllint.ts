/** The xmllint binary as an independent reader of XML. A machine without it fails these tests. */
import { execFileSync } from 'node:child_process'

/** The text that an XPath expression finds in a document; throws where the document is not well-formed. */
export function xpath(document: string, expression: string): string {
  const found = execFileSync('xmllint', ['--noent', '--nonet', '--xpath', expression, '-'], {
    input: document,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
  })
  return found.replace(/\n$/, '')
}
