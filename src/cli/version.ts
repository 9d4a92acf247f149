/** The version of this Weir, from its own package.json, which lies at the same distance from the source and the build. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
