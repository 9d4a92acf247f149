/** What is in a push decides over it, whichever way it is in there: pushed by a real git to a real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pair, type Sample, pairsOf } from './files.ts'
import { type GitStage, type Pushed, startGitStage } from './git-stage.ts'
import { pushOf, type Shape, SHAPES } from './git-shapes.ts'
import { knowOwnSource } from './own-source.ts'
import { policyWith } from './stage.ts'
import { Tally } from './tally.ts'

let stage: GitStage
const tally = new Tally('git')
const PAIRS = new Map([...new Set(SHAPES.map(({ moreBytes }) => moreBytes))].map((more) => [more, pairsOf(more)]))

beforeAll(async () => {
  stage = await startGitStage({ policy: policyWith('none', '{ secrets: true }'), scanKnowledge: knowOwnSource() })
})

afterAll(async () => {
  tally.print()
  await stage?.close()
})

async function push(
  repository: string,
  shape: Shape,
  file: Sample,
  twin: Sample,
): Promise<Pushed & { branch: string }> {
  const branch = await stage.commit(shape.steps(file, twin))
  return { ...(await stage.push(repository, branch, pushOf(shape, branch))), branch }
}

describe.each(pairsOf(0).map(({ condition, wanted }, at) => ({ condition, wanted, at })))(
  '$condition: $wanted',
  ({ condition, wanted, at }) => {
    const rule = `no-${condition.toLowerCase()}`
    const repository = `acme/app-${at}`
    const pairFor = ({ moreBytes }: Shape): Pair => {
      const pair = PAIRS.get(moreBytes)?.[at]
      if (pair === undefined) throw new Error('a shape has its pairs')
      return pair
    }

    beforeAll(async () => {
      stage.weir.renew(policyWith(rule, `{ ${condition}: ${wanted} }`))
      await stage.createRepository(repository)
    })

    it.each(SHAPES.filter((shape) => shape.fits(pairFor(shape))).map((shape) => [shape.name, shape] as const))(
      'by %s',
      async (name, shape) => {
        const { marked, harmless, hidden } = pairFor(shape)
        const denied = await push(repository, shape, marked, harmless)
        tally.count(name, `${condition} ${wanted}`, 'marked', denied.code === 0)
        expectDenied(denied, rule)
        if (hidden !== null) expect(JSON.stringify(denied.record)).not.toContain(hidden)
        const passed = await push(repository, shape, harmless, harmless)
        tally.count(name, `${condition} ${wanted}`, 'harmless', passed.code === 0)
        expect(passed.code, `${passed.stderr}${JSON.stringify(passed.record)}`).toBe(0)
        const landed = await stage.ask(repository, 'for-each-ref', '--format=%(objectname)', '--sort=-creatordate')
        expect(landed.split('\n')).toContain(await idOf(passed.branch))
        expect(passed.record).toMatchObject({ 'event.action': 'allowed', 'weir.upload.size': passed.packBytes })
      },
    )
  },
)

async function idOf(branch: string): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return (await readFile(`${stage.home}/refs/heads/${branch}`, 'utf8')).trim()
}

function expectDenied({ code, stderr, record, packBytes }: Pushed, rule: string): void {
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(new RegExp(`! \\[remote rejected\\] \\S+ -> \\S+ \\(weir: refused by rule ${rule}\\)`))
  expect(record).toMatchObject({
    'event.action': 'denied',
    'rule.name': rule,
    'weir.reason': 'rule',
    'weir.upstream.bodyBytes': 0,
  })
  expect(packBytes).toBe(0)
}
