/** A place in an upload, in words for a person. */
import type { Place } from '../flow/content.ts'

const COMMIT_DIGITS = 10

/** `src/a.ts in commit 1f2e3d4c5b`, `b.zip › c.txt`, or `the upload` for all of it. */
export function placeInWords({ commit, within }: Place): string {
  const where = within.length === 0 ? 'the upload' : within.join(' › ')
  return commit === null ? where : `${where} in commit ${commit.slice(0, COMMIT_DIGITS)}`
}
