/** What is known of an upload in which nothing is, and of one into which nobody could look. */
import { type Fact, known } from './fact.ts'
import type { ContentFacts } from './subject.ts'

/** `why` nobody looked is a part of a sentence, such as "the scanners are busy". */
export function unlooked(why: string): ContentFacts {
  return nothingFound([why])
}

/** What was found, and that something beside it was not looked at. */
export function doubted(content: ContentFacts, why: string): ContentFacts {
  const add = <T extends { readonly incomplete: readonly string[] }>(fact: Fact<T>): Fact<T> =>
    fact.state === 'known' ? known({ ...fact.value, incomplete: [...fact.value.incomplete, why] }) : fact
  const { payload, secrets, ownSource, pack } = content
  return { payload: add(payload), secrets: add(secrets), ownSource: add(ownSource), pack: add(pack) }
}

function nothingFound(incomplete: readonly string[]): ContentFacts {
  return {
    payload: known({ types: [], files: [], encrypted: [], archives: [], entropy: 0, incomplete }),
    secrets: known({ findings: [], incomplete }),
    ownSource: known({ source: { bytes: 0, ofBytes: 0, repositories: [] }, incomplete }),
    pack: known({ objects: 0, largestBlob: 0, newRoot: false, authors: [], ciFiles: [], ciNamed: [], incomplete }),
  }
}

/** Of a request without a body. */
export const NOTHING_IN_IT: ContentFacts = Object.freeze(nothingFound([]))
