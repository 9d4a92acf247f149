/** The positives of the labelled set: every kind in surroundings of every sort, the same each time. */
import { CLOUDS } from './kinds/clouds.ts'
import { FILES } from './kinds/files.ts'
import { FORGES } from './kinds/forges.ts'
import type { Kind } from './kinds/kind.ts'
import { SERVICES } from './kinds/services.ts'
import { createRandom, seedOf } from './random.ts'
import { BLOCK_SURROUNDINGS, SURROUNDINGS } from './surroundings.ts'

export interface Labelled {
  readonly kind: string
  readonly surrounding: string
  readonly text: string
  /** Each stands in the text as it is here. */
  readonly secrets: readonly string[]
}

export const KINDS: readonly Kind[] = [...FORGES, ...CLOUDS, ...SERVICES, ...FILES]

export const SAMPLES_PER_KIND = 16

export function positives(perKind = SAMPLES_PER_KIND): readonly Labelled[] {
  return KINDS.flatMap((kind) => samplesOf(kind, perKind))
}

function samplesOf(kind: Kind, count: number): readonly Labelled[] {
  const random = createRandom(seedOf(kind.id))
  const usable = SURROUNDINGS.filter(({ isNamed }) => isNamed || kind.isDistinct)
  const first = random.int(usable.length)
  return Array.from({ length: count }, (_, at) => {
    const sample = kind.make(random)
    if (sample.block !== null) {
      const around = BLOCK_SURROUNDINGS[at % BLOCK_SURROUNDINGS.length]
      const text = around?.render(sample.block) ?? sample.block
      const isWindows = around?.id === 'windows lines'
      const secrets = sample.secrets.map((secret) => (isWindows ? secret.replaceAll('\n', '\r\n') : secret))
      return { kind: kind.id, surrounding: around?.id ?? '', text, secrets }
    }
    // A step that has no divisor in common with the number of surroundings walks through all of them.
    const around = usable[(first + at * 11) % usable.length] ?? SURROUNDINGS[0]
    const value = sample.secrets[0] ?? ''
    const text = around?.render(random.pick(kind.names), value, random) ?? value
    const secrets = around?.id === 'query' ? [encodeURIComponent(value)] : [value]
    return { kind: kind.id, surrounding: around?.id ?? '', text, secrets }
  })
}
