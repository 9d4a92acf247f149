/** A defect that shows only where a policy is taken over is a problem of that policy: the one in force stays. */
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { loadPolicyAside } from '../../src/cli/load-policy-aside.ts'
import { folderWith } from './weir-command.ts'

vi.mock('../../src/policy/compile.ts', () => ({
  compileSteps: () => {
    throw new Error('not as in the other thread')
  },
}))

it('says so, and does not throw', async () => {
  const file = join(folderWith({ 'p.yaml': 'version: 1\n' }), 'p.yaml')
  const { policy, problems, files } = await loadPolicyAside(file, undefined)
  expect(policy).toBeNull()
  expect(files).toEqual([file])
  expect(problems).toEqual([
    { severity: 'error', file, line: 1, column: 1, message: 'does not load: Error: not as in the other thread' },
  ])
})
