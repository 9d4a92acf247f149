/** Source of the organisation's own, and the index of it that Weir is given. */
import { createHash } from 'node:crypto'
import { IndexBuilder } from '../../../src/content/fingerprints/index-builder.ts'
import { deriveKeys } from '../../../src/content/fingerprints/keys.ts'
import type { ScanKnowledge } from '../../../src/proxy/scan-setup.ts'
import { createRandom } from '../../secrets/random.ts'

/** The name under which it is indexed. */
const OWN_REPOSITORY = 'acme/engine'

const KEY = createHash('sha256').update('the key of a test').digest()
const FUNCTIONS = 24

/** Code that nobody else has: the same for the same seed. */
export function sourceOf(seed: number): string {
  const random = createRandom(seed)
  const word = (): string => WORDS.map((list) => random.pick(list)).join('')
  return Array.from({ length: FUNCTIONS }, () => {
    const [name, left, right, result] = [word(), word(), word(), word()]
    const factor = random.int(9_000)
    return [
      `export function ${name}(${left}: number, ${right}: string): number {`,
      `  const ${result} = ${left} * ${factor} + ${right}.length`,
      `  if (${result} > ${factor * 3}) return ${word()}(${result}, ${right})`,
      `  return ${word()}.${word()}(${left} - ${result})`,
      '}',
      '',
    ].join('\n')
  }).join('\n')
}

const WORDS: readonly (readonly [string, ...string[]])[] = [
  ['settle', 'price', 'route', 'merge', 'ledger', 'match', 'quote', 'hedge', 'clear', 'audit'],
  ['Order', 'Venue', 'Batch', 'Curve', 'Depth', 'Margin', 'Swap', 'Basket', 'Tenor', 'Fill'],
  ['At', 'By', 'For', 'Into', 'Over', 'Past', 'From', 'With', 'Near', 'Upon'],
  ['Close', 'Window', 'Limit', 'Spread', 'Session', 'Bucket', 'Anchor', 'Cohort', 'Span', 'Tick'],
]

/** What is indexed. */
export const OWN_SOURCE = sourceOf(7)

/** The same in a file of another name, indented otherwise, with some lines changed. */
export function disguised(source: string): string {
  return source
    .split('\n')
    .map((line, at) => (at % 20 === 7 ? `${line} // changed ${at}` : line.replace(/^ {2}/, '\t')))
    .join('\r\n')
}

export function knowOwnSource(): ScanKnowledge {
  const builder = new IndexBuilder(deriveKeys(KEY), null)
  const bytes = Buffer.from(OWN_SOURCE)
  const objectId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  builder.add(
    { repository: builder.repository(OWN_REPOSITORY), path: 'src/engine.ts', format: 'sha1', objectId },
    bytes,
  )
  return { secretRules: null, fingerprints: { index: builder.encode(), key: KEY } }
}
