/** What a look into an upload found, as fields of the record: bounded, for an upload may be full of it. */
import type { OwnSource, SecretFinding } from '../flow/content.ts'
import type { ContentFacts } from '../flow/subject.ts'

/** Of each list in one line. */
export const LISTED_MAX = 20
/** Of one text. */
export const TEXT_CHARACTERS_MAX = 512

/** Empty lists are left out; null for an upload that nobody looked into. */
export function contentFields(content: ContentFacts | null): Readonly<Record<string, unknown>> {
  if (content === null) return {}
  const { payload, secrets, ownSource, pack } = content
  return {
    ...(payload.state === 'known' ? payloadFields(payload.value) : {}),
    ...(secrets.state === 'known' ? secretFields(secrets.value.findings) : {}),
    ...(ownSource.state === 'known' ? sourceFields(ownSource.value.source) : {}),
    ...(pack.state === 'known' && pack.value.objects > 0 ? packFields(pack.value) : {}),
    'weir.content.incomplete': listOf(incompleteOf(content)),
  }
}

type Payload = Extract<ContentFacts['payload'], { state: 'known' }>['value']
type Pack = Extract<ContentFacts['pack'], { state: 'known' }>['value']

function payloadFields({ types, encrypted, archives, entropy }: Payload): Readonly<Record<string, unknown>> {
  return {
    'weir.content.types': listOf(types),
    'weir.content.encrypted': listOf(encrypted),
    'weir.content.archives': listOf(archives),
    'weir.content.entropy': entropy === 0 ? undefined : Math.round(entropy * 100) / 100,
  }
}

function secretFields(findings: readonly SecretFinding[]): Readonly<Record<string, unknown>> {
  if (findings.length === 0) return {}
  return {
    'weir.secrets.count': findings.length,
    'weir.secrets.found': findings.slice(0, LISTED_MAX).map(({ rule, title, place, line, excerpt }) => ({
      rule,
      title,
      commit: place.commit ?? undefined,
      within: place.within.slice(0, LISTED_MAX).map(short),
      line,
      excerpt: short(excerpt),
    })),
  }
}

function sourceFields({ bytes, ofBytes, repositories }: OwnSource): Readonly<Record<string, unknown>> {
  if (bytes === 0) return {}
  return {
    'weir.ownSource.bytes': bytes,
    'weir.ownSource.share': Math.round((1_000 * bytes) / ofBytes) / 1_000,
    'weir.ownSource.repositories': repositories
      .slice(0, LISTED_MAX)
      .map((each) => ({ ...each, name: short(each.name) })),
  }
}

function packFields({ objects, largestBlob, newRoot, authors, ciFiles }: Pack): Readonly<Record<string, unknown>> {
  return {
    'weir.pack.objects': objects,
    'weir.pack.largestBlob': largestBlob,
    'weir.pack.newRoot': newRoot,
    'weir.pack.authors': listOf(authors),
    'weir.pack.ciFiles': listOf(ciFiles),
  }
}

/** Each reason once, whichever fact it is about. */
function incompleteOf(content: ContentFacts): readonly string[] {
  const all = Object.values(content).flatMap((fact) => (fact.state === 'known' ? fact.value.incomplete : []))
  return [...new Set(all)]
}

function listOf(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts.slice(0, LISTED_MAX).map(short)
}

function short(text: string): string {
  return text.length <= TEXT_CHARACTERS_MAX ? text : `${text.slice(0, TEXT_CHARACTERS_MAX - 1)}…`
}
