/** Settings that do not hold: `weir run` does not start, and says which one is wrong, and how it would be right. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderWith, weir } from '../cli/weir-command.ts'
import { expectSaid } from './said.ts'
import { BAD_SETTINGS } from './tables/settings.ts'

describe('bad settings', () => {
  it.each(BAD_SETTINGS)('$name', async ({ words = [], environment = {}, file, status, said }) => {
    const folder = folderWith()
    // Whatever else is right, nothing would start: there is no policy there.
    const own = words.includes('--policy') ? [] : ['--policy', join(folder, 'none.yaml')]
    const config = file === undefined ? [] : ['--config', join(folder, 'weir.yaml')]
    if (file !== undefined) writeFileSync(join(folder, 'weir.yaml'), file)
    const before = readdirSync(folder)
    expectSaid(await weir(['run', ...own, ...config, ...words], { environment }), { status, said })
    expect(readdirSync(folder), 'nothing is written').toEqual(before)
  })
})
