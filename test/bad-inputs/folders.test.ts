/** Folders that are no policy: none of their files comes into force, and the one at fault is named. */
import { describe, it } from 'vitest'
import { folderWith, weir } from '../cli/weir-command.ts'
import { expectSaid } from './said.ts'
import { BAD_FOLDERS } from './tables/folders.ts'

const ENDS_WITHIN_MS = 10_000

describe('a bad folder', () => {
  it.each(BAD_FOLDERS)(
    '$name',
    async ({ make, status, said }) => {
      const folder = folderWith()
      make(folder)
      expectSaid(await weir(['check', folder]), { status, said })
    },
    ENDS_WITHIN_MS,
  )
})
