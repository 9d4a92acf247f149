/** `when.visibility` and `when.ciFiles`: who can read the repository in the end, and whether what is written there runs. */
import type { RuleInput } from '../schema-rule.ts'
import { listOf } from '../schema-values.ts'
import { type Condition, judge, listing, whyUnknown } from './condition.ts'

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
    about: ['ciFiles'],
    items: [String(wanted)],
    value: ({ subject }) => judge(subject.ciFiles, (writes) => writes === wanted),
    why: ({ subject: { ciFiles } }) => {
      if (ciFiles.state !== 'known') return whyUnknown('file', ciFiles.state)
      return ciFiles.value ? 'it writes files that the forge runs' : 'it writes no file that the forge runs'
    },
  }
}
