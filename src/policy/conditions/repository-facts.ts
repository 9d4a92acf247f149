/** `when.visibility` and `when.ciFiles`: who can read the repository in the end, and whether what is written there runs. */
import type { PackFacts } from '../../flow/content.ts'
import type { Subject } from '../../flow/subject.ts'
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import type { Value } from '../value.ts'
import { type Condition, judge, listing, whyUnknown } from './condition.ts'
import { judgeFound, whyFound } from './found.ts'

export function compileVisibility({ when }: RuleInput): Condition | null {
  if (when?.visibility === undefined) return null
  const wanted = listOf(when.visibility)
  return {
    key: 'when.visibility',
    about: ['visibility'],
    items: wanted,
    value: ({ subject }) => judge(subject.visibility, (visibility) => wanted.includes(visibility)),
    why: ({ subject: { visibility } }) => {
      if (visibility.state !== 'known') return whyUnknown('visibility', visibility.state)
      return `the repository is ${visibility.value}, ${wanted.includes(visibility.value) ? '' : 'not '}${listing(wanted)}`
    },
  }
}

export function compileCiFiles({ when }: RuleInput): Condition | null {
  const wanted = when?.ciFiles
  if (wanted === undefined) return null
  return {
    key: 'when.ciFiles',
    about: ['ciFiles', 'pack'],
    items: [String(wanted)],
    value: ({ subject }) => {
      if (isPush(subject)) return judgePush(subject, wanted)
      return judge(subject.ciFiles, (writes) => writes === wanted)
    },
    why: ({ subject }) => {
      if (isPush(subject)) return whyFound(subject, 'pack', 'pack', (pack) => ciWords(writesCiFiles(pack)))
      const { ciFiles } = subject
      return ciFiles.state === 'known' ? ciWords(ciFiles.value) : whyUnknown('file', ciFiles.state)
    },
  }
}

/** The files of a push are in its pack. */
function isPush({ operation, ciFiles }: Subject): boolean {
  return operation.state === 'known' && operation.operation === 'git-push' && ciFiles.state !== 'known'
}

/** A file that is only named may have been moved there: the trees before it are on the server. */
function judgePush(subject: Subject, wanted: boolean): Value {
  const { pack } = subject
  const value = judgeFound(subject, 'pack', writesCiFiles, wanted)
  const isNamed = pack.state === 'known' && pack.value.ciNamed.length > 0
  return isNamed && !writesCiFiles(pack.value) ? 'never' : value
}

function writesCiFiles({ ciFiles }: PackFacts): boolean {
  return ciFiles.length > 0
}

function ciWords(writes: boolean): string {
  return writes ? 'it writes files that the forge runs' : 'it writes no file that the forge runs'
}
