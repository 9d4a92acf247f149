/** What is known of an upload into which nobody could look: that, and why. */
import { known } from './fact.ts'
import type { ContentFacts } from './subject.ts'

/** `why` is a part of a sentence, such as "the scanners are busy". */
export function unlooked(why: string): ContentFacts {
  const incomplete = [why]
  return {
    payload: known({ types: [], files: [], encrypted: [], archives: [], entropy: 0, incomplete }),
    secrets: known({ findings: [], incomplete }),
    ownSource: known({ source: { bytes: 0, ofBytes: 0, repositories: [] }, incomplete }),
    pack: known({ objects: 0, largestBlob: 0, newRoot: false, authors: [], ciFiles: [], incomplete }),
  }
}
