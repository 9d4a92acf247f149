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
import { ARTEFACTS } from './none/artefacts.ts'
import { CODE } from './none/code.ts'
import { RECORDS } from './none/records.ts'
import { OWN_FILES, ownFile } from './own-files.ts'

export interface HoldoutText extends Sample {
  readonly kind: string
  /** The sort of file, for whoever asks why a text was judged wrongly. */
  readonly from: string
}

export const CONTAINERS: readonly (readonly [name: string, write: Container])[] = [
  SETTINGS,
  DELIVERY,
  SOURCE,
  TRAILS,
  DOCUMENTS,
].flatMap((shelf) => Object.entries(shelf))

export const CREDENTIALS: readonly Credential[] = [...CLOUD, ...FORGES, ...SERVICES, ...AI, ...GENERIC]

const TEXTS_PER_VENDOR_KIND = 5
const TEXTS_PER_GENERIC_KIND = 9
const TEXTS_PER_OWN_TEMPLATE = 2
const TEXTS_PER_OWN_FILE = 4
const TEXTS_PER_BLOCK_KIND = 8
const TEXTS_OF_SEVERAL_KINDS = 40
const TEXTS_BURIED = 40

export function leaks(): readonly HoldoutText[] {
  return [
    ...CREDENTIALS.flatMap((credential, at) =>
      times(GENERIC.includes(credential) ? TEXTS_PER_GENERIC_KIND : TEXTS_PER_VENDOR_KIND, (count) =>
        contained(credential, at, count),
      ),
    ),
    ...Object.entries(OWN_FILES).flatMap(([kind, templates]) =>
      times(Math.max(TEXTS_PER_OWN_FILE, templates.length * TEXTS_PER_OWN_TEMPLATE), (at) => ({
        kind,
        from: kind,
        ...ownFile(kind, new Chance(`own file ${kind} ${at}`)),
      })),
    ),
    ...BLOCK_KINDS.flatMap((kind) =>
      times(TEXTS_PER_BLOCK_KIND, (at) => ({
        kind,
        from: 'private key',
        ...block(kind, new Chance(`block ${kind} ${at}`)),
      })),
    ),
    ...times(TEXTS_OF_SEVERAL_KINDS, several),
    ...times(TEXTS_BURIED, buried),
  ]
}

/** Walks through the containers from kind to kind, so that each of them is used as often as the others. */
function contained(credential: Credential, at: number, count: number): HoldoutText {
  const chance = new Chance(`${credential.kind} ${count}`)
  const order = new Chance(`order ${Math.floor((at * TEXTS_PER_GENERIC_KIND) / CONTAINERS.length)}`).mix(CONTAINERS)
  const [from, write] = order[(at * TEXTS_PER_GENERIC_KIND + count) % order.length] ?? chance.pick(CONTAINERS)
  return { kind: credential.kind, from, ...write(leak(credential, chance), chance) }
}

/** One file with credentials of three to six kinds, as those of a whole service stand together. */
function several(at: number): HoldoutText {
  const chance = new Chance(`several ${at}`)
  const leaked = chance.some(CREDENTIALS, chance.between(3, 6)).map((credential) => leak(credential, chance))
  const together = { fields: leaked.flatMap(({ fields }) => fields), uses: leaked.flatMap(({ uses }) => uses) }
  const [from, write] = chance.pick(Object.entries(at % 2 === 0 ? SETTINGS : DELIVERY))
  return { kind: 'several-kinds', from, ...write(together, chance) }
}

/** One leak amid many pieces that hold none, as in an archive of logs or a patch over a whole tree. */
function buried(at: number): HoldoutText {
  const chance = new Chance(`buried ${at}`)
  const around = chance.times(6, 24, () => chance.pick(Object.values({ ...ARTEFACTS, ...CODE, ...RECORDS }))(chance))
  const credential = chance.pick(CREDENTIALS)
  const [from, write] = chance.pick(CONTAINERS)
  const { text, secrets } = write(leak(credential, chance), chance)
  const before = chance.below(around.length + 1)
  const pieces = [...around.slice(0, before), text, ...around.slice(before)]
  return { kind: credential.kind, from: `buried ${from}`, text: pieces.join('\n'), secrets }
}

function times<T>(count: number, make: (at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => make(at))
}
