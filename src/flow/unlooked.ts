/** What is known of an upload in which nothing is, and of one into which nobody could look. */
import { known } from './fact.ts'
import type { ContentFacts } from './subject.ts'

/** `why` nobody looked is a part of a sentence, such as "the scanners are busy". */
export function unlooked(why: string): ContentFacts {
  return nothingFound([why])
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
