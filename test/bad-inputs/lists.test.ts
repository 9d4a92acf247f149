/** List files that hold no list of hosts: the policy does not load, and the place in the list is told. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { folderWith, weir } from '../cli/weir-command.ts'
import { expectSaid } from './said.ts'
import { BAD_LISTS } from './tables/lists.ts'

const POLICY = `version: 1
lists: { listed: { file: list.txt } }
rules: [{ name: listed, to: { lists: [listed] }, action: allow }]
`

describe('a bad list file', () => {
  it.each(BAD_LISTS)('$name', async ({ content, said }) => {
    const folder = folderWith({ 'policy.yaml': POLICY })
    writeFileSync(join(folder, 'list.txt'), content)
    expectSaid(await weir(['check', join(folder, 'policy.yaml')]), { status: 1, said })
  })
})
