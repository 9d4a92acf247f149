/** How Weir is started here: as the script `weir` of package.json does, whose options of Node are a part of the program. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const CHECKOUT = resolve(import.meta.dirname, '..')

/** What stands behind `node`, with the program by its whole path. */
export function weirWords(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(resolve(CHECKOUT, 'package.json'), 'utf8')) as {
    scripts: { weir: string }
  }
  const [node, ...words] = scripts.weir.split(' ')
  if (node !== 'node') throw new Error(`the script \`weir\` does not run node: ${scripts.weir}`)
  return words.map((word) => (word.endsWith('.ts') ? resolve(CHECKOUT, word) : word))
}
