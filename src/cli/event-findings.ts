/** What a record tells of the inside of an upload: a line for each thing that was found, and what nobody looked at. */
import { LISTED_MAX } from '../audit/content-fields.ts'
import { formatSize } from '../text/quantity.ts'
import type { FlowRecord, FoundRepository, FoundSecret } from './record-document.ts'
import { counted } from './terminal.ts'

/** Of an object id: as many characters as git shows. */
const COMMIT_CHARACTERS = 7

/** What was found, the gravest first. */
export function findingsOf(record: FlowRecord): readonly string[] {
  return [
    ...secrets(record),
    ...ownSource(record),
    ...listed('file types', record['weir.content.types']),
    ...listed('archives', record['weir.content.archives']),
    ...listed('enciphered', record['weir.content.encrypted']),
    ...entropy(record),
    ...pack(record),
  ]
}

/** Why the rest was not looked at. */
export function unlookedOf({ 'weir.content.incomplete': reasons = [] }: FlowRecord): readonly string[] {
  return reasons.length < LISTED_MAX ? reasons : [...reasons.slice(0, LISTED_MAX), MORE]
}

const MORE = 'and perhaps more: a record lists no more'

function secrets({
  'weir.secrets.found': found = [],
  'weir.secrets.count': count = found.length,
}: FlowRecord): string[] {
  const told = found.slice(0, LISTED_MAX)
  const more = count - told.length
  return [...told.map(secret), ...(more > 0 ? [`and ${counted(more, 'secret')} more`] : [])]
}

function secret({ title, rule, commit, within, line, excerpt }: FoundSecret): string {
  const place = [
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, COMMIT_CHARACTERS)}`]),
    within.length === 0 ? 'the upload itself' : within.slice(0, LISTED_MAX).join(' > '),
    `line ${line}`,
  ]
  return `${title} (${rule}) in ${place.join(', ')}${excerpt === '' ? '' : `: ${excerpt}`}`
}

function ownSource(record: FlowRecord): readonly string[] {
  const { 'weir.ownSource.bytes': bytes, 'weir.ownSource.share': share = 0 } = record
  if (bytes === undefined) return []
  const repositories = (record['weir.ownSource.repositories'] ?? []).slice(0, LISTED_MAX).map(repository)
  const whose = repositories.length === 0 ? '' : `: ${repositories.join('; ')}`
  return [
    `source of your own, ${Number((100 * share).toFixed(1))} % of what was looked at (${formatSize(bytes)})${whose}`,
  ]
}

function repository({ name, blobs, partial }: FoundRepository): string {
  if (partial === 0) return `${counted(blobs, 'blob')} of ${name}`
  return blobs === 0
    ? `parts of ${counted(partial, 'blob')} of ${name}`
    : `${counted(blobs, 'blob')} of ${name}, parts of ${partial} more`
}

function listed(what: string, texts: readonly string[] = []): readonly string[] {
  if (texts.length === 0) return []
  const more = texts.length < LISTED_MAX ? '' : `, ${MORE}`
  return [`${what}: ${texts.slice(0, LISTED_MAX).join(', ')}${more}`]
}

function entropy({ 'weir.content.entropy': bits }: FlowRecord): readonly string[] {
  return bits === undefined ? [] : [`entropy of ${bits} bits a byte, in the piece with the most`]
}

function pack(record: FlowRecord): readonly string[] {
  const { 'weir.pack.objects': objects, 'weir.pack.largestBlob': largest = 0 } = record
  if (objects === undefined) return []
  const file = largest === 0 ? '' : `, the largest file ${formatSize(largest)}`
  return [
    `a pack of ${counted(objects, 'object')}${file}`,
    ...(record['weir.pack.newRoot'] === true
      ? ['a root commit: a history that does not begin in the repository’s own']
      : []),
    ...listed('authors', record['weir.pack.authors']),
    ...listed('files that the forge runs', record['weir.pack.ciFiles']),
  ]
}
