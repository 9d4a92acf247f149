/** Builds the head of a push, well-formed or not. */
import { encodePktLine, FLUSH } from '../../src/wire/pkt-line.ts'

export const ZERO = '0'.repeat(40)
export const A = 'a'.repeat(40)
export const B = 'b'.repeat(40)

/** Null is a flush. */
export function packets(...lines: readonly (string | Uint8Array | null)[]): Uint8Array {
  return Buffer.concat(lines.map((line) => (line === null ? FLUSH : encodePktLine(line))))
}

export function command(oldId: string, newId: string, ref: string, capabilities?: string): string {
  return `${oldId} ${newId} ${ref}${capabilities === undefined ? '' : `\0${capabilities}`}`
}
