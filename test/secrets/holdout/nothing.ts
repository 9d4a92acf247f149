/** The texts of the hold-out set that hold no secret, hard ones among them. */
import { Chance } from './chance.ts'
import { type Leak, used } from './credentials/credential.ts'
import { draw } from './fill.ts'
import { CONTAINERS, CREDENTIALS, type HoldoutText } from './leaks.ts'
import { ARTEFACTS, type Family } from './none/artefacts.ts'
import { CODE } from './none/code.ts'
import { RECORDS } from './none/records.ts'
import { ciphertext, example, FACTS, placeholder, reference, type Value } from './none/values.ts'

const TEXTS_PER_FAMILY = 24
const TEXTS_PER_CODE_FAMILY = 36
const ROUNDS_OF_CONTAINERS: readonly (readonly [name: string, value: Value, rounds: number])[] = [
  ['placeholder', placeholder, 4],
  ['reference', reference, 3],
  ['example', example, 1],
  ['ciphertext', ciphertext, 1],
]
const ROUNDS_OF_FACTS = 3

export function nothing(): readonly HoldoutText[] {
  const texts = [
    ...ROUNDS_OF_CONTAINERS.flatMap(([name, value, rounds]) =>
      inContainers(name, rounds, (chance) => harmless(value, chance)),
    ),
    ...inContainers('fact', ROUNDS_OF_FACTS, facts),
    ...families(ARTEFACTS, TEXTS_PER_FAMILY),
    ...families(CODE, TEXTS_PER_CODE_FAMILY),
    ...families(RECORDS, TEXTS_PER_FAMILY),
  ]
  // A short template may draw the same words twice, and a text that stands twice would count twice.
  return [...new Map(texts.map((each) => [each.text, each])).values()]
}

/** The same files as those with secrets, so that a container alone tells nothing. */
function inContainers(name: string, rounds: number, make: (chance: Chance) => Leak): readonly HoldoutText[] {
  return Array.from({ length: rounds }, (_, round) =>
    CONTAINERS.map(([container, write]) => {
      const chance = new Chance(`${name} ${container} ${round}`)
      return { kind: 'none', from: `${name} in ${container}`, text: write(make(chance), chance).text, secrets: [] }
    }),
  ).flat()
}

/** The names of a credential, with a value that is none. */
function harmless(value: Value, chance: Chance): Leak {
  const credential = chance.pick(CREDENTIALS)
  const fields = credential.parts.map((part) => {
    const name = chance.pick(part.names)
    return { name, value: value(name, chance), secrets: [] }
  })
  return { fields, uses: used(credential.uses, fields, chance) }
}

function facts(chance: Chance): Leak {
  const fields = chance
    .some(FACTS, chance.between(1, 5))
    .map(([name, template]) => ({ name, value: draw(template, chance), secrets: [] }))
  return { fields, uses: used([], fields, chance) }
}

function families(shelf: Readonly<Record<string, Family>>, count: number): readonly HoldoutText[] {
  return Object.entries(shelf).flatMap(([from, make]) =>
    Array.from({ length: count }, (_, at) => ({
      kind: 'none',
      from,
      text: make(new Chance(`${from} ${at}`)),
      secrets: [],
    })),
  )
}
