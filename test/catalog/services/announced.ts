/** Tables of requests whose answer names where the rest of an upload goes: `METHOD URL OPERATION FIELD`, `-` where none does. */
import { expect, it } from 'vitest'
import { classifyUrl } from '../classified.ts'

export function checkAnnounced(table: string): void {
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  it.each(rows)('%s %s is %s, and the rest goes to what %s says', (method = '', url = '', operation, field) => {
    const { operation: found, announces } = classifyUrl(method, url)
    const said = announces?.in === 'json' ? announces.field : (announces?.in ?? '-')
    expect([found, said]).toEqual([operation, field])
  })
}

/** A POST that is a read while there is nothing in it, and a write with anything: `URL OPERATION`. */
export function checkEmptyReads(table: readonly (readonly [url: string, operation: string])[]): void {
  it.each(table)('a POST to %s with nothing in it is %s', (url, operation) => {
    expect(classifyUrl('POST', url, { hasContent: false }).operation).toBe(operation)
    expect(classifyUrl('POST', url, { hasContent: true }).operation).toBe('unknown-write')
  })
}
