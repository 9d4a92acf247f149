/** Ways in which one file gets into a push. */
import type { Pair, Sample } from './files.ts'
import { type PushOptions, type Step, writing } from './git-stage.ts'

export interface Shape {
  readonly name: string
  /** The file is to have so many bytes more. */
  readonly moreBytes: number
  readonly steps: (file: Sample, twin: Sample) => readonly Step[]
  readonly push: PushOptions
  readonly fits: (pair: Pair) => boolean
}

const ALWAYS = (): boolean => true
const SMALL = Buffer.from('Something else.\n')

export const SHAPES: readonly Shape[] = [
  { name: 'a file', moreBytes: 0, steps: (file) => [writing(file)], push: {}, fits: ALWAYS },
  {
    name: 'a large file, in chunks',
    moreBytes: 400_000,
    steps: (file) => [writing(file)],
    push: { config: { 'http.postBuffer': '65536' } },
    fits: ALWAYS,
  },
  {
    name: 'a file that the next commit takes away',
    moreBytes: 0,
    steps: (file) => [
      { files: { 'one.txt': SMALL } },
      writing(file),
      { files: { [file.name]: null } },
      { files: { 'two.txt': SMALL } },
    ],
    push: {},
    fits: ALWAYS,
  },
  {
    // The later one is larger, and so the base of the earlier one.
    name: 'an earlier version, as the delta of a later one',
    moreBytes: 20_000,
    steps: (file, twin) => [
      writing(file),
      { files: { [file.name]: Buffer.concat([twin.bytes, Buffer.from('// the end\n'.repeat(50))]) } },
    ],
    push: {},
    fits: ({ condition, isText }) => isText && condition !== 'files',
  },
  {
    name: 'a file in a tag of its own',
    moreBytes: 0,
    steps: (file) => [writing(file)],
    push: { refspecs: ['{branch}:refs/tags/v1-{branch}'] },
    fits: ALWAYS,
  },
]

export function pushOf({ push }: Shape, branch: string): PushOptions {
  const refspecs = (push.refspecs ?? ['{branch}']).map((each) => each.replaceAll('{branch}', branch))
  return { ...push, refspecs }
}
