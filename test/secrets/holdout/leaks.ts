/** The texts of the hold-out set that hold secrets. */
import { block, BLOCK_KINDS } from './blocks.ts'
import { Chance } from './chance.ts'
import type { Container } from './containers/container.ts'
import { DELIVERY } from './containers/delivery.ts'
import { DOCUMENTS } from './containers/documents.ts'
import { SETTINGS } from './containers/settings.ts'
import { SOURCE } from './containers/source.ts'
import { TRAILS } from './containers/trails.ts'
import { AI } from './credentials/ai.ts'
import { CLOUD } from './credentials/cloud.ts'
import { type Credential, leak } from './credentials/credential.ts'
import { FORGES } from './credentials/forges.ts'
import { GENERIC } from './credentials/generic.ts'
import { SERVICES } from './credentials/services.ts'
import type { Sample } from './fill.ts'
import { OWN_FILES, ownFile } from './own-files.ts'

export interface LeakText extends Sample {
  readonly kind: string
}

export const CONTAINERS: readonly Container[] = [SETTINGS, DELIVERY, SOURCE, TRAILS, DOCUMENTS].flatMap((shelf) =>
  Object.values(shelf),
)

const CREDENTIALS: readonly Credential[] = [...CLOUD, ...FORGES, ...SERVICES, ...AI, ...GENERIC]

const TEXTS_PER_VENDOR_KIND = 5
const TEXTS_PER_GENERIC_KIND = 9
const TEXTS_PER_OWN_TEMPLATE = 2
const TEXTS_PER_OWN_FILE = 4
const TEXTS_PER_BLOCK_KIND = 8
const TEXTS_OF_SEVERAL_KINDS = 40

export function leaks(): readonly LeakText[] {
  return [
    ...CREDENTIALS.flatMap((credential, at) =>
      times(GENERIC.includes(credential) ? TEXTS_PER_GENERIC_KIND : TEXTS_PER_VENDOR_KIND, (count) =>
        contained(credential, at, count),
      ),
    ),
    ...Object.entries(OWN_FILES).flatMap(([kind, templates]) =>
      times(Math.max(TEXTS_PER_OWN_FILE, templates.length * TEXTS_PER_OWN_TEMPLATE), (at) => ({
        kind,
        ...ownFile(kind, new Chance(`own file ${kind} ${at}`)),
      })),
    ),
    ...BLOCK_KINDS.flatMap((kind) =>
      times(TEXTS_PER_BLOCK_KIND, (at) => ({ kind, ...block(kind, new Chance(`block ${kind} ${at}`)) })),
    ),
    ...times(TEXTS_OF_SEVERAL_KINDS, several),
  ]
}

/** Walks through the containers from kind to kind, so that each of them is used as often as the others. */
function contained(credential: Credential, at: number, count: number): LeakText {
  const chance = new Chance(`${credential.kind} ${count}`)
  const order = new Chance(`order ${Math.floor((at * TEXTS_PER_GENERIC_KIND) / CONTAINERS.length)}`).mix(CONTAINERS)
  const container = order[(at * TEXTS_PER_GENERIC_KIND + count) % order.length]
  if (container === undefined) throw new Error('there are no containers')
  return { kind: credential.kind, ...container(leak(credential, chance), chance) }
}

/** One file with credentials of three to six kinds, as those of a whole service stand together. */
function several(at: number): LeakText {
  const chance = new Chance(`several ${at}`)
  const leaked = chance.some(CREDENTIALS, chance.between(3, 6)).map((credential) => leak(credential, chance))
  const together = { fields: leaked.flatMap(({ fields }) => fields), uses: leaked.flatMap(({ uses }) => uses) }
  return { kind: 'several-kinds', ...chance.pick(Object.values(at % 2 === 0 ? SETTINGS : DELIVERY))(together, chance) }
}

function times<T>(count: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => make(at))
}
